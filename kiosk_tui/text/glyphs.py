"""The characters that kiosk-tui draws and writes, in one place: what a console's font must have.

Linux console fonts have 256 or 512 glyphs, so this list is short, and nothing else may be shown. A font
for one part of Europe lacks letters of another: there a letter is shown without its mark, which every
reader forgives, and not as a question mark, which nobody does.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

ASCII: Final = frozenset(map(chr, range(32, 127)))
LINES: Final = "─│┌┐└┘├┤┬┴┼"
DOUBLE_LINES: Final = "═║╔╗╚╝"
SHADES: Final = "░▒"
SIGNS: Final = "•€£"
BLOCKS: Final = "█"
RICH: Final = frozenset("▀▄▌▐▘▝▖▗▚▞▛▜▙▟▁▂▃▅▆▇━╭╮╰╯✓×●○⌫…")  # noqa: RUF001 - a sign, no letter
"""What the rich look draws beside them: only on terminals with UTF-8 that are no console."""

_LETTERS: Final = {
    "en": "",
    "de": "äöüÄÖÜß",
    "fr": "àâæçéèêëîïôœùûüÿÀÂÆÇÉÈÊËÎÏÔŒÙÛÜ«»",
    "it": "àèéìíòóùúÀÈÉÌÍÒÓÙ",
    "es": "áéíñóúüÁÉÍÑÓÚÜ¿¡",
    "nl": "áéëèïíóöúüÁÉËÈÏÍÓÖÚÜ",
    "pl": "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ",
    "cs": "áčďéěíňóřšťúůýžÁČĎÉĚÍŇÓŘŠŤÚŮÝŽ",
}
LETTERS: Final[Mapping[str, str]] = _LETTERS
"""The letters beyond ASCII of each shipped language."""

DRAWN: Final = frozenset(LINES + DOUBLE_LINES + SHADES + SIGNS + BLOCKS)
SAFE: Final = ASCII | DRAWN | frozenset("".join(LETTERS.values()))
"""Everything that may ever be shown."""


_PLAINER: Final = {
    one: plain
    for plain, many in {
        "-": "─═",
        "|": "│║",
        "+": "┌┐└┘├┤┬┴┼╔╗╚╝",
        "#": "░▒█",
        "*": "•",
        '"': "«»",
        "E": "€",
        "L": "£Ł",
        "l": "ł",
        "s": "ß",
        "a": "æ",
        "A": "Æ",
        "o": "œ",
        "O": "Œ",
        "?": "¿",
        "!": "¡",
    }.items()
    for one in many
}


class _Font:
    lacks: Mapping[int, str] = MappingProxyType({})


def draw_with(mapped: frozenset[str] | None) -> None:
    """Do from now on with the characters that a font has; None is all of them."""
    lacking = frozenset() if mapped is None else SAFE - ASCII - mapped
    _Font.lacks = {ord(one): _plainer(one) for one in lacking}


def drawable(text: str) -> str:
    """Return a text of the same length in characters that the console's font has."""
    return text.translate(_Font.lacks)


def writable(encoding: str, mapped: frozenset[str] | None = None) -> frozenset[str] | None:
    """Return what can be shown through an encoding, of what a font has; None is all of it."""
    try:
        "".join(SAFE).encode(encoding)
    except UnicodeEncodeError:
        return frozenset(filter(lambda one: _encodes(one, encoding), mapped or SAFE))
    return mapped


def _encodes(one: str, encoding: str) -> bool:
    try:
        one.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def plain_glyph(one: str) -> str:
    """Return what stands in ASCII for a line, a shade or a sign; nothing for any other character."""
    return _PLAINER.get(one, "")


def _plainer(one: str) -> str:
    return _PLAINER.get(one) or unicodedata.normalize("NFD", one)[0]


def groups() -> dict[str, str]:
    """Return the characters beyond ASCII by what they are for."""
    drawn = {
        "lines": LINES,
        "double lines": DOUBLE_LINES,
        "shades": SHADES,
        "signs": SIGNS,
        "blocks": BLOCKS,
    }
    return drawn | {f"letters {name}": letters for name, letters in LETTERS.items() if letters}
