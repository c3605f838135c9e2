"""A day's end at a cashier's lane: on the screen, on paper, in a file."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date

from kiosk_tui.domain.day_clock import day_at
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.rights import Act
from kiosk_tui.domain.slip import NotPrinted
from kiosk_tui.domain.totals import Totals
from kiosk_tui.receipt import export
from kiosk_tui.text.texts import _
from kiosk_tui.text.wording.explanations import explained
from kiosk_tui.text.wording.printing import no_printer, why
from kiosk_tui.ui.journeys.approvals import Approvals
from kiosk_tui.ui.journeys.navigator import Navigator
from kiosk_tui.ui.journeys.printing import Printing
from kiosk_tui.ui.messages import DayAsked, DayWanted
from kiosk_tui.ui.screens.lane.day import Day


class DayEnd:
    """Shows what a day came to. `open_lane` goes back to the lane, which says what went wrong."""

    def __init__(
        self,
        nav: Navigator,
        printing: Printing,
        approvals: Approvals,
        open_lane: Callable[[str], Awaitable[None]],
    ) -> None:
        self._nav = nav
        self._printing = printing
        self._approvals = approvals
        self._open_lane = open_lane

    async def asked(self, message: DayAsked) -> None:
        """Show what a day came to; another day, once one is shown, needs no further approval."""

        async def show(_who: str) -> None:
            await self._show(message.day)

        if isinstance(self._nav.frame, Day):
            await show("")
        else:
            await self._approvals.ask((Act.TOTALS,), show)

    async def _show(self, day: date | None) -> None:
        if self._nav.register is None:
            return
        lane = self._nav.settings.lane
        wanted = day or day_at(self._nav.register.now(), lane.zone)
        try:
            totals = await asyncio.to_thread(lane.totals, wanted)
        except JournalUnavailableError as error:
            await self._open_lane(explained(str(error)))
        else:
            self._nav.show(Day(self._nav.settings, totals))

    async def wanted(self, message: DayWanted) -> None:
        """Print a day's end, or write it into a file, and say what came of it."""
        if message.form == "print":
            said = await self._print(message.totals)
        else:
            said = await self._save(message.totals, message.form)
        self._nav.frame.say(said)

    async def _print(self, totals: Totals) -> str:
        receipts, lane = self._printing.receipts, self._nav.settings.lane
        if receipts is None:
            return no_printer()
        lines = await asyncio.to_thread(lane.day_lines, totals, await receipts.paper())
        outcome = await receipts.print_lines(export.name(totals), lines)
        return why(outcome.condition) if isinstance(outcome, NotPrinted) else _("It is printed.")

    async def _save(self, totals: Totals, form: str) -> str:
        try:
            name = await asyncio.to_thread(self._nav.settings.lane.save_day, totals, form)
        except OSError as error:
            return _("The file cannot be written: {why}").format(why=error.strerror)
        return _("Written beside the journal: {file}").format(file=name)
