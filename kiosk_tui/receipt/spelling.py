"""A text in the letters that a printer has: what its code page lacks is written in plain ones.

`ł` becomes `l`, `ß` ss, `€` EUR; Greek, Cyrillic, Chinese and others are written as they sound, by `anyascii`
(a table of its own for each block of Unicode, read when it is first needed). Hebrew and Arabic always are: a
printer writes from the left, and nobody reads them that way.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Final

from kiosk_tui.text.encodings import plainer

_RIGHT_TO_LEFT: Final = frozenset({"R", "AL", "AN"})
_SIGN_BEFORE_NUMBER: Final = re.compile(r"[£¥\u20a0-\u20cf](?=\d)")
_UNKNOWN: Final = "_"
"""Stands for a sign that nothing knows: private use, half a character, one newer than the tables."""
_NOTHING: Final = frozenset({"Mn", "Me", "Cf", "Cc"})
"""Marks that stand on a letter which lost them, and what cannot be seen."""


class Spelling:
    """Spells texts; `has` says whether the printer has a character, which is no ASCII."""

    def __init__(self, has: Callable[[str], bool]) -> None:
        self._has = has
        self._known: dict[str, str] = {}

    def __call__(self, text: str) -> str:
        """Return a text in the printer's letters; never `?` where there was none."""
        if text.isascii():
            return text
        composed = _SIGN_BEFORE_NUMBER.sub(self._apart, unicodedata.normalize("NFC", text))
        return "".join(map(self._spelled, composed))

    def _apart(self, sign: re.Match[str]) -> str:
        """Write `EUR 12.55` where a sign becomes a word, and not `EUR12.55`."""
        return sign[0] if self._has(sign[0]) else f"{sign[0]} "

    def _spelled(self, one: str) -> str:
        found = self._known.get(one)
        if found is None:
            found = self._known[one] = self._find(one)
        return found

    def _find(self, one: str) -> str:
        if one.isascii():
            return one
        if unicodedata.bidirectional(one) not in _RIGHT_TO_LEFT and self._has(one):
            return one
        if unicodedata.category(one) in _NOTHING:
            return ""
        plain = plainer(one)
        return plain if "?" not in plain else _sounded(one)


def _sounded(one: str) -> str:
    from anyascii import anyascii  # noqa: PLC0415 - only where a letter is foreign

    found = anyascii(one).replace("?", "")
    is_silent = unicodedata.category(one).startswith("L")
    return found if found.isprintable() and (found or is_silent) else _UNKNOWN
