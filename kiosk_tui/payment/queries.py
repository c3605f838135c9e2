"""What the register knows of the past: read from the journal, never changed here.

Every method raises `JournalUnavailableError` when the journal cannot be read, unless it says otherwise.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from kiosk_tui.domain import references
from kiosk_tui.domain.caller import why_not_again
from kiosk_tui.domain.identity import CallerReference, Original, TransactionId
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.money import Money
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.references import Wanted
from kiosk_tui.domain.transaction import Exchange, Order, Transaction
from kiosk_tui.payment.flow import NotStarted, Refusal
from kiosk_tui.payment.ports import Journal
from kiosk_tui.payment.references import Originals

_CANNOT: Final = {
    State.AUTHORIZING: "That transaction is still running: wait for its result.",
    State.GIVEN_UP: "That transaction is still running: wait for its result.",
    State.DECLINED: "That transaction was declined: there is nothing to cancel.",
    State.NOT_SENT: "That transaction was never sent: there is nothing to cancel.",
    State.APPROVED: "That transaction is approved and needs no settling by staff.",
    State.CANCEL_DUE: "That transaction is being cancelled already.",
    State.VOID_DUE: "That transaction is being cancelled already.",
    State.CANCELLED: "That transaction is cancelled already.",
    State.NOTHING_TO_CANCEL: "TECS has no charge for that transaction: there is nothing to cancel.",
    State.NEEDS_STAFF: "That transaction needs staff: settle it with a note.",
    State.SETTLED: "That transaction has been settled by staff.",
}


class Archive:
    """The questions that people, screens and other software ask about earlier transactions."""

    def __init__(self, journal: Journal, completion_percent: int) -> None:
        self._journal = journal
        self._originals = Originals(journal, completion_percent)

    async def find(self, transaction_id: TransactionId) -> Transaction | None:
        """Return a transaction of this journal. Raises `JournalUnavailableError`."""
        return await self._journal.transaction(transaction_id)

    async def named(self, wanted: Wanted) -> Transaction | None:
        """Return the transaction of this journal that somebody names, by whatever spelling.

        Raises `AmbiguousError`, or `JournalUnavailableError`.
        """
        return references.chosen(wanted, await self.candidates(wanted))

    async def original(self, wanted: Wanted) -> Original:
        """Return what a refund, completion or cancellation refers to, in our journal or not.

        Raises `IdentityError`, or `JournalUnavailableError`.
        """
        return references.original(wanted, await self.candidates(wanted))

    async def candidates(self, wanted: Wanted) -> tuple[Transaction, ...]:
        """Return the transactions that a name may mean. Raises `JournalUnavailableError`."""
        name, journal = wanted.name, self._journal
        whole = None if name.id is None else await journal.transaction(name.id)
        short = await journal.by_reference(name.reference) if name.reference else ()
        return references.candidates(wanted, whole, short)

    async def newest(self, count: int) -> tuple[Transaction, ...]:
        """Return the newest transactions. Raises `JournalUnavailableError`."""
        return await self._journal.newest(count)

    async def between(self, start: datetime, end: datetime) -> tuple[Transaction, ...]:
        """Return what was begun from `start` on and before `end`, oldest first.

        Raises `JournalUnavailableError`.
        """
        return await self._journal.between(start, end)

    async def look_up(self, reference: str) -> tuple[Transaction, ...]:
        """Return the transactions with this reference (nine digits), the newest first.

        Raises `JournalUnavailableError`.
        """
        return await self._journal.by_reference(reference)

    async def exchanges(self, transaction_id: TransactionId) -> tuple[Exchange, ...]:
        """Return what went over the wire for a transaction, in the order of sending.

        Raises `JournalUnavailableError`.
        """
        return await self._journal.exchanges(transaction_id)

    async def needs_staff(self) -> tuple[Transaction, ...]:
        """Return what no machine can settle, oldest first. Raises `JournalUnavailableError`."""
        return await self._journal.in_states([State.NEEDS_STAFF])

    async def called(self, caller_reference: CallerReference) -> Transaction | None:
        """Return what other software began under this reference. Raises `JournalUnavailableError`."""
        return await self._journal.by_caller(caller_reference)

    async def known(self, order: Order) -> Transaction | NotStarted | None:
        """Return what became of an order that its caller has sent before; None when it is new.

        A reference that was used for another order is refused. Raises `JournalUnavailableError`.
        """
        earlier = await self._originals.repeated(order)
        if earlier is None:
            return None
        why_not = why_not_again(order, earlier)
        return NotStarted(Refusal.INVALID, why_not) if why_not else earlier

    async def still_possible(self, operation: Operation, original: Transaction) -> Money:
        """Return how much a completion or refund of a transaction may still take.

        Raises `JournalUnavailableError`.
        """
        return await self._originals.remaining(operation, original)

    async def why_not_changed(self, transaction_id: TransactionId) -> str:
        try:
            known = await self._journal.transaction(transaction_id)
        except JournalUnavailableError as error:
            return str(error)
        if known is None:
            return f"Transaction {transaction_id} is not in this journal."
        return _CANNOT.get(known.state, f"Transaction {transaction_id} is {known.state}.")
