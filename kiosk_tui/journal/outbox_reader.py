"""Reads what a head office is to be told, while the register writes.

Invariant: what is told of an event is the same whenever it is read. Events never change, but the rows
beside them do:
- a transaction's row has its present state: here it is as the event left it;
- `BEGUN` names the payment's request, which is open then: it closed none;
- an answer that comes after the register stopped waiting replaces the row that `OUTCOME_UNKNOWN` closed
  (`payment.flow`, late answers): of that event only is told that there was no answer.
Every other event names a request whose row was written with it and is never written differently again.
"""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from kiosk_tui.domain.days import DayReport
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.lifecycle import Event, State
from kiosk_tui.domain.transaction import Exchange, Transaction
from kiosk_tui.journal import checkpoints, day_reports, outbox, rows, schema, time_range
from kiosk_tui.journal.reader import LoggedEvent, Reader, read_event, reading
from kiosk_tui.journal.register_events import LoggedRegisterEvent, RegisterEvent, read_row
from kiosk_tui.journal.store import BEGUN
from kiosk_tui.records import dataclass

_UNKNOWN: Final = Event.OUTCOME_UNKNOWN.lower()
"""The verdict of a request that was given up without an answer."""


@dataclass(frozen=True, slots=True)
class ToldEvent:
    """An event, its transaction as it left it, and the request that it closed.

    The transaction has no attempts and no note; its answer is the payment's where this event closed it.
    `committed` is its place in the order of commits, 0 for what older versions wrote.
    """

    event: LoggedEvent
    transaction: Transaction
    closed: Exchange | None
    committed: int = 0

    @property
    def day(self) -> str:
        """The day of the transaction's id (UTC)."""
        return time_range.day_of(int(self.transaction.id))


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """An event and its place in the outbox."""

    seq: int
    told: ToldEvent


@dataclass(frozen=True, slots=True)
class OutboxDay:
    """A day that was closed, and its place in the outbox."""

    seq: int
    day: DayReport


@dataclass(frozen=True, slots=True)
class OutboxSignature:
    """A signature that a signer gave, as an event of the register, and its place in the outbox."""

    seq: int
    event: LoggedRegisterEvent


@dataclass(frozen=True, slots=True)
class OutboxStanding:
    """Which journal this is, and from where to where its outbox reaches (0: it is empty).

    Of days (UTC, by the ids) that began before `pruned_before` transactions may have been removed.
    """

    identity: str
    follows: str
    pruned_before: datetime | None
    ships: bool
    oldest: int
    newest: int
    checkpoint: int
    """The place that the last checkpoint is of; 0 where there is none."""


class OutboxReader(Reader):
    """A journal's outbox, opened for reading. Raises `JournalUnavailableError` with a sentence."""

    def __init__(self, path: Path, *, alone: bool = False) -> None:
        super().__init__(path, alone=alone)
        with reading(path):
            if outbox.version(self._connection) < schema.VERSION:
                self.close()
                raise JournalUnavailableError(
                    f"The journal {path} has an older format: the register brings it up to date when"
                    " it starts."
                )

    def standing(self) -> OutboxStanding:
        """Return which journal this is, and how far its outbox reaches."""
        with reading(self._path):
            found = self._connection.execute(
                "SELECT identity, follows, pruned_before, ships,"
                " (SELECT min(seq) FROM outbox) AS oldest, (SELECT max(seq) FROM outbox) AS newest,"
                " (SELECT seq - 1 FROM register_events WHERE event = ? ORDER BY seq DESC LIMIT 1)"
                " AS checkpoint FROM register",
                (RegisterEvent.CHECKPOINT,),
            ).fetchone()
            return OutboxStanding(
                identity=found["identity"],
                follows=found["follows"],
                pruned_before=rows.read_time(found["pruned_before"] or None),
                ships=bool(found["ships"]),
                oldest=found["oldest"] or 0,
                newest=found["newest"] or 0,
                checkpoint=found["checkpoint"] or 0,
            )

    def checkpoints(self, after: int, limit: int) -> tuple[str, ...]:
        """Return this journal's checkpoints of later places, oldest first, each as its line."""
        with reading(self._path):
            found = checkpoints.after(self._connection, after, limit)
            return tuple(one.text for one in found)

    def waiting(self, after: int) -> int:
        """Return how many rows there are beyond a place."""
        with reading(self._path):
            (found,) = self._connection.execute(
                "SELECT count(*) FROM outbox WHERE seq > ?", (after,)
            ).fetchone()
            return int(found)

    def rows(
        self, after: int, limit: int, *, days: Collection[str] | None = None, compared: int = 0
    ) -> tuple[OutboxRow, ...]:
        """Return what comes after a place, in order; with `days`, up to `compared` only of these days.

        A place whose event was removed is passed over.
        """
        with reading(self._path):
            return read_outbox(
                self._connection, self._path, after, limit, days=days, compared=compared
            )

    def days(self, after: int, limit: int) -> tuple[OutboxDay, ...]:
        """Return the closed days that come after a place, in order."""
        found = self._register_events(RegisterEvent.DAY_CLOSED, after, limit)
        return tuple(OutboxDay(place, day_reports.read(one)) for place, one in found)

    def signatures(self, after: int, limit: int) -> tuple[OutboxSignature, ...]:
        """Return the signatures that come after a place, in order."""
        found = self._register_events(RegisterEvent.SIGNED, after, limit)
        return tuple(OutboxSignature(*one) for one in found)

    def _register_events(
        self, kind: RegisterEvent, after: int, limit: int
    ) -> list[tuple[int, LoggedRegisterEvent]]:
        with reading(self._path):
            found = self._connection.execute(_REGISTER, (after, kind, limit))
            return [(place, read_row(*row)) for place, *row in found]

    def everything(self, upto: int) -> Iterator[ToldEvent]:
        """Yield every event but those beyond a place, by the transactions' ids, from one snapshot.

        One at a time: a journal of years does not fill the memory.
        """
        with reading(self._path):
            self._connection.execute("BEGIN")
            try:
                beyond = {
                    tuple(row)
                    for row in self._connection.execute(
                        "SELECT transaction_id, number FROM outbox WHERE seq > ?", (upto,)
                    )
                }
                for row in self._connection.execute(_ALL):
                    told = _told(row, self._path)
                    if (int(told.transaction.id), told.event.number) not in beyond:
                        yield told
            finally:
                self._connection.execute("COMMIT")

    def of_day(self, day: str) -> Mapping[str, int]:
        """Return the ids of a day's transactions, each with the number of its events."""
        with reading(self._path):
            found = self._connection.execute(
                "SELECT transaction_id, count(*) FROM events"
                " WHERE transaction_id >= ? AND transaction_id < ? GROUP BY transaction_id",
                time_range.ids_of_day(day),
            )
            return {str(number): count for number, count in found}


