"""Removes what is older than it is kept (`[keep]`), a step at a time, so that nobody waits for it.

A transaction that is not final stays, however old it is, and so do its events.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from kiosk_tui.domain.totals import UNFINISHED
from kiosk_tui.office.database import Connection, Pool
from kiosk_tui.office.queries.found import listed
from kiosk_tui.office.settings import KeepSection

STEP: Final = 1000
"""Rows that one statement removes."""

_TRANSACTIONS: Final = f"""
    WITH old AS (
        DELETE FROM kiosk_transaction WHERE (kiosk_id, transaction_id) IN (
            SELECT kiosk_id, transaction_id FROM kiosk_transaction
            WHERE begun_at < now() - $1::interval
                AND state NOT IN ({listed(UNFINISHED)})
            ORDER BY begun_at LIMIT $2)
        RETURNING kiosk_id, transaction_id
    ), events AS (
        DELETE FROM event USING old
        WHERE event.kiosk_id = old.kiosk_id AND event.transaction_id = old.transaction_id
    ), conflicts AS (
        DELETE FROM event_conflict USING old
        WHERE event_conflict.kiosk_id = old.kiosk_id AND event_conflict.transaction_id = old.transaction_id
    ), signatures AS (
        DELETE FROM signature USING old
        WHERE signature.kiosk_id = old.kiosk_id AND signature.transaction_id = old.transaction_id
    )
    SELECT count(*) FROM old
"""  # noqa: S608 - of our own words
_BY_TIME: Final = {
    # a day whose first payments may have gone could not be compared any more
    "days": ("business_day", "coalesce(opened_at, closed_at - interval '1 day')"),
    "health": ("health", "at"),
    "logins": ("login_session", "last_at"),
    "login_failures": ("login_failure", "at"),
    "actions": ("action", "at"),
}


async def tidy(
    connection: Connection | Pool, keep: KeepSection, step: int = STEP
) -> dict[str, int]:
    """Return how many rows went; each step is a transaction of its own."""
    logins = timedelta(days=keep.logins_days)
    ages = dict.fromkeys(_BY_TIME, logins) | {
        "health": timedelta(days=keep.health_days),
        "days": timedelta(days=keep.events_days),
    }
    removed = {
        "transactions": await _in_steps(
            connection, _TRANSACTIONS, timedelta(days=keep.events_days), step
        )
    }
    for name, (table, column) in _BY_TIME.items():
        query = (
            f"WITH old AS (DELETE FROM {table} WHERE ctid = ANY (ARRAY("  # noqa: S608 - our own words
            f"SELECT ctid FROM {table} WHERE {column} < now() - $1::interval LIMIT $2))"
            " RETURNING 1) SELECT count(*) FROM old"
        )
        removed[name] = await _in_steps(connection, query, ages[name], step)
    return removed


async def _in_steps(connection: Connection | Pool, query: str, age: timedelta, step: int) -> int:
    removed = 0
    while gone := await connection.fetchval(query, age, step):
        removed += gone
    return removed
