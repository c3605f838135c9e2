"""Bars in reverse-video spaces: how long the last exchanges took, the newest at the right."""

from __future__ import annotations

from collections.abc import Sequence

from textual.strip import Strip
from textual.widget import Widget

from kiosk_tui.ui.widgets import ink

_WIDE = 2


class Bars(Widget):
    """Shows a bar for each value, 1 to `rows` high. A value of 0 is one that never came: an `x`."""

    def __init__(self, rows: int, values: Sequence[int] = ()) -> None:
        super().__init__()
        self._rows = rows
        self._values = tuple(values)
        self.styles.height = rows + 1

    def show(self, values: Sequence[int]) -> None:
        """Show other values."""
        if self._values != tuple(values):
            self._values = tuple(values)
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw one row; the last one is the ground that the bars stand on."""
        width = self.size.width
        shown = self._values[-(width // (_WIDE + 1)) :]
        if y == self._rows:
            row = "".join("x  " if not value else "─" * (_WIDE + 1) for value in shown)
        else:
            row = "".join(
                (ink.BLOCK * _WIDE if value >= self._rows - y else " " * _WIDE) + " "
                for value in shown
            )
        return ink.strip(row[:width].ljust(width), width, self.rich_style)
