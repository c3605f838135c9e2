"""A transaction with its exchanges and events, as rows: copied between journals, or removed.

Invariant: a transaction whose rows were changed, or contradict each other, is not copied.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.journal import register_events, rows
from kiosk_tui.journal.outbox import BUT_THE_LAST
from kiosk_tui.journal.schema import events_removable
from kiosk_tui.records import dataclass

_TABLES: Final = (
    ("transactions", rows.TOLD_COLUMNS),
    ("exchanges", rows.EXCHANGE_COLUMNS),
    ("events", rows.EVENT_COLUMNS),
)
_KEY: Final = {"transactions": "id", "exchanges": "transaction_id", "events": "transaction_id"}

Rows = tuple[tuple[Any, ...], ...]


@dataclass(frozen=True, slots=True)
class TransactionRows:
    """The rows of one transaction, table by table."""

    id: int
    transaction: Rows
    exchanges: Rows
    events: Rows

    def goes_on_from(self, other: TransactionRows) -> bool:
        """Say whether this has all events of the other one, and more."""
        told = len(other.events)
        return len(self.events) > told and self.events[:told] == other.events


def read(connection: sqlite3.Connection, path: Path, number: int) -> TransactionRows | None:
    """Return one transaction's rows, or None when it is not there or not whole."""
    try:
        found = {
            table: tuple(
                connection.execute(
                    f"SELECT {_known(connection, table, columns)} FROM {table} WHERE {_KEY[table]} = ? ORDER BY 1, 2",
                    (number,),
                )
            )
            for table, columns in _TABLES
        }
        checked = rows.known(connection, rows.STORED_COLUMNS)
        for row in connection.execute(
            f"SELECT {checked} FROM transactions WHERE id = ?", (number,)
        ):
            rows.check(row, path)
            rows.read_transaction(row)
    except (sqlite3.Error, JournalUnavailableError, ValueError, TypeError, KeyError):
        return None
    one = TransactionRows(number, *(tuple(map(tuple, found[table])) for table, _ in _TABLES))
    return one if found["transactions"] and _is_consistent(one) else None


def _known(connection: sqlite3.Connection, table: str, columns: str) -> str:
    return rows.known(connection, columns) if table == "transactions" else columns


def numbers(connection: sqlite3.Connection) -> Iterator[int]:
    """Yield the ids that can still be read, from both ends of a file that may be damaged."""
    seen: set[int] = set()
    for order in ("DESC", "ASC"):
        with contextlib.suppress(sqlite3.Error):
            for row in connection.execute(f"SELECT id FROM transactions ORDER BY id {order}"):
                if row[0] not in seen:
                    seen.add(row[0])
                    yield row[0]


def write(connection: sqlite3.Connection, one: TransactionRows) -> None:
    """Insert a transaction, in the place of the shorter version that the journal may hold.

    Its keys are for `keys.fill` to give: two journals may have taken two spellings for two. What the journal
    did not have comes behind everything that it has, in the order of commits.
    """
    places = dict(
        connection.execute("SELECT number, seq FROM events WHERE transaction_id = ?", (one.id,))
    )
    remove(connection, [one.id])
    placed = tuple(
        # as the backup has it: a closed day has counted it there
        (*row, places[row[1]] if row[1] in places else register_events.next_seq(connection))
        for row in one.events
    )
    tables = (*_TABLES[:2], ("events", f"{rows.EVENT_COLUMNS}, seq"))
    for (table, columns), values in zip(
        tables, (one.transaction, one.exchanges, placed), strict=True
    ):
        marks = ", ".join("?" for _ in columns.split(","))
        for row in values:
            connection.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", row)


def remove(connection: sqlite3.Connection, ids: list[int]) -> None:
    """Remove transactions with all their rows, inside of the open database transaction."""
    marks = ", ".join("?" * len(ids))
    connection.execute(
        f"DELETE FROM outbox WHERE transaction_id IN ({marks}) AND {BUT_THE_LAST}", ids
    )
    with events_removable(connection):
        for table, _ in reversed(_TABLES):
            for number in ids:
                connection.execute(f"DELETE FROM {table} WHERE {_KEY[table]} = ?", (number,))


def _is_consistent(one: TransactionRows) -> bool:
    state: str | None = None
    for count, (_, number, _, _, before, after, *_) in enumerate(one.events, 1):
        if number != count or before != state:
            return False
        state = after
    return bool(state == one.transaction[0][2])
