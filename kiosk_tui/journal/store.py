"""The journal's file: every write of this project, each in one durable commit.

Owns: the connection, the ids. Methods block until the disk has it; `writer.JournalWriter` keeps them
off the event loop. After any error the connection is dropped and opened anew at the next call, so
that nothing is built on a half-failed one.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from kiosk_tui.domain.identity import Original, Place, TransactionId, caller_key
from kiosk_tui.domain.journal_errors import JournalConflictError, JournalUnavailableError
from kiosk_tui.domain.lifecycle import Event, State
from kiosk_tui.domain.money import Money
from kiosk_tui.domain.transaction import Exchange, ExchangeKind, Order, Transaction
from kiosk_tui.files.writing import make_folder
from kiosk_tui.journal import keys, reference, rows, schema, time_range
from kiosk_tui.journal.anchor import Anchor, open_anchored
from kiosk_tui.journal.database import Connect, connect
from kiosk_tui.journal.disk_space import free_bytes
from kiosk_tui.journal.refusals import damaged, unusable
from kiosk_tui.journal.watermark import Known, Watermark

SPARE_IDS: Final = 15
"""Ids set aside with each commit for cancellations that must leave while the disk refuses."""

LEAST_FREE_BYTES: Final = 8 * 1024 * 1024
"""Below this much room no payment starts: what a started one has to write must still fit."""

BEGUN: Final = "BEGUN"
"""The first line of each transaction in the event log; not an event of the lifecycle."""


def _marks(columns: str) -> str:
    return ", ".join("?" for _ in columns.split(","))


_INSERT_TRANSACTION: Final = (
    f"INSERT INTO transactions ({rows.STORED_COLUMNS}) VALUES ({_marks(rows.STORED_COLUMNS)})"
)
_UPDATE_TRANSACTION: Final = (
    f"UPDATE transactions SET {', '.join(f'{name} = ?' for name in rows.LIFE)}, checksum = ?"
    " WHERE id = ?"
)
_PUT_EXCHANGE: Final = (
    f"INSERT OR REPLACE INTO exchanges ({rows.EXCHANGE_COLUMNS})"
    f" VALUES ({_marks(rows.EXCHANGE_COLUMNS)})"
)


class Store:
    """One journal file, opened for writing. The caller holds the `WriterLock`.

    Every method raises `JournalUnavailableError` with a sentence when the disk does not do its part.
    """

    def __init__(
        self,
        path: Path,
        *,
        synchronous: str = "FULL",
        connect: Connect = connect,
        anchor: Anchor | None = None,
    ) -> None:
        self._path = path
        self._anchor = anchor
        self._synchronous = synchronous
        self._connect = connect
        self._mark = Watermark(path)
        self._connection: sqlite3.Connection | None = None
        self._inode: int | None = None
        self._spare = range(0)
        self._reached: Known | None = None
        """How far the journal comes with the commit that is under way; None when no id is taken."""
        with self._disk():
            make_folder(path.parent)

    def close(self) -> None:
        """Close the file."""
        self._mark.close()
        if self._anchor is not None:
            self._anchor.close()
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    # -- payments ------------------------------------------------------------------------------

    def begin(
        self, order: Order, amount_sent: int, now: datetime, why: str = ""
    ) -> tuple[Transaction, Exchange]:
        """Commit a new transaction with its payment's exchange; both have the same id.

        A payment without a receipt number gets the register's next one; one that the caller gives
        moves nothing.
        """
        numbered = order.operation.rules.numbered and not order.receipt_number
        with self._commit() as connection:
            new, receipt = self._next_numbers(connection, now, receipts=int(numbered))
            if numbered:
                order = replace(order, receipt_number=str(receipt))
            transaction = replace(_new(new, order, State.AUTHORIZING, amount_sent, now), why=why)
            exchange = Exchange(new, new, ExchangeKind.PAYMENT, order.place, now)
            _insert_transaction(connection, transaction)
            _put_exchange(connection, exchange)
            _log(connection, transaction, BEGUN, None, exchange)
        return transaction, exchange

    def begin_cancellation(self, order: Order, now: datetime) -> Transaction:
        """Commit the cancellation of a transaction that another register made."""
        with self._commit() as connection:
            new, _ = self._next_numbers(connection, now)
            transaction = _new(new, order, State.CANCEL_DUE, order.amount.minor, now)
            _insert_transaction(connection, transaction)
            _log(connection, transaction, BEGUN, None, None)
        return transaction

    def open_exchange(
        self, kind: ExchangeKind, place: Place, transaction_id: TransactionId, now: datetime
    ) -> Exchange:
        """Commit one more request that is about to leave."""
        with self._commit() as connection:
            new, _ = self._next_numbers(connection, now)
            exchange = Exchange(new, transaction_id, kind, place, now)
            _put_exchange(connection, exchange)
        return exchange

    def close_exchange(self, exchange: Exchange) -> None:
        """Commit how a request ended that changes no state."""
        with self._commit() as connection:
            _put_exchange(connection, exchange)

    def record(
        self, before: State, after: Transaction, event: Event, exchange: Exchange | None = None
    ) -> None:
        """Commit an event, the state that it led to and the exchange that told it, in one.

        Writing the same change again does nothing: a commit whose answer was an error may have
        reached the disk all the same. Raises `JournalConflictError` when the journal disagrees.
        """
        with self._commit() as connection:
            if not self._update_transaction(connection, before, after):
                if _already_there(connection, after, event):
                    return
                raise JournalConflictError(
                    f"Transaction {after.id} is not {before} in the journal."
                )
            if exchange is not None:
                _put_exchange(connection, exchange)
            _log(connection, after, event, before, exchange)

    def check_writable(self, now: datetime) -> None:
        """Commit something harmless, and see that there is room for a payment to end."""
        with self._disk():
            free = free_bytes(self._path.parent)
        if free < LEAST_FREE_BYTES:
            raise JournalUnavailableError(
                f"The disk of {self._path} is full ({free // 1024} kB left): make room."
            )
        with self._commit() as connection:
            connection.execute("UPDATE register SET checked_at = ?", (rows.write_time(now),))

    def _update_transaction(
        self, connection: sqlite3.Connection, before: State, after: Transaction
    ) -> bool:
        row = connection.execute(
            f"SELECT {rows.STORED_COLUMNS} FROM transactions WHERE id = ? AND state = ?",
            (int(after.id), before),
        ).fetchone()
        if row is None:
            return False
        rows.check(row, self._path)
        connection.execute(_UPDATE_TRANSACTION, rows.lived(row, after))
        return True

    # -- reading back --------------------------------------------------------------------------

    def transaction(self, transaction_id: TransactionId) -> Transaction | None:
        """Return one transaction."""
        with self._disk():
            row = (
                self._open()
                .execute(
                    f"SELECT {rows.STORED_COLUMNS} FROM transactions WHERE id = ?",
                    (transaction_id,),  # as text: another register's may be too large a number
                )
                .fetchone()
            )
            return None if row is None else self._whole(row)

    def in_states(self, states: Sequence[State]) -> tuple[Transaction, ...]:
        """Return the transactions that are in one of these states and not final, oldest first."""
        marks = ", ".join(f"'{state}'" for state in states)
        with self._disk():
            found = self._open().execute(
                f"SELECT {rows.STORED_COLUMNS} FROM transactions"
                f" WHERE {schema.TO_DO} AND state IN ({marks}) ORDER BY id"
            )
            return tuple(self._whole(row) for row in found)

    def between(self, start: datetime, end: datetime) -> tuple[Transaction, ...]:
        """Return the transactions that were begun from `start` on and before `end`, oldest first."""
        return self._where(time_range.WITHIN, time_range.bounds(start, end))

    def referring_to(self, original: Original) -> tuple[Transaction, ...]:
        """Return the completions, refunds and cancellations of a transaction, oldest first.

        Each of them, however it spells the original's id and source id.
        """
        found = self._where("original_key = ?", (keys.of_original(original.transaction_id),))
        return tuple(one for one in found if one.order.original == original)

    def by_caller(self, caller_reference: str) -> Transaction | None:
        """Return the transaction that other software started under its own reference, in any spelling."""
        return next(iter(self._where("caller_key = ?", (caller_key(caller_reference),))), None)

    def exchanges(self, transaction_id: TransactionId) -> tuple[Exchange, ...]:
        """Return what went over the wire for a transaction, in the order of sending."""
        text = f"SELECT {rows.EXCHANGE_COLUMNS} FROM exchanges WHERE transaction_id = ? ORDER BY id"
        with self._disk():
            found = self._open().execute(text, (int(transaction_id),)).fetchall()
        return tuple(rows.read_exchange(row) for row in found)

    def _where(self, condition: str, values: Sequence[object]) -> tuple[Transaction, ...]:
        with self._disk():
            found = self._open().execute(
                f"SELECT {rows.STORED_COLUMNS} FROM transactions WHERE {condition} ORDER BY id",
                values,
            )
            return tuple(self._whole(row) for row in found)

    def newest(self, count: int) -> tuple[Transaction, ...]:
        """Return the newest transactions, the newest first."""
        with self._disk():
            found = self._open().execute(
                f"SELECT {rows.STORED_COLUMNS} FROM transactions ORDER BY id DESC LIMIT ?", (count,)
            )
            return tuple(self._whole(row) for row in found)

    def by_reference(self, nine_digits: str) -> tuple[Transaction, ...]:
        """Return the transactions whose id ends with these nine digits, the newest first."""
        with self._disk():
            found = reference.rows_of(self._open(), rows.STORED_COLUMNS, nine_digits)
            return tuple(self._whole(row) for row in found)

    def _whole(self, row: sqlite3.Row) -> Transaction:
        rows.check(row, self._path)
        try:
            return rows.read_transaction(row)
        except (ValueError, TypeError, KeyError) as error:
            raise JournalUnavailableError(damaged(self._path, str(error))) from error

    # -- ids -----------------------------------------------------------------------------------

    def spare_id(self) -> TransactionId | None:
        """Return an id that no later process will use, without touching the disk; None: used up."""
        if not self._spare:
            return None
        spare, self._spare = self._spare[0], self._spare[1:]
        return TransactionId(str(spare))

    def _next_numbers(
        self, connection: sqlite3.Connection, now: datetime, *, receipts: int = 0
    ) -> tuple[TransactionId, int]:
        """Return a new id and the last receipt number, which goes on by `receipts` (1 or 0).

        An id is the time as digits, or one more than the last id when the clock is behind it.
        """
        by_clock = time_range.digits(now.astimezone(UTC))
        self._reached = Known(
            *connection.execute(
                "UPDATE register SET last_id = max(?, last_id + 1) + ?,"
                " last_receipt = last_receipt + ? RETURNING identity, last_id, last_receipt",
                (by_clock, SPARE_IDS, receipts),
            ).fetchone()
        )
        return TransactionId(str(self._reached.last_id - SPARE_IDS)), self._reached.last_receipt

    # -- the disk ------------------------------------------------------------------------------

    @contextlib.contextmanager
    def _commit(self) -> Iterator[sqlite3.Connection]:
        self._reached = None
        with self._disk():
            connection = self._open()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except (sqlite3.Error, OSError):
                raise  # the connection is dropped
            except Exception:
                connection.execute("ROLLBACK")
                raise
        self._note()

    def _note(self) -> None:
        """Note how far the journal has come, where the commit took ids."""
        if self._reached is None:
            return
        last_id, last_receipt = self._reached.last_id, self._reached.last_receipt
        self._spare = range(last_id - SPARE_IDS + 1, last_id + 1)
        self._mark.note(last_id, last_receipt)
        if self._anchor is not None:
            self._anchor.note(last_id, last_receipt)

    @contextlib.contextmanager
    def _disk(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            with contextlib.suppress(sqlite3.Error):
                self.close()
            raise JournalUnavailableError(unusable(self._path, error)) from error

    def _open(self) -> sqlite3.Connection:
        # A file that was removed or replaced under us would take our writes into nowhere, and a
        # new empty one would forget what is due.
        if self._inode is not None and _inode(self._path) != self._inode:
            raise JournalUnavailableError(
                f"The journal {self._path} was removed or replaced while in use: put it back."
            )
        if self._connection is None:
            self._connection = open_anchored(
                self._path, self._anchor, self._synchronous, self._connect
            )
            self._inode = _inode(self._path)
            row = self._connection.execute("SELECT identity FROM register").fetchone()
            self._mark.follow(row[0])
        return self._connection


def _inode(path: Path) -> int | None:
    try:
        return os.stat(path).st_ino  # noqa: PTH116 - once in every commit, and twice as quick
    except FileNotFoundError:
        return None


def _new(
    new: TransactionId, order: Order, state: State, amount_sent: int, now: datetime
) -> Transaction:
    return Transaction(
        id=new,
        order=replace(order, card_reference=None) if order.card_reference else order,
        state=state,
        amount_sent=Money(amount_sent, order.amount.currency),
        created_at=now,
        updated_at=now,
    )


def _insert_transaction(connection: sqlite3.Connection, one: Transaction) -> None:
    connection.execute(_INSERT_TRANSACTION, rows.store_transaction(one))


def _already_there(connection: sqlite3.Connection, after: Transaction, event: Event) -> bool:
    last = connection.execute(
        "SELECT e.event, t.state FROM events e JOIN transactions t ON t.id = e.transaction_id"
        " WHERE e.transaction_id = ? ORDER BY e.number DESC LIMIT 1",
        (int(after.id),),
    ).fetchone()
    return last is not None and tuple(last) == (event, after.state)


def _put_exchange(connection: sqlite3.Connection, one: Exchange) -> None:
    connection.execute(_PUT_EXCHANGE, rows.write_exchange(one))


def _log(
    connection: sqlite3.Connection,
    after: Transaction,
    event: str,
    before: State | None,
    exchange: Exchange | None,
) -> None:
    connection.execute(
        "INSERT INTO events (transaction_id, number, at, event, state_before, state_after,"
        " exchange_id, why) VALUES (?1, (SELECT coalesce(max(number), 0) + 1 FROM events"
        " WHERE transaction_id = ?1), ?2, ?3, ?4, ?5, ?6, ?7)",
        (
            int(after.id),
            rows.write_time(after.updated_at),
            event,
            before,
            after.state,
            None if exchange is None else int(exchange.id),
            rows.write_text(after.why),
        ),
    )
