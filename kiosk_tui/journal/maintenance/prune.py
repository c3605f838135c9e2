"""Removes old transactions while the register goes on writing, in small steps.

Owns: which transactions may be removed. Never an unfinished one, nor one that a kept one refers to, nor, where
days are closed, one that no closed day has counted. The
age is counted from the newest transaction when the clock is later than that: a clock that jumped ahead
must not empty the journal.
Invariant: a transaction is removed with all its rows, in one commit, or stays.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.journal import chain, outbox, register_events, rows, schema, time_range
from kiosk_tui.journal.database import check_health
from kiosk_tui.journal.maintenance import transaction_rows
from kiosk_tui.journal.refusals import damaged
from kiosk_tui.journal.register_events import RegisterEvent
from kiosk_tui.records import dataclass

LEAST_DAYS: Final = 90
"""Refunds and complaints come for about so long."""

STEP: Final = 25
"""Transactions in one commit: a payment may have to wait for it."""

MOST_WAITS: Final = 600
"""How often a running payment, or another writer, is waited for, one second each time."""

_REST: Final = 4.0
"""The pause after each step, as a multiple of the time that the step took."""

_ENDED: Final = (
    f"created_at < :cutoff AND updated_at < :cutoff AND {schema.ENDED}"
    " AND id NOT IN (SELECT transaction_id FROM signatures WHERE signed IS NULL)"
    " AND id NOT IN (SELECT transaction_id FROM events WHERE seq > :counted)"
)

_OLD: Final = f"{_ENDED} AND id NOT IN (SELECT transaction_id FROM outbox WHERE seq > :stored)"

_MAY_GO: Final = f"""
    WITH RECURSIVE kept (id) AS (
        SELECT id FROM transactions WHERE NOT ({_OLD})
        UNION
        SELECT CAST(t.original_key AS INTEGER) FROM kept JOIN transactions t ON t.id = kept.id
        WHERE t.original_key IS NOT NULL
    )
    SELECT id FROM transactions WHERE {_OLD} AND id NOT IN (SELECT id FROM kept) ORDER BY id
"""

_STILL_MAY_GO: Final = f"""
    SELECT 1 FROM transactions WHERE id = :id AND {_ENDED}
    AND id NOT IN (SELECT transaction_id FROM outbox WHERE seq > :last) AND NOT EXISTS (
        SELECT 1 FROM transactions WHERE id > :newest AND CAST(original_key AS INTEGER) = :id
    )
