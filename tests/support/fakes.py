"""A terminal that does as told, and a register around it on a real journal file."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from kiosk_tui.domain.identity import Place, TransactionId
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.limits import Limits
from kiosk_tui.domain.money import Currency, Money
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.outcome import (
    AbortOutcome,
    AbortVerdict,
    Answer,
    Approved,
    CancelOutcome,
    CancelVerdict,
    Declined,
    OutcomeUnknown,
    PaymentOutcome,
    Probe,
    StatusOutcome,
    TerminalState,
)
from kiosk_tui.domain.transaction import Exchange, ExchangeKind, Order, OrderError, Transaction
from kiosk_tui.journal.signatures import SignatureLog, owe
from kiosk_tui.journal.store import Store
from kiosk_tui.journal.writer import JournalWriter
from kiosk_tui.payment.fiscal import FiscalSigner, Signing, SigningTerms
from kiosk_tui.payment.flow import NotStarted
from kiosk_tui.payment.policy import Exposure, OptionalRequests, Timeouts
from kiosk_tui.payment.ports import Clock
from kiosk_tui.payment.register import Register
from kiosk_tui.payment.terms import Terms
from support.opened import opened
from support.virtual import START, Inline, VirtualClock

EUR = Currency("EUR", 2)
PLACE = Place("88091105", "1")
YES = Approved(Answer("0", "APPROVED", fields={"authorization_number": "123456"}))
NO = Declined(Answer("51", "NOT ENOUGH", reason="funds"))
LOST = OutcomeUnknown("The line broke while waiting for the answer.")


def order(
    minor: int = 1255, operation: Operation = Operation.SALE, tip: int | None = None
) -> Order:
    return Order(
        operation=operation,
        amount=Money(minor, EUR),
        place=PLACE,
        tip=None if tip is None else Money(tip, EUR),
    )


def transaction(
    of: Order | None = None,
    state: State = State.APPROVED,
    number: str = "20261123140000000",
    at: datetime = START,
    **facts: Any,
) -> Transaction:
    """Return what an order became: a sale of 12.55 that was approved, unless told otherwise."""
    made = of or order()
    facts = {"amount_sent": made.amount} | facts
    return Transaction(TransactionId(number), made, state, created_at=at, updated_at=at, **facts)


def exchange(
    kind: ExchangeKind = ExchangeKind.PAYMENT,
    number: str = "20261123140000000",
    of: str = "",
    place: Place = PLACE,
    at: datetime = START,
    **facts: Any,
) -> Exchange:
    """Return a request on the wire: a payment's own, or one about the transaction that `of` names."""
    return Exchange(TransactionId(number), TransactionId(of or number), kind, place, at, **facts)


def cancelled(verdict: CancelVerdict) -> CancelOutcome:
    return CancelOutcome(verdict, f"said {verdict}", Answer("0"))


def after(seconds: float, outcome: PaymentOutcome) -> Callable[[], Awaitable[PaymentOutcome]]:
    """Return an answer that comes late."""

    async def answer() -> PaymentOutcome:
        await asyncio.sleep(seconds)
        return outcome

    return answer


