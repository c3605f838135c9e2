"""The way over the cells that change: the fewest bytes that move the cursor, set styles and write.

Two ways are tried. In the order of the rows, a block is the character `█`, of three bytes. By styles,
everything plain is written first, and then the blocks as spaces in reverse video, of one byte each: it
goes over the rows twice, and is shorter where much is lit anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import groupby
from typing import Final

from kiosk_tui.ui.driver.styles import CellStyle, change, is_turned, of_blank, turned, upright

Place = tuple[int, int]
"""Row and column, from 1."""
Cell = tuple[str, CellStyle]
"""A character and its style; of a blank only what is seen of it."""
Change = tuple[Place, Cell]

_BLOCK: Final = "█"


def by_rows(
    changes: Iterable[Change],
    style: CellStyle | None,
    columns: int,
    known: Callable[[Place], Cell | None],
) -> tuple[str, CellStyle | None]:
    """Return what writes the changes in their order, and the style that is set afterwards."""
    pen = _Pen(style, columns, known)
    pen.write(changes)
    return "".join(pen.out), pen.style


def to_and_fro(
    changes: Iterable[Change],
    style: CellStyle | None,
    columns: int,
    known: Callable[[Place], Cell | None],
) -> tuple[str, CellStyle | None]:
    """Return the same, where a row may begin with its last stretch: the one that is nearer."""
    pen = _Pen(style, columns, known)
    for _, row in groupby(changes, key=lambda change: change[0][0]):
        stretches = _stretches(row)
        ways = [pen.after(stretches), pen.after(reversed(stretches))]
        pen = min(ways, key=lambda one: one.bytes)
    return "".join(pen.out), pen.style


def by_styles(
    changes: Iterable[Change],
    style: CellStyle | None,
    columns: int,
    known: Callable[[Place], Cell | None],
) -> tuple[str, CellStyle | None]:
    """Return what writes the changes style by style, with blocks as reversed spaces."""

    def seen(place: Place) -> Cell | None:
        one = known(place)
        return None if one is None else _as_space(one)

    groups: dict[CellStyle, list[Change]] = {}
    for place, one in changes:
        as_space = _as_space(one)
        groups.setdefault(as_space[1], []).append((place, as_space))
    order = sorted(groups, key=lambda one: one != style)
    return to_and_fro([change for one in order for change in groups[one]], style, columns, seen)


def _stretches(row: Iterable[Change]) -> list[list[Change]]:
    """Part a row's changes into stretches without a gap."""
    parts: list[list[Change]] = []
    for place, one in row:
        if parts and place[1] == parts[-1][-1][0][1] + 1:
            parts[-1].append((place, one))
        else:
            parts.append([(place, one)])
    return parts


def _as_space(one: Cell) -> Cell:
    character, style = one
    return one if character != _BLOCK or is_turned(style) else (" ", turned(style))


class _Pen:
    def __init__(
        self, style: CellStyle | None, columns: int, known: Callable[[Place], Cell | None]
    ) -> None:
        self.style = style
        self.out: list[str] = []
        self._columns = columns
        self._known = known
        self._place: Place | None = None

    def after(self, stretches: Iterable[list[Change]]) -> _Pen:
        """Return a pen that has written these, too."""
        other = _Pen(self.style, self._columns, self._known)
        other.out, other._place = [*self.out], self._place
        for one in stretches:
            other.write(one)
        return other

    @property
    def bytes(self) -> int:
        """How much it has written."""
        return sum(len(one.encode()) for one in self.out)

    def write(self, changes: Iterable[Change]) -> None:
        """Write cells one after the other."""
        for place, one in changes:
            self._move(place)
            self._set_style(one)
            self.out.append(one[0])
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
        same = [one[0] for one in cells if one is not None and self._is_set(one)]
        return "".join(same) if len(same) == len(cells) else ""

    def _is_set(self, one: Cell) -> bool:
        """Say whether a cell can be written in the style that is set."""
        character, style = one
        if style is self.style:
            return True
        if self.style is None:
            return False
        return style == self.style or (character == " " and style == of_blank(self.style))

    def _set_style(self, one: Cell) -> None:
        if self._is_set(one):
            return
        wanted = one[1]
        if one[0] == " " and self.style is not None and wanted == of_blank(upright(self.style)):
            wanted = upright(self.style)  # the front is not seen on a blank, and wanted again soon
        self.out.append(change(self.style, wanted))
        self.style = wanted