"""
"""Whether nothing has happened to it since, and nothing refers to it that began since."""

_ALL_STORED: Final = 2**63 - 1

Rest = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Pruned:
    """What was removed; `left` counts what could not be, because payments left no time for it.

    `unshipped` counts what stays because head office does not have it yet.
    """

    removed: int
    left: int
    before: datetime | None
    unshipped: int = 0


def open_to_prune(path: Path) -> sqlite3.Connection:
    """Open a journal beside the register that writes it. Raises `JournalUnavailableError`."""
    try:
        connection = outbox.open_beside(path)
        try:
            _check_same_version(connection, path)
            check_health(connection, path)
        except BaseException:
            connection.close()
            raise
    except (sqlite3.Error, OSError) as error:
        raise JournalUnavailableError(f"The journal {path} cannot be used: {error}.") from error
    return connection


def _check_same_version(connection: sqlite3.Connection, path: Path) -> None:
    if outbox.version(connection) < schema.VERSION:
        raise JournalUnavailableError(
            f"The journal {path} has an older format: the register brings it up to date when it"
            " starts. Nothing was removed."
        )


def prune(
    connection: sqlite3.Connection,
    path: Path,
    days: int,
    now: datetime,
    rest: Rest = time.sleep,
    *,
    stored: int | None = None,
) -> Pruned:
    """Remove what ended more than `days` ago. Raises `JournalUnavailableError`.

    `stored` is the last place of the outbox that head office has, 0 where that is not known (then nothing
    goes), None without a fleet. What it has is removed from the outbox too, up to the last row.
    """
    if days < LEAST_DAYS:
        raise ValueError(f"{days} days are too few: at least {LEAST_DAYS} are kept.")
    try:
        if stored:
            _trim(connection, stored, rest)
        return _prune(connection, days, now, rest, stored)
    except sqlite3.Error as error:
        raise JournalUnavailableError(
            f"The journal {path} could not be pruned: {error}. What was removed so far is removed"
            " whole; nothing else has changed."
        ) from error
    except (ValueError, TypeError) as error:  # a time that no version of ours has written
        raise JournalUnavailableError(damaged(path, str(error))) from error


def _trim(connection: sqlite3.Connection, stored: int, rest: Rest) -> None:
    while True:
        began = time.monotonic()
        if not outbox.trim(connection, stored):
            return
        rest((time.monotonic() - began) * _REST)


def _prune(
    connection: sqlite3.Connection, days: int, now: datetime, rest: Rest, stored: int | None
) -> Pruned:
    newest, newest_id = connection.execute(
        "SELECT max(created_at), max(id) FROM transactions"
    ).fetchone()
    if newest is None:
        return Pruned(0, 0, None)
    counted = register_events.counted(connection)
    before = min(now, datetime.fromisoformat(newest)) - timedelta(days)
    known = {
        "cutoff": rows.write_time(before),
        "newest": newest_id,
        "last": outbox.last(connection),
        "stored": _ALL_STORED,
        "counted": _ALL_STORED if counted is None else counted,
    }
    old = _ids(connection, known)
    if outbox.holds(connection, stored):
        return Pruned(0, 0, before, len(old))
    if stored is not None:
        known["stored"] = stored
    ids = old if stored is None else _ids(connection, known)
    proof = _Proof(connection, ids, now)
    done, removed, waits = 0, 0, 0
    while done < len(ids) and waits <= MOST_WAITS:
        step, began = ids[done : done + STEP], time.monotonic()
        gone = _remove(connection, step, known, proof)
        if gone is None:
            waits += 1
            rest(1.0)
        else:
            done, removed = done + len(step), removed + gone
            rest((time.monotonic() - began) * _REST)
    return Pruned(removed, len(ids) - done, before, len(old) - len(ids))


def _ids(connection: sqlite3.Connection, known: Mapping[str, Any]) -> list[int]:
    return [row[0] for row in connection.execute(_MAY_GO, known)]


def _remove(
    connection: sqlite3.Connection, ids: Sequence[int], known: Mapping[str, Any], proof: _Proof
) -> int | None:
    """Remove these, but for what is in use again; None when somebody else needs the journal now."""
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
            return None
        raise
    try:
        busy = connection.execute(
            f"SELECT 1 FROM transactions WHERE {schema.FOUND_TO_DO}"
            " AND state IN ('AUTHORIZING', 'GIVEN_UP') LIMIT 1"
        ).fetchone()
        going = [one for one in ids if busy is None and _still(connection, one, known)]
        if going:
            gone = transaction_rows.remove(connection, going, proof.places(going))
            connection.execute(schema.MOVE_AUTHORIZING_FROM)  # it may have named one of them
            _note(connection, going, known["cutoff"])
            proof.add(going, *gone)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return None if busy else len(going)


def _still(connection: sqlite3.Connection, one: int, known: Mapping[str, Any]) -> bool:
    return connection.execute(_STILL_MAY_GO, {**known, "id": one}).fetchone() is not None


class _Proof:
    """What the chain keeps of transactions that were removed: an event of the register for each step.

    It names the places that are gone, the link of the last one before each that stays, and the SHA-256 of
    all links that went: a copy from before can be compared with it.
    """

    def __init__(self, connection: sqlite3.Connection, ids: Sequence[int], now: datetime) -> None:
        self._connection = connection
        self._now = now
        self._read = chain.head(connection).seq
        self._places: dict[int, list[int]] = {one: [] for one in ids}
        # the chain has no index by transactions: it is read once, before anything is locked
        for number, seq in connection.execute(
            "SELECT transaction_id, seq FROM chain WHERE transaction_id IS NOT NULL AND seq <= ?",
            (self._read,),
        ):
            if number in self._places:
                self._places[number].append(seq)

    def places(self, going: Sequence[int]) -> list[int]:
        """Return the entries about these that no event has."""
        marks = ", ".join("?" * len(going))
        newer = self._connection.execute(
            f"SELECT seq FROM chain WHERE seq > ? AND transaction_id IN ({marks})",
            (self._read, *going),
        )
        return [*(seq for one in going for seq in self._places[one]), *(row[0] for row in newer)]

    def add(self, going: Sequence[int], gaps: Sequence[tuple[int, int, str]], links: str) -> None:
        """Add the event, inside of the open database transaction."""
        (before,) = self._connection.execute("SELECT pruned_before FROM register").fetchone()
        told = {
            "transactions": len(going),
            "first": str(min(going)),
            "last": str(max(going)),
            "before": before,
            "gaps": gaps,
            "sha256": links,
        }
        chain.add_register_event(self._connection, RegisterEvent.PRUNED, self._now, told)


def _note(connection: sqlite3.Connection, gone: Sequence[int], cutoff: str) -> None:
    """Note before when a day must have begun so that it may not be whole any more.

    A day is that of the ids, which are ahead of `created_at` after the clock had been: then the end of the
    day of the highest id that went counts.
    """
    highest = rows.write_time(time_range.end_of_day(max(gone))) or ""
    connection.execute(
        "UPDATE register SET pruned_before = max(pruned_before, ?, ?)", (cutoff, highest)
    )
