"""What the screens of a lane share: whose lane it is, and which day, in the line above."""

from __future__ import annotations

from typing import ClassVar, Final

from kiosk_tui.session.settings import ScreenSettings
from kiosk_tui.text.glyphs import drawable
from kiosk_tui.text.texts import _
from kiosk_tui.text.times import format_day
from kiosk_tui.ui.screens.base import KioskScreen

_DOT: Final = "•"


def lane_name(settings: ScreenSettings) -> str:
    """Say whose lane it is."""
    return _joined(settings.name, _("Lane"))


def lane_day(settings: ScreenSettings, cashier: str = "") -> str:
    """Say who is there, and which day it is."""
    return _joined(cashier, format_day(settings.now(), settings.locale, settings.lane.zone))


def _joined(*texts: str) -> str:
    return f"  {drawable(_DOT)}  ".join(filter(None, texts))


class LaneDialog(KioskScreen):
    """A screen beside the lane's own, which it leads back to."""

    SERVICE: ClassVar[bool] = False

    def heading(self) -> str:
        return _("Lane")

    def title_left(self) -> str:
        return lane_name(self.settings)

    def title_right(self) -> str:
        return lane_day(self.settings)
