"""Orders held against the journal: what an earlier transaction allows, and what was paid already.

Owns: the rule that two things are never done at once with one original.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator

from kiosk_tui.domain.follow_up import follow_up, remaining, why_not_cancelled
from kiosk_tui.domain.money import Money
from kiosk_tui.domain.transaction import Operation, Order, Transaction
from kiosk_tui.payment.ports import Journal


class Originals:
    """What is known of the transactions that orders refer to, or repeat.

    Every method raises `JournalUnavailableError` when the journal cannot be read.
    """

    def __init__(self, journal: Journal, completion_percent: int) -> None:
        self._journal = journal
        self._completion_percent = completion_percent
        self._drawn_on: str | None = None
        self._one_at_a_time = asyncio.Lock()

    async def repeated(self, order: Order) -> Transaction | None:
        """Return the transaction that was begun under the order's caller's reference."""
        if not order.caller_reference:
            return None
        return await self._journal.by_caller(order.caller_reference)

    @contextlib.contextmanager
    def drawing_on(self, order: Order) -> Iterator[None]:
        """Keep the original of a completion or refund from being cancelled while that is paid."""
        self._drawn_on = None if order.original is None else order.original.transaction_id
        try:
            yield
        finally:
            self._drawn_on = None

    async def allow(self, order: Order) -> Order:
        """Check an order against the transaction that it refers to, where that is in our journal.

        Raises `FollowUpError`.
        """
        asked = order.original
        if asked is None:
            return order
        async with self._one_at_a_time:
            original = await self._journal.transaction(asked.transaction_id)
            earlier = await self._journal.referring_to(asked.transaction_id)
        if original is None or asked.place not in (order.place, original.order.place):
            return order  # another terminal's, which may have the same id as one of ours
        return follow_up(order, original, earlier, self._completion_percent)

    async def remaining(self, operation: Operation, original: Transaction) -> Money:
        """Return how much a completion or refund of a transaction may still take."""
        earlier = await self._journal.referring_to(original.id)
        return remaining(operation, original, earlier, self._completion_percent)

    @contextlib.asynccontextmanager
    async def cancelling(self, transaction_id: str) -> AsyncIterator[str]:
        """Hold an original while it is cancelled; yield why that must not be, or nothing."""
        async with self._one_at_a_time:
            if transaction_id == self._drawn_on:
                yield "That transaction is being completed or refunded: wait for the result."
            else:
                earlier = await self._journal.referring_to(transaction_id)
                yield why_not_cancelled(transaction_id, earlier)
