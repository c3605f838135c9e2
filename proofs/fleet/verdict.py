"""What head office has against what was sent: once each, in order, without a gap; asked by SQL."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final

from kiosk_tui.office.database import Single
from proofs.fleet.kiosks import Kiosk

_STORED: Final = """
    SELECT kiosk_id, count(*) AS events, min(seq) AS first, max(seq) AS last,
        count(DISTINCT (transaction_id, number)) AS names,
        encode(sha256(string_agg(encode(sha256, 'hex'), '' ORDER BY seq)::bytea), 'hex') AS sha256,
        (SELECT stored FROM epoch WHERE epoch.kiosk_id = event.kiosk_id AND epoch.epoch = min(event.epoch))
            AS stored
    FROM event GROUP BY kiosk_id
"""
_STATES: Final = """
    SELECT kiosk_id, encode(sha256(string_agg(transaction_id || ' ' || number || ' ' || state, ','
        ORDER BY transaction_id)::bytea), 'hex') AS sha256
    FROM kiosk_transaction GROUP BY kiosk_id
"""


async def wrong(connection: Single, kiosks: Sequence[Kiosk]) -> list[str]:
    """Return what is wrong, a sentence each."""
    stored = {row["kiosk_id"]: row for row in await connection.fetch(_STORED)}
    states = {row["kiosk_id"]: row["sha256"] for row in await connection.fetch(_STATES)}
    found = []
    for one in kiosks:
        row, sent = stored.get(one.kiosk_id), len(one.journal.events)
        if row is None or (row["events"], row["first"], row["last"]) != (sent, 1, sent):
            has = 0 if row is None else row["events"]
            found.append(f"{one.kiosk_id}: {has} of {sent} events are stored")
        elif row["names"] != sent:
            found.append(f"{one.kiosk_id}: an event stands twice")
        elif row["sha256"] != _digest("".join(e.fingerprint() for e in one.journal.events)):
            found.append(f"{one.kiosk_id}: what is stored is not what was sent")
        elif row["stored"] != sent:
            found.append(f"{one.kiosk_id}: its place is {row['stored']}, not {sent}")
        elif states.get(one.kiosk_id) != _states(one):
            found.append(f"{one.kiosk_id}: its transactions' last states differ")
    alarms = await connection.fetch("SELECT kind, sentence FROM alarm ORDER BY alarm_id")
    return found + [f"an alarm, {row['kind']}: {row['sentence']}" for row in alarms]


def _states(kiosk: Kiosk) -> str:
    last = {one.transaction_id: one for one in kiosk.journal.events}
    order = sorted(last.values(), key=lambda one: int(one.transaction_id))
    return _digest(",".join(f"{one.transaction_id} {one.number} {one.state}" for one in order))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
