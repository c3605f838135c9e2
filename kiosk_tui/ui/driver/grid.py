"""What the cells of a screen show: rows of cells, a tenth of the memory of a mapping from their places."""

from __future__ import annotations

from kiosk_tui.ui.driver.moves import Place
from kiosk_tui.ui.driver.styles import CellStyle

Cell = tuple[str, CellStyle]
"""A character and its style; of a blank only what is seen of it."""


class Grid:
    """The cells that are known. Rows and columns count from 1."""

    def __init__(self) -> None:
        self._rows: list[list[Cell | None]] = []

    def row(self, number: int, columns: int) -> list[Cell | None]:
        """Return a row to look at and to change, by columns: `columns` of them, or more."""
        while len(self._rows) <= number:
            self._rows.append([])
        row = self._rows[number]
        row += [None] * (columns + 1 - len(row))
        return row

    def get(self, place: Place) -> Cell | None:
        """Return what a cell shows, or None when that is not known."""
        row, column = place
        try:
            return self._rows[row][column]
        except IndexError:
            return None

    def clear(self) -> None:
        """Know nothing."""
        self._rows.clear()
