"""Large words, five rows high, of full blocks that every console font has: read at two metres.

Owns: the shapes of A to Z and digits. A word that has another letter, or that is too wide, is written
in plain characters: a translation need not care.
"""

from __future__ import annotations

from typing import Final

from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

HEIGHT: Final = 5
_LETTERS: Final = {
    "A": ("███", "█ █", "███", "█ █", "█ █"),
    "B": ("██ ", "█ █", "██ ", "█ █", "██ "),
    "C": ("███", "█  ", "█  ", "█  ", "███"),
    "D": ("██ ", "█ █", "█ █", "█ █", "██ "),
    "E": ("███", "█  ", "██ ", "█  ", "███"),
    "F": ("███", "█  ", "██ ", "█  ", "█  "),
    "G": ("████", "█   ", "█ ██", "█  █", "████"),
    "H": ("█ █", "█ █", "███", "█ █", "█ █"),
    "I": ("█", "█", "█", "█", "█"),
    "J": ("  █", "  █", "  █", "█ █", "███"),
    "K": ("█ █", "█ █", "██ ", "█ █", "█ █"),
    "L": ("█  ", "█  ", "█  ", "█  ", "███"),
    "M": ("█   █", "██ ██", "█ █ █", "█   █", "█   █"),
    "N": ("█  █", "██ █", "█ ██", "█  █", "█  █"),
    "O": ("███", "█ █", "█ █", "█ █", "███"),
    "P": ("███", "█ █", "███", "█  ", "█  "),
    "Q": ("████", "█  █", "█  █", "█ ██", "████"),
    "R": ("██ ", "█ █", "██ ", "█ █", "█ █"),
    "S": ("███", "█  ", "███", "  █", "███"),
    "T": ("███", " █ ", " █ ", " █ ", " █ "),
    "U": ("█ █", "█ █", "█ █", "█ █", "███"),
    "V": ("█ █", "█ █", "█ █", "█ █", " █ "),
    "W": ("█   █", "█   █", "█ █ █", "██ ██", "█   █"),
    "X": ("█ █", "█ █", " █ ", "█ █", "█ █"),
    "Y": ("█ █", "█ █", " █ ", " █ ", " █ "),
    "Z": ("███", "  █", " █ ", "█  ", "███"),
    " ": ("  ", "  ", "  ", "  ", "  "),
}


def rows(text: str, width: int) -> list[str]:
    """Draw words as five rows, twice as wide where there is room; in plain where they do not fit."""
    shapes = [_LETTERS.get(letter) for letter in text.upper()]
    drawn = [" ".join(shape[row] for shape in shapes if shape) for row in range(HEIGHT)]
    if None in shapes or len(drawn[0]) > width:
        return ["", "", text[:width], "", ""]
    if len(drawn[0]) * 2 <= width:
        return ["".join(block * 2 for block in row) for row in drawn]
    return drawn


class Lettering(Widget):
    """Shows a word or two, in the middle of its line."""

    def __init__(self, text: str, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes=classes)
        self._text = text
        self.styles.height = HEIGHT
        self.styles.box_sizing = "content-box"

    def show(self, text: str) -> None:
        """Show another word."""
        self._text = text
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        width = self.size.width
        drawn = rows(self._text, width)
        row = drawn[y] if y < HEIGHT else ""
        return Strip([Segment(row.center(width), self.rich_style)], width)
