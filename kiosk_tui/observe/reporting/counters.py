"""What is counted: how transactions ended, how long answers took, how often the program started."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import field
from typing import Final

from kiosk_tui.domain.lifecycle import IN_FLIGHT, OPEN, State
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.records import dataclass

ENDS: Final = tuple(state for state in State if state not in OPEN)
"""The states that are counted; a transaction that was approved and is cancelled later counts in both."""

BOUNDS_S: Final = (1, 2, 5, 10, 20, 30, 60, 120, 180)
"""The upper ends of the buckets for answers. The customer's time at the terminal is in them."""

_KNOWN: Final = 256


@dataclass(slots=True)
class Counters:
    """Counts that only grow; they go on from what the process before had written."""

    ended: dict[State, int] = field(default_factory=lambda: dict.fromkeys(ENDS, 0))
    answers: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS_S) + 1))
    """How many answers took up to each bound, and not up to the one before; the last took longer."""
    answers_s: float = 0.0
    starts: int = 0
    _sent_at: dict[str, float] = field(default_factory=dict)
    _last: OrderedDict[str, State] = field(default_factory=OrderedDict)

    def changed(self, one: Transaction, now_s: float) -> None:
        """Count a transaction that is in a new state; `now_s` is monotonic."""
        known = self._last.pop(one.id, None)
        self._last[one.id] = one.state
        if len(self._last) > _KNOWN:
            self._last.popitem(last=False)
        if one.state in IN_FLIGHT:
            self._sent_at.setdefault(one.id, now_s)
        else:
            self._answered(one.id, now_s)
        if one.state in self.ended and one.state is not known:
            self.ended[one.state] += 1

    def _answered(self, number: str, now_s: float) -> None:
        sent_at = self._sent_at.pop(number, None)
        if sent_at is None:
            return
        took = max(0.0, now_s - sent_at)
        at = sum(took > bound for bound in BOUNDS_S)
        self.answers[at] += 1
        self.answers_s += took
