"""SQL for the transactions that were begun within a range of time.

An id is never less than the digits of its time (it is more when the clock had been ahead), so the
primary key leads to the first row; an index over times would cost a page more in every commit.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from kiosk_tui.journal import rows

WITHIN: Final = "id >= ? AND created_at >= ? AND created_at < ?"
"""The condition; `bounds` gives its values."""


def bounds(start: datetime, end: datetime) -> tuple[int, str | None, str | None]:
    """Return the values of `WITHIN` for what was begun from `start` on and before `end`."""
    return digits(start.astimezone(UTC)), rows.write_time(start), rows.write_time(end)


def digits(at: datetime) -> int:
    """Return a moment as yyyyMMddHHmmss and three digits of milliseconds."""
    number = (at.year * 100 + at.month) * 100 + at.day
    number = ((number * 100 + at.hour) * 100 + at.minute) * 100 + at.second
    return number * 1000 + at.microsecond // 1000
