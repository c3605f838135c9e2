"""Opens the SQLite database of a journal for writing, or refuses it.

Invariant: a journal that existed once is never silently created again: that would forget what is
due. Only a person moves it aside (`kiosk-tui journal new`).
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Final

from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.journal import rows, schema
from kiosk_tui.journal.disk_space import require_room
from kiosk_tui.journal.refusals import (
    another,
    damaged,
    foreign,
    gone,
    lost_its_end,
    newer,
    no_file,
    two_names,
)
from kiosk_tui.journal.watermark import Watermark

Connect = Callable[[Path, str], sqlite3.Connection]
"""Opens a journal file with a `synchronous` setting; a proof hands in a disk that fails."""

CHECKED_WHOLE_BYTES: Final = 16 * 1024 * 1024
"""Up to this size a journal is checked whole at each start.

Of a larger one only the transactions are, with every index by which they are found: one flipped bit in an
index would hide what is due, or that an order was paid or paid back already.
"""


STATEMENTS: Final = 32
"""So many are kept ready: a register's. Python's 128 would keep those by which tables were made, 200 kB."""


def connect(path: Path, synchronous: str = "FULL") -> sqlite3.Connection:
    """Open a journal for writing. Raises `JournalUnavailableError` as `prepare` does, or `OSError`."""
    mark = Watermark(path)
    missing = not path.exists()
    if mark.exists() and (missing or path.stat().st_size == 0):
        raise JournalUnavailableError(gone(path))
    if not missing and not path.is_file():
        # a pipe would be waited for, for ever
        raise JournalUnavailableError(no_file(path))
    if not missing and path.stat().st_nlink > 1:
        raise JournalUnavailableError(two_names(path))
    require_room(path)
    if missing:
        # SQLite makes its files with the usual mask; a journal is nobody else's business.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    connection = sqlite3.connect(
        path,
        isolation_level=None,
        timeout=5.0,
        check_same_thread=False,
        cached_statements=STATEMENTS,
    )
    try:
        prepare(connection, path, synchronous)
        check_health(connection, path)
        _compare(connection, path, mark)
    except BaseException as error:
        connection.close()
        if _says_damage(error):
            raise JournalUnavailableError(damaged(path, str(error))) from error
        raise
    return connection


_OF_THE_DISK: Final = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_READONLY,
    }
)


def _says_damage(error: BaseException) -> bool:
    """Whether a file that could be read makes no sense: a word that is no text, a table that is not."""
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorcode", 0) & 0xFF not in _OF_THE_DISK
    return isinstance(error, ValueError)


def prepare(connection: sqlite3.Connection, path: Path, synchronous: str) -> None:
    """Make a fresh connection ready for writing: tables made and migrated when needed.

    Raises `JournalUnavailableError` for another program's database or a newer version's; the
    connection is closed then.
    """
    connection.row_factory = sqlite3.Row
    try:
        check_version(connection, path)
        connection.execute(f"PRAGMA page_size = {schema.PAGE_SIZE}")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {synchronous}")
        connection.execute("PRAGMA foreign_keys = ON")
        schema.migrate(connection)
    except BaseException:
        connection.close()
        raise


def check_version(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse, politely, what this version cannot read."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if tables and application != schema.APPLICATION_ID:
        raise JournalUnavailableError(foreign(path))
    if version > schema.VERSION:
        raise JournalUnavailableError(newer(path, version, schema.VERSION))


_GONE: Final = (
    "SELECT authorizing_from FROM register WHERE authorizing_from IS NOT 0"
    " AND NOT EXISTS (SELECT 1 FROM transactions WHERE id = authorizing_from)"
)
_UNLIKE_ITS_EVENT: Final = (
    f"SELECT id FROM transactions t WHERE {schema.MAY_AUTHORIZE} AND state = 'AUTHORIZING' AND state IS NOT"
    " (SELECT state_after FROM events WHERE transaction_id = t.id ORDER BY number DESC LIMIT 1)"
)
_CONTRADICTIONS: Final = (
    (_GONE, "is gone"),
    (_UNLIKE_ITS_EVENT, "is not in the state that its last event says"),
)
"""What a page that the disk has lost leaves of a payment that is under way: no index knows of it."""


def check_health(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse a journal that is not whole. Raises `JournalUnavailableError`."""
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    (page_size,) = connection.execute("PRAGMA page_size").fetchone()
    how = "1" if pages * page_size <= CHECKED_WHOLE_BYTES else "'transactions'"
    # not quick_check: that would not see an index that has lost what is due
    (found,) = connection.execute(f"PRAGMA integrity_check({how})").fetchone()
    if found != "ok":
        raise JournalUnavailableError(damaged(path, " ".join(str(found).split())))
    for row in connection.execute(
        f"SELECT {rows.STORED_COLUMNS} FROM transactions WHERE {schema.FOUND_TO_DO}"
    ):
        rows.check(row, path)
    for text, what in _CONTRADICTIONS:
        for (number,) in connection.execute(text):
            raise JournalUnavailableError(damaged(path, f"transaction {number} {what}"))


def _compare(connection: sqlite3.Connection, path: Path, mark: Watermark) -> None:
    reached, known = rows.reached(connection), mark.read()
    if known is None:
        mark.make(reached)
        return
    if known.identity != reached.identity:
        raise JournalUnavailableError(another(path))
    if known.is_ahead_of(reached):
        raise JournalUnavailableError(lost_its_end(path, reached, known))
