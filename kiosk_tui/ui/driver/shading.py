"""Grounds that change from row to row: the page and the floods, on terminals with 24 bits of colour.

Textual knows one colour for a ground. It is replaced here, in what goes to the terminal, by that of the
row: one colour per row, so it costs bytes only where a row is drawn.
"""

from __future__ import annotations

from collections.abc import Mapping

from kiosk_tui.text.colours import RGB, is_hex, mixed, rgb
from kiosk_tui.text.themes import Theme
from kiosk_tui.ui.widgets.room import FLOOD


class Shading:
    """The grounds of a theme that have two colours, top and below."""

    def __init__(self, grounds: Mapping[str, tuple[RGB, RGB, float]] | None = None) -> None:
        self._grounds = dict(grounds or {})
        self._known: dict[tuple[str, int], str] = {}
        self._rows = 1

    @classmethod
    def of(cls, theme: Theme) -> Shading:
        """Return the shading of a theme; none for one in a console's colours."""
        grounds = {}
        for role, look in theme.items():
            if look.below and is_hex(look.back):
                part = 1.0 if role == "page" else FLOOD
                grounds[_code(rgb(look.back))] = (rgb(look.back), rgb(look.below), part)
        return cls(grounds)

    def resize(self, rows: int) -> None:
        """Take the height of the screen."""
        self._rows = max(1, rows)
        self._known.clear()

    def shaded(self, style: str, row: int) -> str:
        """Return a style (SGR sequences) as it is in a row, which counts from 1."""
        if not self._grounds or "48;2;" not in style:
            return style
        known = self._known.get((style, row))
        if known is None:
            known = style
            for code, (top, below, part) in self._grounds.items():
                if code in style:
                    last = max(1.0, self._rows * part - 1)
                    there = mixed(top, below, min(1.0, (row - 1) / last))
                    known = style.replace(code, _code(there))
                    break
            self._known[style, row] = known
        return known


def _code(colour: RGB) -> str:
    return "48;2;{};{};{}".format(*colour)
