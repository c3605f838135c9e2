"""A line in letters that a printer has, as wide as it was: no slip is lost for a letter.

A letter that no code page of the printer's profile has is written plainer, or as `?`, in as many
columns; a mark that stands on nothing is left out. The library itself would write a line with one
Chinese letter in it wholly in a Chinese encoding, which most printers print as noise.
"""

from __future__ import annotations

import unicodedata
from typing import Any

from kiosk_tui.text.cells import width
from kiosk_tui.text.encodings import plainer


def printable(printer: Any, line: str) -> str:
    """Return a line that the library's printer can print letter by letter."""
    if line.isascii():
        return line
    return "".join(_printed(printer, one) for one in unicodedata.normalize("NFC", line))


def _printed(printer: Any, one: str) -> str:
    encoder, cells = printer.magic.encoder, width(one)
    if one.isascii() or any(encoder.can_encode(page, one) for page in encoder.codepages):
        return one
    return plainer(one)[:cells].ljust(cells)
