"""What is due and what needs a person, at a cashier's lane: the list, and settling with a note."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from kiosk_tui.domain.card_number import holds_card_number
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.rights import Act
from kiosk_tui.domain.task import task
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.payment.flow import NotStarted
from kiosk_tui.text.wording.explanations import explained
from kiosk_tui.text.wording.lane import card_number_typed
from kiosk_tui.text.wording.refusals import whole
from kiosk_tui.ui.journeys import forms
from kiosk_tui.ui.journeys.approvals import Approvals
from kiosk_tui.ui.journeys.navigator import Navigator
from kiosk_tui.ui.messages import TasksAsked, TaskTaken
from kiosk_tui.ui.register_link import RegisterLink
from kiosk_tui.ui.screens.lane.tasks import Tasks, ToDo

log = logging.getLogger(__name__)


class OpenTasks:
    """Shows them. `open_lane` goes back to the lane, which says what went wrong."""

    def __init__(
        self, nav: Navigator, approvals: Approvals, open_lane: Callable[[str], Awaitable[None]]
    ) -> None:
        self._nav = nav
        self._approvals = approvals
        self._open_lane = open_lane
        self._settling: Transaction | None = None

    async def asked(self, _message: TasksAsked) -> None:
        """Show what is due and what needs a person."""
        await self.show()

    async def show(self, said: str = "") -> None:
        """Show the list; `said` is what came of the last attempt to settle."""
        register = self._nav.register
        if register is None:
            return
        try:
            found, due = await self._to_do(register), await register.due()
        except JournalUnavailableError as error:
            await self._open_lane(explained(str(error)))
        else:
            self._nav.show(Tasks(self._nav.settings, due, found, said=said))

    async def _to_do(self, register: RegisterLink) -> list[ToDo]:
        return [
            ToDo(one, task(one, await register.exchanges(one.id)))
            for one in await register.needs_staff()
        ]

    def taken(self, message: TaskTaken) -> None:
        """Ask what was done about a task."""
        self._settling = message.transaction
        self._nav.show(forms.note(self._nav.settings, message.transaction))

    async def note_given(self, note: str) -> str:
        """Settle with a note, once whoever has to has agreed; return why not, or nothing."""
        one = self._settling
        if one is None:
            return ""
        if holds_card_number(note):
            return card_number_typed()

        async def settle(who: str) -> None:
            await self._settle(one, f"{who}: {note}" if who else note)

        await self._approvals.ask((Act.SETTLE,), settle)
        return ""

    async def _settle(self, one: Transaction, note: str) -> None:
        if self._nav.register is None:
            return
        log.info("lane: %s is settled", one.id)
        done = await self._nav.register.settle(one.id, note)
        await self.show(whole(done) if isinstance(done, NotStarted) else "")
