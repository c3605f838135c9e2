"""What somebody is told who typed too many wrong PINs."""

from __future__ import annotations

from kiosk_tui.locales.texts import ngettext


def wait_for_pin(seconds: int) -> str:
    """Say how long no PIN is looked at."""
    return ngettext(
        "Too many wrong PINs. Please wait {count} second.",
        "Too many wrong PINs. Please wait {count} seconds.",
        seconds,
    ).format(count=seconds)
