"""Removes old transactions while the register goes on writing, in small steps.

Owns: which transactions may be removed. Never an unfinished one, nor one that a kept one refers to. The
age is counted from the newest transaction when the clock is later than that: a clock that jumped ahead
must not empty the journal.
Invariant: a transaction is removed with all its rows, in one commit, or stays.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.journal import rows, schema
from kiosk_tui.journal.database import check_health, check_version
from kiosk_tui.journal.disk_space import require_room
from kiosk_tui.journal.maintenance import transaction_rows
from kiosk_tui.journal.refusals import damaged

LEAST_DAYS: Final = 90
"""Refunds and complaints come for about so long."""

STEP: Final = 25
"""Transactions in one commit: a payment may have to wait for it."""

MOST_WAITS: Final = 600
"""How often a running payment, or another writer, is waited for, one second each time."""

_REST: Final = 4.0
"""The pause after each step, as a multiple of the time that the step took."""

_OLD: Final = f"created_at < :cutoff AND updated_at < :cutoff AND NOT ({schema.TO_DO})"

_MAY_GO: Final = f"""
    WITH RECURSIVE kept (id) AS (
        SELECT id FROM transactions WHERE NOT ({_OLD})
        UNION
        SELECT CAST(t.original_key AS INTEGER) FROM kept JOIN transactions t ON t.id = kept.id
        WHERE t.original_key IS NOT NULL
    )
    SELECT id FROM transactions WHERE {_OLD} AND id NOT IN (SELECT id FROM kept) ORDER BY id
"""

Rest = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Pruned:
    """What was removed; `left` counts what could not be, because payments left no time for it."""

    removed: int
    left: int
    before: datetime | None


def open_to_prune(path: Path) -> sqlite3.Connection:
    """Open a journal beside the register that writes it. Raises `JournalUnavailableError`."""
    try:
        require_room(path)
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None, timeout=5.0
        )
        try:
            connection.row_factory = sqlite3.Row
            check_version(connection, path)
            _check_same_version(connection, path)
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            check_health(connection, path)
        except BaseException:
            connection.close()
            raise
    except (sqlite3.Error, OSError) as error:
        raise JournalUnavailableError(f"The journal {path} cannot be used: {error}.") from error
    return connection


def _check_same_version(connection: sqlite3.Connection, path: Path) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version < schema.VERSION:
        raise JournalUnavailableError(
            f"The journal {path} has an older format: the register brings it up to date when it"
            " starts. Nothing was removed."
        )


def prune(
    connection: sqlite3.Connection, path: Path, days: int, now: datetime, rest: Rest = time.sleep
) -> Pruned:
    """Remove what ended more than `days` ago. Raises `JournalUnavailableError`."""
    if days < LEAST_DAYS:
        raise ValueError(f"{days} days are too few: at least {LEAST_DAYS} are kept.")
    try:
        return _prune(connection, days, now, rest)
    except sqlite3.Error as error:
        raise JournalUnavailableError(
            f"The journal {path} could not be pruned: {error}. What was removed so far is removed"
            " whole; nothing else has changed."
        ) from error
    except (ValueError, TypeError) as error:  # a time that no version of ours has written
        raise JournalUnavailableError(damaged(path, str(error))) from error


def _prune(connection: sqlite3.Connection, days: int, now: datetime, rest: Rest) -> Pruned:
    newest, newest_id = connection.execute(
        "SELECT max(created_at), max(id) FROM transactions"
    ).fetchone()
    if newest is None:
        return Pruned(0, 0, None)
    before = min(now, datetime.fromisoformat(newest)) - timedelta(days)
    cutoff = rows.write_time(before)
    ids = [row[0] for row in connection.execute(_MAY_GO, {"cutoff": cutoff})]
    done, removed, waits = 0, 0, 0
    while done < len(ids) and waits <= MOST_WAITS:
        step, began = ids[done : done + STEP], time.monotonic()
        gone = _remove(connection, step, newest_id)
        if gone is None:
            waits += 1
            rest(1.0)
        else:
            done, removed = done + len(step), removed + gone
            rest((time.monotonic() - began) * _REST)
    return Pruned(removed, len(ids) - done, before)


def _remove(connection: sqlite3.Connection, ids: Sequence[int], newest_id: int) -> int | None:
    """Remove these, but for what is in use again; None when somebody else needs the journal now."""
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
            return None
        raise
    try:
        busy = connection.execute(
            f"SELECT 1 FROM transactions WHERE {schema.TO_DO}"
            " AND state IN ('AUTHORIZING', 'GIVEN_UP') LIMIT 1"
        ).fetchone()
        going = [one for one in ids if busy is None and not _named(connection, one, newest_id)]
        transaction_rows.remove(connection, going)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return None if busy else len(going)


def _named(connection: sqlite3.Connection, one: int, since: int) -> bool:
    """Say whether something refers to it that began after we looked for what may go."""
    return (
        connection.execute(
            "SELECT 1 FROM transactions WHERE id > ? AND CAST(original_key AS INTEGER) = ?",
            (since, one),
        ).fetchone()
        is not None
    )
