"""How the cursor gets from one cell to another in the fewest bytes.

Only what every terminal does alike is used, a VT100, too, which knows no absolute columns or rows. A line
feed and a reverse index scroll at the edges of the screen, so they are only written on the way to a row
that there is. Rows and columns count from 1.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Final

JUMP: Final = len("\x1b[24;80H")
"""The bytes of a jump, mostly."""
_LEAST: Final = len("\x1b[1;1H")

Place = tuple[int, int]
"""Row and column, from 1."""
Over = Callable[[int, int, int], str | None]
"""Called with a row, a first column and the one behind the last: what to write again in order to get
over these cells without changing what they show in the end; None where that cannot be done."""


def way(start: Place | None, end: Place, over: Over) -> str:
    """Return the shortest way from a place (None: not known) to another."""
    if start is None:
        return jump(end)
    if start == end:
        return ""
    down, aside = end[0] - start[0], end[1] - start[1]
    shortest = _steps(down, aside, end[1])
    if 0 < aside < len(shortest):
        step = _vertical(down)
        on_either = ((step, end[0], ""), ("", start[0], step)) if step else (("", end[0], ""),)
        for before, row, after in on_either:
            again = over(row, start[1], end[1])
            if again is not None and len(step) + len(again.encode()) < len(shortest.encode()):
                shortest = before + again + after
    return shortest if len(shortest) < _LEAST else min(shortest, jump(end), key=len)


@cache
def length(down: int, aside: int, column: int) -> int:
    """Return about how many bytes such a way has, where nothing is written again."""
    return min(len(_steps(down, aside, column)), JUMP)


def jump(end: Place) -> str:
    """Return the way from anywhere."""
    return f"\x1b[{end[0]};{end[1]}H"


@cache
def _steps(down: int, aside: int, column: int) -> str:
    """Return the shortest way that writes nothing, but a jump."""
    return _vertical(down) + _horizontal(aside, column)


@cache
def _vertical(down: int) -> str:
    if down >= 0:  # the driver lets a line feed be a step down alone
        return min("\n" * down, f"\x1b[{down}B", key=len)
    return min("\x1bM" * -down, f"\x1b[{-down}A", key=len) if down < -1 else "\x1bM"


def _horizontal(aside: int, column: int) -> str:
    if aside > 0:
        return f"\x1b[{aside if aside > 1 else ''}C"
    if column == 1 and aside:
        return "\r"
    return min("\b" * -aside, f"\x1b[{-aside}D", key=len)
