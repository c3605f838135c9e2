"""One sentence over the whole width on the ground of its mood, with figures at its right."""

from __future__ import annotations

from rich.segment import Segment
from textual.strip import Strip

from kiosk_tui.text.cells import ljust, shortened, width
from kiosk_tui.ui.shapes import letters
from kiosk_tui.ui.shapes.rows import Rows
from kiosk_tui.ui.widgets import ink
from kiosk_tui.ui.widgets.fitting import Fitting
from kiosk_tui.ui.widgets.room import STEPS

_PAD = 2


class Banner(Fitting):
    """Its mood is a class, so that the stylesheets give it a ground."""

    def __init__(self, text: str, beside: str, mood: str) -> None:
        super().__init__(classes=mood)
        self._shown = (text, beside)

    def show(self, text: str, beside: str, mood: str) -> None:
        """Say something else."""
        if (text, beside) != self._shown:
            self._shown = (text, beside)
            self.refresh()
        if not self.has_class(mood):
            self.set_classes(mood)

    def render_line(self, y: int) -> Strip:
        """Draw one row; the sentence is in the middle one."""
        room, plain = self.size.width, self.rich_style
        text, beside = self._shown
        drawn = self._drawn(room - width(beside) - 3 * _PAD)
        row = y - (self.size.height - len(drawn)) // 2
        middle = y == self.size.height // 2
        if drawn and 0 <= row < len(drawn):
            large = f"{'':{_PAD}}{drawn[row]}"
            free = room - len(large) - _PAD
            large += (beside if middle else "").rjust(free) + " " * _PAD
            return ink.strip(large, room, plain)
        if drawn or not middle:
            return Strip.blank(room, plain)
        pad = " " * min(_PAD, max(0, (room - width(text)) // 2))
        free = room - 2 * len(pad)
        if width(text) + _PAD + width(beside) > free:
            beside = ""
        left = ljust(shortened(text, free, rich=self.rich), free - width(beside))
        return Strip([Segment(pad + left + beside + pad, plain)], room)

    def _drawn(self, room: int) -> Rows:
        """Return the sentence in letters of several rows, where the screen is large."""
        if self.step is not STEPS[0]:
            return ()
        lines = letters.lines(self._shown[0], "condensed", room, rich=self.rich, most=1)
        return lines[0] if lines else ()
