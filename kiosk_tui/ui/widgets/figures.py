"""Big figures, five rows high, in reverse-video spaces.

A number that is only shown is set as print sets it: figures close together, room around the
separators. In a field that is typed into, a figure stands still once it is there: the number begins
at the left, and separators stand in gaps that are equally wide, so that one more digit moves only the
separators. On a slow line that is half of what a number costs that is pushed aside with every digit.
"""

from __future__ import annotations

import re
from typing import Final

from textual.strip import Strip

from kiosk_tui.ui.widgets import ink
from kiosk_tui.ui.widgets.room import Fitting, is_small

HEIGHT: Final = 5
BORDER: Final = 8
"""Columns of a field's frame."""
LARGE: Final = (110, 36)
"""Columns and rows of a terminal that has room for everything twice as large."""
_FIGURES: Final = {
    "0": ("█████", "██ ██", "██ ██", "██ ██", "█████"),
    "1": ("  ██ ", " ███ ", "  ██ ", "  ██ ", " ████"),
    "2": ("█████", "   ██", "█████", "██   ", "█████"),
    "3": ("█████", "   ██", " ████", "   ██", "█████"),
    "4": ("██ ██", "██ ██", "█████", "   ██", "   ██"),
    "5": ("█████", "██   ", "█████", "   ██", "█████"),
    "6": ("█████", "██   ", "█████", "██ ██", "█████"),
    "7": ("█████", "   ██", "   ██", "   ██", "   ██"),
    "8": ("█████", "██ ██", "█████", "██ ██", "█████"),
    "9": ("█████", "██ ██", "█████", "   ██", "█████"),
}
_STILL: Final = _FIGURES | {"1": ("  ███", "   ██", "   ██", "   ██", "   ██")}
"""Figures of a field: this 1 shares its cells with others, so that what follows it costs less."""
_NO_ROOM: Final = "#"
"""Instead of figures that do not fit, as in spreadsheets: half an amount is another amount."""
_FIGURE: Final = re.compile(r"([^0-9]*)([0-9])")
"""A figure with what stands before it."""
_SET: Final = {
    ".": ("    ", "    ", "    ", "    ", " ██ "),
    ",": ("    ", "    ", "    ", " ██ ", " █  "),
    "'": (" ██ ", " █  ", "    ", "    ", "    "),
    "": ("  ",) * HEIGHT,
    " ": ("    ",) * HEIGHT,
    "  ": ("      ",) * HEIGHT,
}
_TYPED: Final = {
    ".": ("   ", "   ", "   ", "   ", " █ "),
    ",": ("   ", "   ", "   ", " █ ", " █ "),
    "'": (" █ ", "   ", "   ", "   ", "   "),
    "": ("   ",) * HEIGHT,
    "  ": ("      ",) * HEIGHT,
}


def rows(text: str, *, typed: bool = False) -> list[str]:
    """Draw a number as five rows of blocks.

    A separator without a shape stays a gap between figures; two spaces part groups of figures.
    """
    figures, gaps = (_STILL, _TYPED) if typed else (_FIGURES, _SET)
    drawn = [""] * HEIGHT
    for separator, figure in _FIGURE.findall(text):
        between = gaps.get(separator, gaps[""]) if drawn[0] else ("",) * HEIGHT
        shape = figures[figure]
        drawn = [row + space + more for row, space, more in zip(drawn, between, shape, strict=True)]
    return drawn


def scaled(drawn: list[str], factor: int) -> list[str]:
    """Return a shape so many times as large."""
    return ["".join(cell * factor for cell in row) for row in drawn for _ in range(factor)]


class Figures(Fitting):
    """Shows a number, in plain characters where there is little room; twice as large where there is much.

    A number that does not fit in any way is none: signs stand there that cannot be read as one.

    With `widest` it is a field that is typed into, as wide as that needs.
    """

    def __init__(self, text: str, *, widest: str = "", classes: str | None = None) -> None:
        super().__init__(classes=classes)
        self._text = text
        self._widest = widest
        self._factor = 1
        self.styles.box_sizing = "content-box"
        self._draw()

    def show(self, text: str) -> None:
        """Show another number."""
        self._text = text
        self._rows = self._drawn(text)
        if not self._factor:
            self._draw()
        self.refresh()

    def fit(self) -> None:
        """Be twice as large where there is much room, and plain where there is little."""
        room = self.app.size
        widest = max(len(self._drawn(one, 1)[0]) for one in (self._widest, self._text))
        large = room.width >= LARGE[0] and room.height >= LARGE[1]
        factor = 2 if large and 2 * widest <= room.width - BORDER else 1
        if is_small(room):
            factor = 0
        if factor != self._factor:
            self._factor = factor
            self._draw()
            self.refresh(layout=True)

    def _draw(self) -> None:
        self._rows = self._drawn(self._text)
        widest = self._drawn(self._widest)
        self.styles.width = max(len(widest[0]), len(self._rows[0]))
        self.styles.height = HEIGHT * self._factor or 1

    def _drawn(self, text: str, factor: int | None = None) -> list[str]:
        factor = self._factor if factor is None else factor
        return scaled(rows(text, typed=bool(self._widest)), factor) if factor else [text]

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        width = self.size.width
        row = self._rows[y] if y < len(self._rows) else ""
        if len(self._rows[0]) > width:
            row = self._text if y == len(self._rows) // 2 else ""
            row = _NO_ROOM * width if len(row) > width else row
        return ink.strip(row[:width].ljust(width), width, self.rich_style)
