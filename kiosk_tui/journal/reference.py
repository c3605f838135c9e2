"""From the reference that a slip shows, the last nine digits of an id, to the transactions it may mean.

A reference is a time of day and comes again on other days: whoever asks gets all of them. What stands
before it in an id is a day, so each day that the journal knows is tried by the table's own key, the
newest first: a million rows are not read, and a day that no calendar has (the clock was wrong, an id
counted on past midnight) is as good as any other.
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
