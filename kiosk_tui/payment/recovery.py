"""Due cancellations, replayed until TECS has answered each one.

Owns: when the next attempt is made, and which event an answer to a cancellation is.
Invariant: oldest first; one that is refused or unanswered never delays the others; an attempt is in the
journal before it is sent, except when the disk refuses: a cancellation may then be sent without a
record, a payment never.
"""

from __future__ import annotations

import asyncio
import logging
import math
import random
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

from kiosk_tui.domain.identity import TransactionId
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.lifecycle import DUE, Command, Event
from kiosk_tui.domain.outcome import CancelOutcome, CancelVerdict
from kiosk_tui.domain.transaction import Exchange, ExchangeKind, Transaction
from kiosk_tui.payment.ledger import Edit, TransactionLedger
from kiosk_tui.payment.policy import Timeouts, pause
from kiosk_tui.payment.ports import Clock, JournalWrites, Terminal

_EVENTS = {
    CancelVerdict.CONFIRMED: Event.CANCEL_CONFIRMED,
    CancelVerdict.ORIGINAL_DECLINED: Event.ORIGINAL_DECLINED,
    CancelVerdict.REFUSED: Event.CANCEL_REFUSED,
    CancelVerdict.UNANSWERED: Event.CANCEL_UNANSWERED,
}


log = logging.getLogger(__name__)


