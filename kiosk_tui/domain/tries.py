"""How often a PIN may be wrong before nobody looks at it for a while. Pure: told the time."""

from __future__ import annotations

from typing import Final

TRIES: Final = 5
LOCKED_S: Final = 60.0


class Tries:
    """Counts wrong PINs over all visits, so that going away and coming back does not help."""

    def __init__(self) -> None:
        self._wrong = 0
        self._locked_until = 0.0

    def locked(self, now_s: float) -> bool:
        """Whether no PIN is looked at for now."""
        return now_s < self._locked_until

    def tried(self, now_s: float) -> None:
        """Count a PIN before it is looked at: leaving while it is must not help. The fifth locks."""
        self._wrong += 1
        if self._wrong >= TRIES:
            self._wrong = 0
            self._locked_until = now_s + LOCKED_S

    def right(self) -> None:
        """Begin to count anew."""
        self._wrong = 0
        self._locked_until = 0.0
