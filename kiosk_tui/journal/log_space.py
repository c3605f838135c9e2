"""Space for SQLite's write-ahead log (`-wal`), written before it is needed.

A log that grows costs its file system a transaction of its own with each commit: blocks are allocated,
and the size changes. Where zeros lie already, a commit writes its pages and nothing else. A process that
ends after one payment would write more zeros than it saves, and writes none.

Invariants: zeros are appended behind the last byte of the log, by the holder of the `WriterLock`; no byte
that is there is written. To SQLite they are what a cut commit leaves: a frame without the salt of the log's
header, or, at its beginning, no header. Closing the log here drops no lock of SQLite's: those are on the
database and on `-shm`, and neither is opened (os_unix.c: only the main database is opened without
UNIXFILE_NOLOCK, and the log's locks are bytes of `-shm`).
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Protocol

from kiosk_tui.journal import database
from kiosk_tui.journal.disk_space import free_bytes

HEADER: Final = 32
FRAME_HEADER: Final = 24
"""Bytes before the log's first page, and before each of them (SQLite's file format, 4.1)."""

_LAST_COMMIT: Final = 32
"""Frames: the log is written back by the commit that reaches the set number of pages, not before it."""

_BLOCK: Final = 4096
"""Bytes that are written at once. The kernel counts a larger write as one piece, again at each commit."""

LEFT_FREE: Final = 16 * 1024 * 1024
"""Bytes: a disk with less than that beside the zeros gets none."""


class Log(Protocol):
    """The log's file. Its methods raise `OSError`."""

    def size(self) -> int:
        """Return its length in bytes."""

    def append(self, data: bytes) -> int:
        """Write behind the last byte; return how many bytes were written."""

    def sync(self) -> None:
        """Wait until it is on the disk."""


def connect(path: Path, synchronous: str = "FULL") -> sqlite3.Connection:
    """Open a journal as `database.connect` does, with space for its log. Raises the same.

    The caller holds the `WriterLock`. Without the space, as on a full disk, the log grows as it always
    did.
    """
    connection = database.connect(path, synchronous)
    # SQLite's log lies beside the file itself, not beside a symbolic link to it
    name = Path(os.path.realpath(path) + "-wal")
    with contextlib.suppress(OSError, sqlite3.Error), _opened(name) as log:
        size = most_bytes(connection)
        if free_bytes(name.parent) >= size + LEFT_FREE:
            fill(connection, log, size)
    return connection


def most_bytes(connection: sqlite3.Connection) -> int:
    """Return how long the log gets before SQLite writes it back and begins it anew."""
    (page,) = connection.execute("PRAGMA page_size").fetchone()
    (pages,) = connection.execute("PRAGMA wal_autocheckpoint").fetchone()
    return HEADER + (int(pages) + _LAST_COMMIT) * (FRAME_HEADER + int(page))


def fill(connection: sqlite3.Connection, log: Log, size: int) -> None:
    """Append zeros to a log that is shorter than `size` bytes, and sync them; first it is written back.

    Raises `OSError` or `sqlite3.Error`: then there are fewer zeros, or none.
    """
    end = log.size()
    if end >= size:
        return
    connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    while end < size:
        end += log.append(bytes(_BLOCK - end % _BLOCK))
    log.sync()


class _LogFile:
    """The real one; `file` was opened with O_APPEND."""

    def __init__(self, file: int) -> None:
        self._file = file

    def size(self) -> int:
        return os.fstat(self._file).st_size

    def append(self, data: bytes) -> int:
        return os.write(self._file, data)

    def sync(self) -> None:
        os.fsync(self._file)


@contextlib.contextmanager
def _opened(log: Path) -> Iterator[_LogFile]:
    file = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        yield _LogFile(file)
    finally:
        os.close(file)
