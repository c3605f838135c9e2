"""What the card terminal does while a command waits for it, as a line of progress."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from typing import Final

from kiosk_tui.cli.progress import ProgressLine
from kiosk_tui.domain.lifecycle import AWAITING_GOODS, DUE, State
from kiosk_tui.domain.outcome import TerminalState
from kiosk_tui.payment.notifications import Notification, TerminalTold, TransactionChanged
from kiosk_tui.payment.register import Register

_EACH_S: Final = 0.5

_TOLD: Final[Mapping[TerminalState, str]] = {
    TerminalState.WAITING_FOR_CARD: "Waiting for the card",
    TerminalState.CARD_READ: "Card read",
    TerminalState.BUSY: "The terminal is busy",
}
"""What a terminal says of itself; a step that it does not tell is not shown."""


class _PaymentSteps:
    """What the register tells of a transaction, in words."""

    def __init__(self, what: str) -> None:
        self.what = what
        self.hint = ""

    def hear(self, notification: Notification) -> None:
        if isinstance(notification, TransactionChanged):
            self._changed(notification.transaction.state)
        elif isinstance(notification, TerminalTold) and self.hint:
            self.what = _TOLD.get(notification.state, self.what)

    def _changed(self, state: State) -> None:
        self.hint = "Ctrl-C gives up" if state is State.AUTHORIZING else ""
        if state is State.AUTHORIZING:
            self.what = "Waiting for the terminal"
        elif state is State.GIVEN_UP:
            self.what = "Giving up: the answer decides"
        elif state in AWAITING_GOODS:
            self.what = "Approved: the goods are being handed over"
        elif state in DUE:
            self.what = "Cancelling"


@contextlib.asynccontextmanager
async def shown(register: Register, what: str = "Opening the register") -> AsyncIterator[None]:
    """Show on a terminal's stderr what goes on in a register, and how long is left; else do nothing."""
    steps = _PaymentSteps(what)
    with ProgressLine(what) as progress:
        if not progress.seen:
            yield
            return
        unlisten = register.listen(steps.hear)
        following = asyncio.create_task(_follow(register, steps, progress))
        try:
            yield
        finally:
            following.cancel()
            unlisten()


async def _follow(register: Register, steps: _PaymentSteps, progress: ProgressLine) -> None:
    while True:
        progress.tell(steps.what, left_s=register.answer_due_s, hint=steps.hint)
        await asyncio.sleep(_EACH_S)
