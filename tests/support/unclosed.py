"""Tells which journal files nobody closed, and which tasks nobody ended, on every Python.

Python 3.13 alone warns of a database that was forgotten, and does not say whose it was; a task that was
forgotten is only logged. Files, sockets, transports and child processes warn on each of them.
"""

from __future__ import annotations

import contextlib
import gc
import logging
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
            _forgotten.append(f"Nobody closed the database that was opened at {self._opened_at}")
            with contextlib.suppress(sqlite3.ProgrammingError):  # another thread's
                self.close()


class _Tasks(logging.Handler):
    """Hears of tasks that were forgotten before they ended."""

    def emit(self, record: logging.LogRecord) -> None:
        said = record.getMessage()
        if "was destroyed but it is pending" in said:
            _forgotten.append(said)


def _callers(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        if frame.f_code.co_filename != __file__:
            yield frame
        frame = frame.f_back


def watched() -> Iterator[None]:
    """Watch every database and task of this process, and fail for those that are left at the end."""
    connect = sqlite3.connect
    asyncio_log, tasks = logging.getLogger("asyncio"), _Tasks()
    with pytest.MonkeyPatch.context() as patch:

        def watching(*words: Any, **more: Any) -> sqlite3.Connection:
            connection: sqlite3.Connection = connect(
                *words, **{"factory": WatchedConnection} | more
            )
            return connection

        patch.setattr(sqlite3, "connect", watching)
        asyncio_log.addHandler(tasks)
        yield
        gc.collect()
        asyncio_log.removeHandler(tasks)
        tell()


def tell() -> None:
    """Fail for all that was forgotten since the last look."""
    told = "\n".join(_forgotten)
    _forgotten.clear()
    if told:
        pytest.fail(told, pytrace=False)
