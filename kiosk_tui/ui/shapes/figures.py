"""Amounts in figures of four sizes, as a person reads them: every figure of a size is equally wide.

The point and the comma have a cell of their own; the comma has its tail in a row under the figures,
which every number keeps free, so that all of them stand on one line.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Final, NamedTuple

from kiosk_tui.ui.shapes import letters
from kiosk_tui.ui.shapes.rows import INK, Rows, beside, doubled, width

S: Final = "S"
M: Final = "M"
L: Final = "L"
XL: Final = "XL"
SIZES: Final = (XL, L, M, S)
"""The largest first."""


class FigureSize(NamedTuple):
    """Rows of a figure without the tail of a comma, columns of it, and columns between two."""

    rows: int
    columns: int
    gap: int


MEASURES: Final[Mapping[str, FigureSize]] = {
    S: FigureSize(5, 6, 2),
    M: FigureSize(7, 9, 2),
    L: FigureSize(9, 12, 3),
    XL: FigureSize(14, 18, 4),
}
NARROW: Final = 1
"""Columns between figures where there is little room."""

_SPACES: Final = frozenset(" \u00a0")


@cache
def shapes(size: str, *, rich: bool) -> Mapping[str, Rows]:
    """Return the shapes of a size by their character; loaded when they are first drawn."""
    if size == XL and not rich:
        return {sign: doubled(rows) for sign, rows in shapes(M, rich=False).items()}
    look = "rich" if rich else "console"
    drawn: Mapping[str, Rows] = import_module(f"{__package__}.{look}.figures_{size.lower()}").SHAPES
    stem = width(drawn["."])
    height = MEASURES[size].rows
    # between groups of thousands some countries write an apostrophe
    high = (INK * stem,) * (height // 3) + (" " * stem,) * (height - height // 3)
    if size == XL and rich:
        drawn = {**{one: doubled(shapes(M, rich=False)[one]) for one in "$£+-%"}, **drawn}
    return {**drawn, "'": high}


def number(text: str, size: str, *, rich: bool, gap: int | None = None) -> Rows | None:
    """Draw a number, a row higher than its figures; None where a character has no shape.

    A blank parts groups by the width of a point.
    """
    known = shapes(size, rich=rich)
    blank = (" " * width(known["."]),)
    drawn = [blank if one in _SPACES else known.get(one) for one in text]
    if any(one is None for one in drawn):
        return None
    measure = MEASURES[size]
    rows = beside((one for one in drawn if one is not None), measure.gap if gap is None else gap)
    return _on_line(rows, measure.rows)


def currency(name: str, size: str, *, rich: bool) -> Rows | None:
    """Draw a currency's sign as high as the figures; or its code in letters, on their base line."""
    sign = shapes(size, rich=rich).get(name)
    measure = MEASURES[size]
    if sign is not None:
        return _on_line(sign, measure.rows)
    code = letters.word(name, letters.CONDENSED, rich=False)
    if code is None:
        return None
    above = measure.rows - len(code)
    return _on_line((*((" " * width(code),) * above), *code), measure.rows)


def _on_line(rows: Rows, height: int) -> Rows:
    return (*rows, *((" " * width(rows),) * (height + 1 - len(rows))))
