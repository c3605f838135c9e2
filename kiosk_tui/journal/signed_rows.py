"""Compares the table `signatures` with the events that it tells of: the chain vouches for those alone.

A row that is owed and was removed leaves nothing behind: the file does not say when a signer was configured.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from kiosk_tui.domain.lifecycle import OPEN

_OPEN = ", ".join(f"'{one}'" for one in sorted(OPEN))
_ROWS = f"""
    SELECT s.transaction_id, s.number, e.seq IS s.seq AND e.state_after NOT IN ({_OPEN}), s.signed FROM signatures s
    LEFT JOIN events e USING (transaction_id, number)
    LEFT JOIN register_events r ON r.seq = s.signed AND r.event = 'SIGNED'
        AND CAST(json_extract(r.content, '$.transaction') AS INTEGER) = s.transaction_id
        AND json_extract(r.content, '$.number') = s.number
    WHERE e.seq IS NOT s.seq OR e.state_after IN ({_OPEN}) OR (s.signed IS NOT NULL AND r.seq IS NULL)
"""
_SIGNED = """
    SELECT r.seq, t.id, json_extract(r.content, '$.number') FROM register_events r
    JOIN transactions t ON t.id = CAST(json_extract(r.content, '$.transaction') AS INTEGER)
    LEFT JOIN signatures s ON s.transaction_id = t.id
        AND s.number = json_extract(r.content, '$.number')
    WHERE r.event = 'SIGNED' AND s.signed IS NOT r.seq
"""


def troubles(connection: sqlite3.Connection) -> Iterator[str]:
    """Name what was slipped in, altered or removed. Raises `sqlite3.Error`."""
    for one, number, known, signed in connection.execute(_ROWS):
        which = f"The signature of event {number} of transaction {one}"
        if not known:
            yield f"{which} belongs to no event at its place that is signed."
        else:
            yield f"{which} should stand at place {signed}, where there is none of it."
    for seq, one, number in connection.execute(_SIGNED):
        yield f"Event {number} of transaction {one} was signed at place {seq}, but its row does not say so."
