"""Finds transactions by the reference that a slip shows: the last nine digits of an id.

A reference is a time of day and comes again on other days: all of them are returned. The digits before it
are a day, so each day that occurs in the journal is tried by the primary key, the newest first. That does
not scan the table, and also finds days that no calendar has (a wrong clock, ids counted past midnight).
"""

from __future__ import annotations

import sqlite3
from typing import Final

from kiosk_tui.domain.identity import REFERENCE_DIGITS

_DAY: Final = 10**REFERENCE_DIGITS

_DAYS: Final = f"""
    WITH RECURSIVE days (day) AS (
        SELECT max(id) / {_DAY} FROM transactions
        UNION
        SELECT (SELECT max(id) FROM transactions WHERE id < day * {_DAY}) / {_DAY} FROM days
        WHERE day IS NOT NULL
    )
"""


def rows_of(connection: sqlite3.Connection, columns: str, reference: str) -> list[sqlite3.Row]:
    """Return what has this reference, the newest first; nothing when it is not nine digits."""
    if len(reference) != REFERENCE_DIGITS or not (reference.isascii() and reference.isdigit()):
        return []
    found = connection.execute(
        f"{_DAYS} SELECT {columns} FROM transactions"
        f" WHERE id IN (SELECT day * {_DAY} + ? FROM days) ORDER BY id DESC",
        (int(reference),),
    )
    return list(found)
