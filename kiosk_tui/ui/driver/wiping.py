"""A picture of the whole screen: its grounds first, by erasing, so that only what stands on them is written.

What anybody else has written is gone as well. For terminals that erase in the ground that is set.
"""

from __future__ import annotations

from itertools import groupby
from typing import Final, NamedTuple

from kiosk_tui.ui.driver.moves import Place
from kiosk_tui.ui.driver.pen import Cell, PenState
from kiosk_tui.ui.driver.styles import CellStyle, change, is_turned, of_blank

_WORTH: Final = 16
"""So many cells side by side have their own ground erased: fewer blanks are shorter written."""


class Wiped(NamedTuple):
    """What wipes the screen, how the terminal stands then, and the cells that are to be written."""

    text: str
    stand: PenState
    rest: dict[Place, Cell]


def wiped(cells: dict[Place, Cell], columns: int, rows: int) -> Wiped:
    """Wipe the screen for a picture; `cells` are all that it has."""
    brush = _Brush()
    lines = [[cells[row, column] for column in range(1, columns + 1)] for row in range(1, rows + 1)]
    page: CellStyle | None = None
    pages = []
    for row, line in enumerate(lines, 1):  # the whole page first: each erases all that is below
        if _ground(line[0]) != page:
            page = _ground(line[0])
            brush.erase(row, 1, page, "J")
        pages.append(page)
    rest: dict[Place, Cell] = {}
    for row, (line, page) in enumerate(zip(lines, pages, strict=True), 1):
        column = 1
        for ground, run in groupby(line, _ground):
            part = list(run)
            there = page
            if ground != page and len(part) >= _WORTH:
                brush.erase(row, column, ground, f"{len(part)}X")
                there = ground
            for one in part:
                if one != (" ", there):
                    rest[row, column] = one
                column += 1
    return Wiped("".join(brush.out), PenState(style=brush.style), rest)


class _Brush:
    """Erases, from a terminal of which nothing is known."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self.style: CellStyle | None = None

    def erase(self, row: int, column: int, ground: CellStyle, what: str) -> None:
        """Erase in a ground: `J` to the end of the screen, `8X` so many cells."""
        place = f"{row};{column}" if column > 1 else str(row) if row > 1 else ""
        self.out.append(f"\x1b[{place}H")
        if ground != self.style:
            self.out.append(change(self.style, ground))
            self.style = ground
        self.out.append(f"\x1b[{what}")


def _ground(one: Cell) -> CellStyle:
    """Return what a blank there would show; in reverse video that is the front, and no ground to erase in."""
    character, style = one
    return style if character == " " or is_turned(style) else of_blank(style)
