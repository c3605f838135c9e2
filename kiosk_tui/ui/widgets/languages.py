"""The languages that can be picked, each by its own name, the present one marked."""

from __future__ import annotations

from typing import ClassVar, Final

from rich.segment import Segment
from textual import events
from textual.strip import Strip

from kiosk_tui.ui.messages import LanguageAsked
from kiosk_tui.ui.widgets.fitting import Fitting

_GAPS: Final = (4, 3, 2, 1)
"""Columns between two, as many as there is room for."""
_CAP: Final = " + "


class Languages(Fitting):
    """Shows all of them, or the key and the next one where there is no room. A click picks one."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"languages--cap", "languages--now"}

    def __init__(self, names: dict[str, str], now: str) -> None:
        """Take the names by their locale, and the present locale."""
        super().__init__()
        self._names = names
        self._now = now
        self.styles.height = 1

    def render_line(self, y: int) -> Strip:
        """Draw the line."""
        del y
        style, plain = self.get_component_rich_style, self.rich_style
        parts, column = [Segment(_CAP, style("languages--cap"))], len(_CAP)
        for at, locale, name in self._placed():
            parts.append(Segment(" " * (at - column), plain))
            parts.append(Segment(name, style("languages--now") if locale == self._now else plain))
            column = at + len(name)
        return Strip(parts).adjust_cell_length(self.size.width, plain)

    def _placed(self) -> list[tuple[int, str, str]]:
        """Return where each name begins, its locale, and the name; the present one has blanks around."""
        named = {
            one: f" {name} " if one == self._now else name for one, name in self._names.items()
        }
        for gap in _GAPS:
            at, placed = len(_CAP) + gap, []
            for locale, name in named.items():
                placed.append((at, locale, name))
                at += len(name) + gap
            if at - gap <= self.size.width:
                return placed
        order = list(named)
        following = order[(order.index(self._now) + 1) % len(order)]
        return [(len(_CAP) + 1, following, named[following])]

    def on_click(self, event: events.Click) -> None:
        """Pick the language that was pointed at; the key's cap picks the next one."""
        event.stop()
        order = list(self._names)
        picked = order[(order.index(self._now) + 1) % len(order)]
        for at, locale, name in self._placed():
            if at <= event.x < at + len(name):
                picked = locale
        if picked != self._now:
            self.post_message(LanguageAsked(picked))
