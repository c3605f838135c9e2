"""One payment, from the order to its outcome.

The loop: commit the new state, perform the command that the lifecycle table gives, apply the answer
as the next event.
Invariant: a payment request is sent once, after its transaction is on disk; its outcome is on disk
before anybody is told.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from enum import StrEnum
from typing import Final

from kiosk_tui.domain import lifecycle
from kiosk_tui.domain.identity import TransactionId
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.lifecycle import AWAITING_GOODS, Command, Event, State
from kiosk_tui.domain.outcome import (
    PAYMENT_EVENTS,
    AbortOutcome,
    AbortVerdict,
    Approved,
    NotSent,
    OutcomeUnknown,
    PaymentOutcome,
)
from kiosk_tui.domain.transaction import Exchange, ExchangeKind, Order, OrderError, Transaction
from kiosk_tui.payment.ledger import Edit, TransactionLedger
from kiosk_tui.payment.policy import Timeouts
from kiosk_tui.payment.ports import Clock, JournalWrites, Terminal
from kiosk_tui.payment.status_polls import StatusPolls
from kiosk_tui.payment.unsigned import SignerAsked
from kiosk_tui.records import dataclass

log = logging.getLogger(__name__)

ABORT_IDS: Final = 2
"""Ids that a payment reserves for aborts: when somebody gives up, and when no answer came."""

_CHARGED: Final = AWAITING_GOODS | {State.APPROVED}
"""What nobody is told before it is on disk."""

PlanCancellation = Callable[[Transaction, Command, float], None]
"""Told what the table commands about a cancellation, and when the original was last under way."""


class Refusal(StrEnum):
    """Why a payment did not start."""

    INVALID = "invalid"
    BUSY = "busy"
    CLOSED = "closed"
    JOURNAL = "journal"
    FISCAL = "fiscal"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True)
class NotStarted:
    """Nothing was sent and nothing is open; `why` is one sentence."""

    refusal: Refusal
    why: str


class Flow:
    """Takes payments, one at a time."""

    def __init__(
        self,
        *,
        ledger: TransactionLedger,
        journal: JournalWrites,
        terminal: Terminal,
        clock: Clock,
        timeouts: Timeouts,
        plan: PlanCancellation,
        polls: StatusPolls,
        ask_signer: Callable[[Order], Awaitable[SignerAsked]],
        await_goods: Callable[[Transaction], Awaitable[Transaction]],
        aborts: bool,
        line: asyncio.Lock,
    ) -> None:
        self._ledger = ledger
        self._journal = journal
        self._terminal = terminal
        self._clock = clock
        self._timeouts = timeouts
        self._plan = plan
        self._busy = False
        self._deadline: asyncio.Timeout | None = None
        self._in_flight: TransactionId | None = None
        self._listening: set[asyncio.Task[None]] = set()
        self._polls = polls
        self._ask_signer = ask_signer
        self._await_goods = await_goods
        self._aborts = aborts
        self.under_way = asyncio.Event()
        """Set while a payment's answer is awaited."""
        self._line = line
        """Held by whoever talks to the terminal: a payment, or one cancellation attempt."""

    @property
    def in_flight(self) -> Transaction | None:
        """The transaction whose answer is awaited."""
        return None if self._in_flight is None else self._ledger.live(self._in_flight)

    @property
    def listening(self) -> bool:
        """Whether a line is held open for an answer that may come late."""
        return bool(self._listening)

    @property
    def tells_steps(self) -> bool:
        """Whether the terminal is asked what it does while a payment's answer is awaited."""
        return self._polls.supported

    @property
    def answer_due_s(self) -> float | None:
        """Seconds until waiting for the answer ends, or None when nothing is awaited."""
        deadline = self._deadline  # screens ask from a thread of their own
        when = None if deadline is None else deadline.when()
        return None if when is None else max(0.0, when - asyncio.get_running_loop().time())

    async def pay(
        self, order: Order, *, rehearsal: bool = False, why: str = ""
    ) -> Transaction | NotStarted:
        """Take one payment; returns when its outcome is on disk (or owed as a cancellation).

        One until goods returns when these were handed over, or when it is being cancelled.

        `why` is kept in the event log: what was special about its beginning.

        A `rehearsal` is given up before its approval is written down: at no moment does the disk
        say that it stays charged, so it is cancelled whatever happens next.
        """
        if self._busy or self._line.locked():
            return NotStarted(Refusal.BUSY, "The terminal is in use. Try again in a moment.")
        self._busy = True
        try:
            async with self._line:
                return await self._begin(order, why, rehearsal=rehearsal)
        finally:
            self._busy = False

    async def give_up(self) -> None:
        """Ask for the end of the running payment. The answer still decides what it was."""
        transaction = self.in_flight
        if transaction is None:
            return
        changed = await self._ledger.hold(transaction.id, Event.GAVE_UP)
        if changed is None:
            return
        self._wait_at_most(self._timeouts.give_up_s)
        await self._perform(*changed, self._clock.monotonic())

    async def close(self) -> None:
        """Stop listening for late answers; what is open stays in the journal."""
        for listener in tuple(self._listening):
            listener.cancel()
        await asyncio.gather(*self._listening, return_exceptions=True)

    async def abort(self, transaction: Transaction) -> None:
        """Ask the terminal to stop its card flow. Says nothing about the payment."""
        if not self._aborts:
            return
        try:
            exchange = await self._journal.open_exchange(
                ExchangeKind.ABORT,
                transaction.order.place,
                transaction.id,
                self._clock.now(),
                self._journal.reserved_id(transaction.id),
            )
        except JournalUnavailableError:
            return  # it is optional: not sent without a record
        outcome = await self._ask_to_abort(transaction, exchange)
        if outcome.verdict is AbortVerdict.UNSUPPORTED:
            self._aborts = False
        await self._close(replace(exchange, answer=outcome.answer), outcome.verdict, outcome.why)

    async def _ask_to_abort(self, transaction: Transaction, exchange: Exchange) -> AbortOutcome:
        try:
            return await self._terminal.abort(transaction, exchange)
        except Exception as error:
            # The abort is optional: its fault must not keep the cancellation after it from being sent.
            log.exception("abort %s failed inside the register", exchange.id)
            why = f"The abort failed inside the register ({type(error).__name__})."
            return AbortOutcome(AbortVerdict.UNANSWERED, why)

    async def _begin(self, order: Order, why: str, *, rehearsal: bool) -> Transaction | NotStarted:
        try:
            self._terminal.check(order)
            asked = await self._ask_signer(order)
            if asked.why_not:
                refusal = Refusal.GIVEN_UP if asked.given_up else Refusal.FISCAL
                return NotStarted(refusal, asked.why_not)
            begun = await self._ledger.begin(
                order,
                self._terminal.amount_sent(order),
                " ".join(filter(None, (why, asked.why))),
                self._polls.most + ABORT_IDS,
                asked.token,
            )
        except OrderError as error:
            return NotStarted(Refusal.INVALID, str(error))
        except JournalUnavailableError as error:
            return NotStarted(Refusal.JOURNAL, str(error))
        transaction, exchange = begun
        sent_at = self._clock.monotonic()
        self._in_flight = transaction.id
        self._ledger.keep(transaction.id)
        self.under_way.set()
        try:
            # as it was begun: the journal gave it its receipt number, and has no card reference
            sent = replace(transaction.order, card_reference=order.card_reference)
            outcome = await self._answer(transaction, sent, exchange)
        finally:
            self._in_flight = None
            self.under_way.clear()
        if rehearsal and isinstance(outcome, Approved):
            await self._ledger.hold(transaction.id, Event.GAVE_UP)
        transaction, command = await self._conclude(transaction, exchange, outcome)
        if command is Command.AWAIT_GOODS:
            return await self._await_goods(transaction)
        await self._perform(transaction, command, sent_at)
        return self._ledger.live(transaction.id) or transaction

    async def _answer(
        self, transaction: Transaction, order: Order, exchange: Exchange
    ) -> PaymentOutcome:
        line = asyncio.create_task(self._terminal.pay(order, exchange))
        watch = asyncio.create_task(self._polls.watch(transaction))
        try:
            async with asyncio.timeout(self._timeouts.answer_s) as self._deadline:
                # wait, not await: a timeout inside of the request must not be mistaken for ours
                await asyncio.wait({line})
        except TimeoutError:
            self._listen(line, exchange)
            return OutcomeUnknown("No answer came in time.")
        except asyncio.CancelledError:
            line.cancel()
            raise
        finally:
            self._deadline = None
            watch.cancel()
        self._ledger.release(exchange.id)
        return _outcome_of(line)

    async def _conclude(
        self, transaction: Transaction, exchange: Exchange, outcome: PaymentOutcome
    ) -> tuple[Transaction, Command]:
        closed = self._closed(exchange, outcome)
        edit = Edit(why=_why(outcome), polls=self._polls.unwritten())
        event = PAYMENT_EVENTS[type(outcome)]
        current = self._ledger.live(transaction.id) or transaction
        if event is Event.APPROVED and current.order.until_goods:
            event = Event.APPROVED_UNTIL_GOODS
        if lifecycle.step(current.state, event)[0] in _CHARGED:
            try:
                changed = await self._ledger.change(transaction.id, event, closed, edit)
            except JournalUnavailableError:
                # An approval that is not on disk was not given: the charge must be cancelled.
                event = Event.APPROVAL_NOT_RECORDED
                changed = await self._ledger.hold(transaction.id, event, closed, edit)
        else:
            changed = await self._ledger.hold(transaction.id, event, closed, edit)
        if changed is None:  # pragma: no cover - only this method ends a payment in flight
            raise RuntimeError(f"Transaction {transaction.id} ended twice.")
        return changed

    async def _perform(self, transaction: Transaction, command: Command, sent_at: float) -> None:
        if command in (Command.ABORT, Command.ABORT_THEN_CANCEL):
            await self.abort(transaction)
        if command in (Command.CANCEL, Command.ABORT_THEN_CANCEL):
            self._plan(transaction, command, sent_at)

    def _wait_at_most(self, seconds: float) -> None:
        if self._deadline is None:
            return
        sooner = asyncio.get_running_loop().time() + seconds
        planned = self._deadline.when()
        if planned is None or sooner < planned:
            self._deadline.reschedule(sooner)

    def _listen(self, line: asyncio.Task[PaymentOutcome], exchange: Exchange) -> None:
        listener = asyncio.create_task(self._hear_late(line, exchange))
        self._listening.add(listener)
        listener.add_done_callback(self._listening.discard)

    async def _hear_late(self, line: asyncio.Task[PaymentOutcome], exchange: Exchange) -> None:
        try:
            await asyncio.wait({line})
            outcome = _outcome_of(line)
            late = self._closed(exchange, outcome)
            if not isinstance(outcome, Approved):
                await self._close(late, f"late {late.verdict}", late.why)
                return
            changed = await self._ledger.hold(exchange.id, Event.LATE_APPROVAL, late)
            if changed is not None:
                await self._perform(*changed, self._clock.monotonic())
        finally:
            line.cancel()
            self._ledger.release(exchange.id)

    def _closed(self, exchange: Exchange, outcome: PaymentOutcome) -> Exchange:
        answer = None if isinstance(outcome, NotSent) else outcome.answer
        return replace(
            exchange,
            answered_at=self._clock.now(),
            verdict=PAYMENT_EVENTS[type(outcome)].lower(),
            why=_why(outcome),
            answer=answer,
        )

    async def _close(self, exchange: Exchange, verdict: str, why: str) -> None:
        ended = replace(exchange, answered_at=self._clock.now(), verdict=verdict, why=why)
        try:
            await self._journal.close_exchange(ended)
        except JournalUnavailableError:
            return  # the exchange stays unanswered in the journal; no state depends on it


def _outcome_of(line: asyncio.Task[PaymentOutcome]) -> PaymentOutcome:
    if line.cancelled():
        return OutcomeUnknown("The request was stopped on our side.")
    error = line.exception()
    if error is not None:
        # A fault of ours after the request may have left is no proof that no money moved.
        return OutcomeUnknown(f"The request failed inside the register ({type(error).__name__}).")
    return line.result()


def _why(outcome: PaymentOutcome) -> str:
    if isinstance(outcome, NotSent | OutcomeUnknown):
        return outcome.why
    return outcome.answer.response_text
