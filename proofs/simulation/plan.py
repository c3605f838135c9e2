"""One schedule as data: everything that chance decides, decided beforehand from one seed.

A plan can be printed, shortened and run again. Times are in seconds of virtual time.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from enum import StrEnum

from kiosk_tui.domain.operations import Operation
from proofs.simulation.past import Earlier, draw_past


class LineFault(StrEnum):
    """What the network does to one request and its answer."""

    GOOD = "good"
    REFUSED = "connection refused"
    NO_TLS = "TLS failure"
    LOSE_REQUEST = "request lost, line broken"
    SWALLOW_REQUEST = "request lost, line silent"
    LOSE_ANSWER = "answer lost, line broken"
    SWALLOW_ANSWER = "answer lost, line silent"
    CUT_ANSWER = "answer cut"
    GARBLE_ANSWER = "answer garbled"
    OTHER_ID = "answer of another transaction"
    TWICE = "request delivered twice"


class Customer(StrEnum):
    """What happens at the card terminal."""

    PAYS = "pays"
    CANCELS = "cancels at the terminal"
    WALKS_OFF = "walks off"
    BUSY = "terminal busy"


class Host(StrEnum):
    """What the host makes of it."""

    APPROVES = "approves"
    SAYS_TOO_MUCH = "approves, with card data in every field"
    DECLINES = "declines"
    UNKNOWN_CODE = "charges, answers an unknown code"
    GATEWAY_AFTER = "charges, answers 504"
    GATEWAY_BEFORE = "answers 504"


@dataclass(frozen=True, slots=True)
class Fate:
    """What one payment meets. The sum of its delays stays below the settle window (see `ASSUMES`)."""

    line: LineFault = LineFault.GOOD
    customer: Customer = Customer.PAYS
    host: Host = Host.APPROVES
    transit_s: float = 0.05
    card_s: float = 4.0
    host_s: float = 1.5
    answer_s: float = 0.05


class CancelFault(StrEnum):
    """What the host makes of a cancellation that it finds.

    The last two are lies. Against an approval that the register holds they are seen through; where it
    holds none, nothing could see through them.
    """

    OBEYS = "obeys"
    REFUSES = "refuses (9023)"
    UNKNOWN_BEFORE = "answers an unknown code, does nothing"
    UNKNOWN_AFTER = "reverses, answers an unknown code"
    NOT_FOUND = "claims not to know it (9027)"
    DECLINED = "claims that it was declined (9033)"


@dataclass(frozen=True, slots=True)
class CancelFate:
    """What one cancellation attempt meets."""

    line: LineFault = LineFault.GOOD
    host: CancelFault = CancelFault.OBEYS
    transit_s: float = 0.05
    answer_s: float = 0.1


class AbortFate(StrEnum):
    """What one abort meets."""

    WORKS = "works"
    DOES_NOTHING = "is answered and does nothing"
    LOST = "is lost"
    UNSUPPORTED = "is unknown to TECS"


@dataclass(frozen=True, slots=True)
class GoodsFate:
    """What is said of goods, so many seconds after the waiting began; where nothing is, it is silence.

    `insists`: what the disk refused is said again.
    """

    said: tuple[tuple[float, bool], ...] = ((3.0, True),)
    insists: bool = True


class DiskFault(StrEnum):
    """How the disk refuses."""

    FULL = "full"
    IO = "I/O error"
    COMMIT_LOST = "commit refused"
    COMMIT_KEPT = "commit done, but answered with an error"


@dataclass(frozen=True, slots=True)
class DiskTrouble:
    """At the n-th statement (1 is the first), or from `from_s` for `for_s`."""

    fault: DiskFault
    at_statement: int = 0
    from_s: float = 0.0
    for_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Kill:
    """SIGKILL when a process has run `step` callbacks; the next one starts `down_s` later."""

    step: int
    down_s: float


class Act(StrEnum):
    """What people do."""

    PAY = "pay"
    REHEARSE = "staff makes a test payment"
    GIVE_UP = "give up"
    PRESS_TWICE = "press twice"
    CANCEL_LAST = "staff cancels the last approved one"
    SETTLE = "staff settles what needs staff"
    CANCEL_ELSEWHERE = "staff cancels another terminal's"
    STOP = "stop (SIGTERM)"
    DRAW = "somebody completes or refunds an earlier one"
    CANCEL_NAMED = "staff cancels one by its name"
    CANCEL_GOODS = "staff cancels one whose goods are waited for"


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that somebody does, at a time.

    What is done to an earlier transaction is done to the one at `which` of those that the journal
    holds, named in the `spelling`-th way, over `percent` of its amount.
    """

    at_s: float
    act: Act
    operation: Operation = Operation.SALE
    minor: int = 1255
    which: int = 0
    spelling: int = 0
    percent: int = 100
    until_goods: bool = False


