"""How many cells a text takes on a screen of fixed width and on paper: not how many characters it has.

A Chinese letter takes two, a mark above another letter none. The standard library's tables are enough
here: `wcwidth`, which knows more of emoji, is 6 MB, and longer imported than a slip is made.
"""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Iterator
from typing import Final

_CHUNK: Final = re.compile(r"\s+|\S+")
_NO_CELL: Final = frozenset({"Mn", "Me", "Cf", "Cc"})
_EMOJI: Final = "\ufe0f"
"""Makes a picture, which takes two cells, of the sign before it."""
_SKIN: Final = range(0x1F3FB, 0x1F400)
"""Colours the picture before it."""
_JAMO: Final = range(0x1160, 0x1200)
"""Vowels and ends of a Korean syllable: they stand within the letter before them."""


def width(text: str) -> int:
    """Return the cells of a text."""
    return len(text) if _plain(text) else sum(cells for _, cells in _letters(text))


def cut(text: str, cells: int) -> str:
    """Return as much of a text as fits."""
    return split(text, cells)[0]


def shortened(text: str, cells: int, *, rich: bool = False) -> str:
    """Return a text that fits; one that was cut ends in `..`, or in `…` in the rich look."""
    if width(text) <= cells:
        return text
    mark = "…" if rich else ".."
    return cut(cut(text, max(0, cells - len(mark))).rstrip(" .") + mark, cells)


def split(text: str, cells: int) -> tuple[str, str]:
    """Part a text where so many cells are full; no letter loses its mark."""
    if _plain(text):
        return text[:cells], text[cells:]
    end = used = 0
    for letter, more in _letters(text):
        if used + more > cells:
            break
        end, used = end + len(letter), used + more
    return text[:end], text[end:]


def ljust(text: str, cells: int) -> str:
    """Fill a text with blanks at the right."""
    return text + " " * (cells - width(text))


def rjust(text: str, cells: int) -> str:
    """Fill a text with blanks at the left."""
    return " " * (cells - width(text)) + text


def centre(text: str, cells: int) -> str:
    """Put a text in the middle; nothing stands behind it."""
    return " " * ((cells - width(text)) // 2) + text


def wrap(text: str, cells: int) -> list[str]:
    """Break a text between words; a word that is longer is broken where it is, never cut."""
    if all(own == 1 for _, own in _letters(text)):
        return textwrap.wrap(text, cells, break_on_hyphens=False)
    lines: list[str] = []
    line = ""
    for chunk in _CHUNK.findall(text):
        if width(line + chunk) <= cells and (line or not lines or not chunk.isspace()):
            line += chunk
            continue
        if line.strip():
            lines.append(line.rstrip())
        line = ""
        if not chunk.isspace():
            *full, line = _pieces(chunk, cells)
            lines += full
    return [*lines, line.rstrip()] if line.strip() else lines


def _pieces(word: str, cells: int) -> Iterator[str]:
    while width(word) > cells:
        piece, rest = split(word, cells)
        if not piece or not rest:  # a letter that is wider than the line
            break
        yield piece
        word = rest
    yield word


def _letters(text: str) -> Iterator[tuple[str, int]]:
    """Yield letters with all that belongs to each, and their cells."""
    letter, cells = "", 0
    for one in text:
        own = _own(one)
        if own or not letter:
            if letter:
                yield letter, cells
            letter, cells = one, own
        else:
            letter += one
            cells = 2 if one == _EMOJI and cells and ord(letter[0]) > 0xFF else cells  # noqa: PLR2004 - no digit
    if letter:
        yield letter, cells


def _plain(text: str) -> bool:
    return text.isascii() and text.isprintable()


def _own(one: str) -> int:
    if unicodedata.category(one) in _NO_CELL or ord(one) in _SKIN or ord(one) in _JAMO:
        return 0
    return 2 if unicodedata.east_asian_width(one) in "WF" else 1
