"""Big figures, five rows high, and cheap to change.

A key must not cost more than about 170 bytes on a slow line, so only the cells that differ from what
is shown are written: each row knows its changed stretch, and only that stretch is refreshed.
"""

from __future__ import annotations

from typing import Final

from rich.segment import Segment
from textual.geometry import Region
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
    """Shows a number, pushed to the right as on a cash register."""

    def __init__(self, text: str, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._rows = rows(text)
        self._changed: dict[int, tuple[int, int]] = {}

    def show(self, text: str) -> None:
        """Show another number; writes only what differs."""
        width = self.size.width
        new = rows(text)
        regions = []
        for y, (old, now) in enumerate(zip(self._rows, new, strict=True)):
            before, after = _aligned(old, width), _aligned(now, width)
            differing = [x for x in range(width) if before[x] != after[x]]
            if differing:
                start, end = differing[0], differing[-1] + 1
                self._changed[y] = (start, end)
                regions.append(Region(start, y, end - start, 1))
        self._rows = new
        if regions:
            self.refresh(*regions)

    def render_line(self, y: int) -> Strip:
        """Draw one row; the changed stretch is a segment of its own, so that it travels alone."""
        width = self.size.width
        text = _aligned(self._rows[y] if y < HEIGHT else "", width)
        style = self.rich_style
        start, end = self._changed.pop(y, (0, width))
        parts = (text[:start], text[start:end], text[end:])
        return Strip([Segment(part, style) for part in parts if part], width)


def _aligned(row: str, width: int) -> str:
    return row[-width:].rjust(width) if width else ""
