"""One schedule: a plan carried out by the production register, then judged.

Owns: starting, killing and starting again the process, what people do to it, and when it is over.
"""

from __future__ import annotations

import asyncio
import random
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextvars import Context
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Protocol

from kiosk_tui.domain.identity import (
    CardReference,
    IdentityError,
    Original,
    Place,
    TransactionId,
)
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.lifecycle import AWAITING_GOODS, Event, State
from kiosk_tui.domain.money import MAX_MINOR, Money
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.transaction import Order, Transaction
from kiosk_tui.journal.signatures import SignatureLog, owe
from kiosk_tui.journal.store import Store
from kiosk_tui.journal.writer import JournalWriter
from kiosk_tui.lab.drill.judge import Arrived, Booked, Evidence, judge
from kiosk_tui.payment.fiscal import SignatureQueue, Signing, SigningTerms
from kiosk_tui.payment.flow import NotStarted, Refusal
from kiosk_tui.payment.notifications import Notification, TransactionChanged
from kiosk_tui.payment.policy import OptionalRequests, Timeouts
from kiosk_tui.payment.ports import Terminal
from kiosk_tui.payment.register import Register
from proofs.simulation.disk import Disk
from proofs.simulation.goods import GoodsWitness
from proofs.simulation.loop import Loop, StuckError
from proofs.simulation.past import CHARGES, EUR, OTHER, OWN, START
from proofs.simulation.plan import Act, Action, Plan
from proofs.simulation.signer import Signer
from proofs.simulation.spelling import spelled
from proofs.simulation.tecs import Tecs, Tell

PLACE = Place(OWN, "1")
ELSEWHERE = Original(TransactionId("20260101000000001"), Place("11460019", "1"))
MOST_S = 2 * 86_400.0
"""A register that is not done after two days of good luck never will be: its pauses are minutes."""

TEST = "TEST"
"""The reason of a test payment, which may never stay charged."""

_CANCELS = (Act.CANCEL_LAST, Act.CANCEL_NAMED)
CARD = CardReference("REF1")
DRAWN_ON = CHARGES | {Operation.PREAUTHORIZATION}
LOOK_S = 60.0
PATIENCE = Timeouts(look_s=300.0, look_again_s=45.0)
_NOWHERE = Path(tempfile.gettempdir(), "kiosk-tui-simulated-journal.db")
"""There is no such file: the disk is simulated. Only the room beside it is looked at."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a schedule. `violations` is empty when the promise was kept."""

    violations: tuple[str, ...]
    transactions: tuple[Transaction, ...]
    virtual_s: float
    kills: int
    false_records: int = 0
    """Approvals that the disk refused, kept, and showed to the next process: see `ASSUMES`."""


@dataclass(frozen=True)
class Parts:
    """What a schedule is made of: the production classes, or a saboteur's."""

    register: Callable[..., Register] = Register
    store: Callable[..., Store] = Store
    terminal: Callable[[Terminal], Terminal] = lambda terminal: terminal
    timeouts: Timeouts = PATIENCE
    signed: bool = False
    """Whether fiscal law wants a signer here."""
    queue: Callable[[JournalWriter], SignatureQueue] = SignatureLog
    forgets: bool = False


class World(Protocol):
    """What a schedule needs of the far end, near or far."""

    arrived: list[Arrived]
    left: Counter[str]
    """How often a request with that id left the register, whether or not it arrived."""
    healed: bool
    secrets: tuple[bytes, ...]
    """What must not be on the disk."""

    def terminal(self) -> Terminal:
        """Return what a new process talks to."""

    def ledger(self) -> dict[str, Booked]:
        """Return what is booked, by transaction id."""

    def drawn(self) -> list[tuple[str, int]]:
        """Return what stands of completions and refunds of our own: the original, and how much."""

    def changed_elsewhere(self) -> list[str]:
        """Return what was reversed of another terminal's, by id."""

    @property
    def quiet(self) -> bool:
        """Whether nothing is under way."""


class Storage(Protocol):
    """What a schedule needs of the disk that holds the journal."""

    healed: bool

    def connect(self, path: Path, synchronous: str) -> sqlite3.Connection:
        """Open the journal, as `database.connect` does."""

    def lose_power(self) -> None:
        """Forget what the disk did not hold: the process is gone."""

    def transactions(self) -> list[Transaction]:
        """Return what the journal holds."""

    def anything_open(self) -> bool:
        """Say whether the journal holds a transaction that has not ended."""

    def state(self, transaction_id: str) -> str:
        """Return the state that is committed, or nothing."""

    def was_approved(self, transaction_id: str) -> bool:
        """Say whether the event log holds an approval."""

    def cancellation_asked(self, transaction_id: str) -> bool:
        """Say whether the event log holds staff's wish to cancel it."""

    def holds(self, secret: bytes) -> bool:
        """Say whether these bytes are anywhere on the disk."""


