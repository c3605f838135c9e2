"""What a technician's screens share: arrows and the numpad do the same, and nothing goes away by itself."""

from __future__ import annotations

from typing import ClassVar

from kiosk_tui.ui.screens.base import WITHOUT_NUMLOCK, KioskScreen


class TechnicianScreen(KioskScreen):
    """A screen that stays for as long as it is worked with."""

    ASKS: ClassVar[bool] = False

    def press(self, key: str) -> None:
        """Do what a key means; an arrow is the digit that it shares its key with."""
        super().press(WITHOUT_NUMLOCK.get(key, key))
