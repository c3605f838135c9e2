"""How much room a terminal has: four steps, one grid. Under the smallest everything is written plain."""

from __future__ import annotations

from typing import Final, NamedTuple

from textual.geometry import Size


class ScreenStep(NamedTuple):
    """What is as large as what, from so many columns and rows on.

    `margin` is left and right; `head` and `foot` are rows; `apart` the rows between blocks. Figures:
    `entry` in the field that is typed into, `result` of a result or a wait, `alone` in a line without
    anything beside it, `tile` on a choice, as indexes into (XL, L, M, S). `word` is the largest lettering: double, bold or condensed.
    """

    name: str
    columns: int
    rows: int
    margin: int
    head: int
    foot: int
    apart: int
    entry: int
    result: int
    tile: int
    word: str
    mark: int
    """Rows of a result's sign."""
    alone: int


STEPS: Final = (
    ScreenStep("xl", 200, 60, 14, 5, 4, 3, 0, 0, 1, "double", 28, 0),
    ScreenStep("l", 120, 40, 6, 3, 3, 2, 1, 2, 2, "bold", 18, 1),
    ScreenStep("m", 100, 30, 4, 3, 2, 2, 2, 2, 3, "bold", 11, 2),
    ScreenStep("s", 80, 24, 2, 2, 1, 1, 2, 3, 3, "condensed", 9, 3),
)
"""The largest first."""
SMALL: Final = ScreenStep("small", 0, 0, 0, 1, 1, 0, 3, 3, 3, "condensed", 0, 3)
"""Less than every screen needs: everything is written plain, and amounts are seen whole."""
SMALLEST: Final = (STEPS[-1].columns, STEPS[-1].rows)
"""Columns and rows that every screen fits into."""

FLOOD: Final = 0.71
"""The part of a screen that a result's flood covers."""


def step_of(room: Size) -> ScreenStep:
    """Return how large everything is in so much room."""
    return next(
        (one for one in STEPS if room.width >= one.columns and room.height >= one.rows), SMALL
    )


def flood_rows(room: Size) -> int:
    """Return the rows of a result's flood, from the top."""
    return int(room.height * FLOOD)
