"""A transaction with its exchanges and events, as rows: copied between journals, or removed.

Invariant: a transaction whose rows were changed, or contradict each other, is not copied.
"""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.journal import rows
from kiosk_tui.journal.maintenance import signature_rows
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


def write(connection: sqlite3.Connection, one: TransactionRows) -> Rows:
    """Insert a transaction, in the place of the shorter version that the journal may hold.

    What the journal had keeps its place in the order of commits: a closed day has counted it there. Returns
    the events that it did not have: they are for the caller to add to the chain, behind everything that
    stands in it. The keys are for `keys.fill` to give: two journals may have taken two spellings for two.
    """
    known = connection.execute(
        f"SELECT {rows.EVENT_COLUMNS}, seq FROM events WHERE transaction_id = ? ORDER BY number",
        (one.id,),
    ).fetchall()
    with signature_rows.kept(connection, one.id):
        with events_removable(connection):
            _delete(connection, [one.id])
        for (table, columns), values in zip(
            _TABLES, (one.transaction, one.exchanges, ()), strict=True
        ):
            for row in values:
                _insert(connection, table, columns, row)
        for row in known:
            _insert(connection, "events", f"{rows.EVENT_COLUMNS}, seq", row)
    return one.events[len(known) :]


def places(connection: sqlite3.Connection, events: Rows) -> list[int]:
    """Return the places of events in the order of commits; 0 where the journal has none yet."""
    place = rows.place_of_event(connection)
    text = f"SELECT {place} FROM events WHERE transaction_id = ? AND number = ?"
    return [connection.execute(text, one[:2]).fetchone()[0] for one in events]


def _insert(connection: sqlite3.Connection, table: str, columns: str, row: Sequence[Any]) -> None:
    marks = ", ".join("?" for _ in columns.split(","))
    connection.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", tuple(row))


def remove(
    connection: sqlite3.Connection, ids: Sequence[int], places: Iterable[int]
) -> tuple[list[tuple[int, int, str]], str]:
    """Remove transactions with all their rows, inside of the open database transaction.

    `places` are the chain's entries about them that no event has. Returns what proves it: the chain's gaps
    (first place, last place, link of the last) and the SHA-256 of the removed links.
    """
    marks = ", ".join("?" * len(ids))
    connection.execute(
        f"DELETE FROM outbox WHERE transaction_id IN ({marks}) AND {BUT_THE_LAST}", ids
    )
    found = connection.execute(
        f"SELECT seq FROM events WHERE transaction_id IN ({marks}) AND seq IS NOT NULL", ids
    )
    going = sorted({*places, *(row[0] for row in found)})
    gaps: list[tuple[int, int, str]] = []
    links = hashlib.sha256()
    with events_removable(connection):
        _delete(connection, ids)
        for seq in going:
            (link,) = connection.execute(
                "DELETE FROM chain WHERE seq = ? RETURNING link", (seq,)
            ).fetchone()
            links.update(link)
            first = gaps.pop()[0] if gaps and gaps[-1][1] == seq - 1 else seq
            gaps.append((first, seq, link.hex()))
    return gaps, links.hexdigest()


def _delete(connection: sqlite3.Connection, ids: Sequence[int]) -> None:
    keys = [(table, "transaction_id") for table in signature_rows.TABLES]
    for table, key in (*keys, *((table, _KEY[table]) for table, _ in reversed(_TABLES))):
        for number in ids:
            connection.execute(f"DELETE FROM {table} WHERE {key} = ?", (number,))


def _is_consistent(one: TransactionRows) -> bool:
    state: str | None = None
    for count, (_, number, _, _, before, after, *_) in enumerate(one.events, 1):
        if number != count or before != state:
            return False
        state = after
    return bool(state == one.transaction[0][2])
