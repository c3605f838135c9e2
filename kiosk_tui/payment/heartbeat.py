"""When each part of the register last gave a sign of life; `observe.watchdog` judges it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from kiosk_tui.payment.ports import Clock
from kiosk_tui.records import dataclass


@dataclass(frozen=True, slots=True)
class Signs:
    """For how many seconds something has lasted; 0 where it does not.

    `looked_s`: since the last complete look at journal and server, or since the first one began.
    `asked_s`: that the journal has not answered. `refused_s`: that it refuses. `paying_s`: that a payment
    is running.
    """

    looked_s: float
    asked_s: float
    refused_s: float
    paying_s: float


class Heartbeat:
    """Notes signs of life."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._looked_at: float | None = None
        self._asked_at: float | None = None
        self._refused_at: float | None = None
        self._paying_at: float | None = None

    @contextlib.contextmanager
    def asking(self) -> Iterator[None]:
        """Note that the journal is asked, with which each look begins, for as long as this lasts."""
        self._asked_at = self._clock.monotonic()
        if self._looked_at is None:
            self._looked_at = self._asked_at
        try:
            yield
        finally:
            self._asked_at = None

    def refused(self, refused: bool) -> None:  # noqa: FBT001 - what it answered
        """Note whether the journal answered with a refusal."""
        if not refused:
            self._refused_at = None
        elif self._refused_at is None:
            self._refused_at = self._clock.monotonic()

    def looked(self) -> None:
        """Note that a look at journal and server is complete."""
        self._looked_at = self._clock.monotonic()

    @contextlib.contextmanager
    def paying(self) -> Iterator[None]:
        """Note that a payment runs for as long as this lasts."""
        self._paying_at = self._clock.monotonic()
        try:
            yield
        finally:
            self._paying_at = None

    def signs(self) -> Signs:
        """Return how things stand now."""
        return Signs(
            looked_s=self._since(self._looked_at),
            asked_s=self._since(self._asked_at),
            refused_s=self._since(self._refused_at),
            paying_s=self._since(self._paying_at),
        )

    def _since(self, at: float | None) -> float:
        return 0.0 if at is None else self._clock.monotonic() - at
