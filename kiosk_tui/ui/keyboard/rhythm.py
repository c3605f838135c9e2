"""What a person types, told from what comes faster: a scanner, or a line that stalled.

A printable key or Enter is held back for BURST_S. When nothing follows it is a key; when more follow,
each within BURST_S of the one before, all of them are one rush, and none of them is a key.
"""

from __future__ import annotations

from itertools import takewhile
from typing import Final

from kiosk_tui.domain.burst import BURST_S
from kiosk_tui.ui.keyboard.tokens import Press, Rush, Token, Unreadable

LONGEST: Final = 4096
"""So many characters of a rush are kept; the longest barcodes (QR) have 4,296, ours a few dozen."""


class Rhythm:
    """Puts keys that came in a rush together; everything goes into `out`."""

    def __init__(self, out: list[Token]) -> None:
        self._out = out
        self.waited = False
        """Whether what comes now lay waiting, so that nobody knows when it was typed: none is a rush."""
        self._held: list[Press] = []
        self._rushed = False
        self._entered = False
        self._last: float | None = None

    @property
    def deadline(self) -> float | None:
        """When what is held back has to be told."""
        return self._last + BURST_S if self._last is not None and self._held else None

    def take(self, token: Token, now: float) -> None:
        """Take the next token. What cannot be read goes ahead: it is no end of a rush."""
        if isinstance(token, Unreadable):
            self._out.append(token)
        elif not self.waited and isinstance(token, Press) and _is_held_back(token):
            self._hold(token, now)
        else:
            self._tell()
            self._out.append(token)

    def tick(self, now: float) -> None:
        """Tell what was held back for long enough."""
        if (due := self.deadline) is not None and now >= due:
            self._tell()

    def _hold(self, token: Press, now: float) -> None:
        self.tick(now)
        close = self._last is not None and now - self._last < BURST_S
        self._rushed = close  # also after what was told in between: a scanner is no person
        self._entered = self._entered or token.key == "enter"
        if len(self._held) < LONGEST:
            self._held.append(token)
        self._last = now

    def _tell(self) -> None:
        held, entered, rushed = self._held, self._entered, self._rushed
        self._held, self._entered = [], False
        if len(held) == 1 and not rushed:
            self._out.append(held[0])
        elif held:
            # what stands behind an Enter was meant for what that Enter would have led to
            line = takewhile(lambda one: one.key != "enter", held)
            self._out.append(Rush("".join(one.key for one in line), entered))


def _is_held_back(token: Press) -> bool:
    return token.key == "enter" or (token.character is not None and token.character == token.key)
