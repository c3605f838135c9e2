"""What is said about the service PIN."""

from __future__ import annotations

from kiosk_tui.text.texts import _, ngettext


def demo_pin(pin: str) -> str:
    """Tell the PIN that everybody may know; nothing when there is none."""
    return _("Demo: the PIN is {pin}.").format(pin=pin) if pin else ""


def demo_service(pin: str) -> str:
    """Tell whoever tries the demo how to get to the service menu, and out."""
    told = _("Demo: F12, then the PIN {pin}, for the service menu")
    return told.format(pin=pin) if pin else ""


def wait_for_pin(seconds: int) -> str:
    """Say how long no PIN is looked at."""
    return ngettext(
        "Too many wrong PINs. Please wait {count} second.",
        "Too many wrong PINs. Please wait {count} seconds.",
        seconds,
    ).format(count=seconds)
