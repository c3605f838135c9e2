"""A screen that may be shown for hours: it moves a little now and then, so that no tube burns in."""

from __future__ import annotations

from itertools import cycle
from typing import ClassVar, Final

from textual.css.scalar import ScalarOffset

from kiosk_tui.text.times import format_time
from kiosk_tui.ui.screens.base import KioskScreen
from kiosk_tui.ui.widgets.foot import Foot
from kiosk_tui.ui.widgets.head import Head

MOVE_S: Final = 600.0
MINUTE_S: Final = 60
_PLACES: Final = ((1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0), (0, 0))
"""Columns and rows aside: so little that nothing is cut, as there is a row to spare below."""


class RestingScreen(KioskScreen):
    """Nobody is in the middle of anything here."""

    RESTING: ClassVar[bool] = True

    def on_mount(self) -> None:
        """Begin to move."""
        super().on_mount()
        self._places = cycle(_PLACES)
        if not self.settings.remote:  # over a line nothing is sent at rest
            self.every(MOVE_S, self.move)
            self._tick()

    def title_right(self) -> str:
        """Say what time it is, where that costs nothing."""
        return "" if self.settings.remote else format_time(self.settings.now(), self.locale)

    def _tick(self) -> None:
        """Write the time again when it is another minute."""
        self.tell_headline()
        self.set_timer(MINUTE_S - self.settings.now().second % MINUTE_S, self._tick)

    def move(self) -> None:
        """Move by one step of a small circle."""
        columns, rows = next(self._places)
        body = self.query_one("#body")
        for child in body.children:
            if child.styles.has_rule("dock"):  # at the edge there is no row to spare
                continue
            child.styles.offset = ScalarOffset.from_offset((0, rows))
        self.query_one("#head", Head).stand_aside(max(0, columns))
        foot = self.query_one("#hint", Foot)
        foot.styles.padding = (0, max(0, -2 * columns), 0, max(0, 2 * columns))
