"""All dates and times that people read, in one zone: the register's (`terminal.timezone`).

Without one it is this machine's. Logs, metrics and JSON keep UTC or their offset; everything else
asks here. An hour that happens twice, at the end of summer time, is told with its zone.
"""

from __future__ import annotations

from datetime import date, datetime, tzinfo

from kiosk_tui.text.amounts import find_locale, plain


def tell_times_in(zone: tzinfo | None) -> None:
    """Write every time in this zone from now on; None is this machine's."""
    _CurrentZone.zone = zone


def local(at: datetime, zone: tzinfo | None = None) -> datetime:
    """Return a moment as it is where the register stands, with its offset."""
    return at.astimezone(zone or _CurrentZone.zone)


def format_time(at: datetime, locale: str, zone: tzinfo | None = None) -> str:
    """Write a time of day without seconds: 14:02, or 2:02 PM."""
    from babel.dates import format_time as write_time  # noqa: PLC0415 - not before a time is shown

    there = local(at, zone)
    written = plain(write_time(there, "short", tzinfo=there.tzinfo, locale=find_locale(locale)))
    return written + _which(there, zone)


def format_date(at: datetime, locale: str, zone: tzinfo | None = None) -> str:
    """Write a date: 24.11.2026."""
    from babel.dates import format_date as write_date  # noqa: PLC0415

    return plain(write_date(local(at, zone), "medium", locale=find_locale(locale)))


def format_date_time(at: datetime, locale: str, zone: tzinfo | None = None) -> str:
    """Write a date and a time of day: 24.11.2026, 14:02."""
    return f"{format_date(at, locale, zone)}, {format_time(at, locale, zone)}"


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
    zone = zone or _CurrentZone.zone
    wall = there.replace(tzinfo=None)
    first, second = (
        wall.replace(fold=fold).astimezone()
        if zone is None
        else wall.replace(fold=fold, tzinfo=zone)
        for fold in (0, 1)
    )
    return f" {there:%Z}" if first.utcoffset() != second.utcoffset() else ""


class _CurrentZone:
    zone: tzinfo | None = None
