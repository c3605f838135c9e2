"""The way over the cells that change: the fewest bytes that move the cursor, set styles and write.

Stretches of cells are written in an order that makes the ways between them short. Several orders are
tried: as they stand in the rows; whatever its style, the nearest next; style by style, with a block not
as the character `█`, of three bytes, but as a space in reverse video, of one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from itertools import chain, repeat
from typing import Final, NamedTuple

from kiosk_tui.ui.driver.grid import Cell
from kiosk_tui.ui.driver.moves import JUMP, Place, length, way
from kiosk_tui.ui.driver.styles import (
    PLAIN,
    CellStyle,
    can_erase,
    change,
    filled,
    is_turned,
    of_blank,
    on_ground,
    turned,
)

Known = Callable[[Place], Cell | None]
"""What a cell shows when all is written; None where that is not known."""

BLOCK: Final = "█"
_MANY: Final = 7
"""So many blanks are fewer bytes erased than written."""
_MANY_BLOCKS: Final = 14
MOST: Final = 48
"""For more stretches a short order is not looked for: it would take longer than it saves."""


class PenState(NamedTuple):
    """Where the cursor stands, and what the terminal writes in; None where that is not known."""

    place: Place | None = None
    style: CellStyle | None = None


class Canvas(NamedTuple):
    """What is written on: its columns, what its cells show in the end, whether it erases in colour."""

    columns: int
    known: Known
    erases: bool = False


class Stretch(NamedTuple):
    """Cells side by side that one style writes; `end` is where that leaves the cursor."""

    start: Place
    width: int
    end: Place
    text: str
    style: CellStyle
    blank: bool

    @property
    def places(self) -> Iterable[Place]:
        """Its cells."""
        row, first = self.start
        return zip(repeat(row), range(first, first + self.width), strict=False)


Drawn = tuple[str, PenState]


def by_rows(cells: dict[Place, Cell], state: PenState, canvas: Canvas) -> Drawn:
    """Return what writes the cells row by row, and how the terminal stands afterwards."""
    return _in_order(_stretches(cells, canvas), cells, state, canvas)


def _in_order(
    stretches: Iterable[Stretch], cells: dict[Place, Cell], state: PenState, canvas: Canvas
) -> Drawn:
    pen = Pen(state, canvas, cells)
    for one in stretches:
        pen.write(one)
    return pen.drawn


def by_ways(cells: dict[Place, Cell], state: PenState, canvas: Canvas) -> Drawn:
    """Return the same with the nearest next, where another style is as far as its bytes."""
    pen = Pen(state, canvas, cells)
    pen.write_all(_stretches(cells, canvas))
    return pen.drawn


def by_styles(cells: dict[Place, Cell], state: PenState, canvas: Canvas) -> Drawn:
    """Return the same style by style, with blocks as reversed spaces."""
    spaces = {place: _as_space(one) for place, one in cells.items()}
    pen = Pen(state, canvas, spaces)
    groups: dict[CellStyle, list[Stretch]] = {}
    for one in _stretches(spaces, canvas):
        groups.setdefault(of_blank(one.style), []).append(one)
    for ground in sorted(
        groups, key=lambda one: state.style is None or one != of_blank(state.style)
    ):
        pen.write_all(groups[ground])
    return pen.drawn


def both_ways(cells: dict[Place, Cell], state: PenState, canvas: Canvas) -> tuple[Drawn, Drawn]:
    """Return what writes many cells row by row, and style by style, each row by row.

    The second is quick, too, and short where a style comes again and again. Large figures are last: the next
    key changes them, and their style is set then.
    """
    stretches = _stretches(cells, canvas)
    groups: dict[CellStyle, list[Stretch]] = {}
    for one in stretches:
        groups.setdefault(one.style, []).append(one)
    looks = chain.from_iterable(sorted(groups.values(), key=_blocks))
    return (
        _in_order(stretches, cells, state, canvas),
        _in_order(looks, cells, state, canvas),
    )


def _blocks(stretches: Iterable[Stretch]) -> int:
    return sum(one.text.count(BLOCK) for one in stretches)


def _stretches(cells: dict[Place, Cell], canvas: Canvas) -> list[Stretch]:
    """Part cells into stretches, row by row; a blank is written in whatever style has its ground."""
    found: list[Stretch] = []
    start = end = (0, 0)
    text, kept, only_blank = "", PLAIN, True

    def note() -> None:
        if text:
            found.append(Stretch(start, len(text), end, text, kept, only_blank))

    for place, (character, style) in sorted(cells.items()):
        blank = character == " "
        goes_on = place == end and (
            style is kept
            or style == kept
            or ((blank or only_blank) and of_blank(style) == of_blank(kept))
        )
        if goes_on:
            text += character
            kept = kept if blank else style
            only_blank = only_blank and blank
        else:
            note()
            start, text, kept, only_blank = place, character, style, blank
        end = place[0], place[1] + 1
    note()
    return _erased(found, canvas) if canvas.erases else found


def _erased(stretches: list[Stretch], canvas: Canvas) -> list[Stretch]:
    """Let long blanks be erased, together with those beside them that are blank already."""
    found: list[Stretch] = []
    for one in stretches:
        for part in _parted(one):
            last = found[-1] if found else None
            if last is not None and part.blank and last.blank and _side_by_side(last, part, canvas):
                width = part.start[1] + part.width - last.start[1]
                found[-1] = part._replace(start=last.start, width=width, text=" " * width)
            else:
                found.append(part)
    return [_erasing(one) if one.blank else one for one in found]


def _parted(one: Stretch) -> Iterable[Stretch]:
    """Part a text from the many blanks behind it."""
    text = one.text.rstrip(" ")
    blanks = len(one.text) - len(text)
    if not text or blanks < _MANY or not can_erase(one.style):
        return (one,)
    middle = one.start[0], one.start[1] + len(text)
    return (
        Stretch(one.start, len(text), middle, text, one.style, blank=False),
        Stretch(middle, blanks, one.end, " " * blanks, of_blank(one.style), blank=True),
    )


def _side_by_side(last: Stretch, one: Stretch, canvas: Canvas) -> bool:
    """Say whether two blanks are one, and there is nothing else between them."""
    if last.start[0] != one.start[0] or of_blank(last.style) != of_blank(one.style):
        return False
    between = ((one.start[0], column) for column in range(last.end[1], one.start[1]))
    return all(canvas.known(place) == (" ", of_blank(one.style)) for place in between)


def _erasing(one: Stretch) -> Stretch:
    """Return what erases blanks, and what fills blocks by erasing them in their colour, if it is less."""
    ground = one.style if can_erase(one.style) else filled(one.style)
    if ground is None or one.width < (_MANY if ground is one.style else _MANY_BLOCKS):
        return one
    return one._replace(end=one.start, text=f"\x1b[{one.width}X", style=ground)


def _as_space(one: Cell) -> Cell:
    character, style = one
    return one if character != BLOCK or is_turned(style) else (" ", turned(style))


class Pen:
    """Writes stretches one after the other, each in the shortest way."""

    def __init__(self, state: PenState, canvas: Canvas, cells: Iterable[Place]) -> None:
        self._place, self._style = state
        self._canvas = canvas
        self._left = set(cells)
        """What is not written yet: whatever is written there meanwhile is written over."""
        self._out: list[str] = []

    @property
    def drawn(self) -> Drawn:
        """What was written, and how the terminal stands after it."""
        return "".join(self._out), PenState(self._place, self._style)

    def write_all(self, stretches: list[Stretch]) -> None:
        """Write stretches in a short order, unless there are many."""
        if len(stretches) > MOST:
            for one in stretches:
                self.write(one)
            return
        from kiosk_tui.ui.driver.tour import short_tour  # noqa: PLC0415 - after the first picture

        first = self._costs(self._place, self._style, stretches)
        # what is set besides the ground is not known before; mostly that of another text on it
        styles = {of_blank(one.style): one.style for one in stretches if not one.blank}
        costs = [
            self._costs(
                one.end, styles.get(one.style, one.style) if one.blank else one.style, stretches
            )
            for one in stretches
        ]
        for number in short_tour(first, costs):
            self.write(stretches[number])

    def _costs(
        self, place: Place | None, style: CellStyle | None, stretches: list[Stretch]
    ) -> list[int]:
        """Return about how many bytes it is from here to each stretch."""
        found = []
        for one in stretches:
            wanted = one.style if one.style is style else _wanted(style, one)
            cost = least = 0 if wanted is style else len(change(style, wanted))
            if place is None:
                cost += JUMP
            else:
                down, aside = one.start[0] - place[0], one.start[1] - place[1]
                steps = length(down, aside, one.start[1])
                cost += steps
                if 0 < aside < steps:
                    again = self._again(wanted, one.start[0], place[1], one.start[1])
                    if again is not None:
                        cost = min(cost, least + length(down, 0, 1) + len(again.encode()))
            found.append(cost)
        return found

    def write(self, one: Stretch) -> None:
        """Write a stretch."""
        self._out.append(self._on_to(self._place, self._style, one) + one.text)
        self._style = _wanted(self._style, one)
        # in the last column the terminal may wrap or wait
        self._place = one.end if one.end[1] <= self._canvas.columns else None
        self._left.difference_update(one.places)

    def _on_to(self, place: Place | None, style: CellStyle | None, one: Stretch) -> str:
        """Return the shortest way to a stretch and its style."""
        wanted = _wanted(style, one)
        if wanted == style:
            return way(place, one.start, partial(self._again, style))
        set_style = change(style, wanted)
        return min(
            way(place, one.start, partial(self._again, style)) + set_style,
            set_style + way(place, one.start, partial(self._again, wanted)),
            key=lambda text: len(text.encode()),
        )

    def _again(self, style: CellStyle | None, row: int, start: int, end: int) -> str | None:
        """Return what writes cells again in a style; None where another style is needed."""
        if style is None:
            return None
        found = []
        for column in range(start, end):
            place = row, column
            one = self._canvas.known(place)
            character = "" if one is None else _shown(one, style)
            if character:
                found.append(character)
            elif place in self._left:
                found.append(" ")
            else:
                return None
        return "".join(found)


def _shown(one: Cell, style: CellStyle) -> str:
    """Return the character that shows a cell in a style as it is to be, or ""."""
    character, its = one
    if its == style or (character == " " and its == of_blank(style)):
        return character
    return " " if character == BLOCK and is_turned(style) and turned(its) == style else ""


def _wanted(style: CellStyle | None, one: Stretch) -> CellStyle:
    """Return the style to write a stretch in: what is not seen of it on blanks stays as it is set."""
    if not one.blank or style is None or not can_erase(one.style):
        return one.style
    return on_ground(style, one.style)
