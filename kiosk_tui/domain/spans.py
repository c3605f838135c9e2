"""Lines of the event log, and what of them is added up: a time by the clock, or a run of commits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.records import dataclass


@dataclass(frozen=True, slots=True)
class LoggedState:
    """One line of the event log: which state a transaction came to, and when.

    `seq` is its place in the order of commits; 0 for what older versions wrote.
    """

    transaction_id: str
    at: datetime
    before: str | None
    after: str
    seq: int = 0


class Span(Protocol):
    """What of the event log is added up."""

    def holds(self, step: LoggedState) -> bool:
        """Say whether this is in it."""

    def knows(self, one: Transaction) -> bool:
        """Say whether a transaction was begun before its end."""


@dataclass(frozen=True, slots=True)
class Moments:
    """From `start` on and before `end`, by the clock."""

    start: datetime
    end: datetime

    def holds(self, step: LoggedState) -> bool:
        """Say whether it happened in this time."""
        return self.start <= step.at < self.end

    def knows(self, one: Transaction) -> bool:
        """Say whether a transaction was begun before the end."""
        return one.created_at < self.end


@dataclass(frozen=True, slots=True)
class Commits:
    """What was committed after the event `after`, up to and with `last`: no clock can change it."""

    after: int
    last: int

    def holds(self, step: LoggedState) -> bool:
        """Say whether it was committed in between."""
        return self.after < step.seq <= self.last

    def knows(self, one: Transaction) -> bool:  # noqa: ARG002 - its first commit is among those that were read
        """Say whether a transaction was begun before the end."""
        return True


def first(steps: Sequence[LoggedState], state: State) -> LoggedState | None:
    """Return the event that led to a state first."""
    return next((one for one in steps if one.after == state), None)
