"""The business day, for a kiosk's staff."""

from __future__ import annotations

from typing import ClassVar

from kiosk_tui.text.texts import _
from kiosk_tui.text.times import format_day_time
from kiosk_tui.ui.messages import PinAccepted
from kiosk_tui.ui.screens.lane.day import BusinessDay


class ServiceDay(BusinessDay):
    """As at a lane, behind the service PIN; it leads back to the menu."""

    IDLE: ClassVar[bool] = True
    ASKS: ClassVar[bool] = False

    def heading(self) -> str:
        return _("Service")

    def title_left(self) -> str:
        return "  \u2022  ".join(filter(None, (self.heading(), self.settings.name)))

    def title_right(self) -> str:
        return format_day_time(self.settings.now(), self.locale)

    def back(self) -> None:
        self.tell_last(PinAccepted())
