"""Beside the register: hears its news, and tells machines in its own time.

Owns: one task that writes the figures (soon after a change, and each minute, never more often than
each quarter of a minute), and one that alerts. Neither is ever waited for by anybody who takes money.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.lifecycle import DUE, State
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.observe.reporting import alarm, hook, prometheus, textfile
from kiosk_tui.observe.reporting.alarm import AlarmLimits, Alert, Tone
from kiosk_tui.observe.reporting.figures import Counters
from kiosk_tui.observe.reporting.standing import RegisterStatus
from kiosk_tui.payment.notifications import Notification, ReadinessChanged, TransactionChanged
from kiosk_tui.payment.ports import Clock
from kiosk_tui.payment.readiness import Obstacle, Readiness
from kiosk_tui.payment.register import Register

log = logging.getLogger(__name__)

EVERY_S: Final = 60.0
MOST_OFTEN_S: Final = 15.0
LAST_S: Final = 5.0
"""The last figures may take so long; then the end comes without them."""

AGAIN_S: Final = 60.0
"""After a command that failed."""


@dataclass(frozen=True, slots=True)
class Where:
    """Where it is told; an empty one tells nobody. `who` names this register in every alert."""

    journal: Path
    metrics: Path | None = None
    command: Sequence[str] = ()
    timeout_s: float = 30.0
    limits: AlarmLimits = field(default_factory=lambda: AlarmLimits(900.0, 900.0))
    who: Mapping[str, str] = field(default_factory=dict)
    most_often_s: float = MOST_OFTEN_S

    @property
    def told(self) -> Path:
        """The file that remembers what was told."""
        return self.journal.with_name(self.journal.name + ".alerts")


class Reporter:
    """What one register tells machines."""

    def __init__(self, where: Where, clock: Clock) -> None:
        self._where = where
        self._clock = clock
        self._register: Register | None = None
        self._readiness = Readiness(Obstacle.STARTING)
        self._closed_since: float | None = clock.monotonic()
        self._due_since: dict[str, float] = {}
        self._for_staff: set[str] | None = None
        self._changed = asyncio.Event()
        self._started = False
        self._tasks: list[asyncio.Task[None]] = []
        self._started_at = clock.now().timestamp()
        before = textfile.read(where.metrics) if where.metrics else ""
        self.figures: Counters = prometheus.read(before)
        self._told = alarm.remembered(textfile.read(where.told) if where.command else "")

    def start(self) -> None:
        """Begin to tell, and count a start of the program; again does nothing."""
        if self._started:
            return
        self._started = True
        self.figures.starts += 1
        if self._where.metrics:
            self._tasks.append(asyncio.create_task(self._keep(self._figures_forever)))
        if self._where.command:
            self._tasks.append(asyncio.create_task(self._keep(self._alert_forever)))

    def attach(self, register: Register) -> None:
        """Hear this register's news from now on."""
        self._register = register
        register.listen(self.heard)
        self.heard(ReadinessChanged(register.readiness))

    async def close(self, *, alerting: bool = False) -> None:
        """Tell that this is the end; `alerting` tells what is wrong now, before that."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if not self._started and self._register is None:
            return  # another process may tell how the same register stands
        if alerting and self._where.command:
            await self.alert()
        self._readiness = Readiness(Obstacle.STARTING)  # nobody can pay where nothing runs
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LAST_S):
                await self._write_figures()

    def heard(self, notification: Notification) -> None:
        """Take note; nothing is written here."""
        now_s = self._clock.monotonic()
        if isinstance(notification, ReadinessChanged):
            self._readiness = notification.readiness
            if notification.readiness.open:
                self._closed_since = None
            elif self._closed_since is None:
                self._closed_since = now_s
        elif isinstance(notification, TransactionChanged):
            self._noted(notification.transaction, now_s)
        else:
            return
        self._changed.set()

    def _noted(self, one: Transaction, now_s: float) -> None:
        self.figures.changed(one, now_s)
        if one.state in DUE:
            self._due_since.setdefault(one.id, now_s - self._waited_before_s(one))
        if self._for_staff is not None and one.state is State.NEEDS_STAFF:
            self._for_staff.add(one.id)
        elif self._for_staff is not None:
            self._for_staff.discard(one.id)

    def _waited_before_s(self, one: Transaction) -> float:
        """Return how long it was due when this process took it up: at most since it began."""
        if self._readiness.obstacle is not Obstacle.STARTING:
            return 0.0
        return max(0.0, (self._clock.now() - one.created_at).total_seconds())

    # -- how things stand --------------------------------------------------------------------------

    async def standing(self) -> RegisterStatus:
        """Return how things stand now."""
        now_s, readiness = self._clock.monotonic(), self._readiness
        due = () if self._register is None else self._register.due
        self._due_since = {one.id: self._due_since.get(one.id, now_s) for one in due}
        await self._look_for_staff()
        return RegisterStatus(
            obstacle=readiness.obstacle,
            why=readiness.why,
            closed_s=0.0 if self._closed_since is None else now_s - self._closed_since,
            due=tuple(one.id for one in due),
            oldest_due_s=max((now_s - since for since in self._due_since.values()), default=0.0),
            needs_staff=tuple(sorted(self._for_staff or (), key=int)),
            disk_free_bytes=await asyncio.to_thread(_free, self._where.journal.parent),
        )

    async def _look_for_staff(self) -> None:
        """Ask the journal once what an earlier process left to staff; from then on the news tell."""
        if self._for_staff is None and self._register is not None:
            with contextlib.suppress(JournalUnavailableError):
                self._for_staff = {one.id for one in await self._register.needs_staff()}

    # -- telling -----------------------------------------------------------------------------------

    async def _figures_forever(self) -> None:
        while True:
            self._changed.clear()
            await self._write_figures()
            await asyncio.sleep(self._where.most_often_s)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(EVERY_S):
                    await self._changed.wait()

    async def _write_figures(self) -> None:
        path = self._where.metrics
        if path is None:
            return
        written = prometheus.text(self.figures, await self.standing(), self._started_at)
        try:
            await asyncio.to_thread(textfile.write, path, written)
        except OSError as error:
            log.warning("the figures %s cannot be written: %s", path, error.strerror)

    async def _alert_forever(self) -> None:
        while True:
            told = await self.alert()
            await asyncio.sleep(self._where.most_often_s if told else AGAIN_S)

    async def alert(self) -> bool:
        """Tell what is to be told now; return whether all of it was heard."""
        heard, at = True, self._clock.now()
        standing = await self.standing()
        for one in tuple(alarm.alerts(standing, self._where.limits, self._told, at)):
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
        told = hook.facts(one, {**self._where.who, "at": self._clock.now().isoformat()})
        return await hook.call(self._where.command, told, self._where.timeout_s)

    def _remember(self) -> None:
        try:
            textfile.write(self._where.told, alarm.to_remember(self._told))
        except OSError as error:
            log.warning("%s cannot be written: %s", self._where.told, error.strerror)

    async def _keep(self, work: Callable[[], Awaitable[None]]) -> None:
        """Keep a duty going: a fault of ours is logged, and the duty taken up again."""
        while True:
            try:
                await work()
            except Exception:
                log.exception("reporting failed and is taken up again")
                await asyncio.sleep(AGAIN_S)


def _free(folder: Path) -> int | None:
    try:
        room = os.statvfs(folder)
    except OSError:
        return None
    return room.f_bavail * room.f_frsize
