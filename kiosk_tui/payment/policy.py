"""How patient the register is, and how far it may go while something is open. Values only."""

from __future__ import annotations

import math
from typing import Final

from kiosk_tui.records import dataclass

MOST_POLLS: Final = 500
"""Status polls of one payment, at most: 900 s, the longest wait for an answer, every 3 s are 300."""


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Waiting times in seconds.

    No timeout is published by TECS. `answer_s` is longer than a terminal's own 60 s and the host's
    150 s; `settle_s` is how long "original not found" is not believed, because a cancellation can
    overtake its sale. For `prove_s` after a commit that only tested the disk, the regular looks ask it
    without writing: a commit every half minute is more wear than all payments. Within `goods_s`
    somebody has to say that goods were handed over.
    """

    answer_s: float = 180.0
    give_up_s: float = 30.0
    settle_s: float = 240.0
    cancel_first_s: float = 2.0
    cancel_most_s: float = 300.0
    status_every_s: float = 3.0
    look_s: float = 30.0
    look_again_s: float = 5.0
    prove_s: float = 120.0
    goods_s: float = 60.0

    @property
    def polls(self) -> int:
        """How often the terminal is asked, at most, while one payment's answer is awaited."""
        return min(MOST_POLLS, math.ceil(self.answer_s / self.status_every_s))


@dataclass(frozen=True, slots=True)
class OptionalRequests:
    """Requests that no payment depends on, and that an account may not have enabled."""

    abort: bool = True
    status_query: bool = True


@dataclass(frozen=True, slots=True)
class Exposure:
    """How many due cancellations, and how much money in them, still let a payment start.

    An unattended kiosk has none of either: it is out of service until the last one is answered.
    """

    count: int = 0
    minor: int = 0


def pause(attempts: int, timeouts: Timeouts, chance: float) -> float:
    """Return the seconds until the next cancellation attempt.

    Doubles from `cancel_first_s` up to `cancel_most_s`; `chance` (0 to 1) spreads it by a quarter
    either way, so that a hundred kiosks do not come back to TECS in the same second.
    """
    planned = min(timeouts.cancel_most_s, timeouts.cancel_first_s * 2.0 ** min(attempts, 30))
    return planned * (0.75 + chance / 2)
