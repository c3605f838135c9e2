"""A QR code: light modules in reverse video, so that it is dark on light as readers want it.

On the Linux console a module is two spaces wide; where the font is known to have half blocks, two rows
of modules share one row of cells.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from kiosk_tui.ui.widgets import ink

Modules = Sequence[Sequence[bool]]

_HALVES: Final = {(False, True): "\u2580", (True, False): "\u2584", (True, True): " "}
"""By upper and lower module, True is dark; both light is ink."""


def size(count: int, *, halves: bool) -> tuple[int, int]:
    """Return the columns and rows that a code of so many modules takes."""
    return (count, (count + 1) // 2) if halves else (2 * count, count)


class Code(Widget):
    """Shows a QR code."""

    def __init__(self, modules: Modules, *, halves: bool) -> None:
        super().__init__()
        self._modules = modules
        self._halves = halves
        self.styles.width, self.styles.height = size(len(modules), halves=halves)
        self.styles.box_sizing = "content-box"

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        width = self.size.width
        return (
            ink.strip(self._row(y), width, self.rich_style) if not self._halves else self._half(y)
        )

    def _row(self, y: int) -> str:
        return "".join("  " if dark else ink.BLOCK * 2 for dark in self._modules[y])

    def _half(self, y: int) -> Strip:
        upper = self._modules[2 * y]
        below = 2 * y + 1
        lower = self._modules[below] if below < len(self._modules) else [True] * len(upper)
        light = self.rich_style + Style(reverse=True, bold=False)
        plain = self.rich_style + Style(bold=False)
        return Strip(
            [
                Segment(" ", light) if pair == (False, False) else Segment(_HALVES[pair], plain)
                for pair in zip(upper, lower, strict=True)
            ]
        )
