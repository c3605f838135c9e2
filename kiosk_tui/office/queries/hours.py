"""How many paid, hour by hour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.operations import Operation
from kiosk_tui.office.database import Connection
from kiosk_tui.text.times import local

HOURS: Final = 24
_PAYMENTS: Final = [str(one) for one in Operation if one.charges or one.reserves]


@dataclass(frozen=True, slots=True)
class HourRow:
    """The payments that were begun in the hour from `start`: by how they ended.

    `unclear` are those that got no clear answer, or run still; `approved` counts also what was
    cancelled later.
    """

    start: datetime
    approved: int
    declined: int
    unclear: int

    @property
    def rate(self) -> float | None:
        """The approval rate, 0 to 1: the approved of all that were answered; None where none was."""
        answered = self.approved + self.declined
        return self.approved / answered if answered else None


async def hours(
    connection: Connection, now: datetime, zone: tzinfo, count: int = HOURS
) -> Sequence[HourRow]:
    """Return the last hours of a zone's clock, the present one last; without a payment, too."""
    present = local(now, zone).replace(minute=0, second=0, microsecond=0)
    first = present.astimezone(UTC) - timedelta(hours=count - 1)
    rows = await connection.fetch(
        "SELECT date_bin('1 hour', begun_at, $1) AS start,"
        " count(*) FILTER (WHERE approved_at IS NOT NULL) AS approved,"
        " count(*) FILTER (WHERE approved_at IS NULL AND state = $3) AS declined,"
        " count(*) FILTER (WHERE approved_at IS NULL AND state <> ALL ($4::text[])) AS unclear"
        " FROM kiosk_transaction WHERE begun_at >= $1 AND begun_at < $1 + $5::interval"
        " AND operation = ANY ($2::text[]) GROUP BY 1",
        first,
        _PAYMENTS,
        State.DECLINED,
        [State.DECLINED, State.NOT_SENT],
        timedelta(hours=count),
    )
    found = {row["start"]: HourRow(**row) for row in rows}
    wanted = (first + timedelta(hours=one) for one in range(count))
    return tuple(found.get(start) or HourRow(start, 0, 0, 0) for start in wanted)
