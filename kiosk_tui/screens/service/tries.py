"""Wrong PINs: each one that follows costs a longer wait."""

from __future__ import annotations

from typing import Final

from kiosk_tui.screens import frame

FREE: Final = 2
"""So many wrong PINs cost nothing: fingers slip."""
FIRST_S: Final = 5.0
MOST_S: Final = 900.0


class Tries:
    """Counts wrong PINs over all visits to the screen, so that leaving it does not help."""

    def __init__(self) -> None:
        self._wrong = 0
        self._locked_until = 0.0

    @property
    def locked_s(self) -> float:
        """Seconds until a PIN is looked at again; 0 when it is looked at now."""
        return max(0.0, self._locked_until - frame.monotonic())

    @property
    def wrong(self) -> int:
        """Wrong PINs since the last right one."""
        return self._wrong

    def tried(self) -> None:
        """Count a PIN before it is looked at: leaving while it is must not help."""
        self._wrong += 1
        if self._wrong > FREE:
            wait = min(MOST_S, FIRST_S * 2 ** (self._wrong - FREE - 1))
            self._locked_until = frame.monotonic() + wait

    def right(self) -> None:
        """Begin to count anew."""
        self._wrong = 0
        self._locked_until = 0.0
