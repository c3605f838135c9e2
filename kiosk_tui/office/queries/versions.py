"""Which version runs where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kiosk_tui.office.database import Connection
from kiosk_tui.office.queries.found import many


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version with its kiosks; an empty one is for kiosks that have told none."""

    version: str
    kiosks: int
    last_seen: datetime | None


async def versions(connection: Connection) -> tuple[VersionRow, ...]:
    """Return the versions, the most widespread first."""
    return await many(
        connection,
        VersionRow,
        "SELECT version, count(*) AS kiosks, max(last_seen) AS last_seen FROM kiosk"
        " WHERE left_at IS NULL GROUP BY version ORDER BY kiosks DESC, version DESC",
    )
