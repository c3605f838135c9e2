"""Draws shapes: in blocks where the console's font has them, else in reverse-video spaces."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Final

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from kiosk_tui.text.glyphs import drawable

BLOCK: Final = "█"

_REVERSED: Final = (Style(reverse=True, bold=False), Style(reverse=False, bold=False))


def strip(row: str, width: int, style: Style) -> Strip:
    """Return one row of a shape."""
    return strips([(row, style)], width)


def strips(parts: Iterable[tuple[str, Style]], width: int) -> Strip:
    """Return one row of shapes that stand side by side, each in its style."""
    whole = drawable(BLOCK) == BLOCK
    drawn = [
        segment
        for row, style in parts
        if row
        for segment in ([Segment(row, style)] if whole else _reversed(row, style))
    ]
    return Strip(drawn, width)


def _reversed(row: str, style: Style) -> list[Segment]:
    """Return a row for a font without blocks: every console has spaces in reverse video."""
    ink = style + _REVERSED[bool(style.reverse)]
    return [
        Segment(" " * len(run) if inked else run, ink if inked else style)
        for inked, run in ((key, "".join(group)) for key, group in groupby(row, BLOCK.__eq__))
    ]
