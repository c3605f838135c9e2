"""Wrong PINs: each one after the first two costs a longer wait. Pure: told the time, in seconds."""

from __future__ import annotations

from typing import Final

FREE: Final = 2
"""So many wrong PINs cost nothing: fingers slip."""
FIRST_S: Final = 5.0
MOST_S: Final = 900.0


class Tries:
    """Counts wrong PINs over all visits, so that going away and coming back does not help."""

    def __init__(self) -> None:
        self._wrong = 0
        self._locked_until = 0.0

    @property
    def wrong(self) -> int:
        """Wrong PINs since the last right one."""
        return self._wrong

    def locked_s(self, now_s: float) -> float:
        """Return the seconds until a PIN is looked at again; 0 when it is looked at now."""
        return max(0.0, self._locked_until - now_s)

    def tried(self, now_s: float) -> None:
        """Count a PIN before it is looked at: leaving while it is must not help."""
        self._wrong += 1
        if self._wrong > FREE:
            doublings = min(self._wrong - FREE - 1, 10)
            self._locked_until = now_s + min(MOST_S, FIRST_S * 2**doublings)

    def right(self) -> None:
        """Begin to count anew."""
        self._wrong = 0
        self._locked_until = 0.0
