"""How values are spelled on the wire: blanks around them, digits, and texts that fit on one line."""

from __future__ import annotations

import re
from typing import Final

from kiosk_tui.domain import one_line as shown

ASCII_BLANKS: Final = " \t\n\r\v\f\0"
BLANKS: Final = (
    ASCII_BLANKS + "\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"
    "\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)
"""What people see as nothing: every script's blanks, and the NULs that pad a field."""

_ESCAPED: Final = re.compile(
    "(?:\x1b\\[|\x9b)[0-?]*[ -/]*[@-~]"  # CSI: colours, cursor
    "|(?:\x1b[]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\\\|\x9c)"  # OSC, DCS
    "|\x1b[ -/]*[0-~]?"
)


def digits(value: object) -> str:
    """Return a value's ASCII digits when they are all that it holds; else an empty text.

    A text or a JSON number; blanks and NULs around it do not count. No sign, fraction or exponent.
    """
    text = value.strip(BLANKS) if isinstance(value, str) else ""
    return text if text.isascii() and text.isdigit() else ""


def one_line(text: str) -> str:
    """Write a text so that it can be shown, printed and stored on one line, without blanks around.

    Escape sequences, NULs and what cannot be seen (such as the marks that turn the direction) go;
    every other character that cannot be printed becomes a blank.
    """
    return _printable(text, "").strip(BLANKS)


def lines(text: str) -> str:
    """Write a text as `one_line` does, but let its line feeds stand, and the blanks before it."""
    return _printable(text.replace("\r\n", "\n"), "\n").lstrip("\0\n").rstrip(BLANKS)


def _printable(text: str, stays: str) -> str:
    if text.isprintable():
        return text
    text = shown.one_line(_ESCAPED.sub("", text).replace("\0", ""), stays)
    return "".join(one if one.isprintable() or one in stays else " " for one in text)
