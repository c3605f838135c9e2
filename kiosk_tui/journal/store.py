"""Every write of the journal, each in one durable commit.

Owns: the ids and receipt numbers. Methods block until the disk has it; `writer.JournalWriter` calls them
in a thread.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from kiosk_tui.domain.identity import Place, TransactionId, caller_key
from kiosk_tui.domain.journal_errors import JournalConflictError, JournalUnavailableError
from kiosk_tui.domain.lifecycle import Event, State
from kiosk_tui.domain.money import Money
from kiosk_tui.domain.transaction import Exchange, ExchangeKind, Order, Transaction
from kiosk_tui.journal import chain, rows, schema, time_range
from kiosk_tui.journal.anchor import Anchor
from kiosk_tui.journal.connection import JournalConnection
from kiosk_tui.journal.database import Connect, connect
from kiosk_tui.journal.disk_space import free_bytes, require_writable
from kiosk_tui.journal.queries import StoredQueries
from kiosk_tui.journal.register_events import RegisterEvent
from kiosk_tui.journal.watermark import Known

SPARE_IDS: Final = 15
"""Ids set aside with each commit for cancellations that must leave while the disk refuses."""

LEAST_FREE_BYTES: Final = 8 * 1024 * 1024
"""With less space left no payment starts: what a started one has to write must still fit."""

BEGUN: Final = "BEGUN"
"""The first line of each transaction in the event log; not an event of the lifecycle."""

Owe = Callable[[sqlite3.Connection, State, Transaction], None]
"""Told of each event: the state before it, and the transaction after it."""


def _marks(columns: str) -> str:
    return ", ".join("?" for _ in columns.split(","))


_INSERT_TRANSACTION: Final = (
    f"INSERT INTO transactions ({rows.STORED_COLUMNS}) VALUES ({_marks(rows.STORED_COLUMNS)})"
)
_UPDATE_TRANSACTION: Final = (
    f"UPDATE transactions SET {', '.join(f'{name} = ?' for name in rows.LIFE)}, checksum = ?"
    " WHERE id = ?"
)
_SELECT_TRANSACTION: Final = (
    f"SELECT {rows.STORED_COLUMNS} FROM transactions WHERE id = ? AND state = ?"
)
_PUT_EXCHANGE: Final = (
    f"INSERT INTO exchanges ({rows.EXCHANGE_COLUMNS}) VALUES ({_marks(rows.EXCHANGE_COLUMNS)})"
    " ON CONFLICT DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in rows.EXCHANGE_COLUMNS.split(", ")[2:])
)

_NEXT_NUMBER: Final = "SELECT coalesce(max(number), 0) + 1, count(*) - count(seq) FROM events WHERE transaction_id = ?"
"""The number of a transaction's next event, and how many it has from before the chain."""


