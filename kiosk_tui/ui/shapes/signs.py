"""The signs of the states, at any size: check, cross, arrow back, exclamation mark, waves.

On a console a mark alone, whose edges run in steps of two columns a row (45 degrees); in the rich look
the mark is cut out of a filled disc, with quadrants: each cell is two dots by two.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from typing import Final

from kiosk_tui.ui.shapes.rows import INK, QUADRANTS, Rows

CHECK: Final = "check"
CROSS: Final = "cross"
BACK: Final = "back"
BANG: Final = "bang"

Inked = Callable[[float, float], bool]
"""Whether a point is ink; across and down, in rows: a cell is half as wide as it is high."""
_Stroke = tuple[float, float, float, float]

_MARKS: Final[dict[str, tuple[_Stroke, ...]]] = {
    CHECK: ((-0.45, 0.06, -0.16, 0.36), (-0.16, 0.36, 0.46, -0.34)),
    CROSS: ((-0.36, -0.36, 0.36, 0.36), (-0.36, 0.36, 0.36, -0.36)),
    BACK: ((-0.5, 0.0, 0.52, 0.0), (-0.5, 0.0, -0.12, -0.38), (-0.5, 0.0, -0.12, 0.38)),
    BANG: ((0.0, -0.55, 0.0, 0.08), (0.0, 0.5, 0.0, 0.52)),
}
"""Strokes in the disc, whose radius is 1: from across, down, to across, down."""
_STROKE: Final = 0.15
"""Half the width of a stroke, in radii."""


@cache
def sign(name: str, rows: int, *, rich: bool) -> Rows:
    """Draw a state's sign in at most so many rows."""
    if rich:
        return quadrants(_disc(_MARKS[name], rows), 2 * rows, rows)
    return _CONSOLE[name](rows)


def quadrants(inked: Inked, columns: int, rows: int) -> Rows:
    """Draw what is ink with four dots a cell."""

    def dot(column: int, row: int, right: int, below: int) -> bool:
        return inked((column + 0.25 + right / 2) / 2, row + 0.25 + below / 2)

    return tuple(
        "".join(
            QUADRANTS[
                sum(
                    1 << (right + 2 * below)
                    for below in (0, 1)
                    for right in (0, 1)
                    if dot(column, row, right, below)
                )
            ]
            for column in range(columns)
        )
        for row in range(rows)
    )


def _disc(mark: tuple[_Stroke, ...], rows: int) -> Inked:
    radius = rows / 2

    def inked(across: float, down: float) -> bool:
        x, y = (across - radius) / radius, (down - radius) / radius
        return x * x + y * y <= 1 and all(_distance(x, y, one) > _STROKE for one in mark)

    return inked


def _distance(x: float, y: float, stroke: _Stroke) -> float:
    left, top, right, bottom = stroke
    length = (right - left) ** 2 + (bottom - top) ** 2
    along = ((x - left) * (right - left) + (y - top) * (bottom - top)) / length
    along = min(1.0, max(0.0, along))
    return math.hypot(x - left - along * (right - left), y - top - along * (bottom - top))


# -- on a console ----------------------------------------------------------------------------------


def _check(rows: int) -> Rows:
    high, thick = rows - rows % 2, _thick(rows)
    short = high // 2
    turn = 2 * (short - 1)
    drawn = []
    for up in range(high):
        starts = [turn + 2 * up] + ([turn - 2 * up] if up < short else [])
        drawn.append(_runs(starts, thick, turn + 2 * (high - 1) + thick))
    return tuple(reversed(drawn))


def _cross(rows: int) -> Rows:
    high, thick = rows - 1 + rows % 2, _thick(rows)
    last = 2 * (high - 1)
    return tuple(_runs([2 * row, last - 2 * row], thick, last + thick) for row in range(high))


def _back(rows: int) -> Rows:
    high, thick = rows - rows % 2, _thick(rows)
    half, wide = high // 2, 3 * high - 1
    middle = max(1, high // 8)
    return tuple(
        INK * wide
        if half - middle <= row < half + middle
        else _runs([2 * (half - 1 - row if row < half else row - half)], thick, wide)
        for row in range(high)
    )


def _bang(rows: int) -> Rows:
    high, thick = max(6, rows - 2), max(4, 2 * (rows // 3))
    bar = INK * thick
    dot = max(1, rows // 8)
    return (*((bar,) * (high - 1 - dot)), " " * thick, *((bar,) * dot))


_CONSOLE: Final[dict[str, Callable[[int], Rows]]] = {
    CHECK: _check,
    CROSS: _cross,
    BACK: _back,
    BANG: _bang,
}


def _thick(rows: int) -> int:
    return max(min(5, rows // 2 + 1), rows // 2 + rows // 8)


def _runs(starts: list[int], thick: int, wide: int) -> str:
    row = [" "] * wide
    for start in starts:
        row[start : start + thick] = INK * thick
    return "".join(row)


# -- waves: one to three of them are lit -----------------------------------------------------------

WAVES: Final = 3
_CONSOLE_WAVES: Final = (
    "          ██    ",
    "     ██    ██   ",
    "██    ██    ██  ",
    " ██    ██    ██ ",
    " ██    ██    ██ ",
    "██    ██    ██  ",
    "     ██    ██   ",
    "          ██    ",
)
_WAVE_COLUMNS: Final = (0, 5, 10, 16)
"""Where each wave begins, and the last one ends."""
_ARC: Final = 0.62
"""How far a wave reaches up and down, as the sine of its angle."""


@cache
def waves(rows: int, *, rich: bool) -> tuple[Rows, ...]:
    """Draw the three waves of a contactless sign, each for itself, side by side."""
    if not rich:
        factor = max(1, rows // len(_CONSOLE_WAVES))
        return tuple(
            tuple(
                "".join(cell * factor for cell in row[left:right])
                for row in _CONSOLE_WAVES
                for _ in range(factor)
            )
            for left, right in pairwise(_WAVE_COLUMNS)
        )
    return tuple(_wave(number, rows) for number in range(WAVES))


def _wave(number: int, rows: int) -> Rows:
    """Draw an arc around a point left of all of them; the third is as high as all of it."""
    farthest = rows / 2 / _ARC
    radius = farthest * (0.42 + 0.25 * number)
    half = rows / 22
    reach = radius * _ARC
    left = radius * math.sqrt(1 - _ARC * _ARC) - half

    def inked(across: float, down: float) -> bool:
        x, y = across + left, down - rows / 2
        return abs(math.hypot(x, y) - radius) <= half and abs(y) <= reach

    columns = math.ceil(2 * (radius + half - left)) + 1
    return quadrants(inked, columns, rows)
