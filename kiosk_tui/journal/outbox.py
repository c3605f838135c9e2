"""What a head office is still to be told: one row for each event, in the order of commits.

Events of the register itself (`schema.TOLD`) stand under the transaction 0 and their place there.

Owns: whether the outbox is filled (`register.ships`), and which of its rows may go.
Invariant: the highest row always stays, so that SQLite never gives its number again. A trigger writes a
row with each event, in the event's own commit; without a fleet there is none.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Final

from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.journal import rows, schema, time_range
from kiosk_tui.journal.database import check_version
from kiosk_tui.journal.disk_space import require_room

TRIM_STEP: Final = 1000
"""Rows that are removed in one commit: some 20 kB, a few milliseconds."""

BUT_THE_LAST: Final = "seq < (SELECT max(seq) FROM outbox)"


def keep(connection: sqlite3.Connection, *, ships: bool, anew: bool = False) -> None:
    """Fill the outbox from all events from now on, or empty it; in one commit.

    Nothing is done where it is so already, unless everything is to be told `anew`. Raises `sqlite3.Error`;
    nothing has changed then. Filling it from 400,000 events holds the write lock for about a second.
    """
    if not anew and _ships(connection) == ships:
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.execute("UPDATE register SET ships = ?", (int(ships),))
        fill_again(connection)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def fill_again(connection: sqlite3.Connection) -> None:
    """Let everything be told again, where a head office is told; inside of the open transaction.

    What was told under a journal's former identity may be asked for under its new one.
    """
    connection.execute(f"DELETE FROM outbox WHERE {BUT_THE_LAST}")
    connection.execute(
        "INSERT INTO outbox (transaction_id, number) SELECT transaction_id, number FROM events"
        " WHERE (SELECT ships FROM register) ORDER BY transaction_id, number"
    )
    connection.execute(
        "INSERT INTO outbox (transaction_id, number) SELECT 0, seq FROM register_events"
        f" WHERE {schema.TOLD} AND (SELECT ships FROM register) ORDER BY seq"
    )


def keep_beside(path: Path, *, ships: bool, anew: bool = False) -> None:
    """Do what `keep` does beside a register that may be running.

    To be called after `office.json` was put there or removed: a register that opens its journal looks
    whether it is there. Where there is no journal yet, or one of an older format, nothing is done: the
    register does it when it starts. Raises `JournalUnavailableError`.
    """
    if not path.exists() or path.stat().st_size == 0:
        return
    try:
        connection = open_beside(path)
        try:
            if version(connection) >= schema.VERSION:
                keep(connection, ships=ships, anew=anew)
        finally:
            connection.close()
    except (sqlite3.Error, OSError) as error:
        raise JournalUnavailableError(f"The journal {path} cannot be used: {error}.") from error


def tell_again(path: Path, days: Iterable[str]) -> int:
    """Put these days' events (UTC, by the transactions' ids) at the end once more; return how many.

    With them go the business days that were closed then.
    In one commit, beside a register that may be running; nothing where no head office is told. Raises
    `JournalUnavailableError`.
    """
    try:
        connection = open_beside(path)
        try:
            connection.execute("BEGIN IMMEDIATE")
            count = sum(_tell_day_again(connection, day) for day in days)
            connection.execute("COMMIT")
            return count
        finally:
            connection.close()
    except (sqlite3.Error, OSError) as error:
        raise JournalUnavailableError(f"The journal {path} cannot be used: {error}.") from error


def _tell_day_again(connection: sqlite3.Connection, day: str) -> int:
    first, beyond = time_range.ids_of_day(day)
    count = connection.execute(
        "INSERT INTO outbox (transaction_id, number) SELECT transaction_id, number"
        " FROM events WHERE (SELECT ships FROM register) AND transaction_id >= ?"
        " AND transaction_id < ? ORDER BY transaction_id, number",
        (first, beyond),
    ).rowcount
    end = time_range.end_of_day(first)
    if end is None:
        return count
    bounds = (rows.write_bound(end - timedelta(days=1)), rows.write_bound(end))
    return (
        count
        + connection.execute(
            "INSERT INTO outbox (transaction_id, number) SELECT 0, seq FROM register_events"
            f" WHERE {schema.TOLD} AND (SELECT ships FROM register) AND at >= ? AND at < ? ORDER BY seq",
            bounds,
        ).rowcount
    )


def open_beside(path: Path) -> sqlite3.Connection:
    """Open a journal for writing beside the register. Raises `JournalUnavailableError` or `sqlite3.Error`."""
    require_room(path)
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None, timeout=5.0
    )
    try:
        connection.row_factory = sqlite3.Row
        check_version(connection, path)
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
    except BaseException:
        connection.close()
        raise
    return connection


def version(connection: sqlite3.Connection) -> int:
    """Return the format of an opened journal."""
    (found,) = connection.execute("PRAGMA user_version").fetchone()
    return int(found)


def last(connection: sqlite3.Connection) -> int:
    """Return the highest place that was given; 0 for none."""
    (found,) = connection.execute("SELECT coalesce(max(seq), 0) FROM outbox").fetchone()
    return int(found)


def holds(connection: sqlite3.Connection, stored: int | None) -> bool:
    """Say whether it is unknown what head office has: then nothing may be removed.

    `stored` is the last place that it has stored, 0 where nothing is known, None without a fleet.
    """
    return stored is not None and (stored == 0 or not _ships(connection))


def trim(connection: sqlite3.Connection, stored: int) -> int:
    """Remove up to `TRIM_STEP` rows that head office has stored; return how many went."""
    return connection.execute(
        "DELETE FROM outbox WHERE seq IN (SELECT seq FROM outbox WHERE seq <= ?"
        f" AND {BUT_THE_LAST} ORDER BY seq LIMIT ?)",
        (stored, TRIM_STEP),
    ).rowcount


def _ships(connection: sqlite3.Connection) -> bool:
    (found,) = connection.execute("SELECT ships FROM register").fetchone()
    return bool(found)
