"""Reads what is drawn large on a screen: words in any lettering, amounts in figures of any size.

It knows the shapes, and nothing of the widgets that place them: what was drawn wrong is read wrong, or
not at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import chain
from string import ascii_uppercase
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
_IN_LETTERS: Final = re.compile(
    rf"-?(?:[{_SYMBOLS}]|{_CODE})\d[\d.,']*|-?\d[\d.,']*(?:[%{_SYMBOLS}]|{_CODE})|-?\d[\d,']*[.,]\d+"
)
"""What is an amount for sure: in letters an O looks like a 0."""
_NO_INK: Final = re.compile("[^█▀▄▘▝▖▗▌▐▛▜▙▟▚▞ ]")
_TAILLESS: Final = 3
"""Rows of the letters that have a comma's tail in their last row."""
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
    for scale in _scales():
        is_number = _IN_LETTERS.fullmatch if scale.name == letters.CONDENSED else _DIGIT.search
        for top in range(len(lines)):
            in_band = list(_band(whole, scale, top))
            if any(is_number(one.text) for one in in_band):
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


class _Scale(NamedTuple):
    """How amounts may be drawn: in figures of a size, or in the smallest letters."""

    name: str
    rows: int
    """With the row that a comma's tail needs."""
    farthest: int
    """The most columns between two groups of thousands, which are farther apart than figures."""
    known: dict[Columns, _Glyph]


@cache
def _scales() -> tuple[_Scale, ...]:
    small = (
        _Scale(letters.CONDENSED, rows, 3, _glyphs(_small(rich=rich), rows))
        for rich, rows in ((False, 6), (True, 3))
    )
    return (*map(_figures, figures.SIZES), *small)


def _figures(size: str) -> _Scale:
    """Return a size in both looks, with the letters that codes of currencies have."""
    rows, _, gap = figures.MEASURES[size]
    shapes = [figures.shapes(size, rich=rich).items() for rich in _BOTH]
    codes = (
        (name, (*((" " * width(shape),) * (rows - len(shape))), *shape))
        for name, shape in _small(rich=False)
        if name.isalpha()
    )
    known = _glyphs([*chain.from_iterable(shapes), *codes], rows + 1)
    return _Scale(size, rows + 1, width(figures.shapes(size, rich=False)["."]) + 3 * gap, known)


def _small(*, rich: bool) -> Iterator[tuple[str, Rows]]:
    """Yield the smallest letters; figures first, which some letters look like."""
    for name in f"0123456789.,'-+%{_SYMBOLS}{ascii_uppercase}":
        shape = letters.word(name, letters.CONDENSED, rich=rich)
        if shape is not None:
            yield name, shape


def _glyphs(drawn: Iterable[tuple[str, Rows]], height: int) -> dict[Columns, _Glyph]:
    known: dict[Columns, _Glyph] = {}
    for name, rows in drawn:
        high = (*rows, *((" " * width(rows),) * (height - len(rows))))[:height]
        columns = tuple(map("".join, zip(*high, strict=True)))
        inked = [place for place, one in enumerate(columns) if one.strip()]
        glyph = _Glyph(name, inked[0], len(columns) - inked[-1] - 1)
        if (
            known.setdefault(columns[inked[0] : inked[-1] + 1], glyph).name != name
            and not name.isalpha()
        ):
            raise ValueError(f"{name} looks like another")
    return known


def _band(lines: list[str], scale: _Scale, top: int) -> Iterator[Drawn]:
    """Yield what is drawn in a scale whose first row is this one."""
    rows = lines[top : top + scale.rows]
    if len(rows) < scale.rows or not any(one.strip() for one in rows):
        return
    if scale.rows > _TAILLESS:
        rows[-1] = _NO_INK.sub(" ", rows[-1])  # other things may stand under a figure
    text, left, right = "", 0, 0
    for start, run in _runs(tuple(map("".join, zip(*rows, strict=True)))):
        glyph = scale.known.get(run)
        if text and (glyph is None or start - right > scale.farthest):
            yield Drawn(text, scale.name, top, left, right)
            text = ""
        if glyph is not None:
            left = left if text else start - glyph.before
            text, right = text + glyph.name, start + len(run) + glyph.after
    if text:
        yield Drawn(text, scale.name, top, left, right)


def _runs(columns: Columns) -> Iterator[tuple[int, Columns]]:
    """Yield the columns with ink that stand together, and where they begin; a frame is none of them."""
    start = None
    for place, one in enumerate((*columns, "")):
        is_ink = bool(one.strip()) and not _NO_INK.search(one)
        if is_ink and start is None:
            start = place
        elif not is_ink and start is not None:
            yield start, columns[start:place]
            start = None
        if _NO_INK.search(one):
            yield place, (one,)