def read_outbox(
    connection: sqlite3.Connection,
    path: Path,
    after: int,
    limit: int,
    *,
    days: Collection[str] | None = None,
    compared: int = 0,
) -> tuple[OutboxRow, ...]:
    """Do what `OutboxReader.rows` does. Raises what SQLite and a wrong row raise."""
    text, values = _AFTER, [after]
    if days is not None:
        marks = ", ".join("?" * len(days))
        text += f" AND (o.seq > ? OR {_DAY} IN ({marks}))"
        values += [compared, *map(int, days)]
    found = connection.execute(f"{text} ORDER BY o.seq LIMIT ?", (*values, limit))
    return tuple(OutboxRow(row[0], _told(row, path)) for row in found)


def _told(row: sqlite3.Row, path: Path) -> ToldEvent:
    logged = _part(row, _EVENT)
    event = read_event(logged)
    rows.check_values(row[_TRANSACTION], path)
    transaction = rows.read_transaction(_part(row, _TRANSACTION))
    left = _as_left(event, transaction, _closed(event, row))
    return replace(left, committed=logged["seq"] or 0)


def _part(row: sqlite3.Row, where: slice) -> dict[str, Any]:
    return dict(zip(_NAMES[where], row[where], strict=True))


def _closed(event: LoggedEvent, row: sqlite3.Row) -> Exchange | None:
    """Return the request that an event closed, as it was then."""
    if event.exchange_id is None or event.event == BEGUN or row[_EXCHANGE][0] is None:
        return None
    found = rows.read_exchange(_part(row, _EXCHANGE))
    if event.event == Event.OUTCOME_UNKNOWN and found.verdict != _UNKNOWN:
        found = replace(found, verdict=_UNKNOWN, answer=None)
    return replace(found, answered_at=event.at, why=event.why)


def _as_left(event: LoggedEvent, present: Transaction, closed: Exchange | None) -> ToldEvent:
    left = replace(
        present,
        state=State(event.state_after),
        updated_at=event.at,
        attempts=0,
        next_attempt_at=None,
        answer=closed.answer if closed is not None and closed.id == present.id else None,
        why=event.why,
        note="",
    )
    return ToldEvent(event, left, closed)


def _named(alias: str, columns: str) -> tuple[str, ...]:
    return tuple(f"{alias}.{name.strip()}" for name in columns.split(","))


_SELECTED: Final = (
    "o.seq",
    *_named("e", f"{rows.EVENT_COLUMNS}, seq"),
    *_named("t", rows.TOLD_COLUMNS),
    *_named("x", rows.EXCHANGE_COLUMNS),
)
_NAMES: Final = tuple(one.partition(".")[2] for one in _SELECTED)
_BOUNDS: Final = tuple(
    sum(one[0] in before for one in _SELECTED) for before in ("o", "oe", "oet", "oetx")
)
_EVENT, _TRANSACTION, _EXCHANGE = (slice(start, end) for start, end in itertools.pairwise(_BOUNDS))

_READ: Final = ", ".join(rows.AS_READ.get(one, one) for one in _SELECTED[1:])

_DAY: Final = f"min(o.transaction_id / {time_range.A_DAY}, {time_range.LAST_DAY})"
_JOINED: Final = (
    " JOIN transactions t ON t.id = e.transaction_id"
    " LEFT JOIN exchanges x ON x.transaction_id = e.transaction_id AND x.id"
    " = iif(e.exchange_id = 0, e.transaction_id, e.exchange_id)"
)
_AFTER: Final = (
    f"SELECT o.seq, {_READ} FROM outbox o"
    " CROSS JOIN events e ON e.transaction_id = o.transaction_id AND e.number = o.number"
    f"{_JOINED} WHERE o.seq > ?"
)
_REGISTER: Final = (
    "SELECT o.seq, r.seq, r.at, r.event, r.content, c.link FROM outbox o"
    " CROSS JOIN register_events r ON r.seq = o.number JOIN chain c ON c.seq = r.seq"
    " WHERE o.seq > ? AND o.transaction_id = 0 AND r.event = ? ORDER BY o.seq LIMIT ?"
)
_ALL: Final = f"SELECT 0, {_READ} FROM events e{_JOINED} ORDER BY e.transaction_id, e.number"
