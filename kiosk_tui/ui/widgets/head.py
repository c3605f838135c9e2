"""The line above: whose kiosk it is at the left, the steps of a payment or the time at the right."""

from __future__ import annotations

from typing import ClassVar, Final, NamedTuple

from rich.segment import Segment
from textual.geometry import Size
from textual.strip import Strip

from kiosk_tui.text.glyphs import drawable
from kiosk_tui.ui.widgets.fitting import Fitting
from kiosk_tui.ui.widgets.room import SMALL

_TEXT_ROW: Final = {"xl": 2, "l": 1, "m": 1}
_LINKS: Final = {"s": 2, "m": 2, "l": 4, "xl": 4}
"""Columns of the line between two steps."""


class Headline(NamedTuple):
    """What the line above says. `steps` are a payment's, `now` is the present one, from 0.

    `warning` takes the place of all of it.
    """

    left: str = ""
    right: str = ""
    steps: tuple[str, ...] = ()
    now: int = 0
    chip: str = ""
    warning: str = ""


class Head(Fitting):
    """Shows a heading, and a rule below it; on a flood it is a part of that, without a rule."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *("head--rule", "head--now", "head--done", "head--next", "head--chip", "head--warning"),
    }

    def __init__(self, heading: Headline, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._heading = heading
        self._aside_by = 0
        self.styles.height = "auto"

    @property
    def heading(self) -> Headline:
        """What it says."""
        return self._heading

    def show(self, heading: Headline) -> None:
        """Say something else."""
        if heading != self._heading:
            self._heading = heading
            self.refresh()

    def stand_aside(self, columns: int) -> None:
        """Begin so many columns further right, against burn-in."""
        self._aside_by = columns
        self.refresh()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Be as high as the step says."""
        del container, viewport
        if self.step is SMALL:
            return max(1, -(-len(self._heading.warning) // max(1, width)))
        return self.step.head

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        step, room, plain = self.step, self.size.width, self.rich_style
        if self._heading.warning:
            return self._warning(y, room)
        row = _TEXT_ROW.get(step.name, 0)
        margin = " " * step.margin
        if y == row:
            inner = self._inner(room - 2 * step.margin)
            return Strip([Segment(margin, plain), *inner, Segment(margin, plain)], room)
        if y == row + 1 and not self.has_class("-flood"):
            rule = self.get_component_rich_style("head--rule")
            wide = room - 2 * step.margin
            drawn = drawable("─" * wide)
            return Strip(
                [Segment(margin, plain), Segment(drawn, rule), Segment(margin, plain)], room
            )
        return Strip.blank(room, plain)

    def _inner(self, room: int) -> list[Segment]:
        style = self.get_component_rich_style
        right: list[Segment] = []
        if self._heading.chip:
            right.append(Segment(f" {self._heading.chip} ", style("head--chip")))
        steps = self._steps()
        if right and (steps or self._heading.right):
            right.append(Segment("  ", self.rich_style))
        right += steps
        if self._heading.right:
            right.append(Segment(self._heading.right, self.rich_style))
        wide = sum(len(one.text) for one in right)
        if wide > room:
            right, wide = right[:1] if self._heading.chip else [], 0
            wide = sum(len(one.text) for one in right)
        left = (" " * self._aside_by + self._heading.left)[: max(0, room - wide - 2)]
        return [Segment(left.ljust(room - wide), self.rich_style), *right]

    def _steps(self) -> list[Segment]:
        style, now = self.get_component_rich_style, self._heading.now
        drawn: list[Segment] = []
        for number, name in enumerate(self._heading.steps):
            if number:
                link = f" {drawable('─' * _LINKS.get(self.step.name, 2))} "
                drawn.append(Segment(link, style("head--rule")))
            if number == now:
                drawn.append(Segment(f" {number + 1} {name} ", style("head--now")))
            elif number < now:
                mark = "✓" if self.rich else str(number + 1)
                drawn.append(Segment(f"{mark} {name}", style("head--done")))
            else:
                drawn.append(Segment(f"{number + 1} {name}", style("head--next")))
        return drawn

    def _warning(self, y: int, room: int) -> Strip:
        text = self._heading.warning[y * room : (y + 1) * room]
        return Strip(
            [Segment(text.ljust(room), self.get_component_rich_style("head--warning"))], room
        )
