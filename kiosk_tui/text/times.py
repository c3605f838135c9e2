"""All dates and times that people read, in one zone: the register's (`terminal.timezone`).

Without one it is this machine's. Logs, metrics and JSON keep UTC or their offset; everything else
asks here. An hour that happens twice, at the end of summer time, is told with its zone.
"""

from __future__ import annotations

from datetime import date, datetime, time, tzinfo

from kiosk_tui.text.amounts import plain
from kiosk_tui.text.conventions import conventions


def tell_times_in(zone: tzinfo | None, *, euro: bool = True) -> None:
    """Write every time in this zone from now on (None is this machine's).

    Where money is `euro`, a day has 24 hours in every language, and English names a day before its
    month, as Europe does; a locale with a country (`en_US`) keeps the country's order.
    """
    _Region.zone = zone
    _Region.euro = euro


def local(at: datetime, zone: tzinfo | None = None) -> datetime:
    """Return a moment as it is where the register stands, with its offset."""
    return at.astimezone(zone or _Region.zone)


def format_time(at: datetime, locale: str, zone: tzinfo | None = None) -> str:
    """Write a time of day without seconds: 14:02; 2:02 PM where the locale says so and money is no euro."""
    there = local(at, zone)
    written = f"{there:%H:%M}" if _Region.euro else _written("time", there, locale)
    return written + _which(there, zone)


def format_day(at: datetime, locale: str, zone: tzinfo | None = None) -> str:
    """Write a day with its year: Sun 29 Nov 2026."""
    return _written("day", local(at, zone), locale)


def format_date(day: date, locale: str) -> str:
    """Write a calendar's day, which is the same in every zone: Sun 29 Nov 2026."""
    return _written("day", datetime.combine(day, time.min), locale)


def format_day_time(at: datetime, locale: str, zone: tzinfo | None = None) -> str:
    """Write a day and a time of it, for what is not old: Sun 29 Nov 12:05."""
    return f"{_written('short_day', local(at, zone), locale)} {format_time(at, locale, zone)}"


def _written(what: str, there: datetime, locale: str) -> str:
    """Write `day`, `short_day` or `time` in the order of the locale."""
    known = conventions("en_150" if locale == "en" and _Region.euro else locale)
    hour = there.hour % 12 or 12
    written = getattr(known, what).format(
        E=known.weekdays[there.weekday()],
        d=there.day,
        dd=f"{there:%d}",
        M=there.month,
        MM=f"{there:%m}",
        MMM=known.months[there.month - 1],
        y=there.year,
        yy=f"{there:%y}",
        h=hour,
        hh=f"{hour:02}",
        H=there.hour,
        HH=f"{there:%H}",
        m=there.minute,
        mm=f"{there:%M}",
        a=known.halves[there.hour >= 12],  # noqa: PLR2004 - noon
    )
    if what == "time":
        return plain(written)
    return plain(written).replace(",", "", 1)  # behind the day of the week: a column is short


def minutes(seconds: float) -> str:
    """Write how long something takes: 2:09."""
    whole = max(0, round(seconds))
    return f"{whole // 60}:{whole % 60:02}"


def stamp(at: datetime) -> str:
    """Write a moment for staff, to the second: 2026-11-24 14:02:03."""
    there = local(at)
    return f"{there:%Y-%m-%d %H:%M:%S}{_which(there)}"


def clock(at: datetime) -> str:
    """Write a time of day for staff, to the second: 14:02:03."""
    there = local(at)
    return f"{there:%H:%M:%S}{_which(there)}"


def day(at: datetime) -> date:
    """Return the day of a moment; written as text it is 2026-11-24."""
    return local(at).date()


def _which(there: datetime, zone: tzinfo | None = None) -> str:
    """Name the zone of a time of day that comes twice, with a blank before it; else nothing."""
    zone = zone or _Region.zone
    wall = there.replace(tzinfo=None)
    first, second = (
        wall.replace(fold=fold).astimezone()
        if zone is None
        else wall.replace(fold=fold, tzinfo=zone)
        for fold in (0, 1)
    )
    return f" {there:%Z}" if first.utcoffset() != second.utcoffset() else ""


class _Region:
    zone: tzinfo | None = None
    euro = True
