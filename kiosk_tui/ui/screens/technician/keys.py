"""What a technician's screens share: arrows and the numpad do the same, and nothing goes away by itself."""

from __future__ import annotations

from typing import ClassVar, Final

from kiosk_tui.ui.screens.base import WITHOUT_NUMLOCK
from kiosk_tui.ui.screens.staffed import StaffedScreen

_MINUTE_S: Final = 60.0


class TechnicianScreen(StaffedScreen):
    """A screen that stays for as long as it is worked with. At rest over SSH not even its clock goes."""

    ASKS: ClassVar[bool] = False

    def on_mount(self) -> None:
        """Let the clock go where its bytes cost nothing."""
        super().on_mount()
        if not self.settings.remote:
            self.every(_MINUTE_S, self.tell_headline)

    def press(self, key: str) -> None:
        """Do what a key means; an arrow is the digit that it shares its key with."""
        super().press(WITHOUT_NUMLOCK.get(key, key))
        if self.settings.remote and self.is_current:
            self.tell_headline()
