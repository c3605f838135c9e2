"""What a journal commit costs, against the least that survives a power cut: append and fsync."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from benchmarks.result import Result, ratio
from kiosk_tui.domain.lifecycle import Event
from kiosk_tui.domain.money import Currency, Money
from kiosk_tui.domain.outcome import Answer
from kiosk_tui.domain.transaction import Exchange, Operation, Order, Place, Transaction
from kiosk_tui.journal.store import Store

EUR = Currency("EUR", 2)
ORDER = Order(Operation.SALE_AND_TIP, Money(1255, EUR), Place("88091105", "1"), Money(125, EUR))
ANSWER = Answer("0", "APPROVED", fields={"authorization_number": "123456"})


class Bench:
    """A journal and a plain file, side by side on the same disk."""

    def __init__(self, folder: Path) -> None:
        self._store = Store(folder / "commits.db")
        self._raw = os.open(folder / "raw", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def close(self) -> None:
        """Close both files."""
        self._store.close()
        os.close(self._raw)

    def begin(self) -> tuple[Transaction, Exchange]:
        """Commit what must be on disk before a payment's first byte leaves."""
        return self._store.begin(ORDER, 1380, datetime.now(UTC))

    def record(self, transaction: Transaction, exchange: Exchange) -> None:
        """Commit how it ended."""
        now = datetime.now(UTC)
        after, _ = transaction.after(Event.APPROVED, now)
        answered = replace(exchange, answered_at=now, verdict="approved", answer=ANSWER)
        self._store.record(
            transaction.state, replace(after, answer=ANSWER), Event.APPROVED, answered
        )

    def append(self, size: int) -> None:
        """Write as many bytes as a commit does, and wait until they are on the disk."""
        os.write(self._raw, bytes(size))
        os.fsync(self._raw)


def commits(folder: Path, payments: int) -> Iterator[Result]:
    """Time both commits of a payment, each in turn with an append of as many bytes."""
    bench = Bench(folder)
    try:
        begin_size, record_size = _sizes(bench)
        times: dict[str, list[float]] = {
            name: [] for name in ("begin", "raw begin", "record", "raw record")
        }

        def timed(name: str, work: Callable[[], object]) -> None:
            start = time.perf_counter()
            work()
            times[name].append(time.perf_counter() - start)

        for _ in range(payments):
            begun: list[tuple[Transaction, Exchange]] = []
            timed("begin", lambda begun=begun: begun.append(bench.begin()))
            timed("raw begin", lambda: bench.append(begin_size))
            timed("record", lambda begun=begun: bench.record(*begun[0]))
            timed("raw record", lambda: bench.append(record_size))
    finally:
        bench.close()
    for name, words in (("begin", "payment begun"), ("record", "outcome recorded")):
        ours, raw = (median(times[one]) * 1e3 for one in (name, f"raw {name}"))
        yield ratio(f"commit, {words}", ours, raw, "ms", target=1.5)


def _sizes(bench: Bench) -> tuple[int, int]:
    """Return how many bytes each of the two commits writes, as a median of some."""
    begins, records = [], []
    for _ in range(21):
        start = _written()
        begun = bench.begin()
        middle = _written()
        bench.record(*begun)
        begins.append(middle - start)
        records.append(_written() - middle)
    return median(begins), median(records)


def _written() -> int:
    """Return how many bytes this process has written so far."""
    found = re.search(r"^wchar: (\d+)", Path("/proc/self/io").read_text(encoding="ascii"))
    found = re.search(r"wchar: (\d+)", Path("/proc/self/io").read_text(encoding="ascii"))
    return int(found[1]) if found else 0
