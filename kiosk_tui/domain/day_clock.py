"""Which day it is, and when one begins."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo

from kiosk_tui.records import dataclass


def day_at(now: datetime, zone: tzinfo | None) -> date:
    """Return the day that it is in a zone; without one, in this machine's."""
    return now.astimezone(zone).date()


def day_span(day: date, zone: tzinfo | None) -> tuple[datetime, datetime]:
    """Return a day's first moment and the next day's; without a zone, this machine's.

    Raises `OverflowError` for the calendar's first and last day, which are not whole in every zone.
    """
    if day == date.min:
        raise OverflowError("the calendar begins with this day")
    first, next_ = (datetime.combine(one, time.min, zone) for one in (day, day + timedelta(days=1)))
    return first.astimezone(zone), next_.astimezone(zone)


@dataclass(frozen=True, slots=True)
class DayClock:
    """When a business day begins, and where. Without a zone it is this machine's."""

    starts: time = time.min
    zone: tzinfo | None = None

    def day(self, at: datetime) -> date:
        """Return the business day that it is at a moment: before `starts` it is still the day before."""
        local = at.astimezone(self.zone)
        day = local.date()
        return day if local.time() >= self.starts else day - timedelta(days=1)
