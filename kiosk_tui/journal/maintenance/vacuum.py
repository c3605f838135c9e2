"""Gives the space of removed transactions back to the disk.

SQLite uses free pages again, so a journal in use does not grow by them. VACUUM locks the file for as
long as it takes: only where no register runs, and only where it is worth it.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Final

from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.journal.database import connect
from kiosk_tui.journal.disk_space import free_bytes

WORTH_BYTES: Final = 1024 * 1024
WORTH_SHARE: Final = 0.2
_SPACE_FACTOR: Final = 2.5
"""Free space that is needed, in sizes of the file: SQLite writes a copy and a log, each as large."""


def vacuum(path: Path, worth_bytes: int = WORTH_BYTES) -> int:
    """Rewrite the journal without its free pages; return the bytes that were given back.

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
    if free_bytes(path.parent) < size * _SPACE_FACTOR:
        raise JournalUnavailableError(
            f"The disk of {path} has no room to write the journal anew: nothing was done."
        )
    connection.execute("VACUUM")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return max(0, size - path.stat().st_size)


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    (value,) = connection.execute(f"PRAGMA {name}").fetchone()
    return int(value)
