"""Reads the journal while another process writes it; the connection is read-only."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from kiosk_tui.domain.checkpoint import Checkpoint
from kiosk_tui.domain.identity import TransactionId
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.lifecycle import TABLE, Event, State
from kiosk_tui.domain.totals import Records
from kiosk_tui.domain.transaction import Exchange, Transaction
from kiosk_tui.journal import checkpoints, day, keys, reference, rows, signed_rows
from kiosk_tui.journal.anchor import Anchor
from kiosk_tui.journal.chain_proof import ChainProof, Signed, prove
from kiosk_tui.journal.database import check_version
from kiosk_tui.journal.disk_space import require_room
from kiosk_tui.journal.refusals import another, damaged, gone, lost_its_end
from kiosk_tui.journal.schema import CHAINED_VERSION, TO_DO
from kiosk_tui.journal.store import BEGUN
from kiosk_tui.journal.watermark import Known, Watermark
from kiosk_tui.records import dataclass

ENGINE = f"SQLite {sqlite3.sqlite_version}"
"""What keeps the journal, for whoever writes a report."""


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """One line of the event log; `number` counts the events of its transaction from 1."""

    number: int
    transaction_id: str
    at: datetime
    event: str
    state_before: str | None
    state_after: str
    exchange_id: str | None
    why: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What a journal holds, in short; `unfinished` are states with ids, the oldest first."""

    identity: str
    last_id: int
    last_receipt: int
    transactions: int
    newest_at: datetime | None
    unfinished: tuple[tuple[State, str], ...]

    @property
    def known(self) -> Known:
        """What its watermark should say."""
        return Known(self.identity, self.last_id, self.last_receipt)

    def ids(self, states: Collection[State]) -> tuple[str, ...]:
        """Return the unfinished ones that are in one of these states."""
        return tuple(number for state, number in self.unfinished if state in states)


