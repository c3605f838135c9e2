"""How long the last exchanges took, as bars over an axis: the newest at the right, in milliseconds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Final

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from kiosk_tui.diagnosis.evidence import Latency
from kiosk_tui.text.cells import centre, ljust
from kiosk_tui.text.glyphs import drawable
from kiosk_tui.ui.widgets import ink
from kiosk_tui.ui.widgets.fitting import Fitting

SLOW_MS: Final = 50
"""What is slower is drawn in another colour: a terminal's own answer takes less."""
_TOPS: Final = (100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000)
"""Where the axis may end, in ms: half of each is a round number, too."""
_EIGHTHS: Final = " ▁▂▃▄▅▆▇█"
_LOST: Final = "x"
_WIDEST: Final = 4
_LEAST_BARS: Final = 20
"""So many bars there is always room for: a single one is no wall."""
_BESIDE_PLOT: Final = 3
"""Rows that are no bars: the one above them, the axis, and what stands below it."""
_NONE: Final = "no exchange yet"

Cell = tuple[str, Style]


class LatencyChart(Fitting):
    """Shows a title with the unit, a grid at nought, half and the whole, and a bar for each exchange.

    One that was never answered is an `x`. On a console bars are full blocks, in the rich look eighths.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *("chart--quick", "chart--slow", "chart--lost", "chart--axis", "chart--dim"),
    }

    def __init__(self, latency: Latency, *, what: str = "TECS answers") -> None:
        super().__init__()
        self._latency = latency
        self._what = what

    def show(self, latency: Latency) -> None:
        """Show other times."""
        if latency != self._latency:
            self._latency = latency
            self.refresh()

    # -- what there is room for --------------------------------------------------------------------

    @property
    def _shown(self) -> tuple[float | None, ...]:
        """The times in ms, as many of the last as there are columns for."""
        times = self._latency.times[-max(1, self._columns) :]
        return tuple(None if one is None else one * 1000 for one in times)

    @property
    def _top(self) -> int:
        """Where the axis ends, in ms."""
        most = max((one for one in self._shown if one is not None), default=0)
        return next((one for one in _TOPS if most <= one), _TOPS[-1])

    @property
    def _margin(self) -> int:
        """Columns of the numbers, and of the axis."""
        return len(str(_TOPS[-1])) if max(self._latency.known, default=0) > 10 else 5  # noqa: PLR2004 - seconds

    @property
    def _columns(self) -> int:
        return max(0, self.size.width - self._margin - 1)

    @property
    def _rows(self) -> int:
        """Rows of the bars: even, so that the half of the axis is between two of them."""
        free = self.size.height - _BESIDE_PLOT - 1
        return max(2, free - free % 2)

    # -- drawing -----------------------------------------------------------------------------------

    def render_line(self, y: int) -> Strip:
        """Draw one row: the title, the top of the grid, the bars, the axis, what stands below."""
        room, style = self.size.width, self.get_component_rich_style
        rows, plain = self._rows, self.rich_style
        if y == 0:
            return Strip([Segment(self._title(room), style("chart--dim"))]).adjust_cell_length(
                room, plain
            )
        row = y - 1
        if row <= rows:
            return ink.strips(self._row(row, rows), room)
        if row == rows + 1:
            axis = f"{'0':>{self._margin - 1}} " + drawable("└" + "─" * self._columns)
            parts = [(axis[: self._margin], style("chart--dim"))]
            return ink.strips([*parts, (axis[self._margin :], style("chart--axis"))], room)
        if row == rows + 2:
            return Strip(self._below(room)).adjust_cell_length(room, plain)
        return Strip.blank(room, plain)

    def _title(self, room: int) -> str:
        spread, shown = self._latency.spread, self._shown
        title = f"{self._what} in ms"
        if spread is not None:
            least, median, most = (f"{one * 1000:.0f}" for one in spread)
            whole = f"{title}: least {least}  median {median}  most {most}"
            if len(whole) <= room and self.step.name in ("l", "xl"):
                return whole
        calls = "1 exchange" if len(shown) == 1 else f"{len(shown)} exchanges"
        return f"{title}, {calls}"

    def _row(self, row: int, rows: int) -> Iterator[Cell]:
        """Yield one row of the plot; row 0 is above the bars."""
        style, top = self.get_component_rich_style, self._top
        label = {0: str(top), rows // 2: str(top // 2)}.get(row, "")
        yield f"{label:>{self._margin - 1}} ", style("chart--dim")
        yield drawable("│"), style("chart--axis")
        ground = (". " if label else "  ") * self._columns
        shown, at = self._shown, 0
        if not shown:
            said = row == rows // 2 + 1
            text = ljust(centre(_NONE, self._columns), self._columns) if said else ground
            yield text[: self._columns], style("chart--dim")
            return
        widest = max(_WIDEST, self._columns // _LEAST_BARS)
        wide = max(1, min(widest, self._columns // len(shown)))
        bar = wide - 1 or 1
        at = self._columns - wide * len(shown)
        yield ground[:at], style("chart--dim")
        for one in shown:
            drawn, look = self._bar(one, row, rows)
            beneath = ground[at : at + wide]
            if drawn:
                yield drawn * bar if drawn != _LOST else drawn.ljust(bar), style(look)
                beneath = beneath[bar:]
            yield beneath, style("chart--dim")
            at += wide

    def _bar(self, one: float | None, row: int, rows: int) -> tuple[str, str]:
        """Return one cell of a bar and how it looks; "" where there is none."""
        if one is None:
            return (_LOST if row == rows else ""), "chart--lost"
        look = "chart--slow" if one > SLOW_MS else "chart--quick"
        whole = one / self._top * rows
        eighths = max(1, round(whole * 8)) if self.rich else 8 * max(1, round(whole))
        level = min(8, max(0, eighths - 8 * (rows - row)))
        return (_EIGHTHS[level] if level else ""), look

    def _below(self, room: int) -> list[Segment]:
        style, count = self.get_component_rich_style, len(self._shown)
        dim, start = style("chart--dim"), " " * (self._margin + 1)
        if count < 2:  # noqa: PLR2004 - no then and now
            return [Segment(start, dim)]
        then, now, between = f"{count} ago", "now", self._between()
        free = room - len(start) - len(then) - len(now) - len(between)
        if free < 2:  # noqa: PLR2004 - a blank on either side
            between, free = "", room - len(start) - len(then) - len(now)
        left = free // 2
        return [
            Segment(start + then + " " * left, dim),
            Segment(between, self.rich_style),
            Segment(" " * (free - left) + now, dim),
        ]

    def _between(self) -> str:
        """Least, median and most, where the title has no room for them."""
        spread = self._latency.spread
        if spread is None or self.step.name in ("l", "xl"):
            return ""
        return " / ".join(f"{one * 1000:.0f}" for one in spread)
