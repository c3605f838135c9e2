"""Giving the room of what was removed back to the disk.

Pages that are free are used again, so a journal in use does not grow by them. Writing the file anew
takes it away from everybody for as long: only where no register runs, and where it is worth it.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Final

from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.journal.opening import connect
from kiosk_tui.journal.room import free_bytes

WORTH_BYTES: Final = 1024 * 1024
WORTH_SHARE: Final = 0.2
_ROOM: Final = 2.5
"""SQLite writes a copy and a log of it, each as large as the file."""


def vacuum(path: Path, worth_bytes: int = WORTH_BYTES) -> int:
    """Write the journal anew where that pays; return the bytes that were given back.

    The caller holds the `WriterLock`. Raises `JournalUnavailableError`.
    """
    try:
        connection = connect(path)
        try:
            return _vacuum(connection, path, worth_bytes)
        finally:
            connection.close()
    except (OSError, sqlite3.Error) as error:
        raise JournalUnavailableError(
            f"The journal {path} could not be written anew: {error}. It is as it was."
        ) from error


def _vacuum(connection: sqlite3.Connection, path: Path, worth_bytes: int) -> int:
    free = _pragma(connection, "freelist_count") * _pragma(connection, "page_size")
    size = path.stat().st_size
    if free < worth_bytes or free < size * WORTH_SHARE:
        return 0
    if free_bytes(path.parent) < size * _ROOM:
        raise JournalUnavailableError(
            f"The disk of {path} has no room to write the journal anew: nothing was done."
        )
    connection.execute("VACUUM")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return max(0, size - path.stat().st_size)


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    (value,) = connection.execute(f"PRAGMA {name}").fetchone()
    return int(value)
