"""The way over the cells that change: the fewest bytes that move the cursor, set styles and write.

Two ways are tried. In the order of the rows, a block is the character `█`, of three bytes. By styles,
everything plain is written first, and then the blocks as spaces in reverse video, of one byte each: it
goes over the rows twice, and is shorter where much is lit anew.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final

Place = tuple[int, int]
"""Row and column, from 1."""
Cell = tuple[str, str]
"""A character, and the sequences that set its style."""
Change = tuple[Place, Cell]

RESET: Final = "\x1b[0m"
_BLOCK: Final = "█"
_REVERSED: Final = re.compile(r"(?<=[\[;])7;")
"""Reverse video among other codes of a style, as Rich writes them."""
_TURN: Final = {True: "\x1b[7m", False: "\x1b[27m"}
"""Turning reverse video on or off alone is the shortest way."""


def by_rows(
    changes: Iterable[Change],
    style: str | None,
    columns: int,
    known: Callable[[Place], Cell | None],
) -> tuple[str, str | None]:
    """Return what writes the changes in their order, and the style that is set afterwards."""
    pen = _Pen(style, columns, known)
    for place, cell in changes:
        pen.write(place, cell)
    return "".join(pen.out), pen.style


def by_styles(
    changes: Iterable[Change],
    style: str | None,
    columns: int,
    known: Callable[[Place], Cell | None],
) -> tuple[str, str | None]:
    """Return what writes the changes style by style, with blocks as reversed spaces."""

    def seen(place: Place) -> Cell | None:
        cell = known(place)
        return None if cell is None else _as_space(cell)

    groups: dict[str, list[Change]] = {}
    for place, cell in changes:
        turned = _as_space(cell)
        groups.setdefault(turned[1], []).append((place, turned))
    order = sorted(groups, key=lambda one: one != style)
    return by_rows([change for one in order for change in groups[one]], style, columns, seen)


def _as_space(cell: Cell) -> Cell:
    character, style = cell
    if character != _BLOCK or not style.startswith("\x1b[") or _REVERSED.search(style):
        return cell
    return " ", f"\x1b[7;{style[2:]}"


class _Pen:
    def __init__(
        self, style: str | None, columns: int, known: Callable[[Place], Cell | None]
    ) -> None:
        self.style = style
        self.out: list[str] = []
        self._columns = columns
        self._known = known
        self._place: Place | None = None

    def write(self, place: Place, cell: Cell) -> None:
        self._move(place)
        self._set_style(cell[1])
        self.out.append(cell[0])
        last = place[1] >= self._columns  # the terminal may wrap or wait here
        self._place = None if last else (place[0], place[1] + 1)

    def _move(self, place: Place) -> None:
        if self._place == place:
            return
        ways = (f"\x1b[{place[0]};{place[1]}H", self._between(place), self._steps(place))
        self.out.append(min(filter(None, ways), key=lambda way: len(way.encode())))
        self._place = place

    def _steps(self, place: Place) -> str:
        """Return the way in steps: a row down and some columns aside is shorter than a jump."""
        if self._place is None or not 0 <= place[0] - self._place[0] <= 1:
            return ""
        down = "\n" * (place[0] - self._place[0])  # the driver lets it be a step down alone
        aside = place[1] - self._place[1]
        if aside <= 0:
            return down + min("\b" * -aside, f"\x1b[{place[1]}G", key=len)
        return f"{down}\x1b[{aside if aside > 1 else ''}C"

    def _between(self, place: Place) -> str:
        """Return the known cells on the way: often shorter to write again than to jump over."""
        if self._place is None or self._place[0] != place[0] or self._place[1] > place[1]:
            return ""
        cells = [self._known((place[0], x)) for x in range(self._place[1], place[1])]
        same = [cell[0] for cell in cells if cell is not None and cell[1] == self.style]
        return "".join(same) if len(same) == len(cells) else ""

    def _set_style(self, style: str) -> None:
        shown = self.style
        if style == shown:
            return
        if shown is not None and _REVERSED.sub("", style) == _REVERSED.sub("", shown) != "":
            self.out.append(_TURN[_REVERSED.search(style) is not None])
        else:
            if shown != "":
                self.out.append(RESET)
            self.out.append(style)
        self.style = style
