"""What happened on a day, read from one snapshot while the register goes on writing."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from kiosk_tui.domain.spans import LoggedState
from kiosk_tui.domain.totals import Records
from kiosk_tui.journal import rows, schema

_TOUCHED: Final = (
    "WITH touched (id) AS (SELECT transaction_id FROM events WHERE at >= ?1 AND at < ?2"
    " UNION SELECT id FROM transactions NOT INDEXED WHERE (updated_at >= ?1 AND updated_at < ?2)"
    f" OR ({schema.TO_DO} AND created_at < ?2))"
)
"""Transactions with an event on the day, or changed on it, and all that are unfinished.

The table itself is scanned: a corrupt index would hide what is unfinished.
"""


def touched(
    connection: sqlite3.Connection, path: Path, columns: str, start: datetime, end: datetime
) -> Records:
    """Return what happened from `start` on and before `end`, and what is unfinished.

    Raises `JournalUnavailableError` for a row that is not as it was written.
    """
    connection.execute("BEGIN")
    try:
        bounds = rows.write_bound(start), rows.write_bound(end)
        return _records(connection, path, columns, _TOUCHED, bounds)
    finally:
        connection.execute("COMMIT")


def since(connection: sqlite3.Connection, path: Path, columns: str, after: int) -> Records:
    """Return what was committed after the event in place `after`, and what is unfinished.

    To be called inside of a database transaction. Raises as `touched` does.
    """
    return _records(connection, path, columns, _SINCE, (after,))


def _records(
    connection: sqlite3.Connection,
    path: Path,
    columns: str,
    which: str,
    values: Sequence[object],
) -> Records:
    found = connection.execute(
        f"{which}{_WITH_CANCELLED} SELECT {columns} FROM transactions WHERE id IN known ORDER BY id",
        values,
    ).fetchall()
    steps = connection.execute(
        f"{which}{_WITH_CANCELLED} SELECT transaction_id, at, state_before, state_after,"
        f" {rows.place_of_event(connection)}"
        " FROM events WHERE transaction_id IN known ORDER BY transaction_id, number",
        values,
    ).fetchall()
    for row in found:
        rows.check(row, path)
    return Records(
        transactions=tuple(rows.read_transaction(row) for row in found),
        steps=tuple(_step(row) for row in steps),
    )


_SINCE: Final = (
    "WITH touched (id) AS (SELECT transaction_id FROM events WHERE seq > ?1"
    f" UNION SELECT id FROM transactions NOT INDEXED WHERE {schema.TO_DO})"
)

_WITH_CANCELLED: Final = (
    ", known (id) AS (SELECT id FROM touched UNION SELECT CAST(original_id AS INTEGER)"
    " FROM transactions WHERE id IN touched AND operation = 'cancellation')"
)
"""And the originals of the cancellations among them, which may be of another day."""


def _step(row: sqlite3.Row) -> LoggedState:
    return LoggedState(
        transaction_id=str(row["transaction_id"]),
        at=datetime.fromisoformat(row["at"]),
        before=row["state_before"],
        after=row["state_after"],
        seq=row["seq"],
    )
