"""The sign of a state: beside colour and word the third way in which it is told."""

from __future__ import annotations

from textual.geometry import Size
from textual.strip import Strip

from kiosk_tui.ui.shapes import signs
from kiosk_tui.ui.shapes.rows import Rows, width
from kiosk_tui.ui.widgets import ink
from kiosk_tui.ui.widgets.fitting import Fitting
from kiosk_tui.ui.widgets.room import SMALL

_ON_CONSOLE = {"xl": 18, "l": 12, "m": 8, "s": 8}
"""Rows of a mark that stands alone; a disc around it has those of its step."""


class Sign(Fitting):
    """Shows `check`, `cross`, `back` or `bang` at the size of the screen; nothing on a small one."""

    def __init__(self, name: str, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes=classes)
        self._name = name
        self._rows: int | None = None
        self.styles.width = "auto"
        self.styles.height = "auto"
        self.styles.box_sizing = "content-box"

    @property
    def most_rows(self) -> int:
        """The rows that it has where there is room."""
        step = self.step
        if step is SMALL:
            return 0
        return step.mark if self.rich else _ON_CONSOLE[step.name]

    def show(self, name: str, rows: int | None = None) -> None:
        """Show another sign, in fewer rows where there is little room beside it; 0 is none."""
        if (name, rows) != (self._name, self._rows):
            self._name, self._rows = name, rows
            self.refresh(layout=True)

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """Be as wide as the sign."""
        del container, viewport
        return width(self._drawn())

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Be as high as the sign."""
        del container, viewport, width
        return len(self._drawn())

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        drawn = self._drawn()
        row = drawn[y] if y < len(drawn) else ""
        return ink.strip(row.ljust(self.size.width), self.size.width, self.rich_style)

    def _drawn(self) -> Rows:
        rows = min(self.most_rows, self.most_rows if self._rows is None else self._rows)
        return signs.sign(self._name, rows, rich=self.rich) if rows else ()
