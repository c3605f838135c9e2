"""The events of a dialogue, in the order in which they happened."""

from __future__ import annotations

import asyncio
import time
from dataclasses import field

from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.payment.flow import NotStarted
from kiosk_tui.payment.notifications import Notification
from kiosk_tui.records import dataclass


@dataclass(frozen=True, slots=True)
class Typed:
    """Somebody typed a line; `at` is when it was read, in `time.monotonic`'s seconds."""

    text: str
    at: float = field(default_factory=time.monotonic, compare=False)


@dataclass(frozen=True, slots=True)
class Interrupted:
    """Somebody pressed Ctrl-C."""


@dataclass(frozen=True, slots=True)
class Gone:
    """Nobody is there any more: end of input, the line was cut, or systemd says stop."""


@dataclass(frozen=True, slots=True)
class Notified:
    """The register has notified its listeners."""

    notification: Notification


@dataclass(frozen=True, slots=True)
class OutcomeCommitted:
    """The payment has its outcome, and that is on disk."""

    result: Transaction | NotStarted


@dataclass(frozen=True, slots=True)
class Failed:
    """The payment failed by a fault of ours; the journal has it as open."""

    error: BaseException


InputEvent = Typed | Interrupted | Gone | Notified | OutcomeCommitted | Failed


class Input:
    """Queues events, and hands them out one by one."""

    def __init__(self) -> None:
        self._heard: asyncio.Queue[InputEvent] = asyncio.Queue()
        self.gone = False

    def take(self, heard: InputEvent) -> None:
        """Queue an event."""
        self._heard.put_nowait(heard)

    async def next(self, by: float | None) -> InputEvent | None:
        """Return the next event, or None when none came by then, in the loop's time."""
        try:
            async with asyncio.timeout_at(by):
                heard = await self._heard.get()
        except TimeoutError:
            return None
        self.gone = self.gone or isinstance(heard, Gone)
        return heard


def now_s() -> float:
    """Return this moment in the loop's time."""
    return asyncio.get_running_loop().time()


def in_s(seconds: float) -> float:
    """Return the moment that is so far ahead, in the loop's time."""
    return now_s() + seconds
