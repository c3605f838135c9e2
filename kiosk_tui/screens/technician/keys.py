"""What a technician's screens share: arrows and the numpad do the same, and nothing goes away by itself."""

from __future__ import annotations

from typing import ClassVar, Final

from kiosk_tui.screens.base import KioskScreen

_ARROWS: Final = {
    "insert": "0",
    "end": "1",
    "down": "2",
    "pagedown": "3",
    "left": "4",
    "right": "6",
    "home": "7",
    "up": "8",
    "pageup": "9",
}


class TechnicianScreen(KioskScreen):
    """A screen that stays for as long as it is worked with."""

    ASKS: ClassVar[bool] = False

    def press(self, key: str) -> None:
        """Do what a key means; an arrow is the digit that it shares its key with."""
        super().press(_ARROWS.get(key, key))
