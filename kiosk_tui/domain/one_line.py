"""Words of peers and people, made safe for a line: they can neither end it nor move a cursor.

Old journals hold what older versions took, so this is done where something is shown. Machines get
their JSON as it was stored.
"""

from __future__ import annotations

import unicodedata
from typing import Final

_SHOWN_AS: Final = {"Cc": " ", "Zl": " ", "Zp": " ", "Cf": "", "Cs": "?"}
"""By Unicode category: controls (newlines, tabs, escapes) and line separators, what cannot be seen
(zero widths, marks that turn the direction of writing), and half characters, which no file can hold."""


def one_line(text: str, stays: str = "") -> str:
    """Return a text that is one line and does nothing but be read; `stays` are let through."""
    if text.isprintable():
        return text
    return "".join(one if one in stays else _shown(one) for one in text)


def _shown(character: str) -> str:
    return _SHOWN_AS.get(unicodedata.category(character), character)
