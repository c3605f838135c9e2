"""How much time is left: a bar that shrinks by cells, and the time beside it."""

from __future__ import annotations

from typing import ClassVar, Final

from rich.segment import Segment
from textual.strip import Strip

from kiosk_tui.text.glyphs import drawable
from kiosk_tui.text.times import minutes
from kiosk_tui.ui.widgets.fitting import Fitting

_CLOCK: Final = 7
"""Columns of the time, with blanks before it."""


class TimeBar(Fitting):
    """Shows the part of a time that is left. `told` writes the time beside the bar, too.

    A change of a second costs one cell of the bar, and the digits.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"bar--left", "bar--gone"}

    def __init__(
        self,
        whole_s: float,
        left_s: float,
        *,
        told: bool = True,
        id: str | None = None,  # noqa: A002 - Textual's name
    ) -> None:
        super().__init__(id=id)
        self._whole_s = max(1.0, whole_s)
        self._left_s = left_s
        self._told = told
        self.styles.height = 1

    def show(self, left_s: float, whole_s: float | None = None) -> None:
        """Show another time, of the same whole or of another."""
        before = self._parts()
        self._left_s = left_s
        self._whole_s = max(1.0, self._whole_s if whole_s is None else whole_s)
        if self._parts() != before:
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw the bar."""
        if y:
            return Strip.blank(self.size.width, self.rich_style)
        left, gone, clock = self._parts()
        whole, rest = ("█", "█") if self.rich else ("█", drawable("░"))
        if self.has_class("-thin"):
            whole, rest = ("━", "━") if self.rich else ("═", "─")
        style = self.get_component_rich_style
        return Strip(
            [
                Segment(drawable(whole) * left, style("bar--left")),
                Segment(drawable(rest) * gone, style("bar--gone")),
                Segment(clock, self.rich_style),
            ],
            self.size.width,
        )

    def _parts(self) -> tuple[int, int, str]:
        clock = f"{minutes(self._left_s):>{_CLOCK}}" if self._told else ""
        clock = clock[max(0, len(clock) - self.size.width) :]
        room = max(0, self.size.width - len(clock))
        part = min(1.0, max(0.0, self._left_s / self._whole_s))
        left = round(room * part)
        return left, room - left, clock
