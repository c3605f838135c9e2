"""TECS, the card terminal and the line between, as small as they can be and still lose messages.

Owns: what really happened to money. Implements `payment.ports.Terminal` for the near simulation; time
passes only on the loop, and everything here belongs to the world: it goes on when a process dies.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from contextvars import Context
from dataclasses import dataclass
from enum import Enum, auto
from typing import Generic, TypeVar

from kiosk_tui.domain.identity import Original
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.outcome import (
    AbortOutcome,
    AbortVerdict,
    Answer,
    Approved,
    CancelOutcome,
    CancelVerdict,
    Declined,
    NotSent,
    OutcomeUnknown,
    PaymentOutcome,
    Probe,
    StatusOutcome,
    TerminalState,
)
from kiosk_tui.domain.transaction import Exchange, Order, OrderError, Transaction
from kiosk_tui.lab.drill.judge import Arrived, Booked
from proofs.simulation.loop import Loop
from proofs.simulation.past import CHARGES, OTHER, OWN, REFUNDS, Earlier, Stands
from proofs.simulation.plan import (
    AbortFate,
    CancelFate,
    CancelFault,
    Customer,
    Fate,
    Host,
    LineFault,
    Plan,
)

HOLD_S = 420.0
CANCEL_S = 60.0
CARD_TIMEOUT_S = 60.0
COPY_S = 7.0

_FOLLOW_UPS = frozenset({Operation.COMPLETION, Operation.REFERENCED_REFUND})
_WITHOUT_CARD = frozenset({Operation.MOTO, Operation.COMPLETION, Operation.REFERENCED_REFUND})
_NEVER_LEFT = frozenset({LineFault.REFUSED, LineFault.NO_TLS})
_BREAKS = frozenset(
    {LineFault.LOSE_ANSWER, LineFault.CUT_ANSWER, LineFault.GARBLE_ANSWER, LineFault.OTHER_ID}
)
_SILENT = frozenset({LineFault.SWALLOW_REQUEST, LineFault.SWALLOW_ANSWER})
_NOT_DELIVERED = frozenset({LineFault.LOSE_REQUEST, LineFault.SWALLOW_REQUEST})

YES = Answer("0", "APPROVED", fields={"authorization_number": "123456"})
NO = Answer("51", "NOT ENOUGH", reason="funds")

T = TypeVar("T")
Tell = Callable[[str], None]


class Stage(Enum):
    """Where a transaction stands at TECS."""

    CARD = auto()
    HOST = auto()
    BOOKED = auto()
    DECLINED = auto()
    REVERSED = auto()


_STAGES = {
    Stands.BOOKED: Stage.BOOKED,
    Stands.DECLINED: Stage.DECLINED,
    Stands.REVERSED: Stage.REVERSED,
}


@dataclass(slots=True)
class Entry:
    """One transaction at TECS; money is in minor units."""

    order: Order
    stage: Stage
    net_minor: int = 0


class Tecs:
    """One terminal and one host."""

    def __init__(self, loop: Loop, plan: Plan, tell: Tell) -> None:
        self._loop = loop
        self._tell = tell
        self._world = Context()
        self._fates = iter(plan.fates)
        self._cancel_fates = iter(plan.cancels)
        self._abort_fates = iter(plan.aborts)
        self._outages = plan.outages
        self._entries: dict[str, Entry] = {}
        """By id; what another terminal made also by its terminal."""
        self._remember(plan.past)
        self._at_terminal: str | None = None
        self._answer_now: Callable[[PaymentOutcome], None] = lambda _: None
        self._under_way = 0
        self.arrived: list[Arrived] = []
        self.left: Counter[str] = Counter()
        self.healed = False
        self.secrets: tuple[bytes, ...] = ()

    def terminal(self) -> Tecs:
        """Return what a new process talks to: there is only one."""
        return self

    # -- what the judge asks --------------------------------------------------------------------

    def ledger(self) -> dict[str, Booked]:
        """Return what is booked, by transaction id."""
        return {
            number: Booked(one.net_minor, stands=one.stage is Stage.BOOKED)
            for number, one in self._entries.items()
            if one.order.place.terminal == OWN
        }

    def drawn(self) -> list[tuple[str, int]]:
        """Return what stands of completions and refunds of our own: the original, and how much."""
        return [
            (one.order.original.transaction_id, one.order.amount.minor)
            for one in self._entries.values()
            if one.stage is Stage.BOOKED
            and one.order.operation in _FOLLOW_UPS
            and one.order.original is not None
            and one.order.original.place.terminal == OWN
        ]

    def changed_elsewhere(self) -> list[str]:
        """Return what was reversed of the other terminal's, by id."""
        return [
            number.partition("@")[0]
            for number, one in self._entries.items()
            if one.order.place == OTHER and one.stage is Stage.REVERSED
        ]

    def _remember(self, past: tuple[Earlier, ...]) -> None:
        for one in past:
            if one.stands in _STAGES:
                made = one.transaction
                key = _key(Original(made.id, made.order.place))
                self._entries[key] = Entry(made.order, _STAGES[one.stands], one.net_minor)

    @property
    def quiet(self) -> bool:
        """Whether nothing is under way: no request on the line, no card flow."""
        return self._under_way == 0

    # -- payments -------------------------------------------------------------------------------

    def check(self, order: Order) -> None:
        if not order.amount:
            raise OrderError("The amount is zero.")

    def amount_sent(self, order: Order) -> int:
        return order.amount.minor

    async def pay(self, order: Order, exchange: Exchange) -> PaymentOutcome:
        fate = self._next(self._fates, Fate())
        self._tell(f"payment {exchange.id[-5:]} leaves: {fate.line}; {fate.customer}; {fate.host}")
        if self._no_connection(fate.line):
            await asyncio.sleep(fate.transit_s)
            return NotSent("No connection could be made.")
        self.left[exchange.id] += 1
        broken: PaymentOutcome = OutcomeUnknown("The line broke.")
        answer = self._later(broken, HOLD_S)
        self._deliver(
            fate.line,
            fate.transit_s,
            lambda: self._payment_arrives(order, exchange, fate, answer),
            lambda: answer(broken),
        )
        return await answer.future

    def _payment_arrives(
        self, order: Order, exchange: Exchange, fate: Fate, answer: _Later[PaymentOutcome]
    ) -> None:
        if exchange.id in self._entries:
            self._tell(f"payment {exchange.id[-5:]} arrives again: refused as a duplicate")
            return
        self.arrived.append(Arrived(exchange.id, payment=True))
        entry = self._entries[exchange.id] = Entry(order, Stage.CARD)

        def reply(outcome: PaymentOutcome) -> None:
            self._reply(fate.line, fate.answer_s, answer, outcome, OutcomeUnknown("Unreadable."))

        if order.operation in _WITHOUT_CARD:
            self._host(exchange.id, fate, reply)
        elif fate.customer is Customer.BUSY or self._at_terminal is not None:
            self._decline(exchange.id, reply)
        else:
            self._at_terminal, self._answer_now = exchange.id, reply
            pays = fate.customer is Customer.PAYS
            wait = CARD_TIMEOUT_S if fate.customer is Customer.WALKS_OFF else fate.card_s
            self._in(wait, lambda: self._card_ends(exchange.id, fate, reply, pays=pays))
        self._tell(f"payment {exchange.id[-5:]} arrives: {entry.stage.name}")

    def _card_ends(
        self, number: str, fate: Fate, reply: Callable[[PaymentOutcome], None], *, pays: bool
    ) -> None:
        if self._at_terminal != number:
            return
        self._at_terminal = None
        if pays:
            self._host(number, fate, reply)
        else:
            self._decline(number, reply)

    def _host(self, number: str, fate: Fate, reply: Callable[[PaymentOutcome], None]) -> None:
        self._entries[number].stage = Stage.HOST
        self._in(fate.host_s, lambda: self._host_decides(number, fate.host, reply))

    def _host_decides(
        self, number: str, host: Host, reply: Callable[[PaymentOutcome], None]
    ) -> None:
        if host is Host.DECLINES:
            self._decline(number, reply)
            return
        if host is Host.GATEWAY_BEFORE:
            self._entries[number].stage = Stage.DECLINED
            reply(OutcomeUnknown("HTTP status 504."))
            return
        original = self._entries[number].order.original
        if original is not None and _key(original) not in self._entries:
            self._decline(number, reply)
            return
        self._book(number)
        if host in (Host.APPROVES, Host.SAYS_TOO_MUCH):
            reply(Approved(YES))
        else:
            reply(OutcomeUnknown("Nobody knows what that means."))

    def _book(self, number: str) -> None:
        entry = self._entries[number]
        entry.stage = Stage.BOOKED
        if entry.order.operation in CHARGES:
            entry.net_minor = entry.order.charged.minor
        elif entry.order.operation in REFUNDS:
            entry.net_minor = -entry.order.amount.minor
        self._tell(f"TECS books {entry.net_minor} for {number[-5:]}")

    def _decline(self, number: str, reply: Callable[[PaymentOutcome], None]) -> None:
        self._entries[number].stage = Stage.DECLINED
        self._tell(f"TECS declines {number[-5:]}")
        reply(Declined(NO))

    # -- cancellations and courtesies -----------------------------------------------------------

    async def cancel(self, transaction: Transaction, exchange: Exchange) -> CancelOutcome:
        fate = self._next(self._cancel_fates, CancelFate())
        wanted = _key(transaction.cancels)
        self._tell(f"cancellation of {wanted[-5:]} leaves: {fate.line}; host {fate.host}")
        unanswered = CancelOutcome(CancelVerdict.UNANSWERED, "No answer.")
        if self._no_connection(fate.line):
            return unanswered
        self.left[exchange.id] += 1
        answer = self._later(unanswered, CANCEL_S)
        self._deliver(
            fate.line,
            fate.transit_s,
            lambda: self._cancellation_arrives(wanted, exchange, fate, answer),
            lambda: answer(unanswered),
        )
        return await answer.future

    def _cancellation_arrives(
        self, wanted: str, exchange: Exchange, fate: CancelFate, answer: _Later[CancelOutcome]
    ) -> None:
        if all(one.id != exchange.id for one in self.arrived) or fate.line is not LineFault.TWICE:
            self.arrived.append(Arrived(exchange.id, payment=False))
        verdict = self._cancelled(wanted, fate.host)
        self._tell(f"TECS says {verdict} to the cancellation of {wanted[-5:]}")
        outcome = CancelOutcome(verdict, f"TECS says {verdict}.", Answer("0"))
        nothing = CancelOutcome(CancelVerdict.UNANSWERED, "Unreadable.")
        self._reply(fate.line, fate.answer_s, answer, outcome, nothing)

    def _cancelled(self, wanted: str, host: CancelFault) -> CancelVerdict:
        entry = self._entries.get(wanted)
        under_way = entry is None or entry.stage in (Stage.CARD, Stage.HOST)
        if entry is None or under_way or host is CancelFault.NOT_FOUND:
            return CancelVerdict.ORIGINAL_NOT_FOUND
        if entry.stage is Stage.DECLINED or host is CancelFault.DECLINED:
            return CancelVerdict.ORIGINAL_DECLINED
        if entry.stage is Stage.REVERSED:
            return CancelVerdict.CONFIRMED
        if entry.order.operation in REFUNDS or host is CancelFault.REFUSES:
            return CancelVerdict.REFUSED
        if host is CancelFault.UNKNOWN_BEFORE:
            return CancelVerdict.UNANSWERED
        entry.stage, entry.net_minor = Stage.REVERSED, 0
        self._tell(f"TECS reverses {wanted[-5:]}")
        return (
            CancelVerdict.UNANSWERED
            if host is CancelFault.UNKNOWN_AFTER
            else CancelVerdict.CONFIRMED
        )

    async def abort(self, transaction: Transaction, exchange: Exchange) -> AbortOutcome:
        fate = self._next(self._abort_fates, AbortFate.WORKS)
        self._tell(f"abort of {transaction.id[-5:]} leaves: {fate}")
        await asyncio.sleep(0.05)
        self.left[exchange.id] += 1
        if fate is AbortFate.LOST or self._no_connection(LineFault.GOOD):
            await asyncio.sleep(5.0)
            return AbortOutcome(AbortVerdict.UNANSWERED, "No answer.")
        self.arrived.append(Arrived(exchange.id, payment=False))
        if fate is AbortFate.UNSUPPORTED:
            return AbortOutcome(AbortVerdict.UNSUPPORTED, "Unknown message type.")
        number, self._at_terminal = self._at_terminal, None
        if number is None:
            return AbortOutcome(AbortVerdict.NOTHING_RUNNING, "Nothing is running.")
        if fate is AbortFate.DOES_NOTHING:
            self._at_terminal = number
        else:
            self._decline(number, self._answer_now)
        return AbortOutcome(AbortVerdict.ACCEPTED, "Accepted.")

    async def status(self, exchange: Exchange) -> StatusOutcome:
        await asyncio.sleep(0.05)
        if self._no_connection(LineFault.GOOD):
            return StatusOutcome(TerminalState.UNKNOWN, "No answer.")
        self.left[exchange.id] += 1
        self.arrived.append(Arrived(exchange.id, payment=False))
        waiting = self._at_terminal is not None
        state = TerminalState.WAITING_FOR_CARD if waiting else TerminalState.READY
        return StatusOutcome(state, "The terminal says so.")

    async def probe(self) -> Probe:
        reachable = not self._no_connection(LineFault.GOOD)
        return Probe(reachable=reachable, why="TECS answers." if reachable else "No connection.")

    # -- the line -------------------------------------------------------------------------------

    def _no_connection(self, line: LineFault) -> bool:
        if line in _NEVER_LEFT:
            return True
        now = self._loop.now
        out = any(one.from_s <= now < one.from_s + one.for_s for one in self._outages)
        return out and not self.healed

    def _deliver(
        self,
        line: LineFault,
        transit_s: float,
        arrives: Callable[[], None],
        breaks: Callable[[], None],
    ) -> None:
        if line not in _NOT_DELIVERED:
            self._in(transit_s, arrives)
        if line is LineFault.LOSE_REQUEST:
            self._in(transit_s, breaks)
        if line is LineFault.TWICE:
            self._in(transit_s + COPY_S, arrives)

    def _reply(
        self, line: LineFault, after_s: float, answer: _Later[T], told: T, unreadable: T
    ) -> None:
        if line in _SILENT:
            return
        what = unreadable if line in _BREAKS else told
        self._in(after_s, lambda: answer(what))

    def _later(self, at_last: T, hold_s: float) -> _Later[T]:
        later: _Later[T] = _Later(self._loop)
        self._loop.call_later(hold_s, later, at_last, context=self._world)
        return later

    def _in(self, seconds: float, what: Callable[[], None]) -> None:
        self._under_way += 1

        def happens() -> None:
            self._under_way -= 1
            what()

        self._loop.call_later(seconds, happens, context=self._world)

    def _next(self, fates: Iterator[T], good: T) -> T:
        return good if self.healed else next(fates, good)


def _key(original: Original) -> str:
    """Return how TECS finds a transaction: two terminals may have used the same id."""
    terminal = original.place.terminal
    number = original.transaction_id.lstrip("0")
    return number if terminal == OWN else f"{number}@{terminal}"


class _Later(Generic[T]):
    """An answer that somebody waits for, or waited for."""

    def __init__(self, loop: Loop) -> None:
        self.future: asyncio.Future[T] = loop.create_future()

    def __call__(self, told: T) -> None:
        if not self.future.done():
            self.future.set_result(told)
