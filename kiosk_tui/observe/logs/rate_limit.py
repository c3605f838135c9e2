"""Limits how many lines are logged: weeks without TECS must not fill a disk.

A line that has come a few times is written again after a minute, then two, up to an hour, with the count
of those left out. Of lines that differ, each level has so many an hour of its own, so that a flood of
information does not hide an error.
"""

from __future__ import annotations

import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from kiosk_tui.records import dataclass

PLAINLY: Final = 5
"""So often the same line is written as it comes."""

FIRST_S: Final = 60.0
MOST_S: Final = 3600.0
KNOWN: Final = 256
"""So many different lines are remembered; the one that came longest ago is forgotten."""

AN_HOUR: Final = 600
"""Lines of one level in an hour, that many at once if need be. A busy lane writes a third of it."""


@dataclass(slots=True)
class _Line:
    written: int
    again_at: float
    pause_s: float = FIRST_S
    left_out: int = 0


class RateLimit(logging.Filter):
    """Lets a record through, or counts it as left out."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._lines: OrderedDict[tuple[str, int, str], _Line] = OrderedDict()
        self._spent: dict[int, tuple[float, float]] = {}
        self._over: dict[int, int] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Say whether a record is written; what was left out before it is added to its text."""
        now = self._clock()
        text = record.getMessage()
        left_out = self._again(record, text, now)
        if left_out is None:
            return False
        if not self._affordable(record.levelno, now):
            self._over[record.levelno] = self._over.get(record.levelno, 0) + 1
            return False
        said = text
        if left_out:
            said += f" (and {left_out} times more since it was last written)"
            record.repeated = left_out
        over = self._over.pop(record.levelno, 0)
        if over:
            said += f" ({over} other lines were left out: too many in an hour)"
        if said != text:
            record.msg, record.args = said, ()
        return True

    def _again(self, record: logging.LogRecord, text: str, now: float) -> int | None:
        """Return how often this line was left out, or None when it is left out now, too."""
        key = (record.name, record.levelno, text)
        known = self._lines.pop(key, None)
        if known is None or now - known.again_at > known.pause_s:
            known = _Line(0, now, left_out=0 if known is None else known.left_out)
        self._lines[key] = known  # the newest
        if len(self._lines) > KNOWN:
            self._lines.popitem(last=False)
        if now < known.again_at:
            known.left_out += 1
            return None
        known.written += 1
        if known.written >= PLAINLY:
            known.again_at = now + known.pause_s
            known.pause_s = min(MOST_S, known.pause_s * 2)
        left_out, known.left_out = known.left_out, 0
        return left_out

    def _affordable(self, level: int, now: float) -> bool:
        """Take one of the level's lines, which come back evenly over an hour."""
        spent, at = self._spent.get(level, (0.0, now))
        spent = max(0.0, spent - (now - at) * AN_HOUR / 3600.0)
        if spent + 1 > AN_HOUR:
            self._spent[level] = (spent, now)
            return False
        self._spent[level] = (spent + 1, now)
        return True
