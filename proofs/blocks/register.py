"""The production register on a real file, through a few payments, and again after a cut.

Owns: what is done before the power goes, and what has to be in order once it is back.
"""

from __future__ import annotations

import asyncio
import random
import sqlite3
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

from kiosk_tui.domain.identity import Place
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.money import Currency, Money
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.transaction import Order, Transaction
from kiosk_tui.journal import database, log_space
from kiosk_tui.journal.anchor import Anchor
from kiosk_tui.journal.database import Connect
from kiosk_tui.journal.reader import Reader
from kiosk_tui.journal.store import Store
from kiosk_tui.journal.watermark import Known
from kiosk_tui.journal.writer import JournalWriter
from kiosk_tui.lab.drill.judge import Evidence, judge
from kiosk_tui.payment.notifications import Notification, TransactionChanged
from kiosk_tui.payment.policy import OptionalRequests, Timeouts
from kiosk_tui.payment.register import Register
from proofs.blocks.world import Kind, Line, Luck, World
from proofs.simulation.loop import Loop, StuckError

PATH: Final = Path("state", "kiosk-tui", "journal.db")
"""Below the mounted disk: the folders, too, are made by the first start."""

_PROCESSES: Final = 3
_CHECKPOINTS: Final = (8, 40, 1000)
"""Pages in SQLite's log before it is written back: at each commit, now and then, at the end."""

_OPENED: Final = (database.connect, log_space.connect)
"""Without and with zeros behind SQLite's log."""

_START: Final = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
_LATER: Final = timedelta(hours=1)
_MOST_S: Final = 3_600.0
"""Seconds of good luck, after which nothing may be due any more."""

_EUR: Final = Currency("EUR", 2)
_ORDER: Final = Order(Operation.SALE, Money(1255, _EUR), Place("88091105", "1"))


class _Clock:
    def __init__(self, loop: Loop, start: datetime) -> None:
        self._loop = loop
        self._start = start

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._loop.now)

    def monotonic(self) -> float:
        return self._loop.now


class Recorded(Anchor):
    """An anchor on another disk that remembers each line it had, with its place in the write log.

    Of the lines since the last durable one, that disk may give back any after a cut.
    """

    def __init__(self, path: Path, world: World, lines: list[Line]) -> None:
        super().__init__(path, _ORDER.place.terminal)
        self._world = world
        self._lines = lines

    def make(self, known: Known) -> None:
        super().make(known)
        self._remember(durable=True)

    def note(self, last_id: int, last_receipt: int) -> None:
        super().note(last_id, last_receipt)
        self._remember(durable=False)

    def _remember(self, *, durable: bool) -> None:
        self._lines.append(Line(self._world.position(), self.path.read_bytes(), durable))


def work(
    disk: Path, world: World, chance: random.Random, synchronous: str, anchor: Path
) -> tuple[Line, ...]:
    """Take payments in one process after the other, each of which ends in good order.

    Return what the anchor said, and when.
    """
    loop, lines = Loop(), list[Line]()  # type: ignore[abstract]
    anchored = Recorded(anchor, world, lines)
    _run(loop, _work(loop, disk / PATH, world, chance, synchronous, anchored))
    return tuple(lines)


def why_closed(disk: Path, anchor: Path | None) -> str:
    """Say why a register does not open what a cut left; nothing when it does."""
    opened = Store(disk / PATH, anchor=_anchor(anchor))
    try:
        opened.check_writable(_START)
    except JournalUnavailableError as error:
        return str(error)
    finally:
        opened.close()
    return ""


def is_gone(disk: Path) -> bool:
    """Say whether there is nothing of the journal any more, nor of its folders."""
    return not (disk / PATH.parts[0]).exists()


def come_back(disk: Path, world: World, anchor: Path | None) -> list[str]:
    """Start again on what a cut left, until nothing is due, take one payment; return what is wrong."""
    path = disk / PATH
    loop = Loop()  # type: ignore[abstract]
    try:
        _run(loop, _come_back(loop, path, world, _anchor(anchor)))
        reader = Reader(path)
    except (StuckError, JournalUnavailableError) as error:
        return [f"The register does not come back: {error} {why_closed(disk, anchor)}".rstrip()]
    try:
        evidence = Evidence(
            transactions=reader.transactions(),
            ledger=world.ledger(),
            arrived=world.arrived(),
            shown=world.shown(),
        )
        return [*judge(evidence), *reader.verify()]
    except (JournalUnavailableError, TypeError, ValueError) as error:
        return [f"The journal cannot be read: {error}"]
    finally:
        reader.close()


def _anchor(path: Path | None) -> Anchor | None:
    return None if path is None else Anchor(path, _ORDER.place.terminal)


async def _work(  # noqa: PLR0917
    loop: Loop,
    path: Path,
    world: World,
    chance: random.Random,
    synchronous: str,
    anchor: Anchor,
) -> None:
    for _ in range(_PROCESSES):
        connect = partial(_connect, chance.choice(_CHECKPOINTS), chance.choice(_OPENED))
        opened = Store(path, synchronous=synchronous, connect=connect, anchor=anchor)
        register = _register(loop, _START, opened, world)
        await register.start()
        for luck in chance.sample(tuple(Luck), len(Luck)):
            world.luck = luck
            if luck is Luck.GIVES_UP:
                loop.spawn(1, _gives_up(register))
            paid = await _pay(register)
            if luck is Luck.CANCELLED_BY_STAFF:
                await register.cancel(paid.id)
        await asyncio.sleep(10)
        await register.close(patience_s=1)
        opened.close()


async def _come_back(loop: Loop, path: Path, world: World, anchor: Anchor | None) -> None:
    opened = Store(path, connect=log_space.connect, anchor=anchor)
    register = _register(loop, _START + _LATER, opened, world)
    try:
        await register.start()
        await _pay(register)
        await register.close(patience_s=1)
    finally:
        opened.close()


def _connect(pages: int, opened: Connect, path: Path, synchronous: str) -> sqlite3.Connection:
    found = opened(path, synchronous)
    found.execute(f"PRAGMA wal_autocheckpoint = {pages}")
    return found


def _register(loop: Loop, start: datetime, opened: Store, world: World) -> Register:
    clock = _Clock(loop, start)
    register = Register(
        journal=JournalWriter(opened),
        terminal=world,
        clock=clock,
        timeouts=Timeouts(look_s=300.0, look_again_s=20.0),
        optional_requests=OptionalRequests(status_query=False),
        chance=random.Random(1),
    )

    def hear(notification: Notification) -> None:
        if (
            isinstance(notification, TransactionChanged)
            and notification.transaction.state is State.APPROVED
        ):
            world.note(Kind.SHOWN, notification.transaction.id)

    register.listen(hear)
    return register


async def _pay(register: Register) -> Transaction:
    while True:
        ended = await register.pay(_ORDER)
        if isinstance(ended, Transaction):
            return ended
        await asyncio.sleep(5)


async def _gives_up(register: Register) -> None:
    await asyncio.sleep(2)
    await register.give_up()


def _run(loop: Loop, what: Coroutine[Any, Any, None]) -> None:
    loop.living = 1
    task = loop.spawn(1, what)
    task.add_done_callback(lambda _: loop.finish())
    loop.run(_MOST_S)
    task.result()
