"""A choice: the key that picks it, and what it means. A tap or click picks it, too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from textual import events
from textual.content import Content
from textual.message import Message
from textual.style import Style
from textual.widget import Widget

_GAP: Final = "  "


class Tile(Widget):
    """One of several equal choices, with a cap like the key's own."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"tile--cap"}

    @dataclass
    class Picked(Message):
        """The tile was tapped or clicked."""

        key: str

    def __init__(self, key: str, lines: tuple[str, ...]) -> None:
        super().__init__()
        self._key = key
        self._lines = lines

    def render(self) -> Content:
        """Write the cap, and the lines below it; all of the tile, so that one that is reversed is one."""
        looks = self.get_visual_style("tile--cap")
        # what the cap does not say, it must not take from the tile: bold black would be grey
        own = self.get_component_styles("tile--cap").text_style
        looks += Style(bold=bool(own.bold), reverse=bool(own.reverse))
        cap = Content.styled(f"  {self._key}  ", looks)
        if self.size.height == 1:
            return self._in_one_line(cap)
        lines = [cap, *map(Content, self._lines)]
        above = max(0, self.size.height - len(lines)) // 2
        below = max(0, self.size.height - len(lines) - above)
        rows = [Content("")] * above + lines + [Content("")] * below
        return Content("\n").join(map(self._centred, rows))

    def _in_one_line(self, cap: Content) -> Content:
        """Write all that fits beside the cap: half an amount would be another one."""
        row = cap
        for line in filter(None, self._lines):
            if row.cell_length + len(_GAP) + Content(line).cell_length > self.size.width:
                break
            row = Content.assemble(row, _GAP, line)
        return row.pad_right(max(0, self.size.width - row.cell_length))

    def _centred(self, line: Content) -> Content:
        room = max(0, self.size.width - line.cell_length)
        return line.pad(room // 2, room - room // 2)

    def on_click(self, event: events.Click) -> None:
        """Turn a tap into the key that it stands for."""
        event.stop()
        self.post_message(self.Picked(self._key))