class Reader:
    """A journal, opened for reading. Raises `JournalUnavailableError` with a sentence."""

    def __init__(self, path: Path, *, alone: bool = False, anchor: Anchor | None = None) -> None:
        """Open `path`; `alone` says that nobody writes it and that nothing may be made beside it."""
        self._mark = Watermark(path)
        self._anchor = anchor
        if not path.exists() or path.stat().st_size == 0:
            lost = gone(path) if self._mark.exists() else ""
            missed = lost or ("" if anchor is None else anchor.misses(path))
            raise JournalUnavailableError(missed or f"There is no journal at {path} yet.")
        if not alone:
            require_room(path)
        with reading(path):
            how = "mode=ro&immutable=1" if alone else "mode=ro"
            self._connection = sqlite3.connect(
                f"{path.absolute().as_uri()}?{how}", uri=True, isolation_level=None, timeout=5.0
            )
            try:
                self._connection.row_factory = sqlite3.Row
                check_version(self._connection, path)
                self._columns = rows.known(self._connection, rows.TRANSACTION_COLUMNS)
            except BaseException:
                self._connection.close()
                raise
        self._path = path

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    @property
    def connection(self) -> sqlite3.Connection:
        """The connection itself, for what is read in a module of its own, inside of `reading`."""
        return self._connection

    def transactions(
        self, *, states: Sequence[State] = (), limit: int | None = None
    ) -> tuple[Transaction, ...]:
        """Return transactions, newest first."""
        marks = ", ".join("?" * len(states))
        where = f"WHERE state IN ({marks})" if states else ""
        text = f"SELECT {self._columns} FROM transactions {where} ORDER BY id DESC LIMIT ?"
        values = (*states, -1 if limit is None else limit)
        with reading(self._path):
            found = self._connection.execute(text, values)
            return tuple(rows.read_transaction(row) for row in found)

    def day(self, start: datetime, end: datetime) -> Records:
        """Return what happened from `start` on and before `end`, and what is unfinished."""
        with reading(self._path):
            columns = rows.known(self._connection, rows.STORED_COLUMNS)
            return day.touched(self._connection, self._path, columns, start, end)

    def transaction(self, transaction_id: TransactionId) -> Transaction | None:
        """Return one transaction."""
        text = f"SELECT {self._columns} FROM transactions WHERE id = ?"
        with reading(self._path):
            row = self._connection.execute(text, (transaction_id,)).fetchone()
            return None if row is None else rows.read_transaction(row)

    def count(self) -> int:
        """Return how many transactions there are."""
        with reading(self._path):
            (found,) = self._connection.execute("SELECT count(*) FROM transactions").fetchone()
            return int(found)

    def by_caller(self, caller_reference: str) -> Transaction | None:
        """Return the transaction that other software began under its reference, in any spelling.

        The oldest: older versions took two spellings for two. Read without an index: a corrupt one would
        let it be charged again.
        """
        if "AS caller_reference" in self._columns:
            return None  # an older format without callers' references
        key = keys.of_caller(caller_reference)
        with reading(self._path):
            named = self._connection.execute(
                "SELECT id, caller_reference FROM transactions NOT INDEXED"
                " WHERE caller_reference <> '' ORDER BY id"
            )
            found = (str(one) for one, text in named if key and keys.of_caller(text) == key)
            number = next(found, None)
        return None if number is None else self.transaction(TransactionId(number))

    def by_reference(self, nine_digits: str) -> tuple[Transaction, ...]:
        """Return the transactions whose id ends with these nine digits, the newest first."""
        with reading(self._path):
            found = reference.rows_of(self._connection, self._columns, nine_digits)
            return tuple(rows.read_transaction(row) for row in found)

    def exchanges(self, transaction_id: TransactionId) -> tuple[Exchange, ...]:
        """Return what went over the wire for a transaction, in the order of sending."""
        with reading(self._path):
            found = self._connection.execute(rows.EXCHANGES, (transaction_id,))
            return tuple(rows.read_exchange(row) for row in found)

    def events(self, transaction_id: TransactionId | None = None) -> Iterator[LoggedEvent]:
        """Yield the event log: transaction by transaction, each from its first event on."""
        where = "" if transaction_id is None else "WHERE transaction_id = ?"
        values = () if transaction_id is None else (transaction_id,)
        with reading(self._path):
            for row in self._connection.execute(
                f"SELECT * FROM events {where} ORDER BY transaction_id, number", values
            ):
                yield read_event(row)

    def copy(self, to: Path) -> None:
        """Copy the journal as it is at one moment, in one go. Raises `sqlite3.Error`."""
        target = sqlite3.connect(to, isolation_level=None)
        try:
            # the caller removes an incomplete copy, and syncs a complete one
            target.execute("PRAGMA journal_mode = OFF")
            target.execute("PRAGMA synchronous = OFF")
            self._connection.backup(target)
        finally:
            target.close()

    def verify(self) -> list[str]:
        """Return what is wrong with the journal, a sentence each; none when it is whole."""
        with reading(self._path):
            found = [row[0] for row in self._connection.execute("PRAGMA integrity_check(20)")]
            troubles = [f"The file is damaged: {line}." for line in found if line != "ok"]
            return troubles or [
                *self._lost(),
                *self._changed(),
                *self._broken_event_logs(),
                *self._wrong_states(),
                *self._passed_over(),
                *self._ids_ahead(),
                *self._orphans(),
                *self._wrong_signatures(),
            ]

    def prove(
        self, outside: Checkpoint | None = None, signed: Signed | None = None
    ) -> ChainProof | None:
        """Prove the hash chain, with a checkpoint from outside where there is one; None: it has none yet.

        `verify` finds damage that a chain does not know of; this finds what somebody changed with care.
        """
        with reading(self._path):
            if not self._is_chained():
                return None
            self._connection.execute("BEGIN")
            try:
                return prove(self._connection, outside, signed)
            finally:
                self._connection.execute("COMMIT")

    def newest_checkpoint(self) -> Checkpoint | None:
        """Return the last signed checkpoint in the journal."""
        with reading(self._path):
            found = checkpoints.newest(self._connection)
            return None if found is None else found.checkpoint

    def checkpoint_is_due(self, now: datetime) -> bool:
        """Say whether the chain's end is to be signed now; see `checkpoints.is_due`."""
        with reading(self._path):
            return checkpoints.is_due(self._connection, now)

    def contents(self) -> Contents:
        """Return what is in it, in short. What is unfinished is counted without an index."""
        with reading(self._path):
            reached = rows.reached(self._connection)
            count, newest = self._connection.execute(
                "SELECT count(*), max(created_at) FROM transactions NOT INDEXED"
            ).fetchone()
            states = self._connection.execute(
                f"SELECT state, id FROM transactions NOT INDEXED WHERE {TO_DO} ORDER BY id"
            )
            return Contents(
                identity=reached.identity,
                last_id=reached.last_id,
                last_receipt=reached.last_receipt,
                transactions=count,
                newest_at=rows.read_time(newest),
                unfinished=tuple((State(row[0]), str(row[1])) for row in states),
            )

    def _is_chained(self) -> bool:
        (version,) = self._connection.execute("PRAGMA user_version").fetchone()
        return bool(version >= CHAINED_VERSION)

    def _lost(self) -> Iterator[str]:
        # watermark and anchor are read before the journal: they are never ahead of it
        known = self._mark.read()
        anchored = None if self._anchor is None else self._anchor.known()
        reached = rows.reached(self._connection)
        if not reached.identity:
            return  # format 1 had none
        if known is not None and known.identity != reached.identity:
            yield another(self._path)
        elif known is not None and known.is_ahead_of(reached):
            yield lost_its_end(self._path, reached, known)
        if self._anchor is not None and anchored is not None:
            yield from self._anchor.troubles(self._connection, self._path, anchored)

    def _changed(self) -> Iterator[str]:
        stored = rows.known(self._connection, rows.STORED_COLUMNS)
        for row in self._connection.execute(f"SELECT {stored} FROM transactions"):
            try:
                rows.check(row, self._path)
            except JournalUnavailableError as error:
                yield str(error)

    def _broken_event_logs(self) -> Iterator[str]:
        last: dict[str, str] = {}
        for event in self.events():
            expected = last.get(event.transaction_id)
            last[event.transaction_id] = event.state_after
            where = f"Event {event.number} of transaction {event.transaction_id}"
            if event.state_before != expected:
                yield f"{where} starts from {event.state_before}, but the one before ended in {expected}."
            elif event.event != BEGUN and not _in_table(event):
                yield f"{where} is not in the lifecycle table: {event.state_before}, {event.event}."

    def _wrong_states(self) -> Iterator[str]:
        for row in self._connection.execute(
            "SELECT t.id, t.state, e.state_after FROM transactions t LEFT JOIN events e ON e.transaction_id = t.id"
            " AND e.number = (SELECT max(number) FROM events WHERE transaction_id = t.id)"
            " WHERE e.state_after IS NOT t.state"
        ):
            yield f"Transaction {row[0]} is {row[1]}, but its last event left it {row[2]}."

    def _passed_over(self) -> Iterator[str]:
        if not self._is_chained():
            return  # before that format an index held them
        for row in self._connection.execute(
            "SELECT id, authorizing_from FROM transactions JOIN register"
            " ON id < authorizing_from WHERE state = 'AUTHORIZING'"
        ):
            yield f"Transaction {row[0]} is AUTHORIZING, but the register looks for it from {row[1]} on."

    def _ids_ahead(self) -> Iterator[str]:
        for row in self._connection.execute(
            "SELECT max(e.id), r.last_id FROM register r, exchanges e HAVING max(e.id) > r.last_id"
        ):
            yield f"Id {row[0]} was used, but the register counts only up to {row[1]}."

    def _orphans(self) -> Iterator[str]:
        for row in self._connection.execute("PRAGMA foreign_key_check"):
            yield f"A row of {row[0]} belongs to no transaction."

    def _wrong_signatures(self) -> Iterator[str]:
        (version,) = self._connection.execute("PRAGMA user_version").fetchone()
        if version >= CHAINED_VERSION:  # the tables are of one format
            yield from signed_rows.troubles(self._connection)


