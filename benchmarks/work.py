"""What the commits of a payment cost in instructions, against SQLite alone with the same statements.

The disk, on whose speed the ratios of `disk` depend, is left out: nothing is synced.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, cast

from benchmarks.disk import Bench
from benchmarks.instructions import Count
from benchmarks.result import Result
from kiosk_tui.journal.database import Connect, connect

_PAYMENTS: Final = 200
_CODE: Final = """
import gc
gc.disable()  # when it looks for garbage depends on everything that was done before
from pathlib import Path
from benchmarks import work
folder = Path({folder!r})
statements = work.noted(folder, {payments})
{then}
"""

Statement = tuple[str, Sequence[Any]]


def commits(count: Count, folder: Path) -> Iterator[Result]:
    """Count what both commits of a payment are, in thousands; what comes before is the same for all."""

    def of(name: str, then: str) -> float:
        own = folder / name
        own.mkdir()
        return count.of(_CODE.format(folder=str(own), payments=_PAYMENTS, then=then))

    of("first", "")  # may have to compile what it loads
    before = of("before", "")
    ours = of("ours", f"work.pay(folder / 'ours', {_PAYMENTS})") - before
    alone = of("alone", "work.repeat(folder, statements)") - before
    yield Result(
        "a payment's commits, their work", ours * 1e3 / _PAYMENTS, "k", alone * 1e3 / _PAYMENTS
    )


def noted(folder: Path, payments: int) -> list[Statement]:
    """Return the statements of so many payments."""
    found: list[Statement] = []

    def noting(path: Path, synchronous: str) -> sqlite3.Connection:
        return cast("sqlite3.Connection", _Noting(connect(path, synchronous), found))

    pay(folder / "noted", payments, noting)
    return found


def pay(folder: Path, payments: int, connect: Connect = connect) -> None:
    """Commit payments in a new folder."""
    folder.mkdir()
    bench = Bench(folder, synchronous="OFF", connect=connect)
    for _ in range(payments):
        bench.record(*bench.begin())


def repeat(folder: Path, statements: Sequence[Statement]) -> None:
    """Let SQLite do the same."""
    connection = connect(folder / "alone.db", "OFF")
    for text, values in statements:
        connection.execute(text, values).fetchall()


class _Noting:
    """A connection that notes down what is asked of it, once it is open."""

    def __init__(self, connection: sqlite3.Connection, found: list[Statement]) -> None:
        self._connection = connection
        self._found = found

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def execute(self, text: str, values: Sequence[Any] = ()) -> sqlite3.Cursor:
        """Note it, and pass it on."""
        self._found.append((text, values))
        return self._connection.execute(text, values)
