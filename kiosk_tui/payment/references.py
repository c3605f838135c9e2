"""Orders that refer to an original transaction: what the journal's earlier transactions still allow.

Owns: the rule that two things are never done at once with one original.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator

from kiosk_tui.domain.follow_up import follow_up, remaining, why_not_cancelled
from kiosk_tui.domain.identity import Original, TransactionId
from kiosk_tui.domain.money import Money
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.transaction import Order, Transaction
from kiosk_tui.payment.ports import JournalQueries

_IN_USE = "That transaction is being completed or refunded, or a tip is charged on it: wait for the result."


class References:
    """The original transactions that orders refer to.

    Every method raises `JournalUnavailableError` when the journal cannot be read.
    """

    def __init__(self, journal: JournalQueries, completion_percent: int) -> None:
        self._journal = journal
        self._completion_percent = completion_percent
        self._drawing: Order | None = None
        self._one_at_a_time = asyncio.Lock()

    @contextlib.contextmanager
    def drawing_on(self, order: Order) -> Iterator[None]:
        """Keep the original of a follow-up from being cancelled while that is paid."""
        self._drawing = order
        try:
            yield
        finally:
            self._drawing = None

    async def allow(self, order: Order) -> Order:
        """Check an order against the transaction that it refers to, as far as our journal knows it.

        Raises `FollowUpError`.
        """
        if order.original is None:
            return order
        async with self._one_at_a_time:
            mine = await self._mine(order)
            refers = order.original if mine is None else _self(mine)
            earlier = await self._journal.referring_to(refers)
        return follow_up(order, mine, earlier, self._completion_percent)

    async def measured_by(self, order: Order) -> Money | None:
        """Return the amount of the original that a tip is held against; None for other orders."""
        mine = await self._mine(order) if order.operation.is_tip else None
        return None if mine is None else mine.order.amount

    async def remaining(self, operation: Operation, original: Transaction) -> Money:
        """Return how much a follow-up of a transaction may still take."""
        earlier = await self._journal.referring_to(_self(original))
        return remaining(operation, original, earlier, self._completion_percent)

    @contextlib.asynccontextmanager
    async def cancelling(self, transaction_id: TransactionId) -> AsyncIterator[str]:
        """Hold one of our transactions while it is cancelled; yield why that must not be, or nothing."""
        async with self._one_at_a_time:
            # read before the journal: an order that begins meanwhile waits for the lock in `allow`
            drawing = self._drawing
            mine = await self._journal.transaction(transaction_id)
            yield "" if mine is None else await self._why_not(_self(mine), mine, drawing)

    @contextlib.asynccontextmanager
    async def cancelling_elsewhere(self, order: Order) -> AsyncIterator[str]:
        """Hold another terminal's transaction while it is cancelled; yield why that must not be."""
        async with self._one_at_a_time:
            drawing = self._drawing
            mine = await self._mine(order)
            if order.original is None:
                yield ""  # `Terminal.check` refuses it
            elif mine is not None:
                yield (
                    f"Transaction {mine.id} is this register's own: it is cancelled as a whole, without"
                    " an amount and a terminal."
                )
            else:
                yield await self._why_not(order.original, None, drawing)

    async def _mine(self, order: Order) -> Transaction | None:
        """Return the original of an order where it is a transaction of this journal."""
        if order.original is None:
            return None
        found = await self._journal.transaction(order.original.transaction_id)
        mine = found is not None and found.is_meant_by(order.original, order.place)
        return found if mine else None

    async def _why_not(
        self, original: Original, mine: Transaction | None, drawing: Order | None
    ) -> str:
        if _is_drawn_on(original, mine, drawing):
            return _IN_USE
        earlier = await self._journal.referring_to(original)
        return why_not_cancelled(original.transaction_id, earlier)


def _is_drawn_on(original: Original, mine: Transaction | None, drawing: Order | None) -> bool:
    if drawing is None or drawing.original is None:
        return False
    if mine is None:
        return drawing.original == original
    return mine.is_meant_by(drawing.original, drawing.place)


def _self(one: Transaction) -> Original:
    """Return how others refer to a transaction of this journal."""
    return Original(one.id, one.order.place)
