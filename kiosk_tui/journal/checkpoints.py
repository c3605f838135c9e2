"""Checkpoints in the journal: when one is due, and how it is written beside the running register.

Owns: the form of `CHECKPOINT` events. Nothing here is called by a payment.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Final

from kiosk_tui.domain import checkpoint
from kiosk_tui.domain.checkpoint import EVERY, Checkpoint
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.journal import chain, outbox, rows, schema
from kiosk_tui.journal.register_events import RegisterEvent
from kiosk_tui.records import dataclass

_READ: Final = (
    "SELECT seq, at, content FROM register_events"
    f" WHERE event = '{RegisterEvent.CHECKPOINT}' AND seq > ?"
)

Sign = Callable[[Checkpoint], Checkpoint]


@dataclass(frozen=True, slots=True)
class WrittenCheckpoint:
    """A checkpoint in the journal; `seq` is the place of its own event, behind what it vouches for."""

    seq: int
    at: datetime
    checkpoint: Checkpoint


def newest(connection: sqlite3.Connection) -> WrittenCheckpoint | None:
    """Return the last one; None also for a format without a chain. Raises `sqlite3.Error`."""
    if outbox.version(connection) < schema.CHAINED_VERSION:
        return None
    return next(_written(connection, f"{_READ} ORDER BY seq DESC LIMIT 1", 0), None)


def after(connection: sqlite3.Connection, place: int, limit: int) -> tuple[Checkpoint, ...]:
    """Return those of this journal that are of a later place, oldest first. Raises `sqlite3.Error`.

    Those from before a restore have another identity and are left out.
    """
    identity = rows.reached(connection).identity
    told = (one.checkpoint for one in _written(connection, f"{_READ} ORDER BY seq", place))
    wanted = (one for one in told if one.identity == identity and one.seq > place)
    return tuple(islice(wanted, limit))


def is_due(connection: sqlite3.Connection, now: datetime) -> bool:
    """Say whether one is due: after an hour in which something came, and when a day was closed.

    An hour by the clock, whichever way it went. Raises `sqlite3.Error`.
    """
    if outbox.version(connection) < schema.CHAINED_VERSION:
        return False
    last = newest(connection)
    if last is None:
        return True
    if chain.head(connection).seq == last.seq:
        return False
    (closed,) = connection.execute(
        "SELECT count(*) FROM register_events WHERE event = ? AND seq > ?",
        (RegisterEvent.DAY_CLOSED, last.seq),
    ).fetchone()
    return bool(closed) or abs(now - last.at) >= EVERY


def make(path: Path, at: datetime, sign: Sign) -> Checkpoint | None:
    """Sign the chain's end beside a register that may be running; the last one again where nothing came.

    None: the journal has no chain yet. Raises `JournalUnavailableError`.
    """
    try:
        with closing(outbox.open_beside(path)) as connection:
            if outbox.version(connection) < schema.CHAINED_VERSION:
                return None
            connection.execute("BEGIN IMMEDIATE")
            made = _make(connection, at, sign)
            connection.execute("COMMIT")
            return made
    except (sqlite3.Error, OSError) as error:
        raise JournalUnavailableError(f"No checkpoint was written into {path}: {error}.") from error


def _make(connection: sqlite3.Connection, at: datetime, sign: Sign) -> Checkpoint:
    end, last = chain.head(connection), newest(connection)
    if last is not None and last.seq == end.seq:
        return last.checkpoint
    identity = rows.reached(connection).identity
    before = None
    if last is not None and last.checkpoint.identity == identity:
        before = chain.at(connection, last.checkpoint.seq) or last.checkpoint.end
    made = sign(checkpoint.unsigned(identity, end, at, before))
    told = {"checkpoint": made.text}
    chain.add_register_event(connection, RegisterEvent.CHECKPOINT, at, told)
    return made


def _written(connection: sqlite3.Connection, text: str, place: int) -> Iterator[WrittenCheckpoint]:
    for seq, at, content in connection.execute(text, (place,)):
        one = checkpoint.parsed(json.loads(content)["checkpoint"])
        yield WrittenCheckpoint(seq, datetime.fromisoformat(at), one)
