"""Tables as wide as the terminal: heads, a gap between columns, and no amount or reference is ever cut.

rich lays them out. Only what prints for people imports this module: rich takes 40 ms, which neither JSON
nor the full screen should pay.
"""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Sequence
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from kiosk_tui.cli.colour import Rendition, coloured, styled
from kiosk_tui.records import dataclass

GAP: Final = 2
"""Cells between two columns, at least."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column and its head. One that `wraps` takes the room that is left; all others stay whole."""

    head: str
    right: bool = False
    wraps: bool = False


def table(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> list[str]:
    """Lay rows out; cells are whole lines, which may carry our own colours.

    Where the terminal is too narrow for what must stay whole, lines are longer than it is wide.
    """
    heads = [styled(one.head, Rendition.HEAD, colours=coloured(sys.stdout)) for one in columns]
    cells = [[Text.from_ansi(cell) for cell in row] for row in (heads, *rows)]
    laid = Table(box=None, show_header=False, pad_edge=False, padding=(0, GAP, 0, 0))
    least = 0
    for number, one in enumerate(columns):
        widest = max(row[number].cell_len for row in cells)
        width = min(widest, len(one.head)) if one.wraps else widest
        least += width + (GAP if number + 1 < len(columns) else 0)
        laid.add_column(
            justify="right" if one.right else "left",
            no_wrap=not one.wraps,
            min_width=width,
            overflow="fold",
        )
    for row in cells:
        laid.add_row(*row)
    return _drawn(laid, max(columns_of_terminal(), least))


def columns_of_terminal() -> int:
    """Return how wide standard output is: 80 where it is no terminal."""
    return shutil.get_terminal_size().columns


def _drawn(laid: Table, width: int) -> list[str]:
    colours = coloured(sys.stdout)
    console = Console(
        file=io.StringIO(),
        width=width,
        force_terminal=colours,
        color_system="standard" if colours else None,
        highlight=False,
        legacy_windows=False,
    )
    console.print(laid)
    written = console.file
    assert isinstance(written, io.StringIO)  # noqa: S101 - for the type checker
    return [line.rstrip() for line in written.getvalue().splitlines()]
