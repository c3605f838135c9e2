"""The code page that a printer is told to use: `cp858`, `cp1250:72`, `ascii` or `utf-8`.

Printers agree on `ESC t n`, and not on which page has which number: the numbers here are Epson's, which many
follow; for one that does not, the number stands behind the name, as its manual has it.
"""

from __future__ import annotations

import codecs
from typing import Final

from kiosk_tui.records import dataclass

_NUMBERS: Final = {
    "cp437": 0, "cp850": 2, "cp860": 3, "cp863": 4, "cp865": 5, "cp857": 13, "cp737": 14, "iso8859-7": 15,
    "cp1252": 16, "cp866": 17, "cp852": 18, "cp858": 19, "cp720": 32, "cp775": 33, "cp855": 34, "cp861": 35,
    "cp862": 36, "cp869": 38, "iso8859-2": 39, "iso8859-15": 40, "cp1125": 44, "cp1250": 45,
    "cp1251": 46, "cp1253": 47, "cp1254": 48, "cp1255": 49, "cp1256": 50, "cp1257": 51, "cp1258": 52,
    "kz1048": 53,
}  # fmt: skip
"""Epson's ESC/POS reference, ESC t; by Python's names."""
_UNSELECTED: Final = frozenset({"ascii", "utf-8"})
_MOST: Final = 255


@dataclass(frozen=True, slots=True)
class CodePage:
    """One encoding, and the bytes that select it."""

    codec: str
    number: int | None

    @property
    def selected(self) -> bytes:
        """What selects it; nothing where nothing is to be selected."""
        return b"" if self.number is None else b"\x1bt" + bytes([self.number])

    def has(self, one: str) -> bool:
        """Say whether a character can be written."""
        try:
            return len(one.encode(self.codec)) == 1 or self.codec == "utf-8"
        except UnicodeEncodeError:
            return False

    def encode(self, line: str) -> bytes:
        """Return the bytes of a spelled line."""
        return line.encode(self.codec, "replace")


def code_page(text: str) -> CodePage:
    """Return the page that a setting names. Raises `ValueError`, whose text is a sentence's end."""
    name, colon, number = text.partition(":")
    try:
        codec = codecs.lookup(name).name
    except LookupError:
        codec = ""
    if codec in _UNSELECTED and not colon:
        return CodePage(codec, None)
    if not _is_page(codec) or not (colon or codec in _NUMBERS):
        raise ValueError(
            f"'{text}' is no code page that is known: write cp858, ascii, utf-8, or the name and number"
            " in the printer's manual, such as cp1250:72"
        )
    if not colon:
        return CodePage(codec, _NUMBERS[codec])
    if not (number.isascii() and number.isdigit() and int(number) <= _MOST):
        raise ValueError(f"the number of a code page is 0 to {_MOST}, not '{number}'")
    return CodePage(codec, int(number))


def _is_page(codec: str) -> bool:
    """Say whether each character is one byte, and those of ASCII are its own."""
    ascii_bytes, every = bytes(range(32, 127)), bytes(range(_MOST + 1))
    try:
        as_ascii = ascii_bytes.decode(codec) == ascii_bytes.decode("ascii")
        return as_ascii and len(every.decode(codec, "replace")) == len(every) and codec != "utf-8"
    except (LookupError, UnicodeError):
        return False