@dataclass(frozen=True, slots=True)
class Jump:
    """The wall clock is set, by that many seconds either way."""

    at_s: float
    by_s: float


@dataclass(frozen=True, slots=True)
class Outage:
    """No connection can be made."""

    from_s: float
    for_s: float


@dataclass(frozen=True, slots=True)
class Plan:
    """One schedule. The n-th payment, cancellation, abort, wait for goods meets the n-th fate, then luck."""

    seed: int
    actions: tuple[Action, ...] = ()
    fates: tuple[Fate, ...] = ()
    cancels: tuple[CancelFate, ...] = ()
    aborts: tuple[AbortFate, ...] = ()
    goods: tuple[GoodsFate, ...] = ()
    kills: tuple[Kill, ...] = ()
    disk: tuple[DiskTrouble, ...] = ()
    jumps: tuple[Jump, ...] = ()
    outages: tuple[Outage, ...] = ()
    past: tuple[Earlier, ...] = ()
    completion_percent: int = 100
    asks_status: bool = False
    heal_s: float = 600.0
    """When every fault is over: from then on the register has to come to an end."""


_BAD_LINES = tuple(one for one in LineFault if one is not LineFault.GOOD)
_SALES = (Operation.SALE,) * 6 + (
    Operation.SALE_AND_TIP,
    Operation.MOTO,
    Operation.PREAUTHORIZATION,
    Operation.REFUND,
)


_SELLS = (Operation.SALE, Operation.SALE_AND_TIP, Operation.MOTO)
_APPROVED_S = 6.7
"""When a lucky payment that begins after a second is approved."""
_HONEST = (
    CancelFault.OBEYS,
    CancelFault.REFUSES,
    CancelFault.UNKNOWN_BEFORE,
    CancelFault.UNKNOWN_AFTER,
)


_APPROVAL_COMMIT = 27
"""The statement that commits the first approval of a quiet process. Where it is another one, the
coverage of the lifecycle table says so."""


def draw(seed: int) -> Plan:
    """Return the plan of a seed: mostly of all sorts, some of a sort that chance seldom makes."""
    chance = random.Random(seed)
    sort = chance.random()
    if sort < 0.02:
        return _later_than_assumed(seed, chance)
    if sort < 0.04:
        return _settled_before_the_answer(seed, chance)
    if sort < 0.06:
        return _gives_up_while_connecting(seed, chance)
    if sort < 0.08:
        return _contradicted(seed, chance)
    if sort < 0.10:
        return _kept_all_the_same(seed, chance)
    if sort < 0.14:
        return _old_world(seed, chance, large=sort < 0.102)
    if sort < 0.16:
        return _asked_while_it_waits(seed, chance)
    if sort < 0.22:
        return _until_goods(seed, chance)
    return _of_all_sorts(seed, chance)


def _later_than_assumed(seed: int, chance: random.Random) -> Plan:
    """Let the host charge after the settle window; the line is held open, so that it is heard."""
    fate = Fate(host_s=chance.uniform(200, 380), card_s=chance.uniform(0, 30))
    cancels = tuple(_cancel(chance) for _ in range(_few(chance, 0.3, 2)))
    pay = Action(1.0, Act.PAY, chance.choice(_SALES), chance.randrange(1, 99_999))
    aborts = (AbortFate.DOES_NOTHING,)
    return Plan(seed, (pay,), (fate,), cancels, aborts, heal_s=30.0)


def _settled_before_the_answer(seed: int, chance: random.Random) -> Plan:
    """Let a person settle a refused cancellation before the approval comes."""
    fate = Fate(answer_s=chance.uniform(190, 380))
    cancels = (CancelFate(host=CancelFault.REFUSES),)
    minor = chance.randrange(1, 99_999)
    actions = (Action(1.0, Act.PAY, minor=minor), Action(chance.uniform(182, 200), Act.SETTLE))
    return Plan(seed, actions, (fate,), cancels, heal_s=220.0)


def _contradicted(seed: int, chance: random.Random) -> Plan:
    """Let staff cancel an approved payment that TECS then denies."""
    lie = chance.choice((CancelFault.NOT_FOUND, CancelFault.DECLINED))
    cancels = (CancelFate(host=lie),) * chance.choice((1, 2, 40))
    cancel = Action(chance.choice((20.0, 300.0)), Act.CANCEL_LAST)
    return Plan(seed, (Action(1.0, Act.PAY), cancel), (Fate(),), cancels, heal_s=1000.0)


