"""A kiosk that belongs to a fleet: a real journal, and what ships it."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from kiosk_tui.domain.lifecycle import Event
from kiosk_tui.domain.outcome import Answer
from kiosk_tui.domain.transaction import Order, Transaction
from kiosk_tui.fleet.health import HealthWatch, RegisterReport
from kiosk_tui.fleet.line import OfficeLine
from kiosk_tui.fleet.shipper import Shipper
from kiosk_tui.fleet.source import JournalSource
from kiosk_tui.fleet.wire import CommandOutcome, SignedCommand
from kiosk_tui.journal.store import Store
from support.fakes import order
from support.opened import opened
from support.virtual import START

OPEN = RegisterReport(ready=True, version="1.2.3", mode="kiosk", terminal="88091105")


class Shop:
    """A journal that ships; each payment is two events."""

    def __init__(self, folder: Path, *, ships: bool = True) -> None:
        self.folder = folder / "fleet"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / "journal.db"
        self.cursor = self.folder / "cursor.json"
        self.store = opened(Store(self.path, ships=lambda: ships))
        self.store.check_writable(START)
        self._at = START

    def pay(
        self, count: int = 1, *events: Event, at: datetime | None = None, one: Order | None = None
    ) -> list[Transaction]:
        return [self._pay(events or (Event.APPROVED,), at, one or order()) for _ in range(count)]

    def _pay(self, events: Iterable[Event], at: datetime | None, asked: Order) -> Transaction:
        self._at += timedelta(seconds=30)
        when = at or self._at
        begun, exchange = self.store.begin(asked, asked.amount.minor, when)
        for event in events:
            after, _ = begun.after(event, when)
            told = Answer("0", fields={"stan": "000123", "authorization_number": "A1B2C3"})
            answer = None if event is Event.OUTCOME_UNKNOWN else told
            closed = replace(exchange, answered_at=when, verdict=event.lower(), answer=answer)
            self.store.record(begun.state, after, event, closed)
            begun = after
        return begun


@dataclass
class FakeOrders:
    """Takes commands, and has an outcome for each."""

    taken: list[SignedCommand] = field(default_factory=list)
    waiting: list[CommandOutcome] = field(default_factory=list)
    refuses: OSError | None = None

    def take(self, command: SignedCommand) -> None:
        if self.refuses is not None:
            raise self.refuses
        self.taken.append(command)
        self.waiting.append(CommandOutcome(n=len(self.taken), ok=True, at=START))

    def outcomes(self) -> tuple[CommandOutcome, ...]:
        return tuple(self.waiting)

    def told(self, told: Iterable[CommandOutcome]) -> None:
        self.waiting = [one for one in self.waiting if one not in tuple(told)]


def shipper(
    shop: Shop,
    line: OfficeLine,
    orders: FakeOrders | None = None,
    renew: Callable[[], Awaitable[None]] | None = None,
    now: Callable[[], datetime] = lambda: START,
) -> Shipper:
    """Make what a new process would make of a shop's files."""
    source = opened(JournalSource(shop.path))
    return Shipper(
        source=source,
        line=line,
        cursor_file=shop.cursor,
        health=HealthWatch(source, _open, asyncio.get_running_loop().time, now),
        orders=orders or FakeOrders(),
        renew=renew,
        boot="5a0bca4c-5b0e-4b53-8b51-5f2d1b3c9a01",
        now=now,
        chance=random.Random(7),
    )


async def _open() -> RegisterReport:
    return OPEN


@contextlib.asynccontextmanager
async def running(one: Shipper) -> AsyncIterator[None]:
    """Let a shipper run for the length of a block."""
    task = asyncio.create_task(one.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
