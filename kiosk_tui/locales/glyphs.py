"""The characters that kiosk-tui draws and writes, in one place: what a console's font must have.

Linux console fonts have 256 or 512 glyphs, so this list is short, and nothing else may be shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

ASCII: Final = frozenset(map(chr, range(32, 127)))
LINES: Final = "─│┌┐└┘├┤┬┴┼"
DOUBLE_LINES: Final = "═║╔╗╚╝"
SHADES: Final = "░▒"
SIGNS: Final = "•€£"

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

DRAWN: Final = frozenset(LINES + DOUBLE_LINES + SHADES + SIGNS)
SAFE: Final = ASCII | DRAWN | frozenset("".join(LETTERS.values()))
"""Everything that may ever be shown."""


def groups() -> dict[str, str]:
    """Return the characters beyond ASCII by what they are for."""
    drawn = {"lines": LINES, "double lines": DOUBLE_LINES, "shades": SHADES, "signs": SIGNS}
    return drawn | {f"letters {name}": letters for name, letters in LETTERS.items() if letters}
