"""Draws shapes in reverse-video spaces: every console has them, whatever its font."""

from __future__ import annotations

from itertools import groupby
from typing import Final

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

BLOCK: Final = "█"
"""Stands for ink in a shape; it is never sent to a terminal."""

_REVERSED: Final = (Style(reverse=True, bold=False), Style(reverse=False, bold=False))


def strip(row: str, width: int, style: Style) -> Strip:
    """Return one row of a shape: ink reversed, all else as it is."""
    ink = style + _REVERSED[bool(style.reverse)]
    parts = [
        Segment(" " * len(run) if inked else run, ink if inked else style)
        for inked, run in ((key, "".join(group)) for key, group in groupby(row, BLOCK.__eq__))
    ]
    return Strip(parts, width)
