"""A payment card, drawn: with a chip, and without a number."""

from __future__ import annotations

from typing import ClassVar, Final, NamedTuple

from rich.color import Color
from rich.color_triplet import ColorTriplet
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.strip import Strip

from kiosk_tui.text.colours import RGB, mixed
from kiosk_tui.text.glyphs import drawable
from kiosk_tui.ui.widgets import ink
from kiosk_tui.ui.widgets.fitting import Fitting
from kiosk_tui.ui.widgets.room import SMALL

_SIZES: Final = {"xl": (46, 14), "l": (26, 8), "m": (22, 7), "s": (18, 6)}
"""Columns and rows."""
_GROUP: Final = 4
"""Columns of a group of digits, which have one column between them."""
_INK: Final = (0, 0, 0)
_DARKER: Final = 0.35


class _Chip(NamedTuple):
    column: int
    row: int
    columns: int
    rows: int


class Card(Fitting):
    """Shows a card; nothing on a small screen.

    In 24 bits of colour it goes from one colour to another: with `diagonal` in each cell, else from row
    to row, which costs far fewer bytes.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"card--face", "card--chip", "card--mark"}

    def __init__(self, *, diagonal: bool = False) -> None:
        super().__init__()
        self._diagonal = diagonal
        self.styles.width = "auto"
        self.styles.height = "auto"
        self.styles.box_sizing = "content-box"

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """Be as wide as the card."""
        del container, viewport
        return self._cells[0]

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Be as high as the card."""
        del container, viewport, width
        return self._cells[1]

    @property
    def _cells(self) -> tuple[int, int]:
        return (0, 0) if self.step is SMALL else _SIZES[self.step.name]

    @property
    def _chip(self) -> _Chip:
        columns, rows = self._cells
        left = max(3, columns // 9)
        return _Chip(left, rows // 4, max(4, columns // 7), 3 if rows >= 12 else 2)  # noqa: PLR2004

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        columns, rows = self._cells
        if y >= rows:
            return Strip.blank(self.size.width, self.rich_style)
        if self.rich and not self.framed:
            return Strip(self._shaded(y), columns)
        return self._framed(y)

    # -- with half blocks: a face without a frame --------------------------------------------------

    def _shaded(self, y: int) -> list[Segment]:
        columns, rows = self._cells
        page = self.rich_style
        corner = drawable("▄" if y == 0 else "▀") if y in (0, rows - 1) else ""
        parts = []
        for x in range(columns):
            ground = self._ground(x, y)
            if corner and x in (0, columns - 1):
                parts.append(Segment(corner, Style(color=ground, bgcolor=page.bgcolor)))
            else:
                parts.append(self._cell(x, y, ground))
        return list(Segment.simplify(parts))

    def _cell(self, x: int, y: int, ground: Color | None) -> Segment:
        chip, (columns, rows) = self._chip, self._cells
        if chip.column <= x < chip.column + chip.columns and 0 <= y - chip.row < chip.rows:
            gold = self.get_component_rich_style("card--chip").color
            if y - chip.row != 1:
                return Segment(" ", Style(bgcolor=gold))
            return Segment("▀", Style(color=_darker(gold), bgcolor=gold))
        at = x - chip.column
        groups = (columns - chip.column - _GROUP) // (_GROUP + 1)
        if y == rows - 2 and 0 <= at < groups * (_GROUP + 1) and at % (_GROUP + 1) < _GROUP:
            mark = self.get_component_rich_style("card--mark").color
            return Segment("▀", Style(color=mark, bgcolor=ground))
        return Segment(" ", Style(bgcolor=ground))

    def _ground(self, x: int, y: int) -> Color | None:
        face = self.get_component_rich_style("card--face")
        first, last = face.bgcolor, face.color
        if first is None or last is None or first.triplet is None or last.triplet is None:
            return first
        columns, rows = self._cells
        down = y / (rows - 1)
        part = (x / (columns - 1) + down) / 2 if self._diagonal else down
        return Color.from_rgb(*mixed(_rgb(first.triplet), _rgb(last.triplet), part))

    # -- with characters of every console ----------------------------------------------------------

    def _framed(self, y: int) -> Strip:
        columns, rows = self._cells
        face = self.get_component_rich_style("card--face")
        if y in (0, rows - 1):
            left, right = ("┌", "┐") if y == 0 else ("└", "┘")
            return Strip([Segment(drawable(f"{left}{'─' * (columns - 2)}{right}"), face)], columns)
        chip, mark = self._chip, self.get_component_rich_style("card--mark")
        inner, parts = columns - 2, [("│", face)]
        if 0 <= y - chip.row < chip.rows:
            gold = self.get_component_rich_style("card--chip")
            parts += [(" " * (chip.column - 1), face), (ink.BLOCK * (chip.columns - 1), gold)]
            inner -= chip.column + chip.columns - 2
        elif y == rows - 2:
            groups = (inner - chip.column) // (_GROUP + 1)
            digits = " ".join([drawable("•") * _GROUP] * groups)
            parts += [(" " * (chip.column - 1), face), (digits, mark)]
            inner -= chip.column - 1 + len(digits)
        parts += [(" " * inner, face), ("│", face)]
        return ink.strips([(drawable(text), style) for text, style in parts], columns)


def _darker(colour: Color | None) -> Color | None:
    if colour is None or colour.triplet is None:
        return colour
    return Color.from_rgb(*mixed(_rgb(colour.triplet), _INK, _DARKER))


def _rgb(colour: ColorTriplet) -> RGB:
    return colour.red, colour.green, colour.blue
