"""Gives systemd a sign of life only after everything that money depends on has given one.

One task beside app and register asks the screen for a frame and the register for its heartbeat, again
and again. `drawn` returns once the terminal has taken a frame, and says whether that shows more than
the first picture. No sign is sent for a part that was not seen to move; nothing waits for this task.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from kiosk_tui.observe.watchdog.judgement import WatchdogLimits, doing, standstill, usable
from kiosk_tui.observe.watchdog.notify import notify, watchdog_s
from kiosk_tui.payment.readiness import Readiness
from kiosk_tui.payment.register import Register

log = logging.getLogger(__name__)

Drawn = Callable[[], Awaitable[bool]]

UNWATCHED_S: Final = 40.0
"""The interval where systemd wants to be notified, but sets no watchdog."""
STARTING_S: Final = 0.5
"""The interval until it is ready: somebody waits for that."""


class Supervisor:
    """Notifies systemd for one process."""

    def __init__(self, drawn: Drawn, environment: Mapping[str, str]) -> None:
        given = watchdog_s(environment)
        self._watched = given is not None
        self._interval_s = given or UNWATCHED_S
        self._answer_s = self._interval_s / 2
        self._drawn = drawn
        self._environment = environment
        self._register: Register | None = None
        self._limits: WatchdogLimits | None = None
        self._ready = False
        self._changed = asyncio.Event()
        self._status = ""
        self._still = ""
        self._task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Begin to send signs of life."""
        self._task = asyncio.create_task(self._watch())

    async def end(self) -> None:
        """Send none any more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def attach(self, register: Register, limits: WatchdogLimits) -> None:
        """Ask this register for its signs from now on."""
        self._register, self._limits = register, limits
        register.listen(lambda _: self._changed.set())
        self._changed.set()

    def closed(self, readiness: Readiness) -> None:
        """Tell why the register cannot even be opened."""
        self._tell_status(doing(readiness, paying=False))

    def stop(self) -> None:
        """Say that the process ends, however long a payment still takes."""
        self._tell(STOPPING=1)
        if self._task is not None:
            self._task.cancel()  # it may wait for a frame that never comes
            self._task = asyncio.create_task(self._last())

    # -- the loop --------------------------------------------------------------------------------

    async def _watch(self) -> None:
        while True:
            try:
                await self._beat()
            except Exception:
                # no sign is sent then, and that is what systemd has to see
                log.exception("the supervision failed")
            self._changed.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._pause_s()):
                    await self._changed.wait()

    def _pause_s(self) -> float:
        quarter = self._interval_s / 4
        return quarter if self._ready else min(STARTING_S, quarter)

    async def _beat(self) -> None:
        still, shown = self._standstill(), False
        if not still:
            try:
                async with asyncio.timeout(self._answer_s):
                    shown = await self._drawn()
            except TimeoutError:
                still = self._undrawn()
        if still:
            self._stand_still(still)
        else:
            self._move_on(shown=shown)

    def _undrawn(self) -> str:
        """Say that the screen stands still; a payment that is running is never ended for that."""
        if self._register is not None and self._register.running:
            return ""
        return f"The screen has drawn nothing for {self._answer_s:g} s."

    def _standstill(self) -> str:
        if self._register is None or self._limits is None:
            return ""
        return standstill(self._register.signs(), self._limits, self._answer_s)

    def _move_on(self, *, shown: bool) -> None:
        self._still = ""
        register = self._register
        if register is not None:
            self._tell_status(doing(register.readiness, paying=register.running))
            if shown and not self._ready and usable(register.readiness):
                self._ready = self._tell(READY=1)
        if not self._ready:
            self._ask_for_time()
        elif self._watched:
            self._tell(WATCHDOG=1)

    def _stand_still(self, why: str) -> None:
        self._tell_status(f"standing still: {why}")
        if not self._still:
            log.error("no sign of life for systemd: %s", why)
        self._still = why

    async def _last(self) -> None:
        """Ask for time while a payment is being finished; the register bounds it."""
        while self._register is not None and self._register.running:
            self._tell_status("stopping: a payment is being finished")
            self._ask_for_time()
            await asyncio.sleep(self._interval_s / 4)

    def _ask_for_time(self) -> None:
        self._tell(EXTEND_TIMEOUT_USEC=round(self._interval_s * 1e6))

    # -- notifying -------------------------------------------------------------------------------

    def _tell_status(self, status: str) -> None:
        if status != self._status and self._tell(STATUS=status):
            self._status = status

    def _tell(self, **facts: str | int) -> bool:
        return notify(self._environment, **facts)
