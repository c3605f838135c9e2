"""What a cashier does beside entries: tasks, the day's end, and the forms that are filled in."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final

from kiosk_tui.ui.journeys.cashier import CARD_REFERENCE, DETAILS, ELSEWHERE, LanePath

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from kiosk_tui.domain.totals import Totals
    from kiosk_tui.domain.transaction import Transaction
    from kiosk_tui.ui.messages import (
        DayAsked,
        DayWanted,
        FormFilled,
        FormLeft,
        TasksAsked,
        TaskTaken,
    )
    from kiosk_tui.ui.register_link import RegisterLink
    from kiosk_tui.ui.screens.lane.tasks import ToDo

log = logging.getLogger(__name__)

SETTLE: Final = "settle"


class DeskPath(LanePath):
    """Tasks and totals."""

    _settling: Transaction | None = None

    # -- forms -------------------------------------------------------------------------------------

    async def on_form_filled(self, event: FormFilled) -> None:
        """Do what a form was for."""
        values = event.values
        if event.purpose == ELSEWHERE:
            wrong = await self.elsewhere_given(**values)
            if wrong:
                self.refuse(wrong)
            else:
                await self.open_lane()
        elif event.purpose == CARD_REFERENCE:
            await self.card_reference_given(**values)
        elif event.purpose == DETAILS:
            await self.details_given(**values)
        elif event.purpose == SETTLE:
            await self._settle(values)
        else:
            await self.leave_given(event.purpose, values)

    async def on_form_left(self, event: FormLeft) -> None:
        """Go back to where the form was asked for."""
        self.forget_leave()
        if event.purpose == SETTLE:
            await self._tasks()
        else:
            await self.open_lane()

    # -- tasks -------------------------------------------------------------------------------------

    async def on_tasks_asked(self, _event: TasksAsked) -> None:
        """Show what is due and what needs a person."""
        await self._tasks()

    async def _tasks(self, said: str = "") -> None:
        from kiosk_tui.domain.journal_errors import JournalUnavailableError  # noqa: PLC0415
        from kiosk_tui.ui.screens.lane.tasks import Tasks  # noqa: PLC0415

        register = self.till
        if register is None:
            return
        try:
            found, due = await self._to_do(register), await register.due()
        except JournalUnavailableError as error:
            await self.open_lane(str(error))
        else:
            self.go(Tasks(self.settings, due, found, said=said))

    async def _to_do(self, register: RegisterLink) -> list[ToDo]:
        from kiosk_tui.domain.task import task  # noqa: PLC0415
        from kiosk_tui.ui.screens.lane.tasks import ToDo  # noqa: PLC0415

        return [
            ToDo(one, task(one, await register.exchanges(one.id)))
            for one in await register.needs_staff()
        ]

    def on_task_taken(self, event: TaskTaken) -> None:
        """Ask what was done about a task."""
        from kiosk_tui.ui.journeys import forms  # noqa: PLC0415

        self._settling = event.transaction
        self.go(forms.note(self.settings, SETTLE, event.transaction))

    async def _settle(self, values: Mapping[str, str]) -> None:
        from kiosk_tui.domain.card_number import holds_card_number  # noqa: PLC0415
        from kiosk_tui.domain.rights import Act  # noqa: PLC0415
        from kiosk_tui.text.wording.lane import card_number_typed  # noqa: PLC0415

        one, note = self._settling, values["note"]
        if one is None:
            return
        if holds_card_number(note):
            self.refuse(card_number_typed())
            return

        async def settle(who: str) -> None:
            await self._settled(one, f"{who}: {note}" if who else note)

        await self.with_leave((Act.SETTLE,), settle)

    async def _settled(self, one: Transaction, note: str) -> None:
        from kiosk_tui.payment.flow import NotStarted  # noqa: PLC0415
        from kiosk_tui.text.wording.refusals import whole  # noqa: PLC0415

        if self.till is None:
            return
        log.info("lane: %s is settled", one.id)
        done = await self.till.settle(one.id, note)
        await self._tasks(whole(done) if isinstance(done, NotStarted) else "")

    # -- the day's end -----------------------------------------------------------------------------

    async def on_day_asked(self, event: DayAsked) -> None:
        """Show what a day came to."""
        from kiosk_tui.domain.rights import Act  # noqa: PLC0415
        from kiosk_tui.ui.screens.lane.day import Day  # noqa: PLC0415

        async def show(_who: str) -> None:
            await self._day(event.day)

        if isinstance(self.frame, Day):
            await show("")
        else:
            await self.with_leave((Act.TOTALS,), show)

    async def _day(self, day: date | None) -> None:
        from kiosk_tui.domain.journal_errors import JournalUnavailableError  # noqa: PLC0415
        from kiosk_tui.domain.totals import day_at  # noqa: PLC0415
        from kiosk_tui.ui.screens.lane.day import COLUMNS, Day  # noqa: PLC0415

        if self.till is None:
            return
        lane = self.settings.lane
        wanted = day or day_at(self.till.now(), lane.zone)
        try:
            totals = await asyncio.to_thread(lane.totals, wanted)
            lines = await asyncio.to_thread(lane.day_lines, totals, COLUMNS)
        except JournalUnavailableError as error:
            await self.open_lane(str(error))
        else:
            self.go(Day(self.settings, totals, lines))

    async def on_day_wanted(self, event: DayWanted) -> None:
        """Print a day's end, or write it into a file."""
        said = await (
            self._print_day(event.totals)
            if event.form == "print"
            else self._save_day(event.totals, event.form)
        )
        self.frame.say(said)

    async def _print_day(self, totals: Totals) -> str:
        from kiosk_tui.domain.slip import NotPrinted  # noqa: PLC0415
        from kiosk_tui.receipt import export  # noqa: PLC0415
        from kiosk_tui.text.texts import _  # noqa: PLC0415
        from kiosk_tui.text.wording.printing import no_printer, why  # noqa: PLC0415

        if self.receipts is None:
            return no_printer()
        lines = await asyncio.to_thread(self.settings.lane.day_lines, totals, self.receipts.columns)
        outcome = await self.receipts.print_lines(export.name(totals), lines)
        return why(outcome.condition) if isinstance(outcome, NotPrinted) else _("It is printed.")

    async def _save_day(self, totals: Totals, form: str) -> str:
        from kiosk_tui.text.texts import _  # noqa: PLC0415

        try:
            name = await asyncio.to_thread(self.settings.lane.save_day, totals, form)
        except OSError as error:
            return _("The file cannot be written: {why}").format(why=error.strerror)
        return _("Written beside the journal: {file}").format(file=name)
