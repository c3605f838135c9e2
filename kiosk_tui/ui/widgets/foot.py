"""The line of keys: every key that works is here, as a cap, in the same order: on, other, back."""

from __future__ import annotations

from typing import ClassVar, Final

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.strip import Strip

from kiosk_tui.ui.widgets.fitting import Fitting
from kiosk_tui.ui.widgets.hints import ERASE, Hint, hints, words_of
from kiosk_tui.ui.widgets.room import SMALL
from kiosk_tui.ui.widgets.tile import Tile

_ERASE_RICH: Final = "⌫"
_GAPS: Final = (3, 2, 1, 0)
"""Columns between two keys, as many as there is room for."""
_TEXT_ROW: Final = {"xl": 1, "l": 1}
"""The row of the foot that the keys are in; the first at other sizes."""

_Placed = tuple[int, Hint]


class Foot(Fitting):
    """Shows the keys at the left, and at the right what stands in the corner.

    The first key is drawn as the one to press where `primary`.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"foot--cap", "foot--primary", "foot--corner"}

    def __init__(
        self,
        text: str,
        corner: str = "",
        *,
        primary: bool = False,
        id: str | None = None,  # noqa: A002 - Textual's name
    ) -> None:
        super().__init__(id=id)
        self._text = text
        self._corner = corner
        self._primary = primary
        self.styles.height = "auto"

    @property
    def text(self) -> str:
        """The keys as the text that they were read from."""
        return self._text

    def update(self, text: str) -> None:
        """Show other keys."""
        if text != self._text:
            lines = len(self._lines(self.size.width))
            self._text = text
            self.refresh(layout=len(self._lines(self.size.width)) != lines)

    def show_corner(self, corner: str) -> None:
        """Show something else in the corner."""
        if corner != self._corner:
            self._corner = corner
            self.refresh()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Be as high as the step says, or as the keys need."""
        del container, viewport
        return max(self.step.foot, len(self._lines(width)) + self._first_row)

    @property
    def _first_row(self) -> int:
        return _TEXT_ROW.get(self.step.name, 0)

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        room, plain = self.size.width, self.rich_style
        lines = self._lines(room)
        line = y - self._first_row
        if not 0 <= line < len(lines):
            return Strip.blank(room, plain)
        parts, column = self._leading(plain) if line == 0 else ([], 0)
        margin = self.step.margin
        parts.insert(0, Segment(" " * margin, plain))
        column += margin
        for number, (at, hint) in enumerate(lines[line]):
            parts.append(Segment(" " * (at - column), plain))
            parts += self._drawn(hint, first=line == number == 0)
            column = at + hint.columns
        if line == 0:
            room_left = room - margin - column - 2
            corner = self._corner if 0 < len(self._corner) <= room_left else ""
            parts.append(Segment(" " * (room - margin - column - len(corner)), plain))
            parts.append(Segment(corner, self.get_component_rich_style("foot--corner")))
            column = room - margin
        parts.append(Segment(" " * (room - column), plain))
        return Strip(parts, room)

    def _leading(self, plain: Style) -> tuple[list[Segment], int]:
        words = words_of(self._text)
        return ([Segment(f"{words}  ", plain)], len(words) + 2) if words else ([], 0)

    def _drawn(self, hint: Hint, *, first: bool) -> list[Segment]:
        cap = _ERASE_RICH if self.rich and hint.cap == ERASE else hint.cap
        cap = cap.center(len(hint.cap))
        parts = [Segment(f" {cap} ", self.get_component_rich_style("foot--cap"))]
        if hint.does:
            primary = self._primary and first
            style = self.get_component_rich_style("foot--primary") if primary else self.rich_style
            parts.append(Segment(f" {hint.does} ", style))
        return parts

    def _lines(self, room: int) -> list[list[_Placed]]:
        """Place the keys in as few lines as they need, as far apart as there is room."""
        found = hints(self._text)
        step = self.step
        start = step.margin + (len(words_of(self._text)) + 2 if words_of(self._text) else 0)
        end = room - step.margin
        for gap in _GAPS if step is not SMALL else _GAPS[-1:]:
            placed = _packed(found, start, step.margin, end, gap)
            if len(placed) <= 1:
                return placed or [[]]
        return placed

    def on_click(self, event: events.Click) -> None:
        """Take a click on a key as that key."""
        event.stop()
        for line, placed in enumerate(self._lines(self.size.width), start=self._first_row):
            for at, hint in placed:
                if event.y == line and at <= event.x < at + hint.columns and hint.key:
                    self.post_message(Tile.Picked(hint.key))


def _packed(found: list[Hint], start: int, margin: int, end: int, gap: int) -> list[list[_Placed]]:
    lines: list[list[_Placed]] = []
    at = start
    for hint in found:
        if not lines:
            lines.append([])
        if lines[-1] and at + hint.columns > end:
            lines.append([])
            at = margin
        lines[-1].append((at, hint))
        at += hint.columns + gap
    return lines
