"""How long ago something was, in words."""

from __future__ import annotations

from datetime import timedelta

from kiosk_tui.text.texts import _


def age(span: timedelta) -> str:
    """Write a span of time in its largest unit; a clock that jumped back makes it nothing."""
    minutes = max(0, int(span.total_seconds()) // 60)
    if minutes < 120:  # noqa: PLR2004 - two hours read well as minutes
        return _("{count} min").format(count=minutes)
    hours = minutes // 60
    if hours < 48:  # noqa: PLR2004 - two days read well as hours
        return _("{count} h").format(count=hours)
    return _("{count} days").format(count=hours // 24)
