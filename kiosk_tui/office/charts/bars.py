"""Bars, of one part or several above each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from kiosk_tui.office.charts.frame import ChartRoom, ChartWords, drawn, room_for


@dataclass(frozen=True, slots=True)
class ChartBar:
    """A bar: its word below, what it says when it is pointed at, and its parts from below.

    A part is a kind (a class of `office.css`: good, warn, bad, or none) and how much.
    """

    label: str
    told: str
    parts: tuple[tuple[str, int], ...]

    @property
    def height(self) -> int:
        """How much it is in all."""
        return sum(value for _, value in self.parts)


def bar_chart(words: ChartWords, bars: Sequence[ChartBar]) -> str:
    """Return the bars as SVG."""
    room = room_for(max((one.height for one in bars), default=0), len(bars))
    return drawn(words, room, [one.label for one in bars], _bars(room, bars))


def _bars(room: ChartRoom, bars: Sequence[ChartBar]) -> Iterator[str]:
    gap = min(8.0, room.place / 5)
    for number, one in enumerate(bars):
        yield f"<g><title>{escape(one.told)}</title>"
        below = 0
        for kind, value in one.parts:
            if value:
                low, high = room.y(below), room.y(below + value)
                yield (
                    f'<rect class="bar {escape(kind)}" x="{room.x(number) + gap / 2:.1f}"'
                    f' y="{high:.1f}" width="{room.place - gap:.1f}" height="{low - high:.1f}"/>'
                )
                below += value
        yield "</g>"
