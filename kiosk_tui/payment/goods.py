"""Payments that stay charged only when goods were handed over: the waiting, and how it ends.

Owns: the time within which somebody has to say so. Silence is taken for a failure.
Invariant: "handed over" is on disk before anybody is told of it; whatever else ends the waiting cancels
the payment, always wholly. The wait is measured by a clock that nobody sets.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from kiosk_tui.domain.card_number import REFUSED, holds_card_number
from kiosk_tui.domain.identity import TransactionId
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.lifecycle import AWAITING_GOODS, IN_FLIGHT, Command, Event, State
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.payment.flow import NotStarted, PlanCancellation, Refusal
from kiosk_tui.payment.ledger import Edit, TransactionLedger
from kiosk_tui.payment.ports import Clock, JournalQueries

IN_SILENCE = "Nobody said in time that the goods were handed over."


class Goods:
    """Waits for goods, each payment in its turn. `line` is the terminal's: it is busy meanwhile."""

    def __init__(
        self,
        *,
        ledger: TransactionLedger,
        journal: JournalQueries,
        clock: Clock,
        wait_s: float,
        line: asyncio.Lock,
        plan: PlanCancellation,
        begin: Callable[[Awaitable[None]], None],
    ) -> None:
        self._ledger = ledger
        self._journal = journal
        self._clock = clock
        self._wait_s = wait_s
        self._line = line
        self._plan = plan
        self._begin = begin
        self._deadline: asyncio.Timeout | None = None
        self._ended: dict[TransactionId, asyncio.Future[Transaction]] = {}
        self._left: set[TransactionId] = set()
        self._doubtful: set[TransactionId] = set()
        """Where the disk answered "handed over" with an error: it may have kept it all the same."""
        self.end_told: Callable[[], None] = lambda: None
        """Called when the waiting for what an earlier process left is over."""

    @property
    def waiting(self) -> bool:
        """Whether goods are waited for: the terminal is busy until that has ended."""
        return bool(self._ended)

    def awaits(self, transaction_id: TransactionId) -> bool:
        """Whether the goods of this one are waited for."""
        return transaction_id in self._ended

    @property
    def left(self) -> bool:
        """Whether it is an earlier process's payment whose goods are waited for."""
        return bool(self._left)

    @property
    def due_s(self) -> float | None:
        """Seconds until silence cancels the payment, or None where no goods are waited for."""
        deadline = self._deadline
        when = None if deadline is None else deadline.when()
        return None if when is None else max(0.0, when - asyncio.get_running_loop().time())

    async def over(self) -> None:
        """Wait until no goods are waited for."""
        while self._ended:
            await asyncio.wait(tuple(self._ended.values()))

    async def wait(self, one: Transaction) -> Transaction:
        """Wait until somebody says how it went, or the time is over; return the transaction then.

        The caller holds the line to the terminal.
        """
        ended = self._ended.setdefault(one.id, asyncio.get_running_loop().create_future())
        try:
            async with asyncio.timeout(self._wait_s) as self._deadline:
                await asyncio.wait({ended})
        except TimeoutError:
            await self._fail(one.id, Event.GOODS_UNCONFIRMED, IN_SILENCE)
        finally:
            self._deadline = None
            self._ended.pop(one.id, None)
            self._doubtful.discard(one.id)
        return self._ledger.live(one.id) or ended.result()

    def take_up(self, one: Transaction) -> None:
        """Wait for the goods of an earlier process's payment, as soon as the terminal is free."""
        self._ended[one.id] = asyncio.get_running_loop().create_future()
        self._left.add(one.id)
        self._begin(self._wait_again(one))

    async def _wait_again(self, one: Transaction) -> None:
        async with self._line:
            await self.wait(one)
        self._left.discard(one.id)
        self.end_told()

    def changed(self, one: Transaction) -> None:
        """End the waiting for a transaction that does not wait any more, whoever ended it."""
        ended = self._ended.get(one.id)
        if ended is not None and not ended.done() and one.state not in AWAITING_GOODS:
            ended.set_result(one)

    async def say(
        self, transaction_id: TransactionId, why: str, *, handed_over: bool
    ) -> Transaction | NotStarted:
        """Say how it went; `why` is for the event log.

        Raises `JournalUnavailableError` when it cannot be known or recorded: "handed over" does not count
        then, and the time goes on.
        """
        if holds_card_number(why):
            return NotStarted(Refusal.INVALID, f"The reason {REFUSED}.")
        if handed_over:
            await self._hand_over(transaction_id, f"The goods were handed over. {why}".strip())
        else:
            told = f"The goods were not handed over. {why}".strip()
            await self._fail(transaction_id, Event.GOODS_FAILED, told)
        live = self._ledger.live(transaction_id) or self._ledger.last_unwritten(transaction_id)
        known = live or await self._journal.transaction(transaction_id)
        if known is None:
            why_not = f"Transaction {transaction_id} is not in this journal."
        else:
            why_not = _why_not(known, handed_over=handed_over)
        return NotStarted(Refusal.INVALID, why_not) if known is None or why_not else known

    async def _hand_over(self, transaction_id: TransactionId, why: str) -> None:
        edit = Edit(why=why)
        try:
            await self._ledger.change(transaction_id, Event.GOODS_HANDED_OVER, edit=edit)
        except JournalUnavailableError:
            self._doubtful.add(transaction_id)
            raise

    async def _fail(self, transaction_id: TransactionId, event: Event, why: str) -> None:
        changed = await self.undo(transaction_id, event, edit=Edit(why=why))
        if changed is not None:
            self._plan(*changed, self._clock.monotonic())

    async def undo(
        self, transaction_id: TransactionId, event: Event, *, edit: Edit
    ) -> tuple[Transaction, Command] | None:
        """End the waiting with a cancellation that is due whatever the disk says, as `TransactionLedger.hold`."""
        if transaction_id in self._doubtful:
            # the disk may say APPROVED: this event undoes that, too
            event = Event.APPROVAL_NOT_RECORDED
        return await self._ledger.hold(transaction_id, event, edit=edit)


def _why_not(one: Transaction, *, handed_over: bool) -> str:
    """Say why that cannot be said of a transaction; empty where it is so already."""
    if not one.order.until_goods:
        return f"Transaction {one.id} does not wait for goods."
    if one.state in IN_FLIGHT:
        return f"Transaction {one.id} is not approved yet: wait for its result."
    if handed_over == (one.state is State.APPROVED):
        return ""
    if handed_over:
        return f"Transaction {one.id} is {one.state}: it is not paid, so hand nothing over."
    return f"The goods of transaction {one.id} were handed over: staff may cancel it."
