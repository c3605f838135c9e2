"""What looks otherwise in another room."""

from __future__ import annotations

from collections.abc import Sequence

from textual.geometry import Size
from textual.widget import Widget

from kiosk_tui.ui.widgets.room import ScreenStep, step_of


class Fitting(Widget):
    """Is as large as the screen's step says. Its own room may stay the same, so it is told of another step."""

    def fit(self) -> None:
        """Be laid out anew: the step is another one."""
        self.refresh(layout=True)

    @property
    def step(self) -> ScreenStep:
        """How large everything is here."""
        return step_of(self.app.size)

    @property
    def rich(self) -> bool:
        """Whether half blocks and quadrants may be drawn."""
        return is_dressed(self, "-rich")

    @property
    def framed(self) -> bool:
        """Whether frames tell what floods tell in other themes."""
        return is_dressed(self, "-framed")


def is_dressed(widget: Widget, name: str) -> bool:
    """Say how a widget's screen is dressed; one that is told of news may be on none yet, or any more."""
    return widget.is_attached and widget.screen.has_class(name)


def leave_out(body: Widget, optional: Sequence[Widget], rows: int) -> None:
    """Leave out the first of the optional parts of a column, until the rest fits into so many rows."""
    size = body.app.size
    room = Size(size.width - 2 * step_of(size).margin, rows)
    for one in optional:
        one.display = True
    for one in optional:
        if sum(_rows_of(part, room) for part in body.children if part.display) <= rows:
            return
        one.display = False


def _rows_of(part: Widget, room: Size) -> int:
    """Return the rows of a part with its margin. Parts of it are counted: what it knows may be old."""
    height, margin = part.styles.height, part.styles.margin.height
    if height is not None and height.is_cells:
        return int(height.value) + margin
    inner = [_rows_of(one, room) for one in part.children if one.display]
    if inner:
        rows = max(inner) if part.layout.name == "horizontal" else sum(inner)
    else:
        rows = part.get_content_height(room, room, room.width)
    return rows + part.gutter.height + margin
