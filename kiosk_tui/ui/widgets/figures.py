"""An amount in large figures, with its currency beside it; a number without one, such as a reference.

An amount that is only shown stands together. In a field that is typed into the currency has a fixed
place at its edge, and the size is that of the largest amount, so that nothing jumps while one types; on
slow lines (`still`) a figure stays where it was put, from the left, so that one more digit moves only
the separators.
"""

from __future__ import annotations

from functools import cache
from typing import ClassVar, Final, Literal

from rich.style import Style
from textual.geometry import Size
from textual.strip import Strip

from kiosk_tui.text.amounts import AmountText
from kiosk_tui.ui.shapes import figures
from kiosk_tui.ui.shapes.figures import MEASURES, SIZES, S
from kiosk_tui.ui.shapes.rows import Rows, beside, width
from kiosk_tui.ui.widgets import ink
from kiosk_tui.ui.widgets.fitting import Fitting
from kiosk_tui.ui.widgets.room import SMALL

Use = Literal["entry", "result", "alone", "tile"]
Side = Literal["left", "center", "right"]

_NO_ROOM: Final = "#"
"""Instead of an amount that does not fit, as in spreadsheets: half of one is another amount."""
_SYMBOL_GAPS: Final = 2
"""Gaps between figures and a sign behind them, or a code of letters."""
_STILL_GAP: Final = 4
"""Columns between still figures: a point or a comma fits in between."""

Piece = tuple[Rows, bool]
"""Rows of figures, and whether they are the currency's."""