def _kept_all_the_same(seed: int, chance: random.Random) -> Plan:
    """Let the disk answer the approval's commit with an error, and keep it."""
    trouble = DiskTrouble(DiskFault.COMMIT_KEPT, at_statement=_APPROVAL_COMMIT)
    cancels = tuple(_cancel(chance) for _ in range(_few(chance, 0.3, 2)))
    pay = Action(1.0, Act.PAY, chance.choice(_SALES), chance.randrange(1, 99_999))
    return Plan(seed, (pay,), (Fate(),), cancels, disk=(trouble,), heal_s=300.0)


def _asked_while_it_waits(seed: int, chance: random.Random) -> Plan:
    """Let the terminal be asked for long, while the disk refuses, the clock is set back, processes die."""
    some = chance.random
    line = chance.choice((LineFault.GOOD, LineFault.LOSE_ANSWER, LineFault.SWALLOW_ANSWER))
    fate = Fate(line, card_s=chance.uniform(5, 59), host_s=chance.uniform(1, 100))
    actions = [Action(1.0, Act.PAY, minor=chance.randrange(1, 99_999))]
    if some() < 0.3:
        actions.append(Action(chance.uniform(4, 60), Act.GIVE_UP))
    actions.append(Action(300.0, Act.PAY, minor=chance.randrange(1, 99_999)))
    back = -chance.choice((1.0, 3600.0, 86_400.0))
    refuses = DiskTrouble(
        chance.choice((DiskFault.FULL, DiskFault.IO)),
        from_s=chance.uniform(2, 90),
        for_s=chance.choice((3.0, 30.0, 300.0)),
    )
    kill = Kill(chance.randint(60, 300), chance.choice((0.5, 3.0, 60.0)))
    return Plan(
        seed=seed,
        actions=tuple(actions),
        fates=(fate, Fate(card_s=chance.uniform(5, 59))),
        cancels=tuple(_cancel(chance) for _ in range(_few(chance, 0.5, 3))),
        aborts=tuple(chance.choice(tuple(AbortFate)) for _ in range(_few(chance, 0.6, 2))),
        kills=(kill,) if some() < 0.5 else (),
        disk=(refuses,) if some() < 0.5 else (),
        jumps=(Jump(chance.uniform(2, 60), back),) if some() < 0.5 else (),
        asks_status=True,
        heal_s=600.0,
    )


def _until_goods(seed: int, chance: random.Random) -> Plan:
    """Let goods be handed over or not, soon, late or never, while processes die and the disk refuses."""
    some = chance.random
    if some() < 0.2:
        return _refused_goods(seed, chance)
    lucky = some() < 0.7
    fate = Fate(card_s=4.0, host_s=1.5) if lucky else _fate(chance)
    minor = chance.randrange(1, 99_999)
    actions = [Action(1.0, Act.PAY, chance.choice(_SELLS), minor, until_goods=True)]
    if some() < 0.1:
        actions.append(Action(chance.uniform(1, 12), Act.GIVE_UP))
    stops = _few(chance, 0.5, 3)
    at = _APPROVED_S + chance.uniform(0.5, 20)
    for _ in range(stops):
        actions.append(Action(at, Act.STOP))
        at += 25.0 + chance.uniform(
            0.0, 40.0
        )  # the payment is waited for, then the next one begins
    if some() < 0.25:
        actions.append(Action(_APPROVED_S + chance.uniform(0, at), Act.CANCEL_GOODS))
    if some() < 0.3:
        actions.append(Action(at + chance.choice((5.0, 120.0)), Act.PAY, minor=minor))
    refuses = DiskTrouble(
        chance.choice((DiskFault.FULL, DiskFault.IO, DiskFault.COMMIT_LOST, DiskFault.COMMIT_KEPT)),
        from_s=_APPROVED_S + chance.uniform(0.2, at),
        for_s=chance.choice((1.0, 8.0, 40.0)),
    )
    return Plan(
        seed=seed,
        actions=tuple(sorted(actions, key=lambda one: one.at_s)),
        fates=(fate,),
        cancels=tuple(_cancel(chance) for _ in range(_few(chance, 0.4, 3))),
        goods=tuple(_goods(chance) for _ in range(chance.randint(1, 3))),
        kills=tuple(_kill(chance) for _ in range(_few(chance, 0.4, 3))),
        disk=(refuses,) if some() < 0.4 else (),
        heal_s=at + chance.choice((20.0, 300.0)),
    )


