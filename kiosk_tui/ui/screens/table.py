"""Rows of cells in columns, each cell in the style of a role."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.content import Content
from textual.style import Style

from kiosk_tui.text.cells import ljust, rjust, shortened, width, wrap

ColumnCell = tuple[str, str]
"""A text, and the class that has its style; "" is plain."""
_LEAST_GAP, _WIDEST_GAP = 2, 8


def table(
    rows: Sequence[Sequence[ColumnCell]],
    room: int,
    style: Callable[[str], Style],
    *,
    right: frozenset[int] = frozenset(),
    apart: int = 1,
    rich: bool = False,
    whole: bool = False,
) -> Content:
    """Return rows as columns that are at least 2 cells apart; `right` are those that end together.

    What does not fit in the last column is cut, and says so; it is broken into more rows if it has to be
    `whole`. `apart` is the rows from one to the next.
    """
    wide = [max(width(text) for text, _ in column) for column in zip(*rows, strict=True)]
    gaps = max(1, len(wide) - 1)
    gap = min(_WIDEST_GAP, max(_LEAST_GAP, (room - sum(wide)) // gaps))
    wide[-1] = min(wide[-1], max(1, room - sum(wide[:-1]) - gap * gaps))
    lines = []
    for row in rows:
        *cells, (last, role) = row
        parts = wrap(last, wide[-1]) if whole else [shortened(last, wide[-1], rich=rich)]
        for number, part in enumerate(parts or [""]):
            before = cells if number == 0 else [("", "")] * len(cells)
            drawn = [
                _cell(
                    (rjust if place in right else ljust)(text, wide[place]) + " " * gap, look, style
                )
                for place, (text, look) in enumerate(before)
            ]
            lines.append(Content.assemble(*drawn, _cell(part, role, style)))
    return Content("\n" * apart).join(lines)


def _cell(text: str, role: str, style: Callable[[str], Style]) -> Content:
    return Content.styled(text, style(role)) if role else Content(text)
