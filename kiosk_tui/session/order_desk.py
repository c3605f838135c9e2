"""Head office's commands at the register: what lies in the fleet's folder is done, each once at most.

Closing is seen within a second or two and cuts nothing. Everything else is done where nobody pays and
nobody is in the middle of anything. None of it goes through the path of a payment.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from kiosk_tui.config.faults import ConfigError
from kiosk_tui.config.overlay import Overlay, overlay_file, read
from kiosk_tui.fleet.folder import ALONE_S, FleetFolder
from kiosk_tui.fleet.orders import tasks
from kiosk_tui.fleet.orders.tasks import NOT_FINISHED, OrderTask
from kiosk_tui.payment.readiness import ClosingNotice
from kiosk_tui.session import trial
from kiosk_tui.session.errands import ERRANDS, Done
from kiosk_tui.session.front import Front
from kiosk_tui.session.launch import Launch
from kiosk_tui.session.register import OpenRegister, closed_by_office
from kiosk_tui.session.screens import what_is_wrong
from kiosk_tui.session.trial import Trial

log = logging.getLogger(__name__)

LOOK_S: Final = 1.0


class OrderDesk:
    """One register's. `ask_reload` asks for a beginning anew, once that may be."""

    def __init__(
        self, launch: Launch, opened: OpenRegister, front: Front, ask_reload: Callable[[], None]
    ) -> None:
        self._launch = launch
        self._opened = opened
        self._front = front
        self._ask_reload = ask_reload
        self._on_trial = Trial(launch, opened.register, front)
        self._folder = FleetFolder.beside(launch.journal)
        self._waiting: tuple[OrderTask, ...] = ()
        self._seen: object = None
        self._reloading: OrderTask | None = None

    async def run(self) -> None:
        """Do what head office orders, until this is cancelled. A fault ends one command, and not this."""
        try:
            await asyncio.to_thread(self._take_up)
        except (OSError, ConfigError):
            log.exception("commands that were begun cannot be taken up")
        while True:
            try:
                await self._look()
            except (OSError, ConfigError) as error:
                log.warning("head office's commands cannot be read: %s", error)
            await asyncio.sleep(LOOK_S if self._folder.enrolled else ALONE_S)

    def refused(self, why: str) -> None:
        """Hear that the program does not begin anew: what it was to begin anew for is not done."""
        task, self._reloading = self._reloading, None
        if task is None:
            return
        try:
            overlay = read(overlay_file(self._launch.journal))
            if task.verb == "configuration" and overlay is not None and overlay.n == task.n:
                trial.take_back(self._launch.journal, overlay, why)
            else:
                tasks.finish(self._folder, task.n, why, ok=False)
        except (OSError, ConfigError) as error:
            log.warning("command %d: %s", task.n, error)

    async def _look(self) -> None:
        seen, closed, waiting = await asyncio.to_thread(self._read)
        if seen != self._seen:
            self._seen, self._waiting = seen, waiting
            self._opened.register.closed_by_office(closed)
            if not self._folder.enrolled and self._launch.loaded.overlay is not None:
                self._ask_reload()  # it has left its head office, and what that had configured
        if await self._on_trial.look():
            self._ask_reload()
        for task in self._waiting:
            if self._reloading or not (self._opened.register.quiet and self._front.resting):
                return
            if task.verb == "configuration" and self._on_trial.open:
                continue  # one after the other
            await self._do(task)

    def _read(self) -> tuple[object, ClosingNotice | None, tuple[OrderTask, ...]]:
        """Read the folder, where it has changed: each file is replaced by another, never written to."""
        seen: tuple[object, ...] = (self._folder.enrolled,)
        with contextlib.suppress(FileNotFoundError), os.scandir(self._folder.orders) as found:
            files = ((one.name, one.inode(), one.stat().st_mtime_ns) for one in found)
            seen = (*seen, *sorted(files))
        if seen == self._seen or not self._folder.enrolled:
            return seen, None, ()
        return seen, closed_by_office(self._launch), tasks.waiting(self._folder)

    async def _do(self, task: OrderTask) -> None:
        self._waiting = tuple(one for one in self._waiting if one is not task)
        if not await asyncio.to_thread(tasks.begin, self._folder, task, datetime.now(UTC)):
            return
        log.info("command %d of head office: %s", task.n, task.verb)
        try:
            done = await self._done(task)
        except Exception:
            log.exception("command %d failed", task.n)
            done = Done(ok=False, sentence="It failed inside the register; the log has it.")
        if done is not None:
            await asyncio.to_thread(tasks.finish, self._folder, task.n, done.sentence, ok=done.ok)

    async def _done(self, task: OrderTask) -> Done | None:
        """Do a command; None where its outcome is told once the program has begun anew."""
        if task.verb == "configuration":
            return await self._configure(task)
        if task.verb == "restart":
            self._begin_anew(task)
            return None
        return await ERRANDS[task.verb](self._launch, self._opened, task)

    def _take_up(self) -> None:
        """Tell of what an earlier process began."""
        overlay = read(overlay_file(self._launch.journal))
        for task in tasks.begun(self._folder):
            if task.verb == "restart":
                tasks.finish(self._folder, task.n, "It began anew.", ok=True)
            elif task.verb != "configuration" or overlay is None or overlay.n != task.n:
                tasks.finish(self._folder, task.n, NOT_FINISHED, ok=False)
            elif not overlay.on_trial:
                ok = overlay.settings == task.body.get("settings", {})
                told = "It is in use." if ok else "It was taken back."
                tasks.finish(self._folder, task.n, told, ok=ok)

    async def _configure(self, task: OrderTask) -> Done | None:
        settings = dict(task.body.get("settings", {}))
        file = overlay_file(self._launch.journal)
        before = await asyncio.to_thread(read, file)
        if settings == (before.settings if before is not None else {}):
            return Done(ok=True, sentence="It is so already.")
        wanted = Overlay(n=task.n, settings=settings)
        wrong = await asyncio.to_thread(what_is_wrong, self._launch, wanted)
        if wrong:
            return Done(ok=False, sentence=f"The old one stays: {wrong}")
        await asyncio.to_thread(trial.begin, file, task.n, settings)
        self._begin_anew(task)
        return None

    def _begin_anew(self, task: OrderTask) -> None:
        """Ask for it; what comes of it is told by the program that begins, or by `refused`."""
        self._reloading = task
        self._ask_reload()
