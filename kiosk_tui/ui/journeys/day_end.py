"""A day's end, for cashiers and for a kiosk's staff: on the screen, on paper, in a file."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from functools import partial

from kiosk_tui.domain.day_clock import day_at
from kiosk_tui.domain.days import DayReport, NothingToCloseError
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.rights import Act
from kiosk_tui.domain.slip import NotPrinted
from kiosk_tui.receipt import day_report, export
from kiosk_tui.receipt.lines import Paper
from kiosk_tui.session.settings import LaneSettings
from kiosk_tui.text.texts import _
from kiosk_tui.text.wording.explanations import explained
from kiosk_tui.text.wording.printing import no_printer, why
from kiosk_tui.ui.journeys.approvals import Then
from kiosk_tui.ui.journeys.navigator import Navigator
from kiosk_tui.ui.journeys.printing import Printing
from kiosk_tui.ui.messages import CloseDayAsked, DayAsked, DayWanted, ReportAsked, ReportWanted
from kiosk_tui.ui.screens.lane.day import BusinessDay, Day

Agree = Callable[[Sequence[Act], Then], Awaitable[None]]
"""Lets whoever has to agree do so, then goes on."""


class DayEnd:
    """Shows what a day came to. `go_back` leaves it, and says what went wrong.

    `lane` is what is done with days; `screen` shows a business day.
    """

    def __init__(  # noqa: PLR0917 - handed over by a journey
        self,
        nav: Navigator,
        printing: Printing,
        agree: Agree,
        go_back: Callable[[str], Awaitable[None]],
        lane: Callable[[], LaneSettings],
        screen: type[BusinessDay] = BusinessDay,
    ) -> None:
        self._nav = nav
        self._printing = printing
        self._agree = agree
        self._go_back = go_back
        self._lane = lane
        self._screen = screen

    async def asked(self, message: DayAsked) -> None:
        """Show what a day came to; another day, once one is shown, needs no further approval."""

        async def show(_who: str) -> None:
            await self._show(message.day)

        if isinstance(self._nav.frame, Day):
            await show("")
        else:
            await self._agree((Act.TOTALS,), show)

    async def _show(self, day: date | None) -> None:
        if self._nav.register is None:
            return
        lane = self._lane()
        wanted = day or day_at(self._nav.register.now(), lane.zone)
        try:
            totals = await asyncio.to_thread(lane.totals, wanted)
        except JournalUnavailableError as error:
            await self._go_back(explained(str(error)))
        else:
            self._nav.show(Day(self._nav.settings, totals))

    async def report_asked(self, message: ReportAsked) -> None:  # noqa: ARG002
        """Show what the business day comes to so far."""
        await self._show_report(self._lane().report_so_far)

    async def close_asked(self, message: CloseDayAsked) -> None:  # noqa: ARG002
        """Close the business day, once whoever has to agree has done so; print its report."""

        async def close(_who: str) -> None:
            report = await self._show_report(self._lane().close_day)
            if report is not None and self._printing.receipts is not None:
                await self.report_wanted(ReportWanted(report, "print"))

        await self._agree((Act.CLOSE_DAY,), close)

    async def _show_report(self, made: Callable[[], DayReport]) -> DayReport | None:
        try:
            report = await asyncio.to_thread(made)
        except NothingToCloseError:
            await self._go_back(_("Nothing has happened since the last day was closed."))
        except JournalUnavailableError as error:
            await self._go_back(explained(str(error)))
        else:
            self._nav.show(self._screen(self._nav.settings, report))
            return report
        return None

    async def wanted(self, message: DayWanted) -> None:
        """Print a day's end, or write it into a file, and say what came of it."""
        totals, lane = message.totals, self._lane()
        if message.form == "print":
            said = await self._print(export.name(totals), partial(lane.day_lines, totals))
        else:
            said = await self._save(partial(lane.save_day, totals, message.form))
        self._nav.say(said)

    async def report_wanted(self, message: ReportWanted) -> None:
        """Print a business day's report, or write it into a file, and say what came of it."""
        report, lane = message.report, self._lane()
        if message.form == "print":
            said = await self._print(day_report.name(report), partial(lane.report_lines, report))
        else:
            said = await self._save(partial(lane.save_report, report, message.form))
        self._nav.say(said)

    async def _print(self, name: str, written: Callable[[Paper], list[str]]) -> str:
        receipts = self._printing.receipts
        if receipts is None:
            return no_printer()
        outcome = await receipts.print_lines(name, written)
        return why(outcome.condition) if isinstance(outcome, NotPrinted) else _("It is printed.")

    async def _save(self, save: Callable[[], str]) -> str:
        try:
            name = await asyncio.to_thread(save)
        except OSError as error:
            return _("The file cannot be written: {why}").format(why=error.strerror)
        return _("Written beside the journal: {file}").format(file=name)
