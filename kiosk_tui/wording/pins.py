"""What is said about the service PIN."""

from __future__ import annotations

from kiosk_tui.locales.texts import _, ngettext


def demo_pin(pin: str) -> str:
    """Tell the PIN that everybody may know; nothing when there is none."""
    return _("Demo: the PIN is {pin}.").format(pin=pin) if pin else ""


def wait_for_pin(seconds: int) -> str:
    """Say how long no PIN is looked at."""
    return ngettext(
        "Too many wrong PINs. Please wait {count} second.",
        "Too many wrong PINs. Please wait {count} seconds.",
        seconds,
    ).format(count=seconds)
