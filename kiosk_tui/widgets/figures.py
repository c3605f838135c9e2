"""Big figures, five rows high, of full blocks that every console font has."""

from __future__ import annotations

from typing import Final

from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

HEIGHT: Final = 5
_FONT: Final = {
    "0": ("███", "█ █", "█ █", "█ █", "███"),
    "1": ("  █", "  █", "  █", "  █", "  █"),
    "2": ("███", "  █", "███", "█  ", "███"),
    "3": ("███", "  █", "███", "  █", "███"),
    "4": ("█ █", "█ █", "███", "  █", "  █"),
    "5": ("███", "█  ", "███", "  █", "███"),
    "6": ("███", "█  ", "███", "█ █", "███"),
    "7": ("███", "  █", "  █", "  █", "  █"),
    "8": ("███", "█ █", "███", "█ █", "███"),
    "9": ("███", "█ █", "███", "  █", "███"),
    ".": (" ", " ", " ", " ", "█"),
    ",": (" ", " ", " ", "█", "█"),
    "'": ("█", "█", " ", " ", " "),
    " ": (" ", " ", " ", " ", " "),
}


def rows(text: str) -> list[str]:
    """Draw figures as five rows of blocks and spaces; a character without a shape stays out."""
    shapes = [_FONT[one] for one in text if one in _FONT]
    return [" ".join(shape[row] for shape in shapes) for row in range(HEIGHT)]


class Figures(Widget):
    """Shows a number, pushed to the right as on a cash register; as wide as `widest` needs."""

    def __init__(self, text: str, *, widest: str = "") -> None:
        super().__init__()
        self._rows = rows(text)
        self.styles.width = max(len(rows(widest)[0]), len(self._rows[0]))
        self.styles.height = HEIGHT

    def show(self, text: str) -> None:
        """Show another number."""
        self._rows = rows(text)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        width = self.size.width
        row = self._rows[y] if y < HEIGHT else ""
        text = row[-width:].rjust(width) if width else ""
        return Strip([Segment(text, self.rich_style)], width)
