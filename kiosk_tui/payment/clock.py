"""The machine's clocks, and whether the wall clock was set since it was last looked at."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Final

from kiosk_tui.payment.ports import Clock

MOST_DRIFT_S: Final = 60.0
"""More than any time server slews between two looks."""


class SystemClock:
    """The wall clock in UTC, which may jump, and the one that never goes backwards."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()


class JumpWatch:
    """Notices that the wall clock was set, or stood still, since somebody looked at it last."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._apart_s: float | None = None

    def looked(self) -> None:
        """Take note that it is as it is now."""
        self._apart_s = self._apart()

    @property
    def jumped(self) -> bool:
        """Whether it has moved otherwise than time did, by more than `MOST_DRIFT_S`."""
        return self._apart_s is not None and abs(self._apart() - self._apart_s) > MOST_DRIFT_S

    def _apart(self) -> float:
        return self._clock.now().timestamp() - self._clock.monotonic()
