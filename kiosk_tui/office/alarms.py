"""What is wrong until a person has seen it: a clone, a conflict, a gap, a loss, a refused batch.

Facts of the past are rows here, one open row for each thing, counted up. What is true at this moment
(a silent kiosk, a due cancellation) is asked of the tables instead.
"""

from __future__ import annotations

from typing import Any, Final

from kiosk_tui.office.database import Connection

_RAISE: Final = """
    INSERT INTO alarm AS open (kind, kiosk_id, subject, sentence, details)
    VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (kind, coalesce(kiosk_id, ''), subject) WHERE seen_at IS NULL DO UPDATE
    SET times = open.times + 1, last_at = clock_timestamp(),
        sentence = excluded.sentence, details = excluded.details
    RETURNING alarm_id
"""


async def raise_alarm(
    connection: Connection,
    kind: str,
    sentence: str,
    kiosk_id: str | None = None,
    subject: str = "",
    *,
    details: dict[str, Any] | None = None,
) -> int:
    """Open an alarm, or count up the one that is open for this kind, kiosk and subject; return its id.

    It stands once the caller's transaction is committed. The sentence and the details are the newest.
    """
    number: int = await connection.fetchval(
        _RAISE, kind, kiosk_id, subject, sentence, details or {}
    )
    return number


async def seen(connection: Connection, alarm_id: int, name: str) -> bool:
    """Note that `name` has looked at it; False when there is no such alarm, or it was seen already."""
    found = await connection.fetchval(
        "UPDATE alarm SET seen_at = now(), seen_by = $2 WHERE alarm_id = $1 AND seen_at IS NULL"
        " RETURNING alarm_id",
        alarm_id,
        name,
    )
    return found is not None
