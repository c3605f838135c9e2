"""What happened on a day, read from one snapshot while the register goes on writing."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from pathlib import Path
from typing import Final

from kiosk_tui.domain.totals import LoggedState, Records
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
    bounds = rows.write_bound(start), rows.write_bound(end)
    connection.execute("BEGIN")
    try:
        found = connection.execute(
            f"{_TOUCHED}{_WITH_CANCELLED} SELECT {columns} FROM transactions"
            " WHERE id IN known ORDER BY id",
            bounds,
        ).fetchall()
        steps = connection.execute(
            f"{_TOUCHED}{_WITH_CANCELLED} SELECT transaction_id, at, state_before, state_after"
            " FROM events WHERE transaction_id IN known ORDER BY transaction_id, number",
            bounds,
        ).fetchall()
    finally:
        connection.execute("COMMIT")
    for row in found:
        rows.check(row, path)
    return Records(
        transactions=tuple(rows.read_transaction(row) for row in found),
        steps=tuple(_step(row) for row in steps),
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
    )
