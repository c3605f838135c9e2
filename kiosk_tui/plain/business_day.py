"""The business day, for staff: what it comes to so far (X), and closing it (Z)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from functools import partial
from typing import Final

from kiosk_tui.domain.days import DayReport, NothingToCloseError
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.slip import NotPrinted
from kiosk_tui.plain.session_dialog import SessionDialog
from kiosk_tui.receipt import day_report
from kiosk_tui.receipt.lines import Paper
from kiosk_tui.text.texts import _
from kiosk_tui.text.wording.explanations import explained
from kiosk_tui.text.wording.printing import printed, why

log = logging.getLogger(__name__)

_PAPER: Final = Paper(42)
"""A line is read aloud as a whole: not as wide as the terminal."""


async def show(dialog: SessionDialog) -> None:
    """Say what the day comes to so far; close it when somebody says so twice."""
    days, sure = dialog.settings.days(), False
    report = await _read(dialog, days.report_so_far)
    while report is not None:
        answer = await dialog.ask(_keys(dialog, report))
        if answer == "1" and dialog.receipts is not None:
            await _print(dialog, report)
        elif answer == "9" and report.number is None and not sure:
            sure = True
            dialog.say(_("A closed day stays as it is: press 9 once more to close it."))
        elif answer == "9" and report.number is None:
            log.info("service: the business day is closed")
            report = await _read(dialog, days.close_day)
            if report is not None and dialog.receipts is not None:
                await _print(dialog, report)
        else:
            return


def _keys(dialog: SessionDialog, report: DayReport) -> str:
    keys = {} if dialog.receipts is None else {"1": _("print")}
    if report.number is None:
        keys["9"] = _("close the day")
    keys["0"] = _("back")
    return ", ".join(f"{key}: {text}" for key, text in keys.items())


async def _read(dialog: SessionDialog, made: Callable[[], DayReport]) -> DayReport | None:
    """Return a report, once it was said; None where there is none."""
    try:
        report = await asyncio.to_thread(made)
    except NothingToCloseError:
        dialog.say(_("Nothing has happened since the last day was closed."))
    except JournalUnavailableError as error:
        dialog.say(explained(str(error)))
    else:
        for line in dialog.settings.days().report_lines(report, _PAPER):
            dialog.say(line)
        return report
    return None


async def _print(dialog: SessionDialog, report: DayReport) -> None:
    if dialog.receipts is not None:
        laid_out = partial(dialog.settings.days().report_lines, report)
        outcome = await dialog.receipts.print_lines(day_report.name(report), laid_out)
        dialog.say(why(outcome.condition) if isinstance(outcome, NotPrinted) else printed())
