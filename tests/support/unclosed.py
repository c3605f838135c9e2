"""Tells which journal files nobody closed, and where they were opened, on every Python.

Python 3.13 alone warns of a database that was forgotten, and does not say whose it was. Files, sockets,
transports and child processes warn on each of them.
"""

from __future__ import annotations

import contextlib
import gc
import sqlite3
import sys
from collections.abc import Iterator
from types import FrameType
from typing import Any

import pytest

_DEEP = 14
_forgotten: list[str] = []


class WatchedConnection(sqlite3.Connection):
    """A connection that knows where it was opened, and whether somebody closed it."""

    _opened_at = ""

    def __init__(self, *words: Any, **more: Any) -> None:
        super().__init__(*words, **more)
        callers = list(_callers(sys._getframe(1)))[:_DEEP]
        self._opened_at = " < ".join(f"{one.f_code.co_filename}:{one.f_lineno}" for one in callers)

    def close(self) -> None:
        super().close()
        self._opened_at = ""

    def __del__(self) -> None:
        # Told after the test: this may run in the middle of anything.
        if self._opened_at:
            _forgotten.append(self._opened_at)
            with contextlib.suppress(sqlite3.ProgrammingError):  # another thread's
                self.close()


def _callers(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        if frame.f_code.co_filename != __file__:
            yield frame
        frame = frame.f_back


def watched() -> Iterator[None]:
    """Watch every database of this process, whoever opens it; fail for what is left at the end."""
    connect = sqlite3.connect
    with pytest.MonkeyPatch.context() as patch:

        def watching(*words: Any, **more: Any) -> sqlite3.Connection:
            connection: sqlite3.Connection = connect(
                *words, **{"factory": WatchedConnection} | more
            )
            return connection

        patch.setattr(sqlite3, "connect", watching)
        yield
        gc.collect()
        tell()


def tell() -> None:
    """Fail for each database that was forgotten since the last look."""
    told = [f"Nobody closed the database that was opened at {place}" for place in _forgotten]
    _forgotten.clear()
    if told:
        pytest.fail("\n".join(told), pytrace=False)
