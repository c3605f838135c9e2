"""The card terminal: one card flow at a time, and a customer who does as the test says."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum

Sleep = Callable[[float], Awaitable[object]]


class Screen(StrEnum):
    """What the terminal is doing."""

    IDLE = "idle"
    WAITING_FOR_CARD = "waiting_for_card"
    CARD_READ = "card_read"
    BUSY = "busy"


class Customer(StrEnum):
    """What the customer does at the terminal."""

    PRESENTS = "presents"
    CANCELS = "cancels"
    WALKS_OFF = "walks_off"


class FlowEnd(StrEnum):
    """How a card flow ended."""

    CARD = "card"
    CANCELLED = "cancelled"
    ABORTED = "aborted"
    NO_CARD = "no_card"


@dataclass(frozen=True, slots=True)
class CardFlow:
    """One card flow: what the customer does, and when (seconds)."""

    customer: Customer
    after_s: float
    timeout_s: float


class CardTerminal:
    """Waits for a card; time passes only through `sleep`."""

    def __init__(self, sleep: Sleep) -> None:
        self._sleep = sleep
        self._ended: asyncio.Future[FlowEnd] | None = None
        self.screen = Screen.IDLE

    @property
    def free(self) -> bool:
        """Whether a card flow could start."""
        return self.screen is Screen.IDLE

    async def read_card(self, flow: CardFlow) -> FlowEnd:
        """Run the first half of a card flow: until there is a card, or there will be none."""
        self.screen = Screen.WAITING_FOR_CARD
        self._ended = asyncio.get_running_loop().create_future()
        customer = asyncio.ensure_future(self._act(flow))
        try:
            ended = await self._ended
        finally:
            customer.cancel()
            self._ended = None
        self.screen = Screen.CARD_READ if ended is FlowEnd.CARD else Screen.IDLE
        return ended

    def release(self) -> None:
        """End the second half: the host has answered."""
        self.screen = Screen.IDLE

    def abort(self) -> bool:
        """Stop waiting for a card; False when there is nothing to stop any more."""
        return self._end(FlowEnd.ABORTED)

    def present_card(self) -> bool:
        """Let the customer present the card now (control page)."""
        return self._end(FlowEnd.CARD)

    def press_cancel(self) -> bool:
        """Let the customer press the red key now (control page)."""
        return self._end(FlowEnd.CANCELLED)

    async def _act(self, flow: CardFlow) -> None:
        if flow.customer is Customer.WALKS_OFF or flow.after_s > flow.timeout_s:
            await self._sleep(flow.timeout_s)
            self._end(FlowEnd.NO_CARD)
            return
        await self._sleep(flow.after_s)
        self._end(FlowEnd.CARD if flow.customer is Customer.PRESENTS else FlowEnd.CANCELLED)

    def _end(self, how: FlowEnd) -> bool:
        if self._ended is None or self._ended.done():
            return False
        self._ended.set_result(how)
        return True
