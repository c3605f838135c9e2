"""A list of one-line entries, one of which may be chosen. Only the lines that change are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from kiosk_tui.records import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One line; `alert` when somebody should look at it.

    In fewer columns than `least` it is shown as `short`: half an amount would be another one.
    """

    text: str
    alert: bool = False
    least: int = 0
    short: str = ""


class Rows(Widget):
    """Shows as many lines as there is room for, from `first` on."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"rows--chosen", "rows--alert"}

    @dataclass
    class LinePicked(Message):
        """A line was tapped or clicked; `place` counts from the whole list."""

        place: int

    def __init__(
        self,
        rows: Sequence[Row],
        *,
        chosen: int | None = None,
        id: str | None = None,  # noqa: A002 - Textual's name
    ) -> None:
        super().__init__(id=id)
        self._rows: Sequence[Row] = rows
        self._first = 0
        self._chosen = chosen

    def show(self, rows: Sequence[Row], *, first: int = 0, chosen: int | None = None) -> None:
        """Show other lines, beginning with the line `first`; `chosen` counts from the whole list."""
        before = self._shown()
        self._rows, self._first, self._chosen = rows, first, chosen
        for line, (old, new) in enumerate(zip(before, self._shown(), strict=True)):
            if old != new:
                self.refresh(Region(0, line, self.size.width, 1))

    def place_at(self, line: int) -> int | None:
        """Return which of the whole list stands in a line; None where there is none."""
        place = self._first + line
        return place if place < len(self._rows) else None

    def on_click(self, event: events.Click) -> None:
        """Tell which line was clicked."""
        event.stop()
        place = self.place_at(event.y)
        if place is not None:
            self.post_message(self.LinePicked(place))

    def _shown(self) -> list[tuple[Row | None, bool]]:
        return [self._line(line) for line in range(self.size.height)]

    def _line(self, line: int) -> tuple[Row | None, bool]:
        place = self._first + line
        row = self._rows[place] if place < len(self._rows) else None
        return row, row is not None and place == self._chosen

    def render_line(self, y: int) -> Strip:
        """Draw one line."""
        row, chosen = self._line(y)
        width = self.size.width
        style = self.rich_style
        if chosen:
            style = self.get_component_rich_style("rows--chosen")
        elif row is not None and row.alert:
            style = self.get_component_rich_style("rows--alert")
        text = "" if row is None else row.text if row.least <= width else row.short
        text = text[:width]
        return Strip([Segment(text.ljust(width), style)], width)
