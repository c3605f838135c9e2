"""Reports beside the register, in tasks of its own that no payment waits for.

One task writes the metrics: soon after a change, at least each minute, at most each 15 s. One alerts.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import field
from pathlib import Path
from typing import Final

from kiosk_tui.observe.reporting import alarm, hook, prometheus, textfile
from kiosk_tui.observe.reporting.alarm import AlarmLimits, Alert, Tone
from kiosk_tui.observe.reporting.counters import Counters
from kiosk_tui.observe.reporting.status import StatusTracker
from kiosk_tui.payment.notifications import Notification, ReadinessChanged
from kiosk_tui.payment.ports import Clock
from kiosk_tui.payment.register import Register
from kiosk_tui.records import dataclass

log = logging.getLogger(__name__)

EVERY_S: Final = 60.0
MOST_OFTEN_S: Final = 15.0
LAST_S: Final = 5.0
"""The last metrics may take so long; then the program ends without them."""

AGAIN_S: Final = 60.0
"""Pause after a command that failed."""


@dataclass(frozen=True, slots=True)
class ReporterSettings:
    """Where metrics and alerts go; without a place there are none. `who` names the register in alerts."""

    journal: Path
    metrics: Path | None = None
    command: Sequence[str] = ()
    timeout_s: float = 30.0
    limits: AlarmLimits = field(default_factory=lambda: AlarmLimits(900.0, 900.0))
    who: Mapping[str, str] = field(default_factory=dict)
    most_often_s: float = MOST_OFTEN_S

    @property
    def told(self) -> Path:
        """The file that remembers what was alerted about."""
        return self.journal.with_name(self.journal.name + ".alerts")


class Reporter:
    """Writes the metrics of one register, and alerts about it."""

    def __init__(self, settings: ReporterSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._changed = asyncio.Event()
        self._started = self._attached = False
        self._tasks: list[asyncio.Task[None]] = []
        self._started_at = clock.now().timestamp()
        before = textfile.read(settings.metrics) if settings.metrics else ""
        self._counters: Counters = prometheus.read(before)
        self._tracker = StatusTracker(self._counters, settings.journal.parent, clock)
        self.status = self._tracker.status
        self._told = alarm.remembered(textfile.read(settings.told) if settings.command else "")

    def start(self) -> None:
        """Begin to report, and count a start of the program; again does nothing."""
        if self._started:
            return
        self._started = True
        self._counters.starts += 1
        if self._settings.metrics:
            self._tasks.append(asyncio.create_task(self._keep(self._write_forever)))
        if self._settings.command:
            self._tasks.append(asyncio.create_task(self._keep(self._alert_forever)))

    def attach(self, register: Register) -> None:
        """Report about this register from now on."""
        self._attached = True
        self._tracker.attach(register)
        register.listen(self.heard)
        self.heard(ReadinessChanged(register.readiness))

    async def close(self, *, alerting: bool = False) -> None:
        """Report the end; `alerting` alerts about what is wrong now, before that."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if not self._started and not self._attached:
            return  # another process may tell how the same register stands
        if alerting and self._settings.command:
            await self.alert()
        self._tracker.ended()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LAST_S):
                await self._write_metrics()

    def heard(self, notification: Notification) -> None:
        """Take note; nothing is written here."""
        if self._tracker.heard(notification):
            self._changed.set()

    async def _write_forever(self) -> None:
        while True:
            self._changed.clear()
            await self._write_metrics()
            await asyncio.sleep(self._settings.most_often_s)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(EVERY_S):
                    await self._changed.wait()

    async def _write_metrics(self) -> None:
        path = self._settings.metrics
        if path is None:
            return
        written = prometheus.text(self._counters, await self.status(), self._started_at)
        try:
            await asyncio.to_thread(textfile.write, path, written)
        except OSError as error:
            log.warning("the figures %s cannot be written: %s", path, error.strerror)

    async def _alert_forever(self) -> None:
        while True:
            told = await self.alert()
            await asyncio.sleep(self._settings.most_often_s if told else AGAIN_S)

    async def alert(self) -> bool:
        """Run the command for what has to be reported now; return whether it took all of it."""
        heard, at = True, self._clock.now()
        status = await self.status()
        for one in tuple(alarm.alerts(status, self._settings.limits, self._told, at)):
            wrong = await self.call(one)
            if wrong:
                log.warning("the alert %s was not heard: %s", one.cause, wrong)
                heard = False
                continue
            log.info("alert %s %s: %s", one.cause, one.tone, one.why, extra={"cause": one.cause})
            self._told.pop(one.cause, None)
            if one.tone is not Tone.CLEARED:
                self._told[one.cause] = at
            await asyncio.to_thread(self._remember)
        return heard

    async def call(self, one: Alert) -> str:
        """Run the command for one alert; return what went wrong, or nothing."""
        told = hook.facts(one, {**self._settings.who, "at": self._clock.now().isoformat()})
        return await hook.call(self._settings.command, told, self._settings.timeout_s)

    def _remember(self) -> None:
        try:
            textfile.write(self._settings.told, alarm.to_remember(self._told))
        except OSError as error:
            log.warning("%s cannot be written: %s", self._settings.told, error.strerror)

    async def _keep(self, work: Callable[[], Awaitable[None]]) -> None:
        """Keep a task going: a fault of ours is logged, and the work begun again."""
        while True:
            try:
                await work()
            except Exception:
                log.exception("reporting failed and is taken up again")
                await asyncio.sleep(AGAIN_S)
