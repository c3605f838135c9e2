"""What each request does with the register, and who is told how a payment goes.

Invariant: of one caller's reference at most one payment is begun, however many connections ask at
once; what is answered was on disk before.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import date, tzinfo
from typing import Any, Final

from kiosk_tui import __version__
from kiosk_tui.domain.day_clock import day_at
from kiosk_tui.domain.identity import CallerReference, IdentityError
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.lifecycle import DUE, IN_FLIGHT, OPEN, State
from kiosk_tui.domain.references import AmbiguousError, Wanted, chosen, wanted
from kiosk_tui.domain.transaction import Order, Transaction
from kiosk_tui.payment.flow import NotStarted, Refusal
from kiosk_tui.payment.notifications import (
    Notification,
    ReadinessChanged,
    TerminalTold,
    TransactionChanged,
)
from kiosk_tui.payment.register import Register
from kiosk_tui.records import dataclass
from kiosk_tui.remote.pos import protocol
from kiosk_tui.remote.pos.orders import OrderDefaults, OrderRefusedError, order, original_wanted
from kiosk_tui.remote.pos.protocol import (
    Cancel,
    Follow,
    GiveUp,
    Hello,
    LookUp,
    Pay,
    Tag,
    TransactionKey,
    Watch,
    answer,
)

log = logging.getLogger(__name__)

_BEING_CANCELLED: Final = DUE | {State.CANCELLED}

Tell = Callable[[bytes], None]
"""Sends a line to one connection; never waits."""


@dataclass(frozen=True, slots=True)
class PosTerms:
    """What a POS is told of this register, in the words of the commands.

    `describe` writes a transaction; `totals` adds a day up, and raises `JournalUnavailableError`, or
    `OverflowError` for a day that no calendar has.
    """

    defaults: OrderDefaults
    kiosk_id: str
    demo: bool
    zone: tzinfo | None
    describe: Callable[[Transaction], dict[str, Any]]
    totals: Callable[[date], dict[str, Any]]


class Dispatcher:
    """Answers requests; one for all connections."""

    def __init__(self, register: Register, terms: PosTerms) -> None:
        self._register = register
        self._terms = terms
        self._starting = asyncio.Lock()
        self._followers: dict[str, dict[Tell, Tag]] = {}
        """By the caller's reference, or the id of what has none."""
        self._watchers: dict[Tell, Tag] = {}
        self._payments: set[asyncio.Task[Any]] = set()
        self.failed = asyncio.Event()
        """Set when a payment failed by a fault of ours: a new process has to take it up."""
        register.listen(self._heard)

    def forget(self, tell: Tell) -> None:
        """Tell this connection nothing more."""
        self._watchers.pop(tell, None)
        for key in [key for key, told in self._followers.items() if tell in told]:
            self._unfollow(key, tell)

    async def take(self, request: protocol.Request, tag: Tag, tell: Tell) -> None:
        """Do what is asked, and answer."""
        try:
            await self._take(request, tag, tell)
        except OrderRefusedError as error:
            tell(answer("refused", tag, refusal=Refusal.INVALID, why=str(error)))
        except JournalUnavailableError as error:
            why = f"{error} Nothing can be said of this: ask again."
            tell(answer("error", tag, code="journal", why=why))

    async def _take(self, request: protocol.Request, tag: Tag, tell: Tell) -> None:
        if isinstance(request, Hello):
            tell(self._hello(tag))
        elif isinstance(request, Pay):
            await self._pay(await self._order(request), tag, tell)
        elif isinstance(request, Follow):
            await self._follow_one(request.caller_reference, tag, tell)
        elif isinstance(request, GiveUp):
            self._give_up(request.caller_reference, tag, tell)
        elif isinstance(request, Cancel):
            await self._cancel(request.key, tag, tell)
        elif isinstance(request, LookUp):
            found = [self._described(one) for one in await self._find(request.key)]
            tell(answer("found", tag, transactions=found))
        elif isinstance(request, protocol.TotalsRequest):
            tell(await self._totals(request.day, tag))
        elif isinstance(request, Watch):
            self._watchers[tell] = tag
            tell(self._state(tag))
        else:
            tell(self._state(tag))

    # -- payments ------------------------------------------------------------------------------

    async def _order(self, request: Pay) -> Order:
        defaults = self._terms.defaults
        about = original_wanted(request, defaults.place)
        if about is None:
            return order(request, defaults)
        try:
            return order(request, defaults, await self._register.original(about))
        except IdentityError as error:
            raise OrderRefusedError(str(error)) from error

    async def _pay(self, asked: Order, tag: Tag, tell: Tell) -> None:
        async with self._starting:
            known = await self._register.known(asked)
            if isinstance(known, NotStarted):
                tell(self._refused(asked, known, tag))
            elif known is not None:
                self._tell_and_follow(known, tag, tell)
            elif asked.operation.takes_back:
                await self._cancel_elsewhere(asked, tag, tell)
            else:
                await self._begin(asked, tag, tell)

    async def _begin(self, asked: Order, tag: Tag, tell: Tell) -> None:
        """Start a payment, and wait until it is on disk or refused: then it is known to all."""
        key = asked.caller_reference
        self._follow(key, tag, tell)
        payment = self._register.pay(asked)
        self._payments.add(payment)
        payment.add_done_callback(self._payment_done)
        await self._register.begun(payment)
        if payment.done() and not payment.cancelled() and payment.exception() is None:
            ended = payment.result()
            if isinstance(ended, NotStarted):
                self._unfollow(key, tell)
                tell(self._refused(asked, ended, tag))

    def _payment_done(self, payment: asyncio.Task[Any]) -> None:
        self._payments.discard(payment)
        if not payment.cancelled() and payment.exception() is not None:
            # the journal has it as open; a new process takes it up
            log.error("the payment failed", exc_info=payment.exception())
            self.failed.set()

    async def _cancel_elsewhere(self, asked: Order, tag: Tag, tell: Tell) -> None:
        self._follow(asked.caller_reference, tag, tell)
        ended = await self._register.cancel_elsewhere(asked)
        if isinstance(ended, NotStarted):
            self._unfollow(asked.caller_reference, tell)
            tell(self._refused(asked, ended, tag))

    async def _cancel(self, key: TransactionKey, tag: Tag, tell: Tell) -> None:
        one = await self._one(key)
        self._follow(_key(one), tag, tell)
        ended = await self._register.cancel(one.id)
        if isinstance(ended, NotStarted):
            self._unfollow(_key(one), tell)
            now = await self._register.transaction(one.id) or one
            if now.state in _BEING_CANCELLED:  # asked again
                self._tell_and_follow(now, tag, tell)
            else:
                tell(answer("refused", tag, refusal=ended.refusal, why=ended.why))

    def _give_up(self, caller_reference: str, tag: Tag, tell: Tell) -> None:
        running = self._register.in_flight
        if running is None or running.order.caller_reference != caller_reference:
            why = f"No payment {caller_reference} is running: look it up."
            tell(answer("refused", tag, refusal=Refusal.INVALID, why=why))
            return
        self._register.give_up_soon()
        told = "The terminal was asked to stop; the answer still decides."
        tell(answer("giving_up", tag, caller_reference=caller_reference, why=told))

    async def _one(self, key: TransactionKey) -> Transaction:
        """Return the one transaction that a key names. Raises `OrderRefusedError`."""
        found = await self._find(key)
        try:
            one = chosen(self._named(key), found) if key.name else next(iter(found), None)
        except AmbiguousError as error:
            raise OrderRefusedError(str(error)) from error
        if one is None:
            raise OrderRefusedError("No transaction has that name.")
        return one

    async def _find(self, key: TransactionKey) -> tuple[Transaction, ...]:
        if key.name:
            return await self._register.candidates(self._named(key))
        one = await self._register.by_caller(key.caller_reference)
        return () if one is None else (one,)

    def _named(self, key: TransactionKey) -> Wanted:
        try:
            return wanted(key.name, self._terms.defaults.place)
        except IdentityError as error:
            raise OrderRefusedError(str(error)) from error

    # -- telling -------------------------------------------------------------------------------

    async def _follow_one(self, caller_reference: CallerReference, tag: Tag, tell: Tell) -> None:
        one = await self._register.by_caller(caller_reference)
        if one is None:
            tell(answer("found", tag, transactions=[]))
        else:
            self._tell_and_follow(one, tag, tell)

    def _tell_and_follow(self, one: Transaction, tag: Tag, tell: Tell) -> None:
        tell(self._told(one, tag))
        if one.state in OPEN:
            self._follow(_key(one), tag, tell)

    def _follow(self, key: str, tag: Tag, tell: Tell) -> None:
        self._followers.setdefault(key, {})[tell] = tag

    def _unfollow(self, key: str, tell: Tell) -> None:
        told = self._followers.get(key, {})
        told.pop(tell, None)
        if not told:
            self._followers.pop(key, None)

    def _heard(self, notification: Notification) -> None:
        for tell, tag in tuple(self._watchers.items()):
            tell(self._line_for(notification, tag))
        if isinstance(notification, TransactionChanged):
            one = notification.transaction
            for tell, tag in tuple(self._followers.get(_key(one), {}).items()):
                tell(self._told(one, tag))
            if one.state not in OPEN:
                self._followers.pop(_key(one), None)
        running = self._register.in_flight
        if isinstance(notification, TerminalTold) and running is not None:
            for tell, tag in tuple(self._followers.get(_key(running), {}).items()):
                tell(self._line_for(notification, tag))

    def _line_for(self, notification: Notification, tag: Tag) -> bytes:
        if isinstance(notification, TransactionChanged):
            return self._told(notification.transaction, tag)
        if isinstance(notification, ReadinessChanged):
            return self._state(tag)
        return answer("terminal", tag, state=str(notification.state))

    # -- answers -------------------------------------------------------------------------------

    def _hello(self, tag: Tag) -> bytes:
        defaults = self._terms.defaults
        return answer(
            "hello",
            tag,
            protocol=protocol.PROTOCOL,
            version=__version__,
            kiosk_id=self._terms.kiosk_id,
            terminal=defaults.place.terminal,
            source_id=defaults.place.source_id,
            currency=defaults.currency,
            demo=self._terms.demo,
        )

    def _described(self, one: Transaction) -> dict[str, Any]:
        return self._terms.describe(one)

    def _told(self, one: Transaction, tag: Tag) -> bytes:
        return answer(
            "transaction",
            tag,
            caller_reference=one.order.caller_reference,
            running=one.state in IN_FLIGHT,
            final=one.state not in OPEN,
            transaction=self._described(one),
        )

    def _refused(self, asked: Order, refused: NotStarted, tag: Tag) -> bytes:
        return answer(
            "refused",
            tag,
            caller_reference=asked.caller_reference,
            refusal=str(refused.refusal),
            why=refused.why,
        )

    def _state(self, tag: Tag) -> bytes:
        register = self._register
        readiness, running = register.readiness, register.in_flight
        left = register.answer_due_s
        return answer(
            "register",
            tag,
            open=readiness.open,
            obstacle=None if readiness.obstacle is None else str(readiness.obstacle),
            why=readiness.why,
            since=readiness.since and readiness.since.isoformat(timespec="milliseconds"),
            running=None if running is None else self._described(running),
            seconds_left=None if left is None else round(left),
            due=[self._described(one) for one in register.due],
        )

    async def _totals(self, day: date | None, tag: Tag) -> bytes:
        day = day or day_at(self._register.now(), self._terms.zone)
        try:
            # by a reader of its own, in a thread: a long day must not hold up a payment
            told = await asyncio.to_thread(self._terms.totals, day)
        except OverflowError:
            raise OrderRefusedError(f"{day} is no day of this register.") from None
        return answer("totals", tag, **told)


def _key(one: Transaction) -> str:
    return one.order.caller_reference or one.id
