"""What happens to the register itself: events that belong to no transaction.

They stand in the same order of commits as the events of transactions (`seq`).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from kiosk_tui.records import dataclass


class RegisterEvent(StrEnum):
    """What has happened. Stored in the journal: never rename one."""

    DAY_CLOSED = "DAY_CLOSED"
    """A business day was closed; the content is its Z report."""
    SIGNED = "SIGNED"
    """A signer has signed an event; the content names it, and holds the signature."""
    CHAIN_BEGUN = "CHAIN_BEGUN"
    """The hash chain begins, or goes on in another journal; see `chain_start`."""
    PRUNED = "PRUNED"
    """Old transactions were removed; see `maintenance.prune`."""
    CHECKPOINT = "CHECKPOINT"
    """The chain's end was signed; see `checkpoint`."""
    KEY_USED = "KEY_USED"
    """A caller's key asked for something that is no order of its own (a cancellation); see `use_of`."""


# the same text as in the index of migration 6, so that it is used
USE: Final = (
    "SELECT json_extract(content, '$.use') FROM register_events"
    " WHERE event = 'KEY_USED' AND json_extract(content, '$.key') = ? LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class LoggedRegisterEvent:
    """One of them; `seq` is its place in the order of commits."""

    seq: int
    at: datetime
    event: RegisterEvent
    content: Mapping[str, Any]
    link: bytes
    """What the chain says of everything up to it."""


def begins(connection: sqlite3.Connection) -> int:  # noqa: ARG001
    """Return the place after which days begin: what older versions wrote is before it."""
    return 0


def last_of_transactions(connection: sqlite3.Connection, after: int) -> int:
    """Return the place of the last event of a transaction; `after` where none came after it."""
    (found,) = connection.execute(
        "SELECT coalesce(max(seq), ?1) FROM events WHERE seq > ?1", (after,)
    ).fetchone()
    return int(found)


def counted(connection: sqlite3.Connection) -> int | None:
    """Return the place of the last event that a closed day has counted; None where none was closed."""
    days = read(connection, RegisterEvent.DAY_CLOSED)
    return int(days[-1].content["last"]) if days else None


def pruned_after(connection: sqlite3.Connection, after: int) -> str | None:
    """Return before when what was pruned had ended, where it had events after the one in place `after`."""
    for one in reversed(read(connection, RegisterEvent.PRUNED)):
        if one.seq > after and any(last > after for _, last, _ in one.content["gaps"]):
            return str(one.content["before"])
    return None


def use_of(connection: sqlite3.Connection, key: str) -> str | None:
    """Return what a caller's key was used for, beside orders; None for nothing. Raises `sqlite3.Error`."""
    found = connection.execute(USE, (key,)).fetchone()
    return None if found is None else str(found[0])


def read(connection: sqlite3.Connection, event: RegisterEvent) -> Sequence[LoggedRegisterEvent]:
    """Return all events of one kind, oldest first. Raises `sqlite3.Error`, `ValueError`."""
    found = connection.execute(
        "SELECT seq, at, event, content, link FROM register_events JOIN chain USING (seq)"
        " WHERE event = ? ORDER BY seq",
        (event,),
    )
    return tuple(read_row(*row) for row in found)


def read_row(seq: int, at: str, event: str, content: str, link: bytes) -> LoggedRegisterEvent:
    """Return an event from its row and its link in the chain. Raises `ValueError`."""
    return LoggedRegisterEvent(
        seq, datetime.fromisoformat(at), RegisterEvent(event), json.loads(content), link
    )