def _refused_goods(seed: int, chance: random.Random) -> Plan:
    """Let the disk refuse "handed over", perhaps after a restart; then they failed, or nobody says more."""
    pay = Action(1.0, Act.PAY, minor=chance.randrange(1, 99_999), until_goods=True)
    begins = _APPROVED_S
    stops: tuple[Action, ...] = ()
    silence: tuple[GoodsFate, ...] = ()
    if chance.random() < 0.5:
        # the stop waits 20 s for the payment, and 3 s later the next process begins
        stops, silence = (Action(8.0, Act.STOP),), (GoodsFate((), insists=False),)
        begins = 31.0
    fault = chance.choice((DiskFault.FULL, DiskFault.COMMIT_LOST, DiskFault.COMMIT_KEPT))
    refuses = DiskTrouble(fault, from_s=begins + 1.0, for_s=6.0)
    said: tuple[tuple[float, bool], ...] = ((4.0, True),)
    if chance.random() < 0.7:
        said = (*said, (chance.uniform(5, 50), chance.random() < 0.3))
    return Plan(
        seed=seed,
        actions=(pay, *stops),
        fates=(Fate(),),
        cancels=tuple(_cancel(chance) for _ in range(_few(chance, 0.3, 2))),
        goods=(*silence, GoodsFate(said, insists=False)),
        kills=tuple(_kill(chance) for _ in range(_few(chance, 0.2, 1))),
        disk=(refuses,),
        heal_s=200.0,
    )


def _goods(chance: random.Random) -> GoodsFate:
    """Return what is said: once, twice and against each other, too late, or nothing."""
    sort, insists = chance.random(), chance.random() < 0.5
    if sort < 0.1:
        return GoodsFate((), insists)
    over, at = chance.random() < 0.7, chance.uniform(0, 30)
    if sort < 0.2:
        at = chance.uniform(55, 90)
    said = [(at, over)]
    if chance.random() < 0.4:
        said.append((at + chance.choice((0.0, 0.1, 5.0, 20.0)), chance.random() < 0.4))
    return GoodsFate(tuple(said), insists)


def _old_world(seed: int, chance: random.Random, *, large: bool) -> Plan:
    """Let a register begin on the journal of many days, and let people come back to what is in it."""
    past = draw_past(chance, large=large)
    actions = []
    at = chance.choice((5.0, 200.0, 900.0))
    which = chance.randrange(1_000)
    for _ in range(chance.randint(1, 6)):
        if chance.random() < 0.3:
            which = chance.randrange(1_000)  # mostly the same one: it is what is left that counts
        act = chance.choice((Act.DRAW, Act.DRAW, Act.DRAW, Act.CANCEL_NAMED, Act.SETTLE, Act.PAY))
        actions.append(
            Action(
                at,
                act,
                minor=chance.randrange(1, 99_999),
                which=which,
                spelling=chance.randrange(1_000),
                percent=chance.choice((1, 40, 60, 99, 100, 100, 100, 101, 115)),
            )
        )
        at += chance.choice((0.0, 3.0, 30.0, 300.0))
    return Plan(
        seed=seed,
        actions=tuple(actions),
        fates=tuple(_fate(chance) for _ in range(_few(chance, 0.4, 3))),
        cancels=tuple(_cancel(chance) for _ in range(_few(chance, 0.5, 8))),
        kills=tuple(_kill(chance) for _ in range(_few(chance, 0.3, 2))),
        disk=tuple(_trouble(chance) for _ in range(_few(chance, 0.4, 2))),
        outages=tuple(_outage(chance) for _ in range(_few(chance, 0.1, 1))),
        past=past,
        completion_percent=chance.choice((100, 100, 115)),
        heal_s=at + chance.choice((20.0, 300.0)),
    )


def _gives_up_while_connecting(seed: int, chance: random.Random) -> Plan:
    """Let the customer give up before it is known that no connection can be made."""
    fate = Fate(chance.choice((LineFault.REFUSED, LineFault.NO_TLS)), transit_s=9.0)
    give_up = Action(chance.uniform(1, 12), Act.GIVE_UP)
    disk = tuple(_trouble(chance) for _ in range(_few(chance, 0.3, 1)))
    return Plan(seed, (Action(1.0, Act.PAY), give_up), (fate,), disk=disk, heal_s=60.0)


