"""What happened before a schedule begins: worlds that are old and large, as data.

Owns: transactions of earlier days, each as the journal tells it and as it stands at TECS. The two agree
as far as a register that kept its promise can make them: where the journal says that something is due,
or that staff must look, TECS may have it any way.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from kiosk_tui.domain.identity import Original, Place, TransactionId
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.money import MAX_MINOR, Currency, Money
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.outcome import Answer
from kiosk_tui.domain.transaction import Order, Transaction

EUR: Final = Currency("EUR", 2)
OWN: Final = "88091105"
OTHER: Final = Place("11460019", "1")
START: Final = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
"""When every schedule begins."""

CHARGES: Final = frozenset(
    {Operation.SALE, Operation.SALE_AND_TIP, Operation.MOTO, Operation.COMPLETION}
)
"""Told here once more: the proof does not believe the table that the register reads."""
REFUNDS: Final = frozenset({Operation.REFUND, Operation.REFERENCED_REFUND})
YES: Final = Answer("0", "APPROVED", fields={"authorization_number": "123456"})

ATTEMPTS: Final = (0, 1, 7, 49, 50, 51, 100, 1_021, 1_022, 1_023, 1_024, 5_000)
"""How often a cancellation was tried: about where numbers of tries have been known to end things."""


class Stands(StrEnum):
    """What TECS made of it."""

    BOOKED = "booked"
    DECLINED = "declined"
    REVERSED = "reversed"
    UNKNOWN = "never arrived"


@dataclass(frozen=True, slots=True)
class Earlier:
    """One transaction; its id is its moment, UTC. `original` is what it refers to.

    `elsewhere` is another terminal's: TECS has it, our journal does not, and its id may be ours, too.
    """

    id: str
    operation: Operation = Operation.SALE
    minor: int = 1255
    state: State = State.APPROVED
    stands: Stands = Stands.BOOKED
    attempts: int = 0
    source_id: str = "1"
    original: str = ""
    elsewhere: bool = False

    @property
    def transaction(self) -> Transaction:
        """What the journal says of it."""
        place = OTHER if self.elsewhere else Place(OWN, self.source_id)
        original = Original(TransactionId(self.original), place) if self.original else None
        amount = Money(self.minor, EUR)
        at = _at(self.id)
        return Transaction(
            id=TransactionId(self.id),
            order=Order(self.operation, amount, place, original=original),
            state=self.state,
            amount_sent=amount,
            created_at=at,
            updated_at=at,
            attempts=self.attempts,
            next_attempt_at=at if self.attempts else None,
            answer=YES if self.state in (State.APPROVED, State.VOID_DUE) else None,
        )

    @property
    def net_minor(self) -> int:
        """The money that moved and stayed at TECS."""
        if self.stands is not Stands.BOOKED:
            return 0
        if self.operation in REFUNDS:
            return -self.minor
        return self.minor if self.operation in CHARGES else 0


def _at(number: str) -> datetime:
    """Return the moment that an id tells; ten times as quick as `strptime`.

    A follow-up's id is counted on from its original's, perhaps to a second that no clock shows: 60.
    """
    day = (int(number[:4]), int(number[4:6]), int(number[6:8]))
    minute = datetime(*day, int(number[8:10]), int(number[10:12]), tzinfo=UTC)
    return minute + timedelta(milliseconds=int(number[12:]))


def draw_past(chance: random.Random, *, large: bool) -> tuple[Earlier, ...]:
    """Return a past, oldest first; a large one has more due cancellations than a hundred."""
    past: dict[tuple[str, bool], Earlier] = {}

    def put(one: Earlier) -> None:
        past.setdefault((one.id, one.elsewhere), one)

    for one in _apart(_families(chance)):
        put(one)
    due = chance.randint(101, 140) if large else chance.choice((0, 0, 0, 1, 3))
    for _ in range(due):
        put(_due(chance))
    if chance.random() < 0.3:
        big = MAX_MINOR - chance.randint(0, 9)
        state = chance.choice((State.APPROVED, State.VOID_DUE))
        for _ in range(3):
            put(Earlier(_moment(chance), minor=big, state=state))
    for one in tuple(past.values()):
        if chance.random() < 0.2:  # the same time of another day
            day = START - timedelta(days=chance.randint(20, 300))
            put(Earlier(f"{day:%Y%m%d}{one.id[8:]}", minor=chance.randint(1, 9_999)))
        if chance.random() < 0.1:
            put(replace(one, minor=777, operation=Operation.SALE, original="", elsewhere=True))
    return tuple(past[key] for key in sorted(past))


def _apart(families: list[list[Earlier]]) -> list[Earlier]:
    """Leave out who begins as another one does: both may at midnight, and share no follow-up."""
    return [one for family in {each[0].id: each for each in families}.values() for one in family]


def _families(chance: random.Random) -> list[list[Earlier]]:
    """Return sales and preauthorizations, each with what was drawn on it, some without an answer."""
    families = []
    for _ in range(chance.randint(1, 4)):
        holds = chance.random() < 0.4
        kind = Operation.PREAUTHORIZATION if holds else Operation.SALE
        follows = Operation.COMPLETION if holds else Operation.REFERENCED_REFUND
        source_id = chance.choice(("1", "01"))
        first = Earlier(_moment(chance), kind, chance.randint(100, 99_999), source_id=source_id)
        if chance.random() < 0.15:
            first = replace(first, state=State.CANCELLED, stands=Stands.REVERSED)
        found = [first]
        families.append(found)
        left, at = first.minor, int(first.id)
        while first.state is State.APPROVED and left > 1 and chance.random() < 0.6:
            minor = chance.randint(1, left)
            left -= minor
            at += chance.randint(1, 9)
            state, stands = _follow_up_ends(chance, follows)
            found.append(
                Earlier(
                    str(at),
                    follows,
                    minor,
                    state,
                    stands,
                    chance.choice(ATTEMPTS) if state is State.CANCEL_DUE else 0,
                    chance.choice(("1", "01")),
                    first.id,
                )
            )
    return families


def _follow_up_ends(chance: random.Random, kind: Operation) -> tuple[State, Stands]:
    lost = State.NEEDS_STAFF if kind is Operation.REFERENCED_REFUND else State.CANCEL_DUE
    return chance.choice(
        (
            (State.APPROVED, Stands.BOOKED),
            (State.DECLINED, Stands.DECLINED),
            (State.CANCEL_DUE, Stands.BOOKED),
            (State.CANCEL_DUE, Stands.UNKNOWN),
            (lost, Stands.BOOKED),
            (lost, Stands.BOOKED),
        )
    )


def _due(chance: random.Random) -> Earlier:
    state = chance.choice((State.CANCEL_DUE, State.CANCEL_DUE, State.VOID_DUE))
    stands = Stands.BOOKED
    if state is State.CANCEL_DUE:
        stands = chance.choice(tuple(Stands))
    return Earlier(
        _moment(chance),
        minor=chance.randint(1, 99_999),
        state=state,
        stands=stands,
        attempts=chance.choice(ATTEMPTS),
    )


def _moment(chance: random.Random) -> str:
    """Return a moment of the days before, now and then exactly a midnight."""
    day = START - timedelta(days=chance.randint(1, 9))
    if chance.random() < 0.2:
        return f"{day:%Y%m%d}000000000"
    second = timedelta(seconds=chance.randrange(86_000), milliseconds=chance.randrange(1_000))
    at = day.replace(hour=0, minute=0) + second
    return f"{at:%Y%m%d%H%M%S}{at.microsecond // 1000:03}"
