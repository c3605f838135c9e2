"""A QR code: dark modules on white, which every reader wants, with light ones around it.

White is drawn as ink: a Linux console has no bright backgrounds, and a grey ground would cost contrast.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from kiosk_tui.ui.widgets import ink
from kiosk_tui.ui.widgets.room import SMALL, ScreenStep, step_of

Modules = Sequence[Sequence[bool]]
"""Rows of a code without its quiet zone; True is dark."""

QUIET: Final = 4
"""Light modules around a code (ISO/IEC 18004); above and below there may be fewer on a small screen."""
BESIDE: Final = 21
"""Columns that are kept for what stands beside a code."""
_HALVES: Final = {(True, True): " ", (False, True): "▀", (True, False): "▄", (False, False): "█"}
"""By upper and lower module, True is dark."""


class CodeFit(NamedTuple):
    """How a code of so many modules at a side fits onto a screen.

    With `halves` a module is a column wide and half a row high, else two columns and a row. `quiet` are
    the light modules above and below it. `tall` says that it needs the rows of the line above, too.
    """

    side: int
    halves: bool
    quiet: int
    tall: bool = False

    @property
    def columns(self) -> int:
        """The columns of it, with the light modules at its sides."""
        return (self.side + 2 * QUIET) * (1 if self.halves else 2)

    @property
    def rows(self) -> int:
        """The rows of it, with the light modules above and below."""
        modules = self.side + 2 * self.quiet
        return (modules + 1) // 2 if self.halves else modules


def code_fit(side: int, room: Size, *, rich: bool) -> CodeFit | None:
    """Return the most readable way to draw a code in so much room; None where there is none."""
    step = step_of(room)
    if step is SMALL:
        return None
    for fit in _ways(side, step, rich=rich):
        rows = room.height - step.foot - (0 if fit.tall else step.head)
        if fit.rows <= rows and fit.columns <= room.width - BESIDE:
            return fit
    return None


def _ways(side: int, step: ScreenStep, *, rich: bool) -> list[CodeFit]:
    """Return what may be tried, the best first; whole cells are larger than halves."""
    zones = range(QUIET, 0, -1)
    ways = [CodeFit(side, rich, quiet, tall) for tall in (False, True) for quiet in zones]
    if rich and step.name in ("l", "xl"):
        ways.insert(0, CodeFit(side, halves=False, quiet=QUIET))
    return ways


class Code(Widget):
    """Shows a QR code as large as `fit` says."""

    def __init__(self, modules: Modules, fit: CodeFit) -> None:
        super().__init__()
        self._fit = fit
        self._rows = code_rows(modules, fit)
        self.styles.width, self.styles.height = fit.columns, fit.rows
        self.styles.box_sizing = "content-box"

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        return ink.strip(self._rows[y], self.size.width, self.rich_style)


def code_rows(modules: Modules, fit: CodeFit) -> list[str]:
    """Draw the code with its quiet zone, in cells."""
    aside = [False] * QUIET
    wide = fit.side + 2 * QUIET
    zone = [[False] * wide] * fit.quiet
    drawn = [*zone, *([*aside, *row, *aside] for row in modules), *zone]
    if not fit.halves:
        return ["".join("  " if dark else ink.BLOCK * 2 for dark in row) for row in drawn]
    if len(drawn) % 2:
        drawn.append([False] * wide)
    return [
        "".join(_HALVES[pair] for pair in zip(upper, lower, strict=True))
        for upper, lower in zip(drawn[::2], drawn[1::2], strict=True)
    ]
