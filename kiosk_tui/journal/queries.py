"""What is read of the journal through the connection that writes it.

Each row of a transaction is checked against its checksum and its keys before anything is built on it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from kiosk_tui.domain.identity import Original, TransactionId, caller_key
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.transaction import Exchange, Transaction
from kiosk_tui.journal import keys, reference, register_events, rows, schema, time_range
from kiosk_tui.journal.connection import JournalConnection
from kiosk_tui.journal.refusals import damaged

T = TypeVar("T")


class StoredQueries:
    """Implements what `payment.ports.JournalQueries` says; each method blocks until it is read."""

    def __init__(self, connection: JournalConnection) -> None:
        self._connection = connection

    def transaction(self, transaction_id: TransactionId) -> Transaction | None:
        """Return one transaction."""
        # as text: another register's id may be too large a number
        return next(iter(self._select("WHERE id = ?", (transaction_id,))), None)

    def in_states(self, states: Sequence[State]) -> tuple[Transaction, ...]:
        """Return the transactions that are in one of these states and not final, oldest first."""
        listed = ", ".join(f"'{state}'" for state in states)
        return self._select(f"WHERE {schema.FOUND_TO_DO} AND state IN ({listed}) ORDER BY id")

    def between(self, start: datetime, end: datetime) -> tuple[Transaction, ...]:
        """Return the transactions that were begun from `start` on and before `end`, oldest first."""
        return self._select(f"WHERE {time_range.WITHIN} ORDER BY id", time_range.bounds(start, end))

    def referring_to(self, original: Original) -> tuple[Transaction, ...]:
        """Return the completions, refunds and cancellations of a transaction, oldest first.

        Each of them, however it spells the original's id and source id.
        """
        key = keys.of_original(original.transaction_id)
        found = self._select("WHERE original_key = ? ORDER BY id", (key,))
        return tuple(one for one in found if one.order.original == original)

    def by_caller(self, caller_reference: str) -> Transaction | None:
        """Return the transaction that other software began under its reference, in any spelling."""
        key = caller_key(caller_reference)
        return next(iter(self._select("WHERE caller_key = ? ORDER BY id", (key,))), None)

    def newest(self, count: int) -> tuple[Transaction, ...]:
        """Return the newest transactions, the newest first."""
        return self._select("ORDER BY id DESC LIMIT ?", (count,))

    def by_reference(self, nine_digits: str) -> tuple[Transaction, ...]:
        """Return the transactions whose id ends with these nine digits, the newest first."""
        with self._connection.guarded():
            found = reference.rows_of(self._connection.get(), rows.STORED_COLUMNS, nine_digits)
            return tuple(self._checked(row) for row in found)

    def exchanges(self, transaction_id: TransactionId) -> tuple[Exchange, ...]:
        """Return what went over the wire for a transaction, in the order of sending."""
        with self._connection.guarded():
            found = (
                self._connection.get().execute(rows.EXCHANGES, (int(transaction_id),)).fetchall()
            )
        return tuple(rows.read_exchange(row) for row in found)

    def use_of(self, caller_reference: str) -> str | None:
        """Return what a caller's reference was used for that is no order of its own."""
        with self._connection.guarded():
            return register_events.use_of(self._connection.get(), caller_key(caller_reference))

    def read(self, query: Callable[[sqlite3.Connection], T]) -> T:
        """Return what a part of the journal reads that is loaded only where it is configured."""
        with self._connection.guarded():
            return query(self._connection.get())

    def _select(self, which: str, values: Sequence[object] = ()) -> tuple[Transaction, ...]:
        text = f"SELECT {rows.STORED_COLUMNS} FROM transactions {which}"
        with self._connection.guarded():
            found = self._connection.get().execute(text, values)
            return tuple(self._checked(row) for row in found)

    def _checked(self, row: sqlite3.Row) -> Transaction:
        path = self._connection.path
        rows.check(row, path)
        try:
            return rows.read_transaction(row)
        except (ValueError, TypeError, KeyError) as error:
            raise JournalUnavailableError(damaged(path, str(error))) from error