class Figures(Fitting):
    """Shows a number as large as there is room, and in plain characters where there is little.

    `use` says how large it may be at each size of the screen. With `widest` it is a field. `accent`
    draws the currency in the theme's accent.
    """

    COMPONENT_CLASSES = {"figures--symbol"}  # noqa: RUF012 - Textual's
    ALONE: ClassVar[bool] = False
    """Whether a field that has no room for its largest number is drawn as large as the shown one fits."""

    def __init__(
        self,
        shown: AmountText | str,
        *,
        use: Use = "result",
        side: Side = "left",
        widest: AmountText | str = "",
        still: bool = False,
        id: str | None = None,  # noqa: A002 - Textual's name
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._shown = shown
        self._use: Use = use
        self._side: Side = side
        self._widest = widest
        self._still = still
        self._typed = True
        self.styles.height = "auto"
        self.styles.box_sizing = "content-box"

    @property
    def shown(self) -> AmountText | str:
        """The number that stands there."""
        return self._shown

    def show(self, shown: AmountText | str, *, typed: bool = True) -> None:
        """Show another number; one that is not `typed` stands together, also in a field."""
        is_field = self._limit and typed
        self._shown, self._typed = shown, typed
        if is_field:
            self.refresh()  # a field's size is that of its largest number
        else:
            self.refresh(layout=True)

    def columns_in(self, room: int) -> int:
        """Return the columns that it takes in so much room: a field's are those of its largest number."""
        size, gap = self._fitting(room)
        if not size:
            return min(room, len(str(self._shown)))
        wide = [self._columns(one, size, gap) for one in (self._limit, self._shown) if one]
        return max((one for one in wide if one <= room), default=room)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Be as high as the largest figures that fit into this width, with a comma's tail."""
        del container, viewport
        size, _ = self._fitting(width)
        return MEASURES[size].rows + 1 if size else 1

    def drawn_columns(self, room: int) -> int:
        """Return the columns of the largest figures that fit into so many; 0 where none do."""
        size, gap = self._fitting(room)
        return self._columns(self._shown, size, gap) if size else 0

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        room, plain = self.size.width, self.rich_style
        symbol = self.get_component_rich_style("figures--symbol")
        size, gap = self._fitting(room)
        if not size:
            return self._plain(room) if y == 0 else Strip.blank(room, plain)
        pieces = _pieces(self._shown, size, gap, rich=self._in_rich, still=self._is_still)
        if pieces is None:
            return self._plain(room) if y == 0 else Strip.blank(room, plain)
        parts = [
            (rows[y] if y < len(rows) else " " * width(rows), symbol if is_symbol else plain)
            for rows, is_symbol in pieces
        ]
        return ink.strips(self._placed(parts, size, room, plain), room)

    @property
    def _limit(self) -> AmountText | str:
        """The largest number of a field, whose size all others have; "" where none is typed."""
        return self._widest if self._typed else ""

    # -- how large, and where ----------------------------------------------------------------------

    @property
    def _at(self) -> Side:
        """The side that it stands at; a stylesheet may have it in the middle."""
        return "center" if self.styles.text_align == "center" else self._side

    @property
    def _is_still(self) -> bool:
        return self._still and bool(self._widest)

    @property
    def _in_rich(self) -> bool:
        return self.rich and not self._is_still  # a half block is three bytes, a blank is one

    def _fitting(self, room: int) -> tuple[str, int]:
        """Return the size and the gap of the largest figures that fit; "" where none do."""
        step = self.step
        if step is SMALL:
            return "", 0
        most = S if self._is_still else SIZES[getattr(step, self._use)]
        shown = [one for one in (self._limit, self._shown) if one]
        found = self._largest(shown, most, room)
        if not found[0] and self.ALONE:
            found = self._largest(shown[-1:], most, room)
        return found

    def _largest(self, shown: list[AmountText | str], most: str, room: int) -> tuple[str, int]:
        """Return the largest size in which all of these fit, and its gap; "" where there is none."""
        for size in SIZES[SIZES.index(most) :] if shown else ():
            for gap in (MEASURES[size].gap, figures.NARROW)[: 2 if size == S else 1]:
                wide = max(self._columns(one, size, gap) for one in shown)
                if 0 < wide <= room:
                    return size, gap
        return "", 0

    def _columns(self, shown: AmountText | str, size: str, gap: int) -> int:
        pieces = _pieces(shown, size, gap, rich=self._in_rich, still=self._is_still)
        if pieces is None:
            return 1 << 16
        is_field = len(pieces) > 1 and bool(self._limit or self._is_still)
        between = MEASURES[size].gap * _SYMBOL_GAPS if is_field else 0
        return sum(width(rows) for rows, _ in pieces) + between

    def _placed(
        self, parts: list[tuple[str, Style]], size: str, room: int, plain: Style
    ) -> list[tuple[str, Style]]:
        """Set the pieces at their side; in a field the currency stands at the edge."""
        free = max(0, room - sum(len(row) for row, _ in parts))
        blank = (" " * free, plain)
        if (self._limit or self._is_still) and len(parts) > 1:
            symbol_first = isinstance(self._shown, AmountText) and self._shown.symbol_first
            if self._is_still:
                gap = MEASURES[size].gap * _SYMBOL_GAPS
                if symbol_first:
                    rest = (" " * max(0, free - gap), plain)
                    return [parts[0], (" " * min(gap, free), plain), *parts[1:], rest]
                return [*parts[:-1], blank, parts[-1]]
            if symbol_first:
                return [parts[0], blank, *parts[1:]]
            return [blank, *parts]
        if self._at == "left":
            return [*parts, blank]
        if self._at == "right":
            return [blank, *parts]
        before = (" " * (free // 2), plain)
        return [before, *parts, (" " * (free - free // 2), plain)]

    def _plain(self, room: int) -> Strip:
        text = str(self._shown)
        text = _NO_ROOM * room if len(text) > room else text
        placed = {"left": text.ljust, "right": text.rjust, "center": text.center}
        return ink.strip(placed[self._at](room), room, self.rich_style)


@cache
def _pieces(
    shown: AmountText | str, size: str, gap: int, *, rich: bool, still: bool
) -> list[Piece] | None:
    """Return the number and its currency as shapes, in their order; None where one has none."""
    if isinstance(shown, str):
        drawn = figures.number(shown, size, rich=rich, gap=gap)
        return None if drawn is None else [(drawn, False)]
    if still:
        drawn = _standing(shown.sign + shown.number, size, rich=rich)
    else:
        drawn = figures.number(shown.sign + shown.number, size, rich=rich, gap=gap)
    symbol = figures.currency(shown.symbol, size, rich=rich)
    if drawn is None or symbol is None:
        return None
    if still:
        return (
            [(symbol, True), (drawn, False)]
            if shown.symbol_first
            else [(drawn, False), (symbol, True)]
        )
    is_code = len(shown.symbol) > 1
    if shown.symbol_first:
        symbol = _with_gap(symbol, gap * (_SYMBOL_GAPS if is_code else 1), before=False)
        return [(symbol, True), (drawn, False)]
    return [(drawn, False), (_with_gap(symbol, gap * _SYMBOL_GAPS, before=True), True)]


def _with_gap(rows: Rows, gap: int, *, before: bool) -> Rows:
    blank = " " * gap
    return tuple(blank + row if before else row + blank for row in rows)


def _standing(text: str, size: str, *, rich: bool) -> Rows | None:
    """Draw a number whose figures stand still: the gaps are equally wide, and separators in them."""
    parts: list[Rows] = []
    height = MEASURES[size].rows + 1
    gap: Rows = (" " * _STILL_GAP,) * height
    waiting: Rows | None = None
    for one in text:
        shape = figures.number(one, size, rich=rich)
        if shape is None:
            return None
        if one.isdigit() or one == "-":
            if parts:
                parts.append(gap if waiting is None else waiting)
            parts.append(shape)
            waiting = None
        else:
            waiting = tuple(row.center(_STILL_GAP) for row in shape)
    return beside(parts, 0)
