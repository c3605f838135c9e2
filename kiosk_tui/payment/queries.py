"""What may be asked of the register about earlier transactions. Nothing is changed here.

Every method raises `JournalUnavailableError` when the journal cannot be read, unless it says otherwise.
"""

from __future__ import annotations

from typing import Final

from kiosk_tui.domain import references
from kiosk_tui.domain.caller import why_not_again, why_not_free
from kiosk_tui.domain.identity import Original, TransactionId
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.references import Wanted
from kiosk_tui.domain.transaction import Order, Transaction
from kiosk_tui.payment.flow import NotStarted, Refusal
from kiosk_tui.payment.ports import JournalQueries
from kiosk_tui.payment.references import References

_CANNOT: Final = {
    State.AUTHORIZING: "That transaction is still running: wait for its result.",
    State.GIVEN_UP: "That transaction is still running: wait for its result.",
    State.GOODS_DUE: "That transaction is still running: wait for its result.",
    State.GOODS_DUE_AGAIN: "That transaction is still running: wait for its result.",
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


class Queries:
    """The questions that people, screens and other software ask about earlier transactions."""

    def __init__(self, journal: JournalQueries, completion_percent: int) -> None:
        self._references = References(journal, completion_percent)
        # asked of the journal as they are
        self.transaction = journal.transaction
        self.by_reference = journal.by_reference
        self.by_caller = journal.by_caller
        self.use_of = journal.use_of
        self.between = journal.between
        self.newest = journal.newest
        self.exchanges = journal.exchanges
        self.still_possible = self._references.remaining
        self._in_states = journal.in_states

    async def named(self, wanted: Wanted) -> Transaction | None:
        """Return the transaction of this journal that somebody names, by whatever spelling.

        Raises `AmbiguousError`.
        """
        return references.chosen(wanted, await self.candidates(wanted))

    async def original(self, wanted: Wanted) -> Original:
        """Return what a refund, completion or cancellation refers to, in our journal or not.

        Raises `IdentityError`.
        """
        return references.original(wanted, await self.candidates(wanted))

    async def candidates(self, wanted: Wanted) -> tuple[Transaction, ...]:
        """Return the transactions that a name may mean."""
        name = wanted.name
        whole = None if name.id is None else await self.transaction(name.id)
        short = await self.by_reference(name.reference) if name.reference else ()
        return references.candidates(wanted, whole, short)

    async def needs_staff(self) -> tuple[Transaction, ...]:
        """Return what no machine can settle, oldest first."""
        return await self._in_states([State.NEEDS_STAFF])

    async def known(self, order: Order) -> Transaction | NotStarted | None:
        """Return what became of an order that its caller has sent before; None when it is new.

        This makes orders idempotent: one that is sent again is not paid again. A caller's reference
        that was used for another order, or for something that is no order, is refused.
        """
        caller = order.caller_reference
        if not caller:
            return None
        earlier = await self.by_caller(caller)
        if earlier is None:
            use = await self.use_of(caller)
            return None if use is None else NotStarted(Refusal.INVALID, why_not_free(caller, use))
        why_not = why_not_again(order, earlier)
        return NotStarted(Refusal.INVALID, why_not) if why_not else earlier

    async def why_not_changed(self, transaction_id: TransactionId) -> str:
        """Say why staff cannot cancel or settle a transaction. Never raises."""
        try:
            known = await self.transaction(transaction_id)
        except JournalUnavailableError as error:
            return str(error)
        if known is None:
            return f"Transaction {transaction_id} is not in this journal."
        return _CANNOT.get(known.state, f"Transaction {transaction_id} is {known.state}.")
