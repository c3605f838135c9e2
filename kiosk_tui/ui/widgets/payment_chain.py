"""Where a payment is: the card, the terminal, the bank, as boxes that are joined by links."""

from __future__ import annotations

from typing import ClassVar, Final, NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region, Size
from textual.strip import Strip

from kiosk_tui.text.glyphs import drawable
from kiosk_tui.ui.widgets.fitting import Fitting
from kiosk_tui.ui.widgets.room import SMALL

_BOXES: Final = {"xl": (40, 7), "l": (26, 7), "m": (22, 5), "s": (18, 4)}
"""Columns and rows of a box."""
_DOT: Final = "•"
_APART: Final = 3
"""Columns from one dot to the next."""
_SQUARE: Final = (("┌", "┐"), ("└", "┘"))
_ROUND: Final = (("╭", "╮"), ("╰", "╯"))


class Station(NamedTuple):
    """A box: its name, what is told of it, and `done`, `now` or `next`."""

    name: str
    told: str
    stand: str


class PaymentChain(Fitting):
    """Shows the stations. What is done is linked; over the link to the present one runs a dot.

    With a `frame_s` the dot goes on by one place in so many seconds; nothing else is drawn then.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *("payment--done", "payment--now", "payment--next", "payment--name", "payment--track"),
    }

    def __init__(self, stations: tuple[Station, ...], frame_s: float = 0.0) -> None:
        super().__init__()
        self._stations = stations
        self._frame_s = frame_s
        self._dot = 0
        self.styles.height = "auto"
        self.styles.box_sizing = "content-box"

    def on_mount(self) -> None:
        """Begin to run."""
        if self._frame_s:
            self.set_interval(self._frame_s, self.run_on)

    def run_on(self) -> None:
        """Move the dot on by one place."""
        if not self.region.area or self.step is SMALL:
            return
        self._dot += 1
        columns, rows = _BOXES[self.step.name]
        at = columns
        for number, wide in enumerate(self._links(), start=1):
            if self._stations[number].stand == "now":
                self.refresh(Region(at, rows // 2, wide, 1))
            at += wide + columns

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Be as high as a box."""
        del container, viewport, width
        return 0 if self.step is SMALL else _BOXES[self.step.name][1]

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        if self.step is SMALL:
            return Strip.blank(self.size.width, self.rich_style)
        parts: list[Segment] = []
        links = [0, *self._links()]
        for station, wide in zip(self._stations, links, strict=True):
            parts += self._link(y, wide, station.stand) + self._box(y, station)
        return Strip(parts).adjust_cell_length(self.size.width, self.rich_style)

    def _links(self) -> list[int]:
        """Return the columns between the boxes; the last takes the rest."""
        columns, between = _BOXES[self.step.name][0], len(self._stations) - 1
        free = max(0, self.size.width - columns * len(self._stations))
        return [free // between] * (between - 1) + [free - free // between * (between - 1)]

    def _link(self, y: int, wide: int, stand: str) -> list[Segment]:
        if not wide:
            return []
        if y != _BOXES[self.step.name][1] // 2:
            return [Segment(" " * wide, self.rich_style)]
        inner = wide - 2
        style = self.get_component_rich_style(f"payment--{stand}")
        if stand == "now":
            drawn = self._dots(inner, style)
        else:
            drawn = [Segment(drawable("─") * inner, style)]
        blank = Segment(" ", self.rich_style)
        return [blank, *drawn, blank]

    def _dots(self, room: int, lit: Style) -> list[Segment]:
        unlit = self.get_component_rich_style("payment--track")
        places = list(range(1, room - 1, _APART))
        here = places[self._dot % len(places)] if places else 0
        dot, other = drawable(_DOT), drawable(_DOT) if unlit.color != lit.color else "."
        return [
            Segment(dot, lit)
            if place == here
            else Segment(other if place in places else " ", unlit)
            for place in range(room)
        ]

    def _box(self, y: int, station: Station) -> list[Segment]:
        columns, rows = _BOXES[self.step.name]
        inner = columns - 2
        line = self.get_component_rich_style(f"payment--{station.stand}")
        corners = _ROUND if self.rich else _SQUARE
        side = Segment(drawable("│"), line)
        if y in (0, rows - 1):
            left, right = corners[min(y, 1)]
            return [Segment(drawable(f"{left}{'─' * inner}{right}"), line)]
        middle = (rows - 1) // 2
        apart = 1 if rows > 5 else 0  # noqa: PLR2004 - a free row between the two
        if y == middle - apart:
            name = self.get_component_rich_style("payment--name")
            shown = line if station.stand == "next" else name
            return [side, Segment(station.name[:inner].center(inner), shown), side]
        if y == middle + 1:
            return [side, Segment(station.told[:inner].center(inner), line), side]
        return [side, Segment(" " * inner, self.rich_style), side]