class _Clock:
    def __init__(self, loop: Loop) -> None:
        self._loop = loop
        self.start = START

    def now(self) -> datetime:
        return self.start + timedelta(seconds=self._loop.now)

    def monotonic(self) -> float:
        return self._loop.now


class Schedule:
    """Carries out a plan once."""

    def __init__(self, plan: Plan, parts: Parts | None = None, *, far: bool = False) -> None:
        self._plan = plan
        self._far = far
        self._parts = parts or Parts()
        self.story: list[str] = []
        self._telling = False
        self._world = Context()
        self._process = 0
        self._register: Register | None = None
        self._kills = list(plan.kills)
        self._killed = 0
        self._false_records: set[str] = set()
        self._shown: set[str] = set()
        self._wrong: list[str] = []
        self._told_as: dict[str, State] = {}
        self._cancelled_elsewhere: set[str] = set()
        self._cancels = any(action.act in _CANCELS for action in plan.actions)
        self._signer = Signer(plan.seed, self._payment_waits)
        self._goods: GoodsWitness

    def run(self, *, tell: bool = False) -> Verdict:
        """Run to the end and judge; with `tell`, `story` says what happened, line by line."""
        self._telling = tell
        plan = self._plan
        self._loop = loop = Loop()  # type: ignore[abstract]
        loop.on_kill = self._kill
        self._clock = _Clock(loop)
        self._disk = self._storage(loop)
        self._goods = GoodsWitness(plan.goods, self._disk, self._tell)
        self._tecs = _world(loop, plan, self._tell, far=self._far)
        self._begin()
        for action in plan.actions:
            self._at(action.at_s, self._act, action)
        for jump in plan.jumps:
            self._at(jump.at_s, self._jump, jump.by_s)
        self._at(plan.heal_s, self._heal)
        stuck = []
        try:
            loop.run(MOST_S)
        except StuckError as error:
            stuck.append(str(error))
        return self._judge(stuck)

    def _storage(self, loop: Loop) -> Storage:
        return Disk(
            self._plan.disk,
            loop.time,
            self._tell,
            past=self._plan.past,
            forgets=self._parts.forgets,
        )

    # -- the process ----------------------------------------------------------------------------

    def _begin(self) -> None:
        self._process += 1
        self._loop.living = self._process
        self._loop.steps = 0
        kill = self._kills[0] if self._kills else None
        self._loop.kill_at = None if kill is None else kill.step
        self._tell(f"process {self._process} starts")
        self._loop.spawn(self._process, self._live())

    async def _live(self) -> None:
        signed = self._parts.signed
        store = self._parts.store(_NOWHERE, connect=self._disk.connect, owe=owe if signed else None)
        journal = JournalWriter(store)
        self._register = register = self._parts.register(
            journal=journal,
            terminal=self._parts.terminal(self._tecs.terminal()),
            clock=self._clock,
            timeouts=self._parts.timeouts,
            optional_requests=OptionalRequests(status_query=self._plan.asks_status),
            chance=random.Random(self._plan.seed),
            completion_percent=self._plan.completion_percent,
            signing=self._signing(journal) if signed else None,
        )
        register.listen(self._hear)
        if any(one.until_goods for one in self._plan.actions):
            self._goods.process_begins(self._disk.transactions())
        await register.start()
        self._goods.started(register)

    def _signing(self, journal: JournalWriter) -> Signing:
        terms = SigningTerms(refuses=self._plan.seed % 3 == 0)
        return Signing(self._signer, self._parts.queue(journal), self._clock, terms)

    def _kill(self) -> None:
        kill = self._kills.pop(0)
        self._killed += 1
        self._tell(f"process {self._process} is killed at step {kill.step}")
        self._loop.living = -1
        self._note_false_records()
        self._register = None
        self._disk.lose_power()
        self._in(kill.down_s, self._begin)

    def _note_false_records(self) -> None:
        unwritten = () if self._register is None else self._register._ledger._unwritten
        for entry in unwritten:
            undone = entry.event is Event.APPROVAL_NOT_RECORDED
            on_disk = self._disk.state(entry.after.id)
            ended = on_disk in AWAITING_GOODS and entry.after.state not in AWAITING_GOODS
            if ended or (undone and on_disk == State.APPROVED):
                self._tell(f"the disk shows an approval of {entry.after.id[-5:]} that it refused")
                self._false_records.add(entry.after.id)

    # -- people ---------------------------------------------------------------------------------

    def _act(self, action: Action) -> None:
        if self._register is None:
            return
        self._tell(f"somebody: {action.act}")
        work = {
            Act.PAY: self._pay,
            Act.REHEARSE: self._pay,
            Act.PRESS_TWICE: self._pay,
            Act.GIVE_UP: self._give_up,
            Act.CANCEL_LAST: self._cancel_last,
            Act.SETTLE: self._settle,
            Act.CANCEL_ELSEWHERE: self._cancel_elsewhere,
            Act.STOP: self._stop,
            Act.DRAW: self._draw,
            Act.CANCEL_NAMED: self._cancel_named,
            Act.CANCEL_GOODS: self._cancel_goods,
        }[action.act]
        self._loop.spawn(self._process, work(self._register, action))

    async def _pay(self, register: Register, action: Action) -> None:
        await self._take(register, action, _order(action))

    async def _draw(self, register: Register, action: Action) -> None:
        """Complete or refund a transaction of the journal, named in some way."""
        one = self._chosen(action, DRAWN_ON)
        if one is None:
            return
        operation = (
            Operation.COMPLETION
            if one.order.operation is Operation.PREAUTHORIZATION
            else Operation.REFERENCED_REFUND
        )
        minor = min(MAX_MINOR, max(1, one.charged.minor * action.percent // 100))
        order = Order(operation, Money(minor, EUR), PLACE)
        try:
            original = await spelled(one, action.spelling).original(register, PLACE)
        except (IdentityError, JournalUnavailableError) as error:
            self._tell(f"nobody knows what is meant: {error}")
            return
        self._tell(f"{operation} of {minor} from {original}")
        if original.transaction_id != one.id:
            self._wrong.append(f"{one.id} was named, and {original.transaction_id} was taken.")
        await self._take(register, action, replace(order, original=original))

    async def _cancel_named(self, register: Register, action: Action) -> None:
        """Cancel a transaction of the journal, or another terminal's that has the same id."""
        one = self._chosen(action, DRAWN_ON)
        if one is None:
            return
        name = spelled(one, action.spelling)
        if action.percent < 50:
            name = replace(name, terminal=OTHER.terminal, source_id=OTHER.source_id)
        try:
            original = await name.original(register, PLACE)
        except (IdentityError, JournalUnavailableError) as error:
            self._tell(f"nobody knows what is meant: {error}")
            return
        if name.blunt or original.place.terminal != OWN:
            order = Order(Operation.CANCELLATION, one.order.amount, PLACE, original=original)
            ended = await register.cancel_elsewhere(order)
            if original.place == OTHER:
                self._asked_elsewhere(original, ended)
        else:
            await register.cancel(original.transaction_id)

    def _asked_elsewhere(self, original: Original, ended: Transaction | NotStarted) -> None:
        number = original.transaction_id
        if isinstance(ended, Transaction):
            self._cancelled_elsewhere.add(number)
            return
        before = any(one.order.original == original for one in self._disk.transactions())
        if ended.refusal is Refusal.INVALID and not before:
            self._wrong.append(f"Another terminal's {number} is not cancelled: {ended.why}")

    def _chosen(self, action: Action, operations: frozenset[Operation]) -> Transaction | None:
        """Return one of the journal's, mostly an approved one, and often one that was drawn on."""
        everything = self._disk.transactions()
        found = [one for one in everything if one.order.operation in operations]
        approved = [one for one in found if one.state is State.APPROVED]
        refers = {one.order.original.transaction_id for one in everything if one.order.original}
        drawn_on = [one for one in approved if one.id in refers]
        wished = (found, approved, drawn_on, drawn_on)[action.which % 4]
        found = wished or approved or found
        return found[action.which // 4 % len(found)] if found else None

    async def _take(self, register: Register, action: Action, order: Order) -> None:
        for _ in range(12):
            try:
                ended = await register.pay(order, rehearsal=action.act is Act.REHEARSE)
            except Exception as error:  # noqa: BLE001 - whatever it is, a customer would see it
                self._wrong.append(f"A payment ended with {error!r}.")
                return
            if isinstance(ended, Transaction):
                self._told_as[ended.id] = ended.state
                if ended.state is State.APPROVED:
                    self._show(ended.id)
                return
            if ended.refusal in (Refusal.BUSY, Refusal.INVALID) or action.act is Act.PRESS_TWICE:
                return
            await asyncio.sleep(10)

    async def _give_up(self, register: Register, _action: Action) -> None:
        await register.give_up()

    async def _cancel_last(self, register: Register, _action: Action) -> None:
        approved = [one for one in self._disk.transactions() if one.state is State.APPROVED]
        if approved:
            await register.cancel(approved[-1].id)

    async def _cancel_goods(self, register: Register, _action: Action) -> None:
        for one in self._disk.transactions():
            if one.state in AWAITING_GOODS:
                await register.cancel(one.id)

    async def _settle(self, register: Register, _action: Action) -> None:
        for one in self._disk.transactions():
            if one.state is State.NEEDS_STAFF:
                ended = await register.settle(one.id, "looked into it")
                if isinstance(ended, NotStarted):
                    return

    async def _cancel_elsewhere(self, register: Register, _action: Action) -> None:
        order = Order(Operation.CANCELLATION, Money(500, EUR), ELSEWHERE.place, original=ELSEWHERE)
        await register.cancel_elsewhere(order)

    async def _stop(self, register: Register, _action: Action) -> None:
        await register.close(patience_s=20)
        self._loop.call_soon(self._stopped, register, context=self._world)

    def _stopped(self, register: Register) -> None:
        if self._register is register:
            self._loop.living = -1
            self._note_false_records()
            self._register = None
            self._in(3.0, self._begin)

    def _hear(self, notification: Notification) -> None:
        if isinstance(notification, TransactionChanged):
            one = notification.transaction
            self._tell(f"told: {one.id[-5:]} is {one.state}")
            if one.state is State.APPROVED:
                self._show(one.id)
            if one.state in AWAITING_GOODS:
                fate = self._goods.fate()
                for after_s, handed_over in fate.said:
                    told = (self._process, one.id, handed_over, fate.insists)
                    self._in(after_s, self._say_of_goods, *told)

    def _say_of_goods(
        self,
        process: int,
        number: TransactionId,
        handed_over: bool,  # noqa: FBT001 - called by a timer
        insists: bool,  # noqa: FBT001
    ) -> None:
        if self._register is not None and self._process == process:
            saying = self._goods.say(
                self._register, number, handed_over=handed_over, insists=insists
            )
            self._loop.spawn(process, saying)

    def _show(self, transaction_id: str) -> None:
        self._shown.add(transaction_id)
        on_disk = self._disk.state(transaction_id)
        if on_disk != State.APPROVED and not self._cancel_asked(transaction_id):
            self._wrong.append(
                f"{transaction_id} was shown as approved while the disk said {on_disk or 'nothing'}."
            )

    def _cancel_asked(self, transaction_id: str) -> bool:
        """Staff may have asked for its cancellation before the customer's screen was drawn."""
        return self._disk.was_approved(transaction_id)

    # -- time -----------------------------------------------------------------------------------

    def _jump(self, by_s: float) -> None:
        self._tell(f"the clock jumps by {by_s:.0f} s")
        self._clock.start += timedelta(seconds=by_s)

    def _heal(self) -> None:
        self._tell("from here on all is well")
        self._disk.healed = self._tecs.healed = self._signer.healed = True
        self._kills.clear()
        self._loop.kill_at = None
        self._clock.start = START
        self._look()

    def _look(self) -> None:
        if self._over():
            self._loop.finish()
        else:
            self._in(LOOK_S, self._look)

    def _over(self) -> bool:
        register = self._register
        if register is None or register.running or not self._tecs.quiet or register.behind:
            return False
        return not self._disk.anything_open() and not self._owed

    @property
    def _owed(self) -> int:
        return self._disk.owed() if isinstance(self._disk, Disk) else 0

    def _payment_waits(self) -> bool:
        """Say whether a payment has left and is not concluded; one that the disk has yet to hear of is."""
        if self._register is None or self._register.behind:
            return False
        return any(one.state is State.AUTHORIZING for one in self._disk.transactions())

    def _judge(self, stuck: list[str]) -> Verdict:
        transactions = self._disk.transactions()
        ledger = self._tecs.ledger()
        wrong = judge(
            Evidence(
                transactions=[one for one in transactions if one.id not in self._false_records],
                ledger={
                    number: booked
                    for number, booked in ledger.items()
                    if number not in self._false_records
                },
                arrived=[one for one in self._tecs.arrived if one.id not in self._false_records],
                shown=self._shown - self._false_records,
            )
        )
        leaked = [
            f"{secret.decode()} is on the disk."
            for secret in self._tecs.secrets
            if self._disk.holds(secret)
        ]
        twice = [
            f"{one} left {times} times." for one, times in self._tecs.left.items() if times > 1
        ]
        violations = (
            *stuck,
            *twice,
            *leaked,
            *self._wrong,
            *wrong,
            *self._untrue(transactions),
            *self._overdrawn(transactions),
            *self._goods.wrong,
            *self._goods.judge([one for one in transactions if one.id not in self._false_records]),
            *self._lost_days(transactions),
            *self._signer.wrong,
            *self._unsigned(transactions),
        )
        for violation in violations:
            self._tell(f"BROKEN: {violation}")
        return Verdict(
            violations,
            tuple(transactions),
            self._loop.now,
            self._killed,
            len(self._false_records),
        )

    def _untrue(self, transactions: list[Transaction]) -> list[str]:
        """Whoever was told "not completed" may not have paid in the end."""
        return [
            f"{one.id} is APPROVED, but the customer was told {self._told_as[one.id]}."
            for one in transactions
            if one.state is State.APPROVED
            and one.id not in self._false_records
            and self._told_as.get(one.id, State.APPROVED) is not State.APPROVED
        ] + [
            f"{one.id} is a test payment, and APPROVED."
            for one in transactions
            if one.state is State.APPROVED and one.order.reason == TEST
        ]

    def _overdrawn(self, transactions: list[Transaction]) -> Iterator[str]:
        """Nothing gives more than it has, however it was named; what is cancelled gives nothing."""
        drawn: Counter[str] = Counter()
        for number, minor in self._tecs.drawn():
            drawn[number] += minor
        booked = self._tecs.ledger()
        for one in transactions:
            if not drawn[one.id] or one.id in self._false_records:
                continue
            most = one.charged.minor
            if one.order.operation is Operation.PREAUTHORIZATION:
                most = most * self._plan.completion_percent // 100
            if drawn[one.id] > most:
                yield f"{drawn[one.id]} were drawn on {one.id}, which has {most}."
            if not booked[one.id].stands:
                yield f"{drawn[one.id]} were drawn on {one.id}, which is cancelled."
        before = {one.id for one in self._plan.past if one.elsewhere and one.net_minor == 0}
        for number in set(self._tecs.changed_elsewhere()) - before - self._cancelled_elsewhere:
            yield f"Another terminal's {number} was reversed, and nobody asked for that."

    def _lost_days(self, transactions: list[Transaction]) -> Iterator[str]:
        """Each transaction is in one day, the payment of exactly midnight, too."""
        if not self._plan.past:
            return
        store = Store(_NOWHERE, connect=self._disk.connect)
        days = sorted({one.created_at.date() for one in transactions})
        found: Counter[str] = Counter()
        for day in days:
            start = datetime.combine(day, time(), UTC)
            found.update(one.id for one in store.between(start, start + timedelta(days=1)))
        for one in transactions:
            if found[one.id] != 1:
                yield f"{one.id} is in {found[one.id]} days."

    def _unsigned(self, transactions: list[Transaction]) -> Iterator[str]:
        """Say what ended and is not signed, in order; and what was told as approved stays so where nobody cancels."""
        if not self._parts.signed or not isinstance(self._disk, Disk):
            return
        due, given = self._disk.signed(), list(self._signer.given)
        if due != given:
            yield f"{due} were to be signed, in this order, and {given} were."
        for one in transactions:
            told = self._told_as.get(one.id) is State.APPROVED and not self._cancels
            if told and one.state is not State.APPROVED and one.id not in self._false_records:
                yield f"{one.id} is {one.state}, was told as approved, and nobody cancelled it."

    def _at(self, when_s: float, what: Callable[..., None], *arguments: object) -> None:
        self._loop.call_at(when_s, what, *arguments, context=self._world)

    def _in(self, seconds: float, what: Callable[..., None], *arguments: object) -> None:
        self._loop.call_later(seconds, what, *arguments, context=self._world)

    def _tell(self, what: str) -> None:
        if self._telling:
            self.story.append(f"{self._loop.now:>10.2f} s  {what}")


def _world(loop: Loop, plan: Plan, tell: Tell, *, far: bool) -> World:
    if not far:
        return Tecs(loop, plan, tell)
    from proofs.simulation.wire import Far  # noqa: PLC0415 - httpx, only for the far one

    return Far(loop, plan, tell)


def _order(action: Action) -> Order:
    amount = Money(action.minor, EUR)
    reason = TEST if action.act is Act.REHEARSE else ""
    order = Order(
        action.operation,
        amount,
        PLACE,
        card_reference=CARD,
        reason=reason,
        until_goods=action.until_goods,
    )
    if action.operation is Operation.SALE_AND_TIP:
        return replace(order, tip=Money(action.minor // 10, EUR))
    return order
