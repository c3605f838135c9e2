"""Journals that exist in memory only: what a kiosk would ship, without the kiosk."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Final, Self

from kiosk_tui.domain.lifecycle import Event, State
from kiosk_tui.fleet.wire import JournalEvent, day_of, digest
from kiosk_tui.fleet.wire_days import DayDigest

BEGUN: Final = "BEGUN"
BEGINNING: Final = datetime(2026, 11, 29, 9, 0, tzinfo=UTC)
_LIVES: Final[Sequence[tuple[tuple[str, State, str], ...]]] = (
    ((Event.APPROVED, State.APPROVED, "payment"),),
    ((Event.DECLINED, State.DECLINED, "payment"),),
    (
        (Event.OUTCOME_UNKNOWN, State.CANCEL_DUE, ""),
        (Event.CANCEL_CONFIRMED, State.CANCELLED, "cancellation"),
    ),
)
"""What may come after the beginning of a payment."""


@dataclass
class Journal:
    """An outbox that grows; `clock` is the kiosk's, which may jump."""

    epoch: str
    terminal: str = "88091105"
    clock: datetime = BEGINNING
    events: list[JournalEvent] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)

    def pay(self, life: int = 0) -> str:
        """Add a payment: 0 is approved, 1 declined, 2 cancelled; return its id."""
        transaction_id = self.begin()
        for event, state, exchange in _LIVES[life]:
            self.add(transaction_id, event, state, exchange=exchange)
        return transaction_id

    def begin(self) -> str:
        """Add a payment's first event; return its id."""
        self.clock += timedelta(seconds=1)
        last = int(next(reversed(self.numbers), "0"))
        transaction_id = str(max(int(f"{self.clock:%Y%m%d%H%M%S}000"), last + 1))
        self.add(transaction_id, BEGUN, State.AUTHORIZING)
        return transaction_id

    def add(
        self, transaction_id: str, event: str, state: str, *, exchange: str = "", minor: int = 1255
    ) -> JournalEvent:
        """Add one event."""
        answered = exchange == "payment"
        self.numbers[transaction_id] = self.numbers.get(transaction_id, 0) + 1
        one = JournalEvent(
            seq=len(self.events) + 1,
            transaction_id=transaction_id,
            number=self.numbers[transaction_id],
            at=self.clock,
            event=event,
            state=state,
            operation="sale",
            currency="EUR",
            exponent=2,
            minor=minor,
            sent_minor=minor,
            terminal=self.terminal,
            source_id="1",
            exchange=exchange,
            verdict=state.lower() if answered else "",
            response_code="0" if answered else "",
            stan="000123" if answered else "",
            authorization_number="123456" if answered and state == State.APPROVED else "",
            brand="VISA" if answered else "",
        )
        self.events.append(one)
        return one

    def pay_many(self, payments: int, rng: random.Random) -> Self:
        """Add payments by chance; return this journal."""
        for _ in range(payments):
            self.clock += timedelta(seconds=rng.randrange(1, 900))
            self.pay(rng.choices(range(len(_LIVES)), (90, 7, 3))[0])
        return self

    def restored(self, epoch: str, without: Iterable[str] = ()) -> Journal:
        """Return what a backup makes of it: another identity, and an outbox that is filled anew."""
        lost = set(without)
        kept = [one for one in self.events if one.transaction_id not in lost]
        copies = [one.model_copy(update={"seq": seq}) for seq, one in enumerate(kept, 1)]
        numbers = {name: n for name, n in self.numbers.items() if name not in lost}
        return Journal(epoch, self.terminal, self.clock, copies, numbers)

    def days(self) -> tuple[DayDigest, ...]:
        """Return the digest of each day."""
        order = sorted(self.events, key=lambda one: (int(one.transaction_id), one.number))
        found = []
        for day, group in groupby(order, key=lambda one: day_of(one.transaction_id)):
            prints = [one.fingerprint() for one in group]
            found.append(DayDigest(day=day, events=len(prints), sha256=digest(prints)))
        return tuple(found)

    def of_day(self, day: str) -> dict[str, int]:
        """Return how many events each transaction of a day has."""
        counted: dict[str, int] = {}
        for one in self.events:
            if day_of(one.transaction_id) == day:
                counted[one.transaction_id] = counted.get(one.transaction_id, 0) + 1
        return counted
