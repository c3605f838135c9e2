"""A tile on which a key lies as it does on the numpad: its cap, what it does, how that stands now."""

from __future__ import annotations

from typing import ClassVar, NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.strip import Strip

from kiosk_tui.text.cells import ljust, shortened, wrap
from kiosk_tui.ui.widgets.fitting import Fitting
from kiosk_tui.ui.widgets.room import SMALL, STEPS
from kiosk_tui.ui.widgets.tile import Tile

_GAP = 2
_NAME_LINES = 2
_ROOMY = 5
"""From so many rows on there is an empty one above what stands now."""


class KeyText(NamedTuple):
    """What a key does, and how that stands now; `works` is False where there is nothing to do."""

    does: str
    stands: str = ""
    works: bool = True


class KeyTile(Fitting):
    """Shows the key at the left, and at its right what it does. A click or touch is the key."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"tile--cap", "tile--dim"}

    def __init__(self, key: str, text: KeyText, *, classes: str | None = None) -> None:
        super().__init__(classes=classes)
        self._key = key
        self._text = text

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        room, height, plain = self.size.width, self.size.height, self.rich_style
        dim = self.get_component_rich_style("tile--dim")
        cap = f" {self._key} "
        pad = {SMALL.name: 0, STEPS[-1].name: 1}.get(self.step.name, _GAP)
        start = pad + len(cap) + (1 if self.step is SMALL else _GAP)
        lines = self._lines(max(0, room - start), plain, dim)
        line = y - (height - len(lines) + 1) // 2
        if not 0 <= line < len(lines):
            return Strip.blank(room, plain)
        text, style = lines[line]
        parts = [Segment(" " * start, plain)]
        if line == 0:
            keyed = self.get_component_rich_style("tile--cap") if self._text.works else dim
            rest = " " * (start - pad - len(cap))
            parts = [Segment(" " * pad, plain), Segment(cap, keyed), Segment(rest, plain)]
        parts.append(Segment(ljust(text, max(0, room - start)), style))
        return Strip(parts).adjust_cell_length(room, plain)

    def _lines(self, room: int, plain: Style, dim: Style) -> list[tuple[str, Style]]:
        """Return what it says: two lines of a long name, where there is room, and how it stands."""
        does, stands, works = self._text
        height = self.size.height
        bold = works and self.step is not SMALL
        look = plain + Style(bold=True) if bold else plain if works else dim
        names = wrap(does, room)[:height] or [""]
        if len(names) > _NAME_LINES:
            names = [names[0], shortened(" ".join(names[1:]), room, rich=self.rich)]
        drawn = [(one, look) for one in names]
        if not stands or len(names) == height:
            return drawn
        if height >= _ROOMY and len(names) == 1:
            drawn.append(("", plain))
        return [*drawn, (shortened(stands, room, rich=self.rich), dim)]

    def on_click(self, event: events.Click) -> None:
        """Turn a click into the key that it stands for."""
        event.stop()
        self.post_message(Tile.Picked(self._key))
