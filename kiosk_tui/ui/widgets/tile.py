"""A choice: the key that picks it, and what it means. A tap or click picks it, too."""

from __future__ import annotations

from functools import cache
from typing import ClassVar, Final

from rich.style import Style
from textual import events
from textual.message import Message
from textual.strip import Strip

from kiosk_tui.records import dataclass
from kiosk_tui.text.amounts import AmountText
from kiosk_tui.ui.shapes import figures, letters
from kiosk_tui.ui.shapes.figures import MEASURES, NARROW, SIZES
from kiosk_tui.ui.shapes.rows import Rows, beside, width
from kiosk_tui.ui.widgets import ink
from kiosk_tui.ui.widgets.fitting import Fitting
from kiosk_tui.ui.widgets.room import SMALL

_GAP: Final = 2
_BESIDE: Final = 6
"""Columns of a cap, with those around it."""
_LEAST: Final = 3
"""Rows from which on the cap has a row of its own, or a large figure beside it."""
_TIGHT: Final = 8
_TALL: Final = 15
"""Rows from which on a total is in large letters, too."""
_BOLD: Final = Style(bold=True)
_PLAIN: Final = Style(bold=False)
_Part = tuple[str, Style]
_Line = list[_Part]


class Tile(Fitting):
    """One of several equal choices, with a cap like the key's own.

    `large` is what it is: a percentage, an amount, or words; `family` what its neighbours are, which are
    drawn alike. Below it stand `left` and `right` (with `total`: in large letters where there is room).
    In a tile of few rows all of it stands in one.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"tile--cap", "tile--dim", "tile--accent"}

    @dataclass
    class Picked(Message):
        """The tile was tapped or clicked."""

        key: str

    def __init__(
        self,
        key: str,
        large: str | AmountText,
        left: str = "",
        right: str | AmountText = "",
        *,
        family: tuple[str | AmountText, ...] = (),
        totals: tuple[AmountText, ...] = (),
        classes: str | None = None,
    ) -> None:
        super().__init__(classes=classes)
        self._key = key
        self._large = large
        self._left = left
        self._right = right
        self._family = (large, *family)
        self._totals = totals

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        lines = self._lines()
        parts = lines[y] if y < len(lines) else []
        strip = ink.strips(parts, sum(len(text) for text, _ in parts))
        return strip.adjust_cell_length(self.size.width, self.rich_style)

    # -- where what stands -------------------------------------------------------------------------

    def _lines(self) -> list[_Line]:
        room, rows = self.size
        if self.step is SMALL:
            return [self._plainly(room)]
        below = self._below(room, rows)
        free = rows - len(below)
        if self.has_class("-flat") or free < _LEAST:
            return [*([] for _ in range((rows - 1) // 2)), self._in_a_row(room)]
        above, at, drawn = self._drawn(room, free)
        plain = self.rich_style + (_PLAIN if len(drawn) > 1 else _BOLD)
        lines: list[_Line] = [[(" " * at + row.center(room - at), plain)] for row in drawn]
        top = above + (free - above - len(drawn) + (above == 0)) // 2
        lines = [*([] for _ in range(top)), *lines]
        lines += [[] for _ in range(free - len(lines))]
        cap_row = top if not above else int(above > 1 and not self._is_framed)
        lines[cap_row] = self._with_cap(lines[cap_row], room)
        return lines + below

    def _drawn(self, room: int, rows: int) -> tuple[int, int, Rows]:
        """Draw what it is in the largest figures or letters that its neighbours have room for, too.

        Return the rows above it and the columns before it that are the cap's, and the drawing.
        """
        most = SIZES[self.step.tile]
        drawings = () if self.has_class("-words") else _drawings(self._family, most, rich=self.rich)
        for drawing in drawings:
            wide, high = max(map(width, drawing)), max(map(len, drawing))
            if wide < room and high + 1 <= rows:
                return min(2, rows - high), 0, drawing[0]
            if wide <= room - _BESIDE - 1 and high <= rows:
                return 0, _BESIDE, drawing[0]
        return min(2, rows - 1), 0, (str(self._large),)

    @property
    def _is_framed(self) -> bool:
        return self.styles.border_top[0] not in ("", "none")

    def _cap(self) -> _Part:
        return f" {self._key} ", self.get_component_rich_style("tile--cap")

    def _with_cap(self, parts: _Line, room: int) -> _Line:
        """Set the cap into a row, which has nothing where it goes."""
        text, style = parts[0] if parts else (" " * room, self.rich_style)
        cap = self._cap()
        end = _GAP + len(cap[0])
        return [(text[:_GAP], style), cap, (text[end:], style)]

    def _below(self, room: int, rows: int) -> list[_Line]:
        """Return what stands below: the tip and the total in a row, or one below the other."""
        if (not self._left and not self._right) or self.has_class("-flat"):
            return []
        dim = self.get_component_rich_style("tile--dim")
        accent = self.get_component_rich_style("tile--accent")
        tip, total = self._left.center(room), str(self._right)
        large = _letters(self._totals, room - 2, rich=self.rich) if rows >= _TALL else None
        if large is not None:
            drawn = large[self._totals.index(self._right)]
            return [[(tip, dim)], [], *([(row.center(room), accent)] for row in drawn)]
        ending: list[_Line] = [[]] if rows > _TIGHT and not self._is_framed else []
        between = room - 2 * _GAP - len(self._left) - len(total)
        if not self._left:
            return [[(total.center(room), accent)], *ending]
        if between < 1:
            return [[(tip, accent)], [(total.center(room), self.rich_style)]]
        lead = f"{' ' * _GAP}{self._left}{' ' * between}"
        return [[(lead, accent), (total, self.rich_style + _BOLD)], *ending]

    def _in_a_row(self, room: int) -> _Line:
        plain = self.rich_style
        lead, large = " " * _GAP, f"{' ' * _GAP}{self._large}"
        parts = [(lead, plain), self._cap(), (large, plain + _BOLD)]
        used = sum(len(text) for text, _ in parts) + _GAP
        right = f"{self._left}  {self._right}".strip()
        if used + len(right) < room:
            looks = plain + _BOLD if self._right else self.get_component_rich_style("tile--dim")
            parts.append((right.rjust(room - used), looks))
        return parts

    def _plainly(self, room: int) -> _Line:
        """Write all that fits beside the cap: half an amount would be another one."""
        parts, used = [self._cap()], len(self._cap()[0])
        for text in filter(None, (str(self._large), self._left, str(self._right))):
            if used + _GAP + len(text) > room:
                break
            parts.append((f"{' ' * _GAP}{text}", self.rich_style))
            used += _GAP + len(text)
        return parts

    def on_click(self, event: events.Click) -> None:
        """Turn a tap into the key that it stands for."""
        event.stop()
        self.post_message(self.Picked(self._key))


@cache
def _drawings(
    family: tuple[str | AmountText, ...], most: str, *, rich: bool
) -> tuple[tuple[Rows, ...], ...]:
    """Draw all of a family in every size up to `most`, the largest first, and in letters."""
    sizes = [
        (one, gap) for one in SIZES[SIZES.index(most) :] for gap in (MEASURES[one].gap, NARROW)
    ]
    drawn = [[_figure(one, *size, rich=rich) for one in family] for size in sizes]
    drawn.append([letters.word(_close(one), letters.CONDENSED, rich=rich) for one in family])
    return tuple(
        known
        for one in drawn
        if len(known := tuple(rows for rows in one if rows is not None)) == len(family)
    )


def _figure(shown: str | AmountText, size: str, gap: int, *, rich: bool) -> Rows | None:
    if isinstance(shown, str):
        digits = figures.number(shown.strip("% "), size, rich=rich, gap=gap)
        smaller = SIZES[min(SIZES.index(size) + 1, len(SIZES) - 1)]
        percent = figures.number("%", smaller, rich=rich)
        if digits is None or percent is None or "%" not in shown:
            return None
        return _cut(beside((digits, percent), gap))
    number = figures.number(shown.sign + shown.number, size, rich=rich, gap=gap)
    symbol = figures.currency(shown.symbol, size, rich=rich)
    if number is None or symbol is None:
        return None
    parts = (symbol, number) if shown.symbol_first else (number, symbol)
    return _cut(beside(parts, gap if shown.symbol_first else 2 * gap))


def _close(shown: str | AmountText) -> str:
    """Write an amount without blanks: in letters they would be wide."""
    return str(shown).replace(" ", "") if isinstance(shown, AmountText) else shown


def _cut(rows: Rows | None) -> Rows | None:
    """Leave out the row for a comma's tail where nothing is in it."""
    return rows if rows is None or rows[-1].strip() else rows[:-1]


@cache
def _letters(
    family: tuple[str | AmountText, ...], room: int, *, rich: bool
) -> tuple[Rows, ...] | None:
    drawn = [letters.word(_close(one), letters.CONDENSED, rich=rich) for one in family]
    known = tuple(one for one in drawn if one is not None)
    fits = len(known) == len(drawn) and all(width(one) <= room for one in known)
    return known if fits else None