class Store(StoredQueries):
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
        ships: Callable[[], bool] | None = None,
        owe: Owe | None = None,
    ) -> None:
        """`owe` notes what a signer owes for an event, inside of the event's own commit."""
        super().__init__(JournalConnection(path, synchronous, connect, anchor, ships))
        self._owe = owe
        self._spare = range(0)
        self._reserved: tuple[TransactionId | None, Iterator[int]] = None, iter(())
        self._reached: Known | None = None
        """How far the journal comes with the commit that is under way; None when it takes no id."""

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    # -- payments ------------------------------------------------------------------------------

    def begin(  # noqa: PLR0917
        self,
        order: Order,
        amount_sent: int,
        now: datetime,
        why: str = "",
        reserve: int = 0,
        token: str | None = None,
    ) -> tuple[Transaction, Exchange]:
        """Commit a new transaction with its payment's exchange; both have the same id.

        A payment without a receipt number gets the register's next one; one that the caller gives
        moves nothing. The `reserve` ids after its own are kept for `reserved_id`. A signer's `token` is
        kept with it.
        """
        numbered = order.operation.rules.numbered and not order.receipt_number
        with self._commit() as connection:
            new, receipt = self._next_numbers(
                connection, now, receipts=int(numbered), reserve=reserve
            )
            if numbered:
                order = replace(order, receipt_number=str(receipt))
            transaction = _new(new, order, State.AUTHORIZING, amount_sent, now, why)
            exchange = Exchange(new, new, ExchangeKind.PAYMENT, order.place, now)
            its_row = _insert_transaction(connection, transaction)
            request = _put_exchange(connection, exchange, transaction)
            if token is not None:
                connection.execute("INSERT INTO fiscal_begun VALUES (?, ?)", (int(new), token))
            connection.execute(schema.MOVE_AUTHORIZING_FROM)
            its_facts = chain.facts_of(its_row, [request], ())
            _log(connection, transaction, BEGUN, None, exchange, self._reached, its_facts)
        first = int(new) + 1
        self._reserved = new, iter(range(first, first + reserve))
        return transaction, exchange

    def begin_cancellation(self, order: Order, now: datetime) -> Transaction:
        """Commit the cancellation of a transaction that another register made."""
        with self._commit() as connection:
            new, _ = self._next_numbers(connection, now)
            transaction = _new(new, order, State.CANCEL_DUE, order.amount.minor, now)
            its_facts = chain.facts_of(_insert_transaction(connection, transaction), (), ())
            _log(connection, transaction, BEGUN, None, None, self._reached, its_facts)
        return transaction

    def open_exchange(
        self,
        kind: ExchangeKind,
        place: Place,
        transaction_id: TransactionId,
        now: datetime,
        reserved: TransactionId | None = None,
    ) -> Exchange:
        """Commit one more request that is about to leave, under a `reserved` id or the next one."""
        with self._commit() as connection:
            new = reserved or self._next_numbers(connection, now)[0]
            exchange = Exchange(new, transaction_id, kind, place, now)
            _put_exchange(connection, exchange)
            chain.add_requests(connection, int(transaction_id), self._reached)
        return exchange

    def close_exchange(self, *exchanges: Exchange) -> None:
        """Commit how requests ended that change no state."""
        with self._commit() as connection:
            for exchange in exchanges:
                _put_exchange(connection, exchange)
            for one in {int(exchange.transaction_id) for exchange in exchanges}:
                chain.add_requests(connection, one)

    def record(
        self,
        before: State,
        after: Transaction,
        event: Event,
        exchange: Exchange | None = None,
        polls: Sequence[Exchange] = (),
    ) -> None:
        """Commit an event, the state that it led to, the exchange that told it and `polls`, in one.

        Writing the same change again does nothing: a commit whose answer was an error may have
        reached the disk all the same. Raises `JournalConflictError` when the journal disagrees.
        """
        with self._commit() as connection:
            its_row = self._update_transaction(connection, before, after)
            if its_row is None:
                if _already_there(connection, after, event):
                    return
                raise JournalConflictError(
                    f"Transaction {after.id} is not {before} in the journal."
                )
            for sent in polls if exchange is None else (exchange, *polls):
                _put_exchange(connection, sent, after)
            _log(connection, after, event, before, exchange, its_row=its_row)
            if self._owe is not None:
                self._owe(connection, before, after)

    def append(self, event: RegisterEvent, at: datetime, content: Mapping[str, Any]) -> int:
        """Commit what happened to the register itself; return its place in the order of commits."""
        with self._commit() as connection:
            return chain.add_register_event(connection, event, at, content)

    def keep_use(self, caller_reference: str, use: str, at: datetime) -> None:
        """Commit what a caller's reference is used for, beside orders, which hold their own."""
        told = {"key": caller_key(caller_reference), "use": use}
        self.append(RegisterEvent.KEY_USED, at, told)

    def commit(self, work: Callable[[sqlite3.Connection], None]) -> None:
        """Commit what a part of the journal writes that is loaded only where it is configured."""
        with self._commit() as connection:
            work(connection)

    def check_writable(self, now: datetime) -> None:
        """Commit something harmless, and see that a payment would still have space to end."""
        self._check_room()
        with self._commit() as connection:
            connection.execute("UPDATE register SET checked_at = ?", (rows.write_time(now),))

    def check_disk(self) -> None:
        """See the same as far as it can be seen without writing, which wears the disk."""
        self._check_room()
        with self._connection.guarded():
            require_writable(self._connection.path.parent)
            self._connection.ask()

    def _check_room(self) -> None:
        path = self._connection.path
        with self._connection.guarded():
            free = free_bytes(path.parent)
        if free < LEAST_FREE_BYTES:
            raise JournalUnavailableError(
                f"The disk of {path} is full ({free // 1024} kB left): make room."
            )

    def _update_transaction(
        self, connection: sqlite3.Connection, before: State, after: Transaction
    ) -> tuple[Any, ...] | None:
        """Return the values of `TRANSACTION_COLUMNS`; None where it is not in the state `before`."""
        row = connection.execute(_SELECT_TRANSACTION, (int(after.id), before)).fetchone()
        if row is None:
            return None
        rows.check(row, self._connection.path)
        its_row = rows.lived(row, after)
        connection.execute(_UPDATE_TRANSACTION, rows.write_life(its_row))
        return its_row

    # -- ids -----------------------------------------------------------------------------------

    def reserved_id(self, transaction_id: TransactionId) -> TransactionId | None:
        """Return the next id that a payment's own commit has set aside; None: used up, or another's.

        They lie between the payment's id and the spare ones, and below every later one: in the order of
        ids, what went over the wire for a transaction stands in the order of sending.
        """
        whose, left = self._reserved
        found = next(left, None) if whose == transaction_id else None
        return None if found is None else TransactionId(str(found))

    def spare_id(self) -> TransactionId | None:
        """Return an id that no later process will use, without touching the disk; None: used up."""
        if not self._spare:
            return None
        spare, self._spare = self._spare[0], self._spare[1:]
        return TransactionId(str(spare))

    def _next_numbers(
        self, connection: sqlite3.Connection, now: datetime, *, receipts: int = 0, reserve: int = 0
    ) -> tuple[TransactionId, int]:
        """Return a new id and the last receipt number, which goes on by `receipts` (1 or 0).

        An id is the time as digits, or one more than the last id when the clock is behind it. It is
        followed by `reserve` ids, and these by the spare ones; all are taken by the same commit.
        """
        beyond = reserve + SPARE_IDS
        by_clock = time_range.digits(now.astimezone(UTC))
        self._reached = Known(
            *connection.execute(
                "UPDATE register SET last_id = max(?, last_id + 1) + ?,"
                " last_receipt = last_receipt + ? RETURNING identity, last_id, last_receipt",
                (by_clock, beyond, receipts),
            ).fetchone()
        )
        new = TransactionId.stored(str(self._reached.last_id - beyond))
        return new, self._reached.last_receipt

    @contextlib.contextmanager
    def _commit(self) -> Iterator[sqlite3.Connection]:
        self._reached = None
        with self._connection.commit() as connection:
            yield connection
        self._note()

    def _note(self) -> None:
        """Note how far the journal has come, where the commit took ids."""
        if self._reached is not None:
            last_id = self._reached.last_id
            self._spare = range(last_id - SPARE_IDS + 1, last_id + 1)
            self._connection.note(last_id, self._reached.last_receipt)


