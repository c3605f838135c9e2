"""Closed days into their table. A report that is stored is never changed.

The same one again, from whatever journal, says nothing new. Another one under the same number of the same
journal is kept beside it, and raises an alarm.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kiosk_tui.fleet.wire import ClosedDay
from kiosk_tui.office.alarms import raise_alarm
from kiosk_tui.office.database import Connection

_INSERT: Final = """
    INSERT INTO business_day (kiosk_id, sha256, epoch, seq, number, day, opened_at, closed_at, after, last,
        late, disagreements, sheets)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
    ON CONFLICT DO NOTHING
    RETURNING EXISTS (SELECT FROM business_day AS other
        WHERE other.kiosk_id = $1 AND other.epoch = $3 AND other.number = $5)
"""


async def store(
    connection: Connection, kiosk_id: str, epoch: str, days: Sequence[ClosedDay]
) -> None:
    """Store closed days, under the kiosk's lock."""
    for one in days:
        sheets = [each.model_dump(mode="json") for each in one.sheets]
        contradicts = await connection.fetchval(
            _INSERT,
            *(kiosk_id, bytes.fromhex(one.fingerprint()), epoch, one.seq, one.number, one.day),
            *(one.opened_at, one.at, one.after, one.last, one.late, one.disagreements, sheets),
        )
        if contradicts:
            await raise_alarm(
                connection,
                "conflict",
                f"Day {one.number} of {kiosk_id} (journal {epoch}) was closed twice, with different"
                " reports: both are kept. Two machines have this certificate, or the journal was"
                " changed.",
                kiosk_id,
                f"{epoch} day {one.number}",
                details={"epoch": epoch, "number": one.number, "seq": one.seq},
            )
