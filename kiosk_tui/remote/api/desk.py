"""What each request does with the register, and waiting for how a transaction goes on.

Invariant: of one key at most one payment is begun, however many requests come at once; what is answered was
on disk before. Whoever waits may leave at any moment: the register's own tasks go on.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import date, tzinfo
from typing import Any, Final, Self

from kiosk_tui import __version__
from kiosk_tui.domain.caller import why_not_free
from kiosk_tui.domain.day_clock import day_at
from kiosk_tui.domain.identity import CallerReference, IdentityError
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.lifecycle import (
    AWAITING_GOODS,
    DUE,
    IN_FLIGHT,
    OPEN,
    Event,
    State,
    allows,
)
from kiosk_tui.domain.references import AmbiguousError, chosen, wanted
from kiosk_tui.domain.transaction import Order, Transaction
from kiosk_tui.payment.flow import NotStarted, Refusal
from kiosk_tui.payment.notifications import Notification, TransactionChanged
from kiosk_tui.payment.register import Register
from kiosk_tui.records import dataclass
from kiosk_tui.remote.api.models import PaymentRequest
from kiosk_tui.remote.api.orders import OrderDefaults, order, original_wanted
from kiosk_tui.remote.api.problems import Problem, ProblemError

log = logging.getLogger(__name__)

UNSETTLED: Final = IN_FLIGHT | DUE
"""The register itself is at work on it."""
_BEING_CANCELLED: Final = DUE | {State.CANCELLED}
_AFTER_CANCELLING: Final = _BEING_CANCELLED | {
    State.NEEDS_STAFF,
    State.NOTHING_TO_CANCEL,
    State.SETTLED,
}
REFUSALS: Final = {
    Refusal.BUSY: Problem.BUSY,
    Refusal.CLOSED: Problem.CLOSED,
    Refusal.INVALID: Problem.INVALID,
    Refusal.JOURNAL: Problem.JOURNAL,
    Refusal.FISCAL: Problem.SIGNER,
    Refusal.GIVEN_UP: Problem.GIVEN_UP,
}


@dataclass(frozen=True, slots=True)
class DayTerms:
    """Business days, as the commands write them. Each raises `JournalUnavailableError`.

    `closed` are all, oldest first; `close` also raises `NothingToCloseError`.
    """

    closed: Callable[[], Sequence[dict[str, Any]]]
    so_far: Callable[[], dict[str, Any]]
    close: Callable[[int | None], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class ApiTerms:
    """What programs are told of this register, in the words of the commands.

    `describe` writes a transaction; `totals` adds a day up, and raises `JournalUnavailableError`, or
    `OverflowError` for a day that no calendar has. `days` are business days.
    """

    defaults: OrderDefaults
    kiosk_id: str
    demo: bool
    zone: tzinfo | None
    describe: Callable[[Transaction], dict[str, Any]]
    totals: Callable[[date], dict[str, Any]]
    days: DayTerms


class Followed:
    """One transaction as it goes on; what is heard of it is on disk."""

    def __init__(self, register: Register, is_meant: Callable[[Transaction], bool]) -> None:
        self.latest: Transaction | None = None
        self.begun = False
        """Whether this request began it."""
        self._is_meant = is_meant
        self._woken = asyncio.Event()
        self._left = False
        self._stop = register.listen(self._heard)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def is_known_as(self, one: Transaction) -> None:
        """Take what was read after this began to listen; what it has heard since is newer."""
        self.latest = self.latest or one

    def leave(self, _why: str = "") -> None:
        """Wait no longer: nobody listens any more, or the register ends."""
        self._left = True
        self._woken.set()

    async def until(self, reached: Callable[[Transaction], bool], within_s: float) -> None:
        """Wait until it is as wanted, at most so many seconds, or until `leave`."""
        try:
            async with asyncio.timeout(within_s):
                while not (self._left or (self.latest is not None and reached(self.latest))):
                    self._woken.clear()
                    await self._woken.wait()
        except TimeoutError:
            return

    def _heard(self, notification: Notification) -> None:
        if isinstance(notification, TransactionChanged) and self._is_meant(
            notification.transaction
        ):
            self.latest = notification.transaction
            self._woken.set()


class PaymentDesk:
    """Does what is asked; one for all sockets."""

    def __init__(self, register: Register, terms: ApiTerms) -> None:
        self.register = register
        self.terms = terms
        self._starting = asyncio.Lock()
        self._payments: set[asyncio.Task[Any]] = set()
        self.failed = asyncio.Event()
        """Set when a payment failed by a fault of ours: a new process has to take it up."""
        self.waiting: set[Callable[[str], None]] = set()
        """Whoever waits for something to happen: each is told why when the register ends."""
        self.ended = ""

    def end(self, why: str) -> None:
        """Let everybody go who waits."""
        self.ended = why
        for leave in tuple(self.waiting):
            leave(why)

    # -- payments ------------------------------------------------------------------------------

    async def order(self, asked: PaymentRequest, key: CallerReference) -> Order:
        """Return the order that is asked for. Raises `ProblemError`."""
        defaults = self.terms.defaults
        about = original_wanted(asked, defaults.place)
        if about is None:
            return order(asked, key, defaults)
        try:
            return order(asked, key, defaults, await self.register.original(about))
        except IdentityError as error:
            raise ProblemError(Problem.INVALID, str(error)) from error

    def following(self, order: Order) -> Followed:
        """Return what hears of the transaction of an order, from its first state on."""
        key = order.caller_reference
        return Followed(self.register, lambda one: one.order.caller_reference == key)

    def following_one(self, known: Transaction) -> Followed:
        """Return what hears of a transaction that is in the journal already."""
        return Followed(self.register, lambda one: one.id == known.id)

    async def pay(self, asked: Order, followed: Followed) -> None:
        """Begin a payment unless its key is known; return once it is on disk. Raises `ProblemError`."""
        async with self._starting:
            known = await self.register.known(asked)
            if isinstance(known, NotStarted):
                raise ProblemError(Problem.KEY_REUSED, known.why)
            if known is not None:
                followed.is_known_as(known)
                return
            followed.begun = True
            if asked.operation.takes_back:
                followed.is_known_as(_begun(await self.register.cancel_elsewhere(asked)))
                return
            payment = self.register.pay(asked)
            self._payments.add(payment)
            payment.add_done_callback(self._payment_done)
            await self.register.begun(payment)
            if payment.done() and not payment.cancelled() and payment.exception() is None:
                followed.is_known_as(_begun(payment.result()))

    def _payment_done(self, payment: asyncio.Task[Any]) -> None:
        self._payments.discard(payment)
        if not payment.cancelled() and payment.exception() is not None:
            # the journal has it as open; a new process takes it up
            log.error("the payment failed", exc_info=payment.exception())
            self.failed.set()

    async def cancel(self, one: Transaction, key: CallerReference, followed: Followed) -> None:
        """Take an approved transaction back; asked again, it is the same. Raises `ProblemError`."""
        possible = allows(one.state, Event.CANCEL_REQUESTED) or one.state in _BEING_CANCELLED
        asked_before = await self._use(
            key,
            f"cancel {one.id}",
            keep=possible,
            needs_disk=one.state not in AWAITING_GOODS,
        )
        ended = await self.register.cancel(one.id, by=f"a program, under the key {key}")
        if isinstance(ended, NotStarted):
            now = await self.register.transaction(one.id) or one
            if now.state not in (_AFTER_CANCELLING if asked_before else _BEING_CANCELLED):
                raise _refused(ended, Problem.NOT_POSSIBLE)
            followed.is_known_as(now)
        else:
            followed.is_known_as(ended)

    async def goods(
        self, one: Transaction, key: CallerReference, followed: Followed, *, handed_over: bool
    ) -> None:
        """Say what became of the goods; said again, it is the same. Raises `ProblemError`.

        "Handed over" is on disk when this returns.
        """
        use = f"goods {one.id} {'handed over' if handed_over else 'failed'}"
        await self._use(key, use, keep=one.order.until_goods, needs_disk=handed_over)
        why = f"A program told it, under the key {key}."
        ended = await self.register.goods(one.id, handed_over=handed_over, why=why)
        if isinstance(ended, NotStarted):
            raise _refused(ended, Problem.NOT_POSSIBLE)
        followed.is_known_as(ended)

    async def give_up(self, one: Transaction, key: CallerReference) -> None:
        """Ask the terminal to stop; its answer still decides. Raises `ProblemError`."""
        asked_before = await self._use(
            key, f"give-up {one.id}", keep=self._runs(one), needs_disk=False
        )
        if self._runs(one):
            self.register.give_up_soon()
        elif not asked_before:
            raise ProblemError(
                Problem.NOT_POSSIBLE, f"Transaction {one.id} is not running: look it up."
            )

    def _runs(self, one: Transaction) -> bool:
        running = self.register.in_flight
        return running is not None and running.id == one.id

    async def _use(
        self, key: CallerReference, use: str, *, keep: bool, needs_disk: bool = True
    ) -> bool:
        """Let a key stand for one thing only; say whether it has stood for this before.

        It is kept before anything is done, unless that is impossible anyhow (`keep`). What leads away from
        money goes on without the disk (`needs_disk`). Raises `ProblemError`, `JournalUnavailableError`.
        """
        try:
            return await self._kept(key, use, keep=keep)
        except JournalUnavailableError:
            if needs_disk:
                raise
            return False

    async def _kept(self, key: CallerReference, use: str, *, keep: bool) -> bool:
        async with self._starting:
            order = await self.register.by_caller(key)
            if order is not None:
                raise ProblemError(
                    Problem.KEY_REUSED,
                    f"The reference {key} was used for another order, {order.id}: take a new one for each.",
                )
            found = await self.register.use_of(key)
            if found not in (None, use):
                raise ProblemError(Problem.KEY_REUSED, why_not_free(key, str(found)))
            if keep and found is None:
                await self.register.keep_use(key, use, self.register.now())
        return found is not None

    # -- looking up ----------------------------------------------------------------------------

    async def one(self, name: str) -> Transaction:
        """Return the one transaction that a text names, in any spelling. Raises `ProblemError`."""
        try:
            asked = wanted(name, self.terms.defaults.place)
            found = chosen(asked, await self.register.candidates(asked))
        except AmbiguousError as error:
            payments = [self.described(each) for each in error.found]
            raise ProblemError(Problem.AMBIGUOUS, str(error), payments=payments) from error
        except IdentityError as error:
            raise ProblemError(Problem.NOT_FOUND, str(error)) from error
        if found is None:
            raise ProblemError(Problem.NOT_FOUND, "No transaction has that name.")
        return found

    async def by_key(self, key: CallerReference) -> list[dict[str, Any]]:
        """Return the transaction that a key stands for, if any."""
        one = await self.register.by_caller(key)
        return [] if one is None else [self.described(one)]

    def described(self, one: Transaction) -> dict[str, Any]:
        """Return a transaction as programs are told of it."""
        facts = {
            "running": one.state in IN_FLIGHT,
            "final": one.state not in OPEN,
            "goods_due": one.state in AWAITING_GOODS,
        }
        return self.terms.describe(one) | facts

    def status(self) -> dict[str, Any]:
        """Return how the register stands."""
        register, terms = self.register, self.terms
        readiness, running, left = register.readiness, register.in_flight, register.answer_due_s
        return {
            "open": readiness.open,
            "obstacle": readiness.obstacle,
            "why": readiness.why,
            "since": readiness.since and readiness.since.isoformat(timespec="milliseconds"),
            "running": None if running is None else self.described(running),
            "seconds_left": None if left is None else round(left),
            "due": [self.described(one) for one in register.due],
            "goods_due": [self.described(one) for one in register.goods_due()],
            "version": __version__,
            "kiosk_id": terms.kiosk_id,
            "terminal": terms.defaults.place.terminal,
            "source_id": terms.defaults.place.source_id,
            "currency": terms.defaults.currency,
            "demo": terms.demo,
        }

    async def totals(self, day: date | None) -> dict[str, Any]:
        """Return what a day came to; None is today. Raises `ProblemError`."""
        day = day or day_at(self.register.now(), self.terms.zone)
        try:
            # by a reader of its own, in a thread: a long day must not hold up a payment
            return await asyncio.to_thread(self.terms.totals, day)
        except OverflowError:
            raise ProblemError(Problem.INVALID, f"{day} is no day of this register.") from None


def _begun(ended: Transaction | NotStarted) -> Transaction:
    if isinstance(ended, NotStarted):
        raise _refused(ended)
    return ended


def _refused(refused: NotStarted, invalid: Problem = Problem.INVALID) -> ProblemError:
    problem = REFUSALS[refused.refusal]
    return ProblemError(invalid if problem is Problem.INVALID else problem, refused.why)