def read_day(path: Path, start: datetime, end: datetime) -> Records:
    """Return what a journal knows of a day. Raises `JournalUnavailableError`."""
    reader = Reader(path)
    try:
        return reader.day(start, end)
    finally:
        reader.close()


def _in_table(event: LoggedEvent) -> bool:
    try:
        pair = (State(event.state_before or ""), Event(event.event))
    except ValueError:
        return False
    found = TABLE.get(pair)
    return found is not None and found[0] == event.state_after


def read_event(row: rows.Named) -> LoggedEvent:
    """Build an event from a row of `EVENT_COLUMNS`."""
    exchange = row["exchange_id"]
    return LoggedEvent(
        number=row["number"],
        transaction_id=str(row["transaction_id"]),
        at=datetime.fromisoformat(row["at"]),
        event=row["event"],
        state_before=row["state_before"],
        state_after=row["state_after"],
        # 0: the transaction's own id, which is that of its payment's request
        exchange_id=None if exchange is None else str(exchange or row["transaction_id"]),
        why=row["why"],
    )


@contextlib.contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turn what SQLite and a row that is wrong raise into `JournalUnavailableError`."""
    try:
        yield
    except sqlite3.Error as error:
        raise JournalUnavailableError(f"The journal {path} cannot be read: {error}.") from error
    except (ValueError, KeyError, TypeError) as error:
        # a value that no version of ours has written
        raise JournalUnavailableError(damaged(path, f"{error}")) from error
