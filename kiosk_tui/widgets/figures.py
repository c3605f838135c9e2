"""Big figures, five rows high, in reverse-video spaces.

A figure stands still once it is typed: the number begins at the left, and separators stand in the
gaps between figures, so that one more digit moves only the separators. On a slow line that is half of
what a number costs that is pushed to the left with every digit.
"""

from __future__ import annotations

from typing import Final

from textual.strip import Strip
from textual.widget import Widget

from kiosk_tui.widgets import ink

HEIGHT: Final = 5
_FIGURES: Final = {
    "0": ("████", "█  █", "█  █", "█  █", "████"),
    "1": ("   █", "   █", "   █", "   █", "   █"),
    "2": ("████", "   █", "████", "█   ", "████"),
    "3": ("████", "   █", "████", "   █", "████"),
    "4": ("█  █", "█  █", "████", "   █", "   █"),
    "5": ("████", "█   ", "████", "   █", "████"),
    "6": ("████", "█   ", "████", "█  █", "████"),
    "7": ("████", "   █", "   █", "   █", "   █"),
    "8": ("████", "█  █", "████", "█  █", "████"),
    "9": ("████", "█  █", "████", "   █", "████"),
}
_GAPS: Final = {
    ".": ("   ", "   ", "   ", "   ", " █ "),
    ",": ("   ", "   ", "   ", " █ ", " █ "),
    "'": (" █ ", "   ", "   ", "   ", "   "),
    "": ("   ",) * HEIGHT,
}


def rows(text: str) -> list[str]:
    """Draw a number as five rows of blocks; a separator without a shape stays a gap."""
    drawn = [""] * HEIGHT
    gap = ""
    for one in text:
        shape = _FIGURES.get(one)
        if shape is None:
            gap = one if one in _GAPS else ""
            continue
        between = _GAPS[gap] if drawn[0] else ("",) * HEIGHT
        drawn = [row + space + more for row, space, more in zip(drawn, between, shape, strict=True)]
        gap = ""
    return drawn


class Figures(Widget):
    """Shows a number; as wide as `widest` needs, or in plain characters where that does not fit."""

    def __init__(self, text: str, *, widest: str = "", classes: str | None = None) -> None:
        super().__init__(classes=classes)
        self._text = text
        self._rows = rows(text)
        self.styles.width = max(len(rows(widest)[0]), len(self._rows[0]))
        self.styles.height = HEIGHT
        self.styles.box_sizing = "content-box"

    def show(self, text: str) -> None:
        """Show another number."""
        self._text = text
        self._rows = rows(text)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        width = self.size.width
        row = self._rows[y] if y < HEIGHT else ""
        if len(self._rows[0]) > width:
            row = self._text if y == HEIGHT // 2 else ""
        return ink.strip(row[:width].ljust(width), width, self.rich_style)
