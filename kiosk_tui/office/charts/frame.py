"""What charts have in common: the room, the axis at the left, and the words below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

WIDTH: Final = 360
HEIGHT: Final = 190
"""In the SVG's own units: a narrow screen shows them one to one, so that words stay legible."""
LEFT: Final = 44
RIGHT: Final = 20
TOP: Final = 12
BOTTOM: Final = 24
_STEPS: Final = (1, 2, 5)
_MOST_TICKS: Final = 5
_LETTER: Final = 7
_GAP: Final = 6
"""Between two words below the axis, at least."""


@dataclass(frozen=True, slots=True)
class ChartRoom:
    """A chart's room: `top` is the value at its upper edge, `count` places stand side by side."""

    top: int
    count: int

    @property
    def place(self) -> float:
        """How wide a place is."""
        return (WIDTH - LEFT - RIGHT) / max(1, self.count)

    def x(self, number: int) -> float:
        """Return where a place begins."""
        return LEFT + number * self.place

    def y(self, value: float) -> float:
        """Return how far down a value is."""
        return TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / self.top)


def room_for(highest: float, count: int) -> ChartRoom:
    """Return the room that ends above the highest value at a round figure."""
    step = _step(highest)
    return ChartRoom(max(step, -int(-highest // step) * step), count)


@dataclass(frozen=True, slots=True)
class ChartWords:
    """What a chart is called; `name` is a word that is unique on its page. `unit` stands at the axis."""

    name: str
    title: str
    description: str
    unit: str = ""


def drawn(words: ChartWords, room: ChartRoom, labels: Sequence[str], marks: Iterator[str]) -> str:
    """Return the SVG."""
    name = escape(words.name)
    begin = (
        f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        f' aria-labelledby="{name}-title {name}-desc">'
    )
    parts = (
        begin,
        f'<title id="{name}-title">{escape(words.title)}</title>',
        f'<desc id="{name}-desc">{escape(words.description)}</desc>',
        *_axis(room, words.unit),
        *marks,
        *_words(room, labels),
        "</svg>",
    )
    return "".join(parts)


def _axis(room: ChartRoom, unit: str) -> Iterator[str]:
    step = _step(room.top)
    for value in range(0, room.top + 1, step):
        y = room.y(value)
        yield f'<path class="rule" d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}"/>'
        yield f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{value:,}{escape(unit)}</text>'


def _words(room: ChartRoom, labels: Sequence[str]) -> Iterator[str]:
    """Yield the words below: all, or each so-manieth where there is no room for all."""
    width = max((len(one) for one in labels), default=0) * _LETTER + _GAP
    each = max(1, -int(-width // room.place))
    for number, label in enumerate(labels):
        if (len(labels) - 1 - number) % each == 0 and label:
            x = room.x(number) + room.place / 2
            end = x + width / 2 > WIDTH
            anchor = "end" if end else "middle"
            yield (
                f'<text x="{WIDTH - RIGHT if end else x:.1f}" y="{HEIGHT - 6}"'
                f' text-anchor="{anchor}">{escape(label)}</text>'
            )


def _step(highest: float) -> int:
    """Return the smallest of 1, 2, 5, 10, 20, … that needs few ticks up to the highest value."""
    power = 1
    while True:
        for step in _STEPS:
            if highest <= step * power * (_MOST_TICKS - 1):
                return step * power
        power *= 10
