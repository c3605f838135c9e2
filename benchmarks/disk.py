"""What a journal commit costs, against the least that survives a power cut: append and fsync.

The slower the disk, the lower the ratio. Where a sync takes a tenth of a millisecond, SQLite alone is a fifth above
the raw append, and our Python as much as the sync; where it takes half a one, both are hardly seen. `--folder` names
another disk, and `work` counts without any.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median
from typing import TypeVar

from benchmarks.result import Result
from kiosk_tui.domain.identity import Place
from kiosk_tui.domain.lifecycle import Event
from kiosk_tui.domain.money import Currency, Money
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.outcome import Answer
from kiosk_tui.domain.transaction import Exchange, Order, Transaction
from kiosk_tui.journal import log_space
from kiosk_tui.journal.database import Connect
from kiosk_tui.journal.store import Store

T = TypeVar("T")

EUR = Currency("EUR", 2)
ORDER = Order(Operation.SALE_AND_TIP, Money(1255, EUR), Place("88091105", "1"), Money(125, EUR))
ANSWER = Answer("0", "APPROVED", fields={"authorization_number": "123456"})


class Bench:
    """A journal and a plain file, side by side on the same disk."""

    def __init__(
        self,
        folder: Path,
        *,
        ships: bool = False,
        synchronous: str = "FULL",
        connect: Connect = log_space.connect,
    ) -> None:
        self._store = Store(
            folder / "commits.db", synchronous=synchronous, connect=connect, ships=lambda: ships
        )
        self._raw = os.open(folder / "raw", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def close(self) -> None:
        """Close both files."""
        self._store.close()
        os.close(self._raw)

    def begin(self) -> tuple[Transaction, Exchange]:
        """Commit what must be on disk before a payment's first byte leaves."""
        return self._store.begin(ORDER, 1380, datetime.now(UTC))

    def ended(self, transaction: Transaction, exchange: Exchange) -> Callable[[], None]:
        """Return what commits how it ended."""
        now = datetime.now(UTC)
        after = replace(transaction.after(Event.APPROVED, now)[0], answer=ANSWER)
        answered = replace(exchange, answered_at=now, verdict="approved", answer=ANSWER)
        return partial(self._store.record, transaction.state, after, Event.APPROVED, answered)

    def record(self, transaction: Transaction, exchange: Exchange) -> None:
        """Commit how it ended."""
        self.ended(transaction, exchange)()

    def append(self, size: int) -> None:
        """Write so many bytes, and wait until they are on the disk."""
        os.write(self._raw, bytes(size))
        os.fsync(self._raw)


class Times:
    """Commits, each followed by an append of as many bytes, until the disk has them."""

    def __init__(self) -> None:
        self.commits: list[float] = []
        self.appends: list[float] = []

    def payment(self, bench: Bench) -> None:
        """Time the two commits of a payment."""
        begun = self._pair(bench, bench.begin)
        self._pair(bench, bench.ended(*begun))

    def result(self, name: str) -> Result:
        """Return the medians, and how they compare."""
        ours, raw = median(self.commits) * 1e3, median(self.appends) * 1e3
        return Result(name, ours, "ms", raw)

    def _pair(self, bench: Bench, commit: Callable[[], T]) -> T:
        before = _written()
        start = time.perf_counter()
        result = commit()
        self.commits.append(time.perf_counter() - start)
        size = _written() - before
        start = time.perf_counter()
        bench.append(size)
        self.appends.append(time.perf_counter() - start)
        return result


def commits(folder: Path, starts: int, payments: int) -> Iterator[Result]:
    """Time commits in the two lives of SQLite's log.

    After each start the log grows, as the plain file does. When it has reached its size (some
    dozens of payments later) it is written over from its beginning, which costs the disk less.
    """
    growing, full = Times(), Times()
    for number in range(starts):
        with closing(new_bench(folder / f"growing-{number}")) as bench:
            for _ in range(20):
                growing.payment(bench)
    with closing(new_bench(folder / "full")) as bench:
        for _ in range(200):
            bench.record(*bench.begin())
        for _ in range(payments):
            full.payment(bench)
    yield growing.result("commit, log growing")
    yield full.result("commit, log full grown")


def new_bench(folder: Path, *, ships: bool = False) -> Bench:
    """Return a journal in a new folder; `ships`: with an outbox."""
    folder.mkdir()
    bench = Bench(folder, ships=ships)
    bench.begin()  # makes the tables
    return bench


def wear(folder: Path, payments: int) -> Iterator[Result]:
    """Count what payments send to the device: the first ones of a log, and with what is written back."""
    with closing(new_bench(folder / "wear")) as bench:
        for name, count in (("a payment, to the device", 20), ("the same, written back", payments)):
            before = to_device()
            for _ in range(count):
                bench.record(*bench.begin())
            yield Result(name, (to_device() - before) / count / 1e3, "kB")


def to_device() -> int:
    """Return how many bytes this process has sent to disks; 0 on a file system in memory.

    The kernel counts whole blocks as they become dirty; a file system's own journal is not among them.
    """
    return _counted("write_bytes")


def _written() -> int:
    return _counted("wchar")


def _counted(name: str) -> int:
    """Return what the kernel has counted for this process."""
    text = Path("/proc/self/io").read_text(encoding="ascii")
    found = re.search(rf"^{name}: (\d+)", text, re.MULTILINE)
    return int(found[1]) if found else 0