def _of_all_sorts(seed: int, chance: random.Random) -> Plan:
    some = chance.random
    payments = 1 if some() < 0.7 else 2
    actions = []
    at = 1.0
    for _ in range(payments):
        minor = chance.randrange(1, 99_999)
        actions.append(Action(at, Act.PAY, chance.choice(_SALES), minor))
        if some() < 0.25:
            actions.append(Action(at + some() * 12, Act.GIVE_UP))
        if some() < 0.05:
            actions.append(Action(at + some() * 5, Act.PRESS_TWICE))
        at += chance.choice((10.0, 70.0, 300.0))
        if some() < 0.15:
            actions.append(Action(at - 2, Act.CANCEL_LAST))
        if some() < 0.04:
            actions.append(Action(at - 1, Act.STOP))
    if some() < 0.1:
        actions.append(Action(chance.uniform(5, at + 400), Act.SETTLE))
    if some() < 0.03:
        actions.append(Action(chance.uniform(1, 20), Act.CANCEL_ELSEWHERE))
    plan = Plan(
        seed=seed,
        actions=tuple(sorted(actions, key=lambda one: one.at_s)),
        fates=tuple(_fate(chance) for _ in range(payments)),
        cancels=tuple(_cancel(chance) for _ in range(_few(chance, 0.5, 4))),
        aborts=tuple(chance.choice(tuple(AbortFate)) for _ in range(_few(chance, 0.6, 2))),
        kills=tuple(_kill(chance) for _ in range(_few(chance, 0.55, 3))),
        disk=tuple(_trouble(chance) for _ in range(_few(chance, 0.3, 2))),
        jumps=tuple(_jump(chance) for _ in range(_few(chance, 0.1, 2))),
        outages=tuple(_outage(chance) for _ in range(_few(chance, 0.1, 1))),
        asks_status=some() < 0.1,
        heal_s=at + chance.choice((20.0, 300.0)),
    )
    # drawn last, so that all other seeds tell the same stories as ever
    return _as_a_test(plan) if some() < 0.05 else plan


def _as_a_test(plan: Plan) -> Plan:
    """Make test payments of the payments."""
    actions = tuple(
        replace(one, act=Act.REHEARSE, operation=Operation.SALE) if one.act is Act.PAY else one
        for one in plan.actions
    )
    return replace(plan, actions=actions)


def _few(chance: random.Random, likely: float, most: int) -> int:
    return 0 if chance.random() >= likely else chance.randint(1, most)


def _fate(chance: random.Random) -> Fate:
    some = chance.random
    return Fate(
        line=chance.choice(_BAD_LINES) if some() < 0.5 else LineFault.GOOD,
        customer=Customer.PAYS if some() < 0.8 else chance.choice(tuple(Customer)),
        host=Host.APPROVES if some() < 0.7 else chance.choice(tuple(Host)),
        transit_s=0.05 if some() < 0.7 else chance.uniform(0.0, 45.0),
        card_s=chance.uniform(0.0, 8.0) if some() < 0.8 else chance.uniform(0.0, 59.0),
        host_s=1.5 if some() < 0.7 else chance.uniform(0.0, 120.0),
        answer_s=0.05 if some() < 0.7 else chance.uniform(0.0, 220.0),
    )


def _cancel(chance: random.Random) -> CancelFate:
    some = chance.random
    return CancelFate(
        line=chance.choice(_BAD_LINES) if some() < 0.6 else LineFault.GOOD,
        host=CancelFault.OBEYS if some() < 0.7 else chance.choice(_HONEST),
        transit_s=0.05 if some() < 0.7 else chance.uniform(0.0, 45.0),
        answer_s=0.1 if some() < 0.7 else chance.uniform(0.0, 70.0),
    )


def _kill(chance: random.Random) -> Kill:
    return Kill(
        chance.randint(1, chance.choice((25, 60, 150))), chance.choice((0.5, 3.0, 60.0, 400.0))
    )


def _trouble(chance: random.Random) -> DiskTrouble:
    fault = chance.choice(tuple(DiskFault))
    if chance.random() < 0.6:
        return DiskTrouble(fault, at_statement=chance.randint(10, 90))
    return DiskTrouble(fault, from_s=chance.uniform(0, 30), for_s=chance.choice((3.0, 30.0, 300.0)))


def _jump(chance: random.Random) -> Jump:
    by = chance.choice((-1, 1)) * chance.choice((1.0, 3600.0, 86_400.0, 31_536_000.0))
    return Jump(chance.uniform(0.0, 60.0), by)


def _outage(chance: random.Random) -> Outage:
    return Outage(chance.uniform(0.0, 20.0), chance.choice((5.0, 100.0, 86_400.0)))
