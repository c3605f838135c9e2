"""What is done with shapes, whatever they show: set side by side, enlarged, halved."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import zip_longest
from typing import Final

Rows = tuple[str, ...]
"""Rows of equal length, from the top."""

INK: Final = "█"
QUADRANTS: Final = " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█"
"""By the sum of what is ink: 1 upper left, 2 upper right, 4 lower left, 8 lower right."""
_HALVES: Final = {"  ": " ", "█ ": "▀", " █": "▄", "██": "█"}


def beside(shapes: Iterable[Rows], gap: int) -> Rows:
    """Set shapes side by side, `gap` columns apart; lower ones stand at the top."""
    shapes = tuple(shapes)
    height = max(map(len, shapes), default=0)
    padded = [(*one, *((" " * width(one),) * (height - len(one)))) for one in shapes]
    return tuple((" " * gap).join(parts) for parts in zip(*padded, strict=True))


def width(rows: Rows) -> int:
    """Return the columns of a shape."""
    return len(rows[0]) if rows else 0


def doubled(rows: Rows) -> Rows:
    """Return a shape twice as large: each quarter of a cell becomes a whole one."""
    return tuple(
        "".join(
            INK if QUADRANTS.index(cell) & dot else " "
            for cell in row
            for dot in (upper, 2 * upper)
        )
        for row in rows
        for upper in (1, 4)
    )


def halved(rows: Rows) -> Rows:
    """Return a shape of full blocks in half as many rows, with half blocks."""
    pairs = zip_longest(rows[::2], rows[1::2], fillvalue=" " * width(rows))
    return tuple("".join(_HALVES[a + b] for a, b in zip(*pair, strict=True)) for pair in pairs)
