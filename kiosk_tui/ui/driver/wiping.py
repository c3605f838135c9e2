"""A picture of the whole screen: its grounds first, by erasing, so that only what stands on them is written.

What anybody else has written is gone as well. For terminals that erase in the ground that is set.
"""

from __future__ import annotations

from functools import cache
from itertools import groupby
from typing import Final, NamedTuple

from kiosk_tui.ui.driver.grid import Cell, Grid
from kiosk_tui.ui.driver.moves import Place
from kiosk_tui.ui.driver.pen import PenState
from kiosk_tui.ui.driver.styles import CellStyle, change

_WORTH: Final = 30
"""So many cells side by side have their own ground erased, whatever stands on it."""


class Wiped(NamedTuple):
    """What wipes the screen, how the terminal stands then, and the cells that are to be written."""

    text: str
    state: PenState
    rest: dict[Place, Cell]


def wiped(grid: Grid, columns: int, rows: int) -> Wiped | None:
    """Wipe the screen for a picture; None where not all of it is known. A row's page is that of its first cell."""
    picture: list[list[Cell]] = []
    for row in range(1, rows + 1):
        cells = [one for one in grid.row(row, columns)[1 : columns + 1] if one is not None]
        if len(cells) < columns:
            return None
        picture.append(cells)
    brush = _Brush()
    pages: list[CellStyle] = []
    for row, cells in enumerate(picture, 1):
        page = _erased(cells[0][1])
        if not pages or page != pages[-1]:
            brush.erase(row, 1, page, "J")  # all that is below, too
        pages.append(page)
    rest: dict[Place, Cell] = {}
    for row, (page, cells) in enumerate(zip(pages, picture, strict=True), 1):
        column = 1
        for ground, run in groupby(cells, lambda cell: _erased(cell[1])):
            part = list(run)
            there = page
            if ground != page and len(part) >= _WORTH:
                brush.erase(row, column, ground, f"{len(part)}X")
                there = ground
            bare = " ", there
            rest.update(((row, at), one) for at, one in enumerate(part, column) if one != bare)
            column += len(part)
    return Wiped("".join(brush.out), PenState(style=brush.style), rest)


class _Brush:
    """Erases, on a terminal of which nothing is known."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self.style: CellStyle | None = None

    def erase(self, row: int, column: int, ground: CellStyle, what: str) -> None:
        """Erase in a ground: `J` to the end of the screen, `8X` so many cells."""
        place = f"{row};{column}" if column > 1 else str(row) if row > 1 else ""
        style = "" if ground == self.style else change(self.style, ground)
        self.out.append(f"\x1b[{place}H{style}\x1b[{what}")
        self.style = ground


@cache
def _erased(style: CellStyle) -> CellStyle:
    """Return what is seen where a cell is erased in its own colours."""
    return CellStyle(back=style.back)
