"""The register as the screens reach it: it lives in a loop of its own, where no screen can hold it up.

Owns: which of the register's questions and facts screens need. Invariant: everything that money does is
begun in the register's loop, in the order in which it was asked for here, and goes on when this end of
the link is gone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from kiosk_tui.domain.identity import Original, TransactionId
from kiosk_tui.domain.money import Money
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.references import Wanted
from kiosk_tui.domain.transaction import Exchange, Order, Transaction
from kiosk_tui.payment.flow import NotStarted
from kiosk_tui.payment.notifications import Notification, ReadinessChanged, TransactionChanged
from kiosk_tui.payment.readiness import Readiness
from kiosk_tui.payment.register import Register
from kiosk_tui.payment.self_test import PartCheck
from kiosk_tui.ui.other_loop import OtherLoop

if TYPE_CHECKING:
    from kiosk_tui.domain.fiscal import SlipSignature  # only where there is a signer

Ended = Transaction | NotStarted


class RegisterLink:
    """One app's end of the link. What can raise raises here what it raises there."""

    def __init__(self, register: Register, loop: OtherLoop) -> None:
        self._register = register
        self._loop = loop
        self._payment: asyncio.Future[Ended] | None = None
        self._told: Transaction | None = None
        """The last transaction that was told of."""
        self._let_go: list[Callable[[], None]] = []

    # -- facts: they are values, and may be a moment old ------------------------------------------------

    @property
    def running(self) -> bool:
        """Whether a payment is under way, or asked for."""
        mine = self._payment
        return self._register.running or (mine is not None and not mine.done())

    @property
    def readiness(self) -> Readiness:
        """Whether a payment may start, and why not."""
        return self._register.readiness

    @property
    def answer_due_s(self) -> float | None:
        """Seconds until waiting for the answer ends, or None when nothing is awaited."""
        return self._register.answer_due_s

    @property
    def tells_steps(self) -> bool:
        """Whether the terminal is asked what it does during a payment, as `Register.tells_steps`."""
        return self._register.tells_steps

    @property
    def service_s(self) -> float | None:
        """How long the server took to answer the last look, in seconds."""
        return self._register.service_s

    def now(self) -> datetime:
        """Return the register's wall clock, UTC."""
        return self._register.now()

    # -- news ------------------------------------------------------------------------------------------

    def follow(self, tell: Callable[[Notification], None]) -> None:
        """Tell how ready the register is, and from now on what happens.

        In the register's loop, before it goes on: a slow screen that asked for itself would miss what a
        register does as soon as it is open.
        """

        def hear(notification: Notification) -> None:
            if isinstance(notification, TransactionChanged):
                self._told = notification.transaction
            tell(notification)

        self._let_go.append(self._register.listen(hear))
        tell(ReadinessChanged(self._register.readiness))

    def as_it_stands(self, ended: Ended) -> Ended:
        """Return how it stands by now: news of a payment may overtake the answer to who began it."""
        told = self._told
        if told is None or isinstance(ended, NotStarted) or told.id != ended.id:
            return ended
        return told if told.updated_at > ended.updated_at else ended

    def let_go(self) -> None:
        """Tell nothing any more; in the register's loop."""
        while self._let_go:
            self._let_go.pop()()

    # -- payments --------------------------------------------------------------------------------------

    def pay(
        self, order: Order, *, rehearsal: bool = False, overridden_by: str = ""
    ) -> asyncio.Future[Ended]:
        """Start a payment, as `Register.pay`."""

        async def pay() -> Ended:
            begun = self._register.pay(order, rehearsal=rehearsal, overridden_by=overridden_by)
            return await asyncio.shield(begun)

        self._payment = self._loop.begin(pay())
        return self._payment

    def under_way(self) -> asyncio.Future[Ended] | None:
        """Return the payment that is running, whoever began it."""
        payment = self._register.payment
        if payment is None or payment.done():
            return None

        async def wait() -> Ended:
            return await asyncio.shield(payment)

        self._payment = self._loop.begin(wait())
        return self._payment

    def give_up_soon(self) -> None:
        """Let the register see to the end of a payment, as `Register.give_up_soon`."""
        self._loop.soon(self._register.give_up_soon)

    async def cancel(self, transaction_id: TransactionId, by: str) -> Ended:
        """Ask for a cancellation, as `Register.cancel`."""
        return await self._loop.ask(self._register.cancel(transaction_id, by))

    async def cancel_elsewhere(self, order: Order) -> Ended:
        """Ask for another terminal's cancellation, as `Register.cancel_elsewhere`."""
        return await self._loop.ask(self._register.cancel_elsewhere(order))

    async def goods(self, transaction_id: TransactionId, why: str, *, handed_over: bool) -> Ended:
        """Say whether the goods of a payment were handed over, as `Register.goods`."""
        said = self._register.goods(transaction_id, why=why, handed_over=handed_over)
        return await self._loop.ask(said)

    async def settle(self, transaction_id: TransactionId, note: str) -> Ended:
        """Close what no machine can settle, as `Register.settle`."""
        return await self._loop.ask(self._register.settle(transaction_id, note))

    @property
    def signs(self) -> bool:
        """Whether a signer signs payments here."""
        return self._register.signing.signs

    # -- questions -------------------------------------------------------------------------------------

    async def due(self) -> tuple[Transaction, ...]:
        """Return the cancellations that TECS has not answered."""

        async def due() -> tuple[Transaction, ...]:
            return self._register.due

        return await self._loop.ask(due())

    async def goods_due(self) -> tuple[Transaction, ...]:
        """Return the payments whose goods are waited for."""

        async def goods_due() -> tuple[Transaction, ...]:
            return self._register.goods_due()

        return await self._loop.ask(goods_due())

    async def needs_staff(self) -> tuple[Transaction, ...]:
        """Return what no machine can settle."""
        return await self._loop.ask(self._register.needs_staff())

    async def newest(self, count: int) -> tuple[Transaction, ...]:
        """Return the newest transactions."""
        return await self._loop.ask(self._register.newest(count))

    async def between(self, start: datetime, end: datetime) -> tuple[Transaction, ...]:
        """Return the transactions that were begun in a span of time."""
        return await self._loop.ask(self._register.between(start, end))

    async def exchanges(self, transaction_id: TransactionId) -> tuple[Exchange, ...]:
        """Return what went over the wire for a transaction."""
        return await self._loop.ask(self._register.exchanges(transaction_id))

    async def by_reference(self, reference: str) -> tuple[Transaction, ...]:
        """Return the earlier payments with this reference."""
        return await self._loop.ask(self._register.by_reference(reference))

    async def named(self, wanted: Wanted) -> Transaction | None:
        """Return an earlier payment by its name, as `Register.named`."""
        return await self._loop.ask(self._register.named(wanted))

    async def original(self, wanted: Wanted) -> Original:
        """Return what a name stands for, as `Register.original`."""
        return await self._loop.ask(self._register.original(wanted))

    async def still_possible(self, operation: Operation, original: Transaction) -> Money:
        """Return how much of a follow-up an original still allows."""
        return await self._loop.ask(self._register.still_possible(operation, original))

    async def on_slip(self, one: Transaction, *, patient: bool = False) -> SlipSignature | None:
        """Return what a signer wants on a slip, as `Signing.on_slip`; None where none is due."""
        return await self._loop.ask(self._register.signing.on_slip(one, patient=patient))

    async def self_test(self) -> tuple[PartCheck, ...]:
        """Look at every part of the chain."""
        return await self._loop.ask(self._register.self_test())

    def retry(self) -> None:
        """Try at once what waits for its turn, and look at the chain."""
        self._loop.soon(self._register.retry)
