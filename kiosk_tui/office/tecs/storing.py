"""TECS's words into the database: told again, out of order or changed, the same rows stand there in the end.

Of two words about one transaction by one source the newer one stays, by the latest moment that each names;
of the same moment, what has been cleared; else by a digest, so that the order of arrival decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from kiosk_tui.office.database import Connection
from kiosk_tui.office.tecs.allowed import TecsEntry

_KEY: Final = ("terminal", "transaction_id", "told_by", "sequence", "story")
_CONTENT: Final = (
    "source_id", "kind", "original_id", "original_terminal", "response_code", "verdict", "minor", "tip_minor",
    "currency", "authorization_number", "stan", "brand", "at", "cancelled", "cleared", "clearing_status",
    "clearing_batch", "clearing_minor", "clearing_currency", "cleared_at", "as_of", "digest",
)  # fmt: skip
_COLUMNS: Final = (*_KEY, *_CONTENT)
_ORDER: Final = ("as_of", "cleared", "digest")

_TABLE: Final = """
CREATE TEMP TABLE IF NOT EXISTS told (LIKE tecs_transaction INCLUDING DEFAULTS) ON COMMIT DELETE ROWS
"""


def _merge() -> str:
    newer = (
        f"({', '.join(f'excluded.{name}' for name in _ORDER)})"
        f" > ({', '.join(f't.{name}' for name in _ORDER)})"
    )
    change = ", ".join(
        f"{name} = CASE WHEN {newer} THEN excluded.{name} ELSE t.{name} END" for name in _CONTENT
    )
    names, key = ", ".join(_COLUMNS), ", ".join(_KEY)
    best = ", ".join(f"{name} DESC" for name in _ORDER)
    return (
        f"INSERT INTO tecs_transaction AS t ({names}, times_told)"  # noqa: S608 - our own column names
        f" SELECT {names}, times FROM ("
        f" SELECT *, count(*) OVER (PARTITION BY {key}) AS times,"
        f" row_number() OVER (PARTITION BY {key} ORDER BY {best}) AS place FROM told) one"
        f" WHERE place = 1 ORDER BY {key}"  # whoever writes at the same time waits, and never for ever
        f" ON CONFLICT ({key}) DO UPDATE SET times_told = t.times_told + excluded.times_told,"
        f" last_told_at = now(), {change}"
    )


_MERGE: Final = _merge()


async def put(connection: Connection, entries: Iterable[TecsEntry]) -> None:
    """Lay entries beside what is stored; `merge` takes them up in the same transaction."""
    await connection.execute(_TABLE)
    await connection.copy_records_to_table(
        "told", records=map(_record, entries), columns=_COLUMNS, timeout=600
    )


async def merge(connection: Connection) -> None:
    """Take up what was put. Nothing goes a step backwards, and no word is counted as none."""
    await connection.execute(_MERGE, timeout=1800)


async def store(connection: Connection, entries: Iterable[TecsEntry]) -> None:
    """Store a few entries in a transaction of their own: on return they are committed."""
    async with connection.transaction():
        await put(connection, entries)
        await merge(connection)


def _record(entry: TecsEntry) -> tuple[Any, ...]:
    given = entry.__dict__ | {
        "transaction_id": int(entry.transaction_id),
        "original_id": None if entry.original_id is None else int(entry.original_id),
        "story": entry.story,
        "digest": entry.digest,
    }
    return tuple(given[name] for name in _COLUMNS)
