"""Controls: registers and disks with one thing wrong. The simulation must catch each of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from kiosk_tui.domain.identity import TransactionId
from kiosk_tui.domain.lifecycle import Event
from kiosk_tui.domain.outcome import Answer, Declined, OutcomeUnknown, PaymentOutcome
from kiosk_tui.domain.transaction import Exchange, Order, Transaction
from kiosk_tui.payment.ports import JournalUnavailableError, Terminal
from kiosk_tui.payment.register import Register
from proofs.simulation.schedule import PATIENCE, Parts


class _GivesUpCancelling(Register):
    """One cancellation attempt has to do."""

    def __init__(self, **parts: Any) -> None:
        super().__init__(**parts)
        attempt = self.recovery._attempt

        async def once(transaction_id: TransactionId) -> None:
            known = self._books.live(transaction_id)
            if known is not None and known.attempts:
                self.recovery._next_at[transaction_id] = float("inf")
                return
            await attempt(transaction_id)

        self.recovery._attempt = once  # type: ignore[method-assign]


class _ForgetsRestarts(Register):
    """What a killed process left open is not taken up."""

    async def take_up(self) -> None:
        self._taken_up = True


class _TellsBeforeTheCommit(Register):
    """The screen hears of an approval before the disk has it."""

    def __init__(self, **parts: Any) -> None:
        super().__init__(**parts)
        change = self._books.change

        async def hasty(
            transaction_id: TransactionId, event: Event, *more: Any, **named: Any
        ) -> Any:
            known = self._books.live(transaction_id)
            if known is not None and event is Event.APPROVED:
                self._on_change(known.after(event, self._clock.now())[0])
            return await change(transaction_id, event, *more, **named)

        self._books.change = hasty  # type: ignore[method-assign]


class _ShrugsAtTheDisk(Register):
    """An approval that the disk refused is told all the same."""

    def __init__(self, **parts: Any) -> None:
        super().__init__(**parts)
        change = self._books.change

        async def shrug(
            transaction_id: TransactionId, event: Event, *more: Any, **named: Any
        ) -> Any:
            known = self._books.live(transaction_id)
            try:
                return await change(transaction_id, event, *more, **named)
            except JournalUnavailableError:
                if known is None or event is not Event.APPROVED:
                    raise
                return known.after(event, self._clock.now())

        self._books.change = shrug  # type: ignore[method-assign]


class _Line:
    """Hands everything on to the real client."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal

    def __getattr__(self, name: str) -> Any:
        return getattr(self._terminal, name)


class _Resends(_Line):
    """A payment without an answer is sent once more."""

    async def pay(self, order: Order, exchange: Exchange) -> PaymentOutcome:
        outcome = await self._terminal.pay(order, exchange)
        if isinstance(outcome, OutcomeUnknown):
            return await self._terminal.pay(order, exchange)
        return outcome


class _CallsItDeclined(_Line):
    """No answer is taken for "no"."""

    async def pay(self, order: Order, exchange: Exchange) -> PaymentOutcome:
        outcome = await self._terminal.pay(order, exchange)
        return Declined(Answer("91")) if isinstance(outcome, OutcomeUnknown) else outcome


class _CancelsAnother(_Line):
    """The cancellation names the wrong transaction."""

    async def cancel(self, transaction: Transaction, exchange: Exchange) -> Any:
        wrong = replace(transaction, id=TransactionId(str(int(transaction.id) - 1)))
        return await self._terminal.cancel(wrong, exchange)


def _line(kind: type[_Line]) -> Callable[[Terminal], Terminal]:
    def wrap(terminal: Terminal) -> Terminal:
        found: Any = kind(terminal)
        return found  # type: ignore[no-any-return]

    return wrap


CONTROLS: Final[dict[str, Parts]] = {
    "gives up cancelling after one attempt": Parts(register=_GivesUpCancelling),
    "does not take up what a killed process left": Parts(register=_ForgetsRestarts),
    "tells an approval before its commit": Parts(register=_TellsBeforeTheCommit),
    "tells an approval that the disk refused": Parts(register=_ShrugsAtTheDisk),
    "sends a payment again when no answer came": Parts(terminal=_line(_Resends)),
    "takes a missing answer for a decline": Parts(terminal=_line(_CallsItDeclined)),
    "cancels another transaction": Parts(terminal=_line(_CancelsAnother)),
    'believes "not found" at once': Parts(patience=replace(PATIENCE, settle_s=0.0)),
    "loses the last commit when killed": Parts(forgets=True),
}
