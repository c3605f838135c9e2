"""The keys that do something here, read from a sentence: `[Enter] next   [Esc] back`.

A catalogue has them as one text, so that a translation may order them; here they become key caps with
what each does, which can also be clicked or touched.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_HINT: Final = re.compile(r"\[([^\]]+)\]\s*([^\[]*)")
ERASE: Final = "<-"
_KEYS: Final = {
    "Enter": "enter",
    "Esc": "escape",
    ERASE: "backspace",
    ".": "full_stop",
    "/": "slash",
    "+": "plus",
    "-": "minus",
    "*": "asterisk",
    "**": "",
    "?": "question_mark",
    "Up": "up",
    "Down": "down",
    "Ctrl+D": "ctrl+d",
}


class Hint(NamedTuple):
    """A key as it is called on its cap, what it does, and what it sends; "" where a click cannot."""

    cap: str
    does: str
    key: str

    @property
    def columns(self) -> int:
        """The columns of the cap and of what it does, each with a blank on either side."""
        return len(self.cap) + 2 + (len(self.does) + 2 if self.does else 0)


def hints(text: str) -> list[Hint]:
    """Read the keys from a text; what stands before the first one is not a key's."""
    return [Hint(cap, " ".join(does.split()), key_of(cap)) for cap, does in _HINT.findall(text)]


def words_of(text: str) -> str:
    """Return what stands before the first key."""
    return text.partition("[")[0].strip()


def key_of(cap: str) -> str:
    """Return the name of the key that a cap stands for; "" where it stands for several."""
    if cap in _KEYS:
        return _KEYS[cap]
    if len(cap) == 1 and cap.isalnum():
        return cap.lower()
    if re.fullmatch(r"F[0-9]{1,2}", cap):
        return cap.lower()
    return ""
