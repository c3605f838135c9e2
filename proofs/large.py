"""Reads what is drawn large on a screen: words in any lettering, amounts in figures of any size.

It knows the shapes, and nothing of the widgets that place them: what was drawn wrong is read wrong, or
not at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import chain
from typing import Final, NamedTuple

import pyte

from kiosk_tui.ui.shapes import figures, letters
from kiosk_tui.ui.shapes.rows import Rows, width

_BOTH: Final = (False, True)
_SYMBOLS: Final = "€$£"
_CODE: Final = "[A-Z]{3}"
_NUMBER: Final = r"\d{1,3}(?:[.,' ]\d{3})*(?:[.,]\d{1,3})?|\d+(?:[.,]\d{1,3})?"
_WRITTEN: Final = re.compile(
    rf"(?<![\w.,])-?(?:[{_SYMBOLS}]|{_CODE} )-?(?:{_NUMBER})(?![\d])"
    rf"|(?<![\w.,])-?(?:{_NUMBER}) (?:[{_SYMBOLS}]|{_CODE}\b)"
)
_CAP: Final = re.compile(r"\[([^\]]+)\] ?")
_DIGIT: Final = re.compile(r"\d")
_CURRENCY: Final = re.compile(rf"[{_SYMBOLS}]|{_CODE}")


class Drawn(NamedTuple):
    """Figures that stand together: what they say, how large, and where (cells, from 0)."""

    text: str
    size: str
    top: int
    left: int
    right: int
    """The column behind the last one."""


def shows(lines: Sequence[str], text: str) -> bool:
    """Whether a text stands on a screen: plain, spaced, in large letters, or as an amount in figures.

    Capital and small letters are the same. Large letters may be broken into two lines at a blank. A key
    that is written `[Esc] back` may be drawn as a cap.
    """
    wanted = text.casefold()
    plain = "\n".join(lines).casefold()
    ways = wanted, " ".join(wanted), _CAP.sub(r" \1  ", wanted)
    if any(way in plain for way in ways):
        return True
    whole = _whole(lines)
    if any(all(_stands(whole, part) for part in way) for way in _broken(text)):
        return True
    bare = text.replace(" ", "")
    return bool(_DIGIT.search(text)) and any(bare in one for one in in_figures(lines))


def stands_on(screen: pyte.Screen, text: str) -> bool:
    """Whether a text stands on an emulated terminal, as `shows` says it."""
    return shows(screen.display, text) or shows(inked(screen), text)


def inked(screen: pyte.Screen) -> list[str]:
    """Return the rows of an emulated terminal, with a block where a blank is in reverse video."""
    rows = (screen.buffer[row] for row in range(screen.lines))
    columns = range(screen.columns)
    return [
        "".join("█" if row[at].reverse and row[at].data == " " else row[at].data for at in columns)
        for row in rows
    ]


def amounts(lines: Sequence[str]) -> list[str]:
    """Return the amounts on a screen, those in figures first, each without blanks: `-1.234,50€`.

    A number in figures that has no currency beside it is returned as it is; in plain text an amount
    has one.
    """
    plain = (found.replace(" ", "") for line in lines for found in _WRITTEN.findall(line))
    return [*in_figures(lines), *plain]


def in_figures(lines: Sequence[str]) -> list[str]:
    """Return the numbers in figures, each with the currency that stands on its line, without blanks."""
    found = list(figures_in(lines))
    numbers = [one for one in found if _DIGIT.search(one.text)]
    alone = [one for one in found if _CURRENCY.fullmatch(one.text)]
    read = []
    for one in numbers:
        text = one.text
        for other in alone:
            if (other.top, other.size) == (one.top, one.size):
                text = other.text + text if other.left < one.left else text + other.text
        read.append(text)
    return read


def figures_in(lines: Sequence[str]) -> Iterator[Drawn]:
    """Yield what is drawn in figures, and currencies that stand alone on the line of some."""
    whole = _whole(lines)
    for size in figures.SIZES:
        for top in range(len(lines)):
            in_band = list(_band(whole, size, top))
            if any(_DIGIT.search(one.text) for one in in_band):
                yield from in_band


# -- words -----------------------------------------------------------------------------------------


def _whole(lines: Sequence[str]) -> list[str]:
    wide = max(map(len, lines), default=0)
    return [line.ljust(wide) for line in (*lines, "")]


def _broken(text: str) -> list[tuple[str, ...]]:
    blanks = [place for place, one in enumerate(text) if one == " "]
    return [(text,), *((text[:place], text[place + 1 :]) for place in blanks)]


def _stands(lines: list[str], text: str) -> bool:
    return any(_found(lines, shape) for shape in _lettered(text))


@cache
def _lettered(text: str) -> tuple[Rows, ...]:
    drawn = (letters.word(text, rung, rich=rich) for rung in letters.RUNGS for rich in _BOTH)
    return tuple(dict.fromkeys(one for one in drawn if one is not None))


def _found(lines: list[str], shape: Rows) -> bool:
    wide = width(shape)
    fullest = max(range(len(shape)), key=lambda row: len(shape[row].replace(" ", "")))
    for row in range(fullest, len(lines) - len(shape) + fullest + 1):
        column = lines[row].find(shape[fullest])
        while column >= 0:
            top = row - fullest
            if all(lines[top + y][column : column + wide] == one for y, one in enumerate(shape)):
                return True
            column = lines[row].find(shape[fullest], column + 1)
    return False


# -- figures ---------------------------------------------------------------------------------------

Columns = tuple[str, ...]
"""A shape column by column, from its first to its last one with ink."""


class _Glyph(NamedTuple):
    name: str
    before: int
    """Columns of its cell without ink."""
    after: int


@cache
def _known(size: str) -> dict[Columns, _Glyph]:
    """Return the shapes of a size in both looks, and the letters that codes of currencies have."""
    height = figures.MEASURES[size].rows
    drawn: list[tuple[str, Rows]] = list(
        chain.from_iterable(figures.shapes(size, rich=rich).items() for rich in _BOTH)
    )
    for letter in map(chr, range(ord("A"), ord("Z") + 1)):
        shape = letters.word(letter, letters.CONDENSED, rich=False)
        if shape is not None:
            drawn.append((letter, (*((" " * width(shape),) * (height - len(shape))), *shape)))
    known: dict[Columns, _Glyph] = {}
    for name, rows in drawn:
        high = (*rows, *((" " * width(rows),) * (height + 1 - len(rows))))[: height + 1]
        columns = tuple(map("".join, zip(*high, strict=True)))
        inked = [place for place, one in enumerate(columns) if one.strip()]
        glyph = _Glyph(name, inked[0], len(columns) - inked[-1] - 1)
        if known.setdefault(columns[inked[0] : inked[-1] + 1], glyph).name != name:
            raise ValueError(f"{name} looks like another in figures {size}")
    return known


def _farthest(size: str) -> int:
    """Return the most columns between two groups of thousands, which are farther apart than figures."""
    return width(figures.shapes(size, rich=False)["."]) + 3 * figures.MEASURES[size].gap


def _band(lines: list[str], size: str, top: int) -> Iterator[Drawn]:
    """Yield what is drawn in figures of a size whose first row is this one."""
    rows = lines[top : top + figures.MEASURES[size].rows + 1]
    if len(rows) <= figures.MEASURES[size].rows or not any(one.strip() for one in rows):
        return
    known, farthest = _known(size), _farthest(size)
    text, left, right = "", 0, 0
    for start, run in _runs(tuple(map("".join, zip(*rows, strict=True)))):
        glyph = known.get(run)
        if text and (glyph is None or start - right > farthest):
            yield Drawn(text, size, top, left, right)
            text = ""
        if glyph is not None:
            left = left if text else start - glyph.before
            text, right = text + glyph.name, start + len(run) + glyph.after
    if text:
        yield Drawn(text, size, top, left, right)


def _runs(columns: Columns) -> Iterator[tuple[int, Columns]]:
    """Yield the columns with ink that stand together, and where they begin."""
    start = None
    for place, one in enumerate((*columns, "")):
        if one.strip():
            start = place if start is None else start
        elif start is not None:
            yield start, columns[start:place]
            start = None
