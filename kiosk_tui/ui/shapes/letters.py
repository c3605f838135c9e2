"""Large words: one drawing of five rows in two widths, with the accents of the shipped languages.

The rungs from the largest: bold twice as large, bold, condensed, plain characters. A word with a letter
that has no shape is written in plain characters as a whole, never with one letter missing.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Final, NamedTuple

from kiosk_tui.ui.shapes.rows import INK, Rows, beside, doubled, halved, width

DOUBLE: Final = "double"
BOLD: Final = "bold"
CONDENSED: Final = "condensed"
RUNGS: Final = (DOUBLE, BOLD, CONDENSED)

_GAPS: Final = {BOLD: 2, CONDENSED: 1}
_SPACES: Final = {BOLD: 2, CONDENSED: 2}
"""Columns of a blank, which has a gap on either side."""
_TAILS: Final = frozenset("\u0327\u0328")
"""Cedilla and ogonek: a tail below the letter."""
_HEIGHT: Final = 5


class _Letter(NamedTuple):
    body: Rows
    mark: str
    tail: str


@cache
def _family(name: str) -> ModuleType:
    return import_module(f"{__package__}.console.letters_{name}")


def word(text: str, rung: str, *, rich: bool) -> Rows | None:
    """Draw a line of words; None where a letter has no shape.

    Five rows (condensed and rich: three); with an accent two more above (one), with a tail one more
    below (none).
    """
    if rung == DOUBLE:
        once = word(text, BOLD, rich=False)  # half blocks twice as large would be stripes
        return None if once is None else doubled(once)
    drawn = [_letter(one, rung, rich=rich) for one in text.upper().replace("\u1e9e", "SS")]
    known = [one for one in drawn if one is not None]
    if len(known) < len(drawn) or not known:
        return None
    gap = _GAPS[rung]
    rows = beside((one.body for one in known), gap)
    if any(one.mark.strip() for one in known):
        rows = (*beside(((one.mark,) for one in known), gap), " " * width(rows), *rows)
    if any(one.tail.strip() for one in known):
        rows = (*rows, *beside(((one.tail,) for one in known), gap))
    return halved(rows) if rich and rung == CONDENSED else rows


def lines(text: str, rung: str, room: int, *, rich: bool, most: int = 2) -> list[Rows] | None:
    """Draw a heading in as few lines as fit into `room` columns, up to `most`; None where it does not.

    A heading that does not fit breaks at its last blank.
    """
    for broken in _broken(text, most):
        drawn = [word(line, rung, rich=rich) for line in broken]
        known = [one for one in drawn if one is not None]
        if len(known) == len(drawn) and all(width(one) <= room for one in known):
            return known
    return None


def _broken(text: str, most: int) -> list[list[str]]:
    ways = [[text]]
    if most > 1 and " " in text:
        ways.append(text.rsplit(" ", 1))
        if text.count(" ") > 1:
            ways.append(text.split(" ", 1))
    return ways


def _letter(one: str, family: str, *, rich: bool) -> _Letter | None:
    if one == " ":
        blank = " " * _SPACES[family]
        return _Letter((blank,) * _HEIGHT, blank, blank)
    shapes = _shapes(family, rich=rich)
    if one in shapes:
        base, marks = one, ""
    else:
        base, marks = (*unicodedata.normalize("NFD", one), "")[:2]
    body = shapes.get(base)
    if body is None:
        return None
    wide = len(body[0])
    mark = _family(family).MARKS.get(marks, "")
    if marks and not mark and marks not in _TAILS:
        return None
    below = ""
    if len(body) > _HEIGHT:
        body, below = body[:_HEIGHT], body[_HEIGHT]
    if marks in _TAILS:
        below = _tail(family, wide)
    return _Letter(body, _over(mark, wide), below.ljust(wide))


def _over(mark: str, wide: int) -> str:
    """Set an accent over a letter that may be narrower or wider than the usual one."""
    if len(mark) > wide:
        return INK * wide  # an I has no room for more than that there is one
    return mark.center(wide)


def _tail(family: str, wide: int) -> str:
    stem = 2 if family == BOLD else 1
    return (" " * (wide // 2) + INK * stem).ljust(wide)[:wide]


@cache
def _shapes(family: str, *, rich: bool) -> Mapping[str, Rows]:
    drawn: Mapping[str, Rows] = _family(family).SHAPES
    # Spanish begins a question with its sign upside down
    console = {**drawn, "\u00bf": _turned(drawn["?"]), "\u00a1": _turned(drawn["!"])}
    if not rich or family != BOLD:
        return console
    return {**console, **import_module(f"{__package__}.rich.letters_{family}").SHAPES}


def _turned(rows: Rows) -> Rows:
    """Return a shape of full blocks upside down."""
    return tuple(row[::-1] for row in reversed(rows))
