"""A line through figures; where there is no figure, the line has a gap."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from kiosk_tui.office.charts.frame import ChartRoom, ChartWords, drawn


@dataclass(frozen=True, slots=True)
class ChartPoint:
    """A point: its word below, what it says when it is pointed at, and its value (None: there is none)."""

    label: str
    told: str
    value: float | None


def line_chart(words: ChartWords, points: Sequence[ChartPoint], top: int) -> str:
    """Return the line as SVG, from 0 to `top`."""
    room = ChartRoom(top, len(points))
    return drawn(words, room, [one.label for one in points], _marks(room, points))


def _marks(room: ChartRoom, points: Sequence[ChartPoint]) -> Iterator[str]:
    placed = [
        None if one.value is None else (room.x(number) + room.place / 2, room.y(one.value))
        for number, one in enumerate(points)
    ]
    path = ""
    for number, here in enumerate(placed):
        if here is not None:
            joined = number > 0 and placed[number - 1] is not None
            path += f"{'L' if joined else 'M'}{here[0]:.1f} {here[1]:.1f}"
    yield f'<path class="line" d="{path}"/>'
    for one, here in zip(points, placed, strict=True):
        if here is not None:
            yield (
                f'<circle class="dot" cx="{here[0]:.1f}" cy="{here[1]:.1f}" r="3">'
                f"<title>{escape(one.told)}</title></circle>"
            )