class Recovery:
    """Replays due cancellations; `line` is held during each attempt, as during a payment."""

    def __init__(
        self,
        *,
        ledger: TransactionLedger,
        journal: JournalWrites,
        terminal: Terminal,
        clock: Clock,
        timeouts: Timeouts,
        chance: random.Random,
        line: asyncio.Lock,
    ) -> None:
        self._ledger = ledger
        self._journal = journal
        self._terminal = terminal
        self._clock = clock
        self._timeouts = timeouts
        self._chance = chance
        self._line = line
        self._next_at: dict[TransactionId, float] = {}
        self._settled_at: dict[TransactionId, float] = {}
        self._not_found_yet: set[TransactionId] = set()
        self._wake = asyncio.Event()

    async def take_up(
        self,
        abort: Callable[[Transaction], Awaitable[None]],
        await_goods: Callable[[Transaction], None],
    ) -> None:
        """Apply the event of a restart to everything that an earlier process left open.

        `abort` asks the terminal to stop a transaction's card flow; `await_goods` gives the goods of one
        their time anew. Raises `JournalUnavailableError`; calling again takes up the rest.
        """
        for transaction in await self._ledger.open_ones():
            if self._ledger.live(transaction.id) is not None:
                continue
            # The clock may have jumped while we were away, so the settle window starts anew.
            restarted_at = self._clock.monotonic()
            changed = await self._ledger.change(transaction.id, Event.RESTARTED)
            if changed is None:
                continue
            if changed[1] is Command.AWAIT_GOODS:
                await_goods(changed[0])
                continue
            if changed[1] is Command.ABORT_THEN_CANCEL:
                await abort(changed[0])
            self.plan(*changed, restarted_at)

    def plan(
        self, transaction: Transaction, command: Command, sent_at: float | None = None
    ) -> None:
        """Schedule a cancellation that the lifecycle table commands, now or later.

        `sent_at` (monotonic seconds) is when the original may last have been under way.
        """
        now = self._clock.monotonic()
        if sent_at is not None:
            self._settle_from(transaction, sent_at)
        wait = 0.0
        if command is Command.CANCEL_LATER:
            wait = pause(transaction.attempts, self._timeouts, self._chance.random())
        self._next_at[transaction.id] = now + wait
        self._wake.set()

    def hurry(self) -> None:
        """Try again at once: the line has come back."""
        now = self._clock.monotonic()
        self._next_at = dict.fromkeys(self._next_at, now)
        self._wake.set()

    def next_in_s(self) -> float | None:
        """Return the seconds until the next attempt, or None when nothing is due."""
        due = self._ledger.due()
        if not due:
            return None
        soonest = min(self._next_at.get(one.id, 0.0) for one in due)
        return max(0.0, soonest - self._clock.monotonic())

    async def run(self) -> None:
        """Replay for as long as the process lives."""
        while True:
            await self.replay()
            self._wake.clear()
            try:
                async with asyncio.timeout(self.next_in_s()):
                    await self._wake.wait()
            except TimeoutError:
                continue

    async def replay(self) -> None:
        """Make one attempt for each cancellation whose time has come, oldest first."""
        for transaction in self._ledger.due():
            if self._next_at.get(transaction.id, 0.0) <= self._clock.monotonic():
                async with self._line:
                    await self._attempt(transaction.id)

    @property
    def settling(self) -> bool:
        """Whether TECS answered "not found" to one that is still due: waiting will settle it."""
        return any(one.id in self._not_found_yet for one in self._ledger.due())

    async def _attempt(self, transaction_id: TransactionId) -> None:
        transaction = self._ledger.live(transaction_id)
        if transaction is None or transaction.state not in DUE:
            return
        exchange = await self._exchange(transaction)
        if exchange is None:
            self.plan(transaction, Command.CANCEL_LATER)
            return
        sent_at = self._clock.monotonic()
        outcome = await self._ask(transaction, exchange)
        await self._conclude(transaction, exchange, outcome, sent_at)

    async def _ask(self, transaction: Transaction, exchange: Exchange) -> CancelOutcome:
        try:
            return await self._terminal.cancel(transaction, exchange)
        except Exception as error:
            # Even a fault of ours must not stop the replay, of this one or of the others.
            log.exception("cancellation %s failed inside the register", exchange.id)
            why = f"The cancellation failed inside the register ({type(error).__name__})."
            return CancelOutcome(CancelVerdict.UNANSWERED, why)

    async def _exchange(self, transaction: Transaction) -> Exchange | None:
        place, now = transaction.cancels.place, self._clock.now()
        try:
            return await self._journal.open_exchange(
                ExchangeKind.CANCELLATION, place, transaction.id, now
            )
        except JournalUnavailableError:
            spare = self._journal.spare_id()
        if spare is None:
            return None
        return Exchange(spare, transaction.id, ExchangeKind.CANCELLATION, place, now)

    async def _conclude(
        self, transaction: Transaction, exchange: Exchange, outcome: CancelOutcome, sent_at: float
    ) -> None:
        now = self._clock.now()
        event = self._event(transaction.id, outcome, sent_at)
        attempts = transaction.attempts + 1
        most = pause(transaction.attempts, self._timeouts, self._chance.random())
        edit = Edit(
            why=outcome.why, attempts=attempts, next_attempt_at=now + timedelta(seconds=most)
        )
        closed = replace(
            exchange,
            answered_at=now if outcome.answer else None,
            verdict=outcome.verdict,
            why=outcome.why,
            answer=outcome.answer,
        )
        changed = await self._ledger.hold(
            transaction.id, event, closed, edit, judged_in=transaction.state
        )
        wait = 0.0 if changed is None else most  # overtaken by a late approval: ask again at once
        self._next_at[transaction.id] = self._clock.monotonic() + wait
        if transaction.id not in {one.id for one in self._ledger.due()}:
            self._forget(transaction.id)

    def _event(
        self, transaction_id: TransactionId, outcome: CancelOutcome, sent_at: float
    ) -> Event:
        self._not_found_yet.discard(transaction_id)
        if outcome.verdict is not CancelVerdict.ORIGINAL_NOT_FOUND:
            return _EVENTS[outcome.verdict]
        # What counts is when the cancellation was asked, not when its answer came.
        if sent_at >= self._settled_at.get(transaction_id, -math.inf):
            return Event.ORIGINAL_NOT_FOUND
        self._not_found_yet.add(transaction_id)
        return Event.ORIGINAL_NOT_FOUND_YET

    def _settle_from(self, transaction: Transaction, sent_at: float) -> None:
        if not transaction.order.operation.takes_back:
            self._settled_at[transaction.id] = sent_at + self._timeouts.settle_s

    def _forget(self, transaction_id: TransactionId) -> None:
        self._next_at.pop(transaction_id, None)
        self._settled_at.pop(transaction_id, None)
        self._not_found_yet.discard(transaction_id)
