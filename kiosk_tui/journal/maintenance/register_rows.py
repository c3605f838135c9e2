"""What happened to the register itself, carried from one journal to the one in its place.

Invariant: a number of a closed day is not given twice, a day that was counted is not counted again, and a
caller's key stands for what it stood for, as far as the old file can be read. The chain's own events (its
beginnings, checkpoints, what was pruned) stay with the journal whose places they name.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from kiosk_tui.journal import chain, register_events
from kiosk_tui.journal.register_events import RegisterEvent


def carry_over(to: sqlite3.Connection, present: sqlite3.Connection) -> None:
    """Take over the days that were closed, and the keys that were used, of which the other knows nothing.

    What happened to transactions was carried over before. What cannot be read of the present one (damaged,
    or of an older format) is left. Raises `sqlite3.Error` for the other one.
    """
    _carry_days(to, present)
    for at, content in _events(present, RegisterEvent.KEY_USED):
        if register_events.use_of(to, content["key"]) is None:
            chain.add_register_event(to, RegisterEvent.KEY_USED, at, content)


def _carry_days(to: sqlite3.Connection, present: sqlite3.Connection) -> None:
    known = register_events.read(to, RegisterEvent.DAY_CLOSED)
    number = known[-1].content["number"] if known else 0
    last = known[-1].content["last"] if known else register_events.begins(to)
    new = [
        (at, told)
        for at, told in _events(present, RegisterEvent.DAY_CLOSED)
        if told["number"] > number
    ]
    counted = _counted(present, new[0][1]["after"] if new else 0)
    event = next(counted, None)
    for at, told in new:
        after = last
        while event is not None and event[0] <= told["last"]:
            last, event = max(last, _place(to, event[1:])), next(counted, None)
        # its sums are what they were; the places that it names are those of this journal
        content = {**told, "after": after, "last": last}
        chain.add_register_event(to, RegisterEvent.DAY_CLOSED, at, content)


def _events(
    present: sqlite3.Connection, event: RegisterEvent
) -> Iterator[tuple[datetime, Mapping[str, Any]]]:
    # without the chain, which may be what is damaged
    text = "SELECT at, content FROM register_events WHERE event = ? ORDER BY seq"
    for at, content in _readable(present, text, event):
        yield datetime.fromisoformat(at), json.loads(content)


def _counted(present: sqlite3.Connection, after: int) -> Iterator[Sequence[Any]]:
    """Yield place, transaction and number of each event after a place, in the order of commits."""
    text = "SELECT seq, transaction_id, number FROM events WHERE seq > ? ORDER BY seq"
    return _readable(present, text, after)


def _readable(present: sqlite3.Connection, text: str, value: object) -> Iterator[Sequence[Any]]:
    """Yield rows for as long as the file can be read."""
    try:
        yield from present.execute(text, (value,))
    except sqlite3.Error:
        return


def _place(to: sqlite3.Connection, event: Sequence[Any]) -> int:
    """Return where an event stands now; 0 where it was not carried over, or has no place."""
    found = to.execute(
        "SELECT coalesce(seq, 0) FROM events WHERE transaction_id = ? AND number = ?", tuple(event)
    ).fetchone()
    return 0 if found is None else int(found[0])
