"""Large words in reverse-video spaces: read at two metres.

Owns: the shapes of the letters that the shipped languages need. Five rows, one above for accents, one
below to breathe; over an accent one more, so that it does not grow out of its band. A word that has
another letter, or that is too wide, is written in plain characters.
"""

from __future__ import annotations

import unicodedata
from typing import Final

from textual.geometry import Size
from textual.strip import Strip

from kiosk_tui.ui.widgets import ink
from kiosk_tui.ui.widgets.room import Fitting, is_small

HEIGHT: Final = 7
_ROWS: Final = 5
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
    "Ł": ("█  ", "█ █", "██ ", "█  ", "███"),
    "0": ("███", "█ █", "█ █", "█ █", "███"),
    "1": ("█", "█", "█", "█", "█"),
    "2": ("███", "  █", "███", "█  ", "███"),
    "3": ("███", "  █", "███", "  █", "███"),
    "4": ("█ █", "█ █", "███", "  █", "  █"),
    "5": ("███", "█  ", "███", "  █", "███"),
    "6": ("███", "█  ", "███", "█ █", "███"),
    "7": ("███", "  █", "  █", "  █", "  █"),
    "8": ("███", "█ █", "███", "█ █", "███"),
    "9": ("███", "█ █", "███", "  █", "███"),
    "?": ("███", "  █", " ██", "   ", " █ "),
    "¿": (" █ ", "   ", "██ ", "█  ", "███"),
    "-": ("   ", "   ", "███", "   ", "   "),
    "'": ("█", "█", " ", " ", " "),
    " ": ("  ", "  ", "  ", "  ", "  "),
}

_MARKS: Final = {
    "\u0300": "█  ",  # grave
    "\u0301": "  █",  # acute
    "\u0302": " █ ",  # circumflex
    "\u0303": "██ ",  # tilde
    "\u0307": " █ ",  # dot
    "\u0308": "█ █",  # diaeresis
    "\u030a": " █ ",  # ring
    "\u030c": "█ █",  # caron
    "\u0327": "",  # cedilla: a tail
    "\u0328": "",  # ogonek: a tail
}


def rows(text: str, width: int) -> list[str]:
    """Draw words as seven rows, eight with an accent, twice as wide where there is room; in plain where they do not fit."""
    shapes = [_shape(letter) for letter in text.upper()]
    drawn = [" ".join(shape[row] for shape in shapes if shape) for row in range(HEIGHT)]
    if None in shapes or len(drawn[0]) > width:
        return [text[:width] if row == HEIGHT // 2 else "" for row in range(HEIGHT)]
    if ink.BLOCK in drawn[0]:
        drawn.insert(0, " " * len(drawn[0]))
    if len(drawn[0]) * 2 <= width - 4:
        return ["".join(block * 2 for block in row) for row in drawn]
    return drawn


def _shape(letter: str) -> tuple[str, ...] | None:
    """Return a letter's seven rows, with its accent above, or as a tail in its last row."""
    if letter in _LETTERS:
        base, mark = letter, ""
    else:
        base, mark = (*unicodedata.normalize("NFD", letter), "")[:2]
    body: tuple[str, ...] | None = _LETTERS.get(base)
    if body is None or (mark and mark not in _MARKS):
        return None
    above = _MARKS.get(mark, "")
    if mark and not above:
        body = (*(f"{row} " for row in body[:-1]), f"{body[-1]}█")
    wide = len(body[0])
    if wide == 1 and above:
        above = "█"  # an I has no room for more than that there is one
    return (above[:wide].ljust(wide), *body, " " * wide)


class Lettering(Fitting):
    """Shows a word or two, in the middle of its line."""

    def __init__(self, text: str, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes=classes)
        self._text = text
        self._plain = False
        self.styles.height = "auto"
        self.styles.box_sizing = "content-box"

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Be as high as the word needs in this width."""
        del container, viewport
        return len(self._drawn(width))

    def fit(self) -> None:
        """Be written plain where there is little room."""
        if is_small(self.app.size) is not self._plain:
            self._plain = not self._plain
            self.refresh(layout=True)

    def _drawn(self, width: int) -> list[str]:
        return [self._text[:width]] if self._plain else rows(self._text, width)

    def show(self, text: str) -> None:
        """Show another word."""
        self._text = text
        self.refresh(layout=True)

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        width = self.size.width
        drawn = self._drawn(width)
        row = drawn[y] if y < len(drawn) else ""
        return ink.strip(row.center(width), width, self.rich_style)