class FakeTerminal:
    """Answers payments with `answer` (awaited when callable), cancellations from a list."""

    def __init__(self) -> None:
        self.answer: PaymentOutcome | Callable[[], Awaitable[PaymentOutcome]] = YES
        self.cancellations: list[CancelVerdict] = []
        self.always = CancelVerdict.CONFIRMED
        self.abort_verdict = AbortVerdict.ACCEPTED
        self.terminal_state = TerminalState.WAITING_FOR_CARD
        self.reachable = True
        self.wire: list[str] = []
        self.paid: list[str] = []
        self.orders: list[Order] = []
        self.cancelled: list[tuple[str, float]] = []
        self.cancel_ids: list[str] = []
        self.aborts = 0
        self.statuses = 0
        self.on_pay: Callable[[Exchange], None] = lambda _: None
        self.on_cancel: Callable[[Transaction], None] = lambda _: None
        self.on_abort: Callable[[], None] = lambda: None

    def check(self, order: Order) -> None:
        if not order.amount:
            raise OrderError("The amount is zero.")

    def amount_sent(self, order: Order) -> int:
        return order.amount.minor

    async def pay(self, order: Order, exchange: Exchange) -> PaymentOutcome:
        self.wire.append(exchange.id)
        self.paid.append(exchange.id)
        self.orders.append(order)
        self.on_pay(exchange)
        if callable(self.answer):
            return await self.answer()
        return self.answer

    async def cancel(self, transaction: Transaction, exchange: Exchange) -> CancelOutcome:
        self.cancelled.append((transaction.id, asyncio.get_running_loop().time()))
        self.wire.append(exchange.id)
        self.cancel_ids.append(exchange.id)
        self.on_cancel(transaction)
        return cancelled(self.cancellations.pop(0) if self.cancellations else self.always)

    async def abort(self, transaction: Transaction, exchange: Exchange) -> AbortOutcome:
        self.wire.append(exchange.id)
        self.aborts += 1
        self.on_abort()
        return AbortOutcome(self.abort_verdict, "said so")

    async def status(self, exchange: Exchange) -> StatusOutcome:
        self.statuses += 1
        self.wire.append(exchange.id)
        return StatusOutcome(self.terminal_state, "said so")

    async def probe(self) -> Probe:
        return Probe(reachable=self.reachable, why="looked")


class Bench:
    """A register on a real journal file, with everything else in the test's hand."""

    def __init__(
        self,
        folder: Path,
        *,
        timeouts: Timeouts | None = None,
        exposure: Exposure | None = None,
        optional_requests: OptionalRequests | None = None,
        terminal: FakeTerminal | None = None,
        clock: Clock | None = None,
        limits: Limits | None = None,
        reason: str = "",
        signer: FiscalSigner | None = None,
        signing: SigningTerms | None = None,
    ) -> None:
        self.terminal = terminal or FakeTerminal()
        self.clock: Clock = clock or VirtualClock()
        self.store = opened(Store(folder / "journal.db", owe=None if signer is None else owe))
        self.journal = JournalWriter(self.store, Inline())
        self.register = Register(
            journal=self.journal,
            terminal=self.terminal,
            clock=self.clock,
            timeouts=timeouts,
            exposure=exposure,
            optional_requests=optional_requests or OptionalRequests(status_query=False),
            chance=random.Random(1),
            terms=Terms(limits, reason),
            signing=None
            if signer is None
            else Signing(signer, SignatureLog(self.journal), self.clock, signing or SigningTerms()),
        )

    async def on_disk(self, transaction_id: str) -> Transaction:
        found = await self.journal.transaction(TransactionId(transaction_id))
        assert found is not None
        return found

    async def pay(
        self, asked: int | Order = 1255, operation: Operation = Operation.SALE, **how: Any
    ) -> Transaction:
        """Return the transaction that an order, or an amount, became."""
        ended = await self._asked(asked, operation, **how)
        assert isinstance(ended, Transaction), ended
        return ended

    async def refused(self, asked: int | Order = 1255, **how: Any) -> NotStarted:
        """Return why an order, or an amount, became none."""
        ended = await self._asked(asked, **how)
        assert isinstance(ended, NotStarted), ended
        return ended

    async def _asked(
        self, asked: int | Order, operation: Operation = Operation.SALE, **how: Any
    ) -> Transaction | NotStarted:
        whole = order(asked, operation) if isinstance(asked, int) else asked
        return await self.register.pay(whole, **how)


async def ready(folder: Path, **settings: Any) -> Bench:
    """Return a bench whose register has looked at everything, and is open if nothing stands in the way."""
    bench = Bench(folder, **settings)
    await bench.register.look()
    return bench
