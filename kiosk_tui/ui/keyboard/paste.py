"""A bracketed paste: everything between ESC [ 200 ~ and ESC [ 201 ~ is text, never a key."""

from __future__ import annotations

from typing import Final

from kiosk_tui.ui.keyboard.tokens import Pasted

END: Final = b"\x1b[201~"
LONGEST: Final = 4096
"""So many bytes of a paste are kept: a customer pastes an amount, a cashier a reference."""


class Clipping:
    """Gathers a paste that is under way."""

    def __init__(self) -> None:
        self._kept = bytearray()
        self._matched = 0

    def take(self, byte: int) -> bool:
        """Take the next byte; True when the end is reached."""
        if byte == END[self._matched]:
            self._matched += 1
            return self._matched == len(END)
        self._keep(END[: self._matched])
        self._matched = int(byte == END[0])
        if not self._matched:
            self._keep(bytes((byte,)))
        return False

    @property
    def begun_end(self) -> bytes:
        """As much of the end as has come."""
        return END[: self._matched]

    def pasted(self) -> Pasted:
        """Return what can be read of it: what is no UTF-8 or cannot be seen is dropped."""
        text = self._kept.decode("utf-8", "ignore")
        seen = (one if one.isprintable() else " " for one in text if _is_kept(one))
        return Pasted("".join(seen))

    def _keep(self, some: bytes) -> None:
        self._kept += some[: LONGEST - len(self._kept)]


def _is_kept(character: str) -> bool:
    """Whether a character is visible, or a blank of whatever kind: two lines never become one number."""
    return character.isprintable() or character.isspace()