def _new(  # noqa: PLR0917
    new: TransactionId, order: Order, state: State, amount_sent: int, now: datetime, why: str = ""
) -> Transaction:
    return Transaction(
        id=new,
        order=replace(order, card_reference=None) if order.card_reference else order,
        state=state,
        amount_sent=Money(amount_sent, order.amount.currency),
        created_at=now,
        updated_at=now,
        why=why,
    )


def _insert_transaction(connection: sqlite3.Connection, one: Transaction) -> tuple[Any, ...]:
    """Return the values of `TRANSACTION_COLUMNS`."""
    stored = rows.store_transaction(one)
    connection.execute(_INSERT_TRANSACTION, stored)
    return stored[: rows.PLAIN]


def _already_there(connection: sqlite3.Connection, after: Transaction, event: Event) -> bool:
    last = connection.execute(
        "SELECT e.event, t.state FROM events e JOIN transactions t ON t.id = e.transaction_id"
        " WHERE e.transaction_id = ? ORDER BY e.number DESC LIMIT 1",
        (int(after.id),),
    ).fetchone()
    return last is not None and tuple(last) == (event, after.state)


def _put_exchange(
    connection: sqlite3.Connection, one: Exchange, of: Transaction | None = None
) -> tuple[Any, ...]:
    """Return the values of `EXCHANGE_COLUMNS`."""
    stored = rows.write_exchange(one, of)
    connection.execute(_PUT_EXCHANGE, stored)
    return stored


def _log(  # noqa: PLR0917 - the columns of an event
    connection: sqlite3.Connection,
    after: Transaction,
    event: str,
    before: State | None,
    exchange: Exchange | None,
    known: Known | None = None,
    its_facts: bytes | None = None,
    its_row: tuple[Any, ...] | None = None,
) -> None:
    """Add an event to the chain, last in its commit: it vouches for what the commit has written.

    `its_facts` are those of a transaction that begins; of others they are read, but for `its_row`.
    """
    number = 1
    if its_facts is None:
        number, old = connection.execute(_NEXT_NUMBER, (int(after.id),)).fetchone()
        its_facts = chain.facts(connection, int(after.id), its_row, old=bool(old))
    event_row = (
        int(after.id),
        number,
        rows.write_time(after.updated_at),
        event,
        before,
        after.state,
        None if exchange is None else rows.write_reference(exchange, after),
        rows.write_text(after.why),
    )
    chain.add_event(connection, event_row, known, its_facts)
