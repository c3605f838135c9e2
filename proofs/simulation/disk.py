"""The disk of one machine: the production SQL on SQLite's memory storage, with faults put in.

Owns: when the disk refuses. What was committed outlives processes; what was not is rolled back when
the next one opens the file. What survives a power cut on real files is `proofs.power`'s subject.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final

from kiosk_tui.domain.lifecycle import Event, State
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.journal import database, rows, schema, store
from proofs.simulation.past import Earlier
from proofs.simulation.plan import DiskFault, DiskTrouble

TRANSACTIONS: Final = f"SELECT {rows.TRANSACTION_COLUMNS} FROM transactions ORDER BY id"


ANY_OPEN: Final = (
    f"SELECT 1 FROM transactions WHERE {schema.TO_DO} AND state <> 'NEEDS_STAFF' LIMIT 1"
)
STATE: Final = "SELECT state FROM transactions WHERE id = ?"
APPROVED_ONCE: Final = (
    "SELECT 1 FROM events WHERE transaction_id = ? AND event IN ('APPROVED', 'GOODS_HANDED_OVER')"
)
CANCEL_ASKED: Final = "SELECT 1 FROM events WHERE transaction_id = ? AND event = 'CANCEL_REQUESTED'"
_FORGET: Final = (
    "DELETE FROM signatures",
    "DELETE FROM fiscal_begun",
    "DELETE FROM events",
    "DELETE FROM exchanges",
    "DELETE FROM transactions",
    "DELETE FROM outbox",
    "UPDATE register SET last_id = 0, checked_at = '', ships = 0, authorizing_from = 0",
)


@cache
def _file() -> sqlite3.Connection:
    """Return the one file of this process: made once, because parsing SQL costs more than running it."""
    connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    database.prepare(connection, Path("journal"), "FULL")
    connection.execute(
        "DROP TRIGGER events_are_kept"
    )  # only `Disk` itself deletes, between schedules
    return connection


class Disk:
    """`troubles` strike at the n-th statement, or for as long as a window of virtual time."""

    def __init__(
        self,
        troubles: tuple[DiskTrouble, ...],
        time: Callable[[], float],
        tell: Callable[[str], None],
        *,
        past: tuple[Earlier, ...] = (),
        forgets: bool = False,
    ) -> None:
        self.raw = _file()
        if self.raw.in_transaction:
            self.raw.execute("ROLLBACK")
        for statement in _FORGET:
            self.raw.execute(statement)
        self._remember(past)
        self._at = {one.at_statement: one.fault for one in troubles if one.at_statement}
        self._windows = [one for one in troubles if not one.at_statement]
        self._time = time
        self._tell = tell
        self._statements = 0
        self._forgets = forgets
        self._older: sqlite3.Connection | None = None
        self._before: sqlite3.Connection | None = None
        self.healed = False

    def _remember(self, past: tuple[Earlier, ...]) -> None:
        """Write what happened before, with the event that tells of an approval."""
        self.raw.execute("BEGIN")
        for earlier in past:
            if earlier.elsewhere:
                continue
            one = earlier.transaction
            store._insert_transaction(self.raw, one)
            store._log(self.raw, one, store.BEGUN, None, None)
            if one.answer is not None:
                store._log(self.raw, one, Event.APPROVED, State.AUTHORIZING, None)
            self.raw.execute("UPDATE register SET last_id = max(last_id, ?)", (int(one.id),))
        self.raw.execute(schema.MOVE_AUTHORIZING_FROM)
        self.raw.execute("COMMIT")

    def connect(self, path: Path, _synchronous: str) -> sqlite3.Connection:
        """Open the file, as `database.connect` does."""
        found: Any = _Connection(self)
        found.close()
        database.check_version(found, path)
        return found  # type: ignore[no-any-return]

    def lose_power(self) -> None:
        """Forget the last commit: the control, a disk that was not waited for."""
        if self._forgets and self._older:
            if self.raw.in_transaction:
                self.raw.execute("ROLLBACK")
            self._older.backup(self.raw)

    def transactions(self) -> list[Transaction]:
        """Return what is committed. Nothing may be half done."""
        return [rows.read_transaction(row) for row in self.raw.execute(TRANSACTIONS)]

    def anything_open(self) -> bool:
        """Say whether the journal holds a transaction that has not ended."""
        return self.raw.execute(ANY_OPEN).fetchone() is not None

    def holds(self, secret: bytes) -> bool:
        """Say whether these bytes are anywhere in the file, also in what was deleted."""
        return secret in self.raw.serialize()

    def state(self, transaction_id: str) -> str:
        """Return the state that is on disk, or nothing."""
        if self.raw.in_transaction:
            return "(not committed)"
        found = self.raw.execute(STATE, (int(transaction_id),)).fetchone()
        return "" if found is None else str(found[0])

    def owed(self) -> int:
        """Return how many signatures are owed."""
        found = self.raw.execute("SELECT count(*) FROM signatures WHERE signed IS NULL").fetchone()
        return int(found[0])

    def signed(self) -> list[str]:
        """Return the keys of all events that are signed or owed, in the order of commits."""
        found = self.raw.execute(
            "SELECT transaction_id, number FROM signatures JOIN events USING (transaction_id, number)"
            " ORDER BY events.seq"
        )
        return [f"{one}-{number}" for one, number in found]

    def was_approved(self, transaction_id: str) -> bool:
        """Say whether the event log holds an approval."""
        return self.raw.execute(APPROVED_ONCE, (int(transaction_id),)).fetchone() is not None

    def cancellation_asked(self, transaction_id: str) -> bool:
        """Say whether the event log holds staff's wish to cancel it."""
        return self.raw.execute(CANCEL_ASKED, (int(transaction_id),)).fetchone() is not None

    def execute(self, text: str, values: Any) -> sqlite3.Cursor:
        self._statements += 1
        fault = self._at.get(self._statements) or self._in_window(text)
        commit = text == "COMMIT"
        if commit and self._forgets:
            self._older = self._before
        if fault is not None and not self.healed:
            self._tell(
                f"disk: {fault} at statement {self._statements} ({text.split(maxsplit=1)[0]})"
            )
            if commit and fault is DiskFault.COMMIT_KEPT:
                self.raw.execute(text)
            raise _error(fault)
        if self._forgets and text == "BEGIN IMMEDIATE":
            self._before = _copied(self.raw)
        return self.raw.execute(text, values)

    def _in_window(self, text: str) -> DiskFault | None:
        if self._windows:
            now = self._time()
            for one in self._windows:
                if one.from_s <= now < one.from_s + one.for_s and _strikes(one.fault, text):
                    return one.fault
        return None


def _strikes(fault: DiskFault, text: str) -> bool:
    """Say whether a fault that lasts refuses this statement."""
    if fault in {DiskFault.COMMIT_LOST, DiskFault.COMMIT_KEPT}:
        return text == "COMMIT"
    return fault is DiskFault.IO or not text.startswith(("SELECT", "PRAGMA", "BEGIN"))


class _Connection:
    """What `Store` uses of a connection."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk
        self.row_factory: Any = None

    def execute(self, text: str, values: Any = ()) -> sqlite3.Cursor:
        return self._disk.execute(text, values)

    @property
    def in_transaction(self) -> bool:
        return self._disk.raw.in_transaction

    def close(self) -> None:
        if self._disk.raw.in_transaction:
            self._disk.raw.execute("ROLLBACK")


def _copied(file: sqlite3.Connection) -> sqlite3.Connection:
    # not `deserialize`: put over a file that is in use, it has ended the whole process
    copy = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    file.backup(copy)
    return copy


def _error(fault: DiskFault) -> sqlite3.OperationalError:
    full = fault is DiskFault.FULL
    error = sqlite3.OperationalError("database or disk is full" if full else "disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_FULL if full else sqlite3.SQLITE_IOERR
    return error
