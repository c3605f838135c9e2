"""SQL for the transactions that were begun within a range of time.

An id is never less than the digits of its time (it is more when the clock had been ahead), so the
primary key leads to the first row; an index over times would cost a page more in every commit.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from kiosk_tui.journal import rows

WITHIN: Final = "id >= ? AND created_at >= ? AND created_at < ?"
"""The condition; `bounds` gives its values."""

A_DAY: Final = 10**9
"""The part of an id that is the time of its day."""
LAST_DAY: Final = 99_999_999


def day_of(number: int) -> str:
    """Return the day (UTC) of a transaction's id: its first eight digits.

    Ids of this register have 17 digits. Of a shorter or longer one, which only tests make, it is no date,
    but still one "day" that `ids_of_day` knows.
    """
    return f"{min(number // A_DAY, LAST_DAY):08}"


def end_of_day(number: int) -> datetime | None:
    """Return the end of the day of a transaction's id; None where that is no date."""
    try:
        return datetime.strptime(day_of(number), "%Y%m%d").replace(tzinfo=UTC) + timedelta(days=1)
    except ValueError:
        return None


def ids_of_day(day: str) -> tuple[int, int]:
    """Return the lowest id of a day, and the first that is beyond it."""
    number = int(day)
    return number * A_DAY, 2**63 - 1 if number == LAST_DAY else (number + 1) * A_DAY


def bounds(start: datetime, end: datetime) -> tuple[int, str, str]:
    """Return the values of `WITHIN` for what was begun from `start` on and before `end`."""
    return digits(start.astimezone(UTC)), rows.write_bound(start), rows.write_bound(end)


def digits(at: datetime) -> int:
    """Return a moment as yyyyMMddHHmmss and three digits of milliseconds."""
    number = (at.year * 100 + at.month) * 100 + at.day
    number = ((number * 100 + at.hour) * 100 + at.minute) * 100 + at.second
    return number * 1000 + at.microsecond // 1000
