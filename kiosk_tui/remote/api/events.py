"""What happens from now on, as server-sent events: bounded, and never waited for by a payment."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Final

from kiosk_tui.payment.notifications import Notification, ReadinessChanged, TransactionChanged
from kiosk_tui.remote.api.desk import PaymentDesk
from kiosk_tui.remote.api.models import (
    ApiAnswer,
    PaymentAnswer,
    RegisterAnswer,
    StreamEnd,
    TerminalStep,
    told,
)

MOST_WAITING: Final = 64
"""Events that wait for a slow reader; one more and he is dropped."""
ALIVE_S: Final = 15.0
"""So often something is sent, so that both ends notice a line that is gone."""
_RETRY = b"retry: 2000\n"


class EventStream:
    """One reader's events. Nothing is kept for one who comes again: the first event is the state."""

    def __init__(self, desk: PaymentDesk, last_seen: str = "") -> None:
        self._desk = desk
        self._events: asyncio.Queue[bytes] = asyncio.Queue(MOST_WAITING + 2)
        self._number = 0
        self._ended = False
        if last_seen:
            self._put(
                "not-resumed",
                StreamEnd,
                {"why": "What happened since your last event is not kept: this is the state now."},
            )
        self._put("status", RegisterAnswer, desk.status())
        self._stop = desk.register.listen(self._heard)

    def end(self, why: str) -> None:
        """Tell why it ends, as the last event."""
        if not self._ended:
            self._put("end", StreamEnd, {"why": why})
            self._ended = True

    def close(self) -> None:
        """Hear nothing more."""
        self._stop()

    async def lines(self) -> AsyncIterator[bytes]:
        """Yield the events as they go over the line."""
        yield _RETRY
        while not (self._ended and self._events.empty()):
            try:
                async with asyncio.timeout(ALIVE_S):
                    event = await self._events.get()
            except TimeoutError:
                yield b": alive\n\n"
            else:
                yield event

    def _heard(self, notification: Notification) -> None:
        if isinstance(notification, TransactionChanged):
            self._put("payment", PaymentAnswer, self._desk.described(notification.transaction))
        elif isinstance(notification, ReadinessChanged):
            self._put("status", RegisterAnswer, self._desk.status())
        else:
            running = self._desk.register.in_flight
            payment = None if running is None else running.id
            self._put("terminal", TerminalStep, {"state": notification.state, "payment": payment})

    def _put(self, name: str, model: type[ApiAnswer], facts: dict[str, object]) -> None:
        if self._ended:
            return
        if self._events.qsize() >= MOST_WAITING and model is not StreamEnd:
            while not self._events.empty():
                self._events.get_nowait()
            self.end(f"{MOST_WAITING} events wait for you: you read too slowly.")
            return
        self._number += 1
        data = told(model, facts).decode()
        self._events.put_nowait(f"event: {name}\nid: {self._number}\ndata: {data}\n\n".encode())
