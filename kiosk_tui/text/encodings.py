"""What an encoding cannot write or read becomes something plainer: one rule for all that people read.

A letter is written without its mark, a sign by its plain form or its code, all else as `?`, and what
takes two cells takes two. A byte that the encoding does not know is read as Windows-1252 has it: that
is what a terminal or a file which is not UTF-8 most often means.
"""

from __future__ import annotations

import codecs
import os
import re
import unicodedata
from typing import Final

PLAINER: Final = "kiosk_tui.plainer"
"""The name of this rule where Python asks for `errors`."""

_ASCII: Final = 128
_WORDS: Final = {"€": "EUR", "£": "GBP", "ß": "ss", "\u1e9e": "SS", "\u2212": "-", "\u00d7": "x"}
"""By their meaning. Where columns count, `glyphs.drawable` goes first: one character for one."""
_LATIN: Final = re.compile(
    r"LATIN (SMALL|CAPITAL) (?:LETTER (?:DOTLESS )?|LIGATURE )([A-Z]{1,2})(?: WITH .*)?"
)
"""As Unicode names a letter that is not made of another one and a mark: LETTER O WITH STROKE."""


def plainer(text: str) -> str:
    """Return a text in ASCII."""
    return "".join(map(_plainer, text))


def typed(text: str) -> str:
    """Return an argument as a text, whatever its bytes are: no half character is left in it.

    Not for the names of files: those are their bytes.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        return os.fsencode(text).decode("utf-8", PLAINER)
    return text


def reads(encoding: str) -> str:
    """Return what an input in this encoding is read as: where it is only ASCII, more may come."""
    name = own(encoding)
    return "utf-8" if codecs.lookup(name).name == "ascii" else name


def own(encoding: str) -> str:
    """Return the encoding, or UTF-8 in the place of one in which our lines and JSON are no ASCII."""
    try:
        return encoding if "{}\n".encode(encoding) == b"{}\n" else "utf-8"
    except LookupError:
        return "utf-8"


def _plainer(one: str) -> str:
    from kiosk_tui.text.glyphs import plain_glyph  # noqa: PLC0415 - seldom needed

    if ord(one) < _ASCII:
        return one
    known = _WORDS.get(one) or _letter(one) or plain_glyph(one)
    if known:
        return known
    category, name = unicodedata.category(one), unicodedata.name(one, "")
    if category == "Pd":
        return "-"
    if "QUOTATION MARK" in name:
        return "'" if "SINGLE" in name else '"'
    apart = unicodedata.normalize("NFKD", one)
    bare = "".join(part for part in apart if not unicodedata.combining(part))
    if bare.isascii() and bare.isprintable():
        return bare  # a mark alone is nothing
    return "??" if unicodedata.east_asian_width(one) in "WF" else "?"


def _letter(one: str) -> str:
    found = _LATIN.fullmatch(unicodedata.name(one, ""))
    if found is None:
        return ""
    return found[2] if found[1] == "CAPITAL" else found[2].lower()


def _mend(error: UnicodeError) -> tuple[str, int]:
    if isinstance(error, UnicodeEncodeError):
        return plainer(error.object[error.start : error.end]), error.end
    if isinstance(error, UnicodeDecodeError):
        return error.object[error.start : error.end].decode("cp1252", "replace"), error.end
    raise error


codecs.register_error(PLAINER, _mend)
