"""A picture of the whole screen: its grounds first, by erasing, so that only what stands on them is written.

What anybody else has written is gone as well. For terminals that erase in the ground that is set.
"""

from __future__ import annotations

from functools import cache
from itertools import groupby, repeat
from typing import Final, NamedTuple

from kiosk_tui.ui.driver.moves import Place
from kiosk_tui.ui.driver.pen import Cell, PenState
from kiosk_tui.ui.driver.styles import CellStyle, change

_WORTH: Final = 30
"""So many cells side by side have their own ground erased, whatever stands on it."""


class Wiped(NamedTuple):
    """What wipes the screen, how the terminal stands then, and the cells that are to be written."""

    text: str
    state: PenState
    rest: dict[Place, Cell]


def wiped(cells: dict[Place, Cell], columns: int, rows: int) -> Wiped:
    """Wipe the screen for a picture; `cells` are all that it has. A row's page is that of its first cell."""
    brush = _Brush()
    pages: list[CellStyle] = []
    for row in range(1, rows + 1):
        page = _erased(cells[row, 1][1])
        if not pages or page != pages[-1]:
            brush.erase(row, 1, page, "J")  # all that is below, too
        pages.append(page)
    rest: dict[Place, Cell] = {}
    for row, page in enumerate(pages, 1):
        places = zip(repeat(row), range(1, columns + 1), strict=False)
        for ground, run in groupby(places, lambda place: _erased(cells[place][1])):
            part = list(run)
            there = page
            if ground != page and len(part) >= _WORTH:
                brush.erase(*part[0], ground, f"{len(part)}X")
                there = ground
            rest.update((place, cells[place]) for place in part if cells[place] != (" ", there))
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
