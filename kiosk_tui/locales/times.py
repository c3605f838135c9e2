"""Dates and times as a locale writes them, in a console's characters.

Without a zone they are in this machine's.
"""

from __future__ import annotations

from datetime import datetime, tzinfo

from kiosk_tui.locales.amounts import find_locale, plain


def format_time(at: datetime, locale: str, zone: tzinfo | None = None) -> str:
    """Write a time of day without seconds: 14:02, or 2:02 PM."""
    from babel.dates import format_time as write  # noqa: PLC0415 - not before a time is shown

    there = at.astimezone(zone)
    return plain(write(there, "short", tzinfo=there.tzinfo, locale=find_locale(locale)))


def format_date(at: datetime, locale: str, zone: tzinfo | None = None) -> str:
    """Write a date: 24.11.2026."""
    from babel.dates import format_date as write  # noqa: PLC0415

    return plain(write(at.astimezone(zone), "medium", locale=find_locale(locale)))


def format_date_time(at: datetime, locale: str, zone: tzinfo | None = None) -> str:
    """Write a date and a time of day: 24.11.2026, 14:02."""
    return f"{format_date(at, locale, zone)}, {format_time(at, locale, zone)}"
