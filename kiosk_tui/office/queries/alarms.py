"""What happened that somebody must look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kiosk_tui.office.database import Connection
from kiosk_tui.office.queries.found import WHOLE, ListPart, Paged, paged


@dataclass(frozen=True, slots=True)
class AlarmRow:
    """An alarm; `times` it came. Open until somebody says that he has seen it."""

    alarm_id: int
    kind: str
    kiosk_id: str | None
    site: str
    subject: str
    sentence: str
    details: dict[str, Any]
    first_at: datetime
    last_at: datetime
    times: int
    seen_at: datetime | None
    seen_by: str


async def alarms(
    connection: Connection,
    part: ListPart = WHOLE,
    *,
    open_only: bool = True,
    kiosk_id: str | None = None,
) -> Paged[AlarmRow]:
    """Return the alarms, the newest first; those that were seen only where all are asked for."""
    text = (
        "SELECT a.alarm_id, a.kind, a.kiosk_id, coalesce(k.site, '') AS site, a.subject, a.sentence,"
        " a.details, a.first_at, a.last_at, a.times, a.seen_at, a.seen_by"
        " FROM alarm a LEFT JOIN kiosk k USING (kiosk_id)"
        " WHERE (NOT $1 OR a.seen_at IS NULL) AND ($2::text IS NULL OR a.kiosk_id = $2)"
        " ORDER BY a.seen_at IS NOT NULL, a.last_at DESC, a.alarm_id DESC"
    )
    return await paged(connection, AlarmRow, text, part, open_only, kiosk_id)
