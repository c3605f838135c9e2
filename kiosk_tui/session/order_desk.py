"""Head office's commands at the register: what lies in the fleet's folder is done, each once at most.

Closing is seen within a second or two and cuts nothing. Everything else is done where nobody pays and
nobody is in the middle of anything. None of it goes through the path of a payment.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple

from kiosk_tui.config.faults import ConfigError
from kiosk_tui.config.overlay import overlay_file, read, write
from kiosk_tui.files import writing
from kiosk_tui.fleet.folder import FleetFolder
from kiosk_tui.fleet.orders import tasks
from kiosk_tui.fleet.orders.closure import closure
from kiosk_tui.fleet.orders.orders import NOT_FINISHED
from kiosk_tui.fleet.orders.tasks import OrderTask
from kiosk_tui.isolation import program
from kiosk_tui.payment.readiness import ClosingNotice
from kiosk_tui.payment.self_test import Part
from kiosk_tui.session import trial
from kiosk_tui.session.launch import Launch, place
from kiosk_tui.session.register import OpenRegister
from kiosk_tui.session.screens import what_is_wrong
from kiosk_tui.session.trial import Trial
from kiosk_tui.tecs.probing import own_exchange

log = logging.getLogger(__name__)

LOOK_S: Final = 1.0
ALONE_S: Final = 30.0
"""So often it is looked whether there is a head office by now."""
BUNDLE_S: Final = 300.0
MOST_BUNDLES: Final = 3

_NOT_PASSED: Final = ("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "LISTEN_FDS", "LISTEN_PID")
"""What systemd gives to this process alone."""


class Done(NamedTuple):
    """What came of a command, in a sentence."""

    ok: bool
    sentence: str


def notice(folder: FleetFolder) -> ClosingNotice | None:
    """Return what head office tells customers where it keeps this register closed, else None. Blocks."""
    found = closure(folder)
    return None if found is None else ClosingNotice(found.sentence, found.by_language)


class OrderDesk:
    """One register's. `ask_reload` asks for a beginning anew, once that may be."""

    def __init__(
        self,
        launch: Launch,
        opened: OpenRegister,
        resting: Callable[[], bool],
        on_trial: Trial,
        ask_reload: Callable[[], None],
    ) -> None:
        self._launch = launch
        self._opened = opened
        self._resting = resting
        self._trial = on_trial
        self._ask_reload = ask_reload
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
        if await self._trial.look():
            self._ask_reload()
        for task in self._waiting:
            if not (self._opened.register.quiet and self._resting()):
                return
            if task.verb == "configuration" and self._trial.open:
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
        return seen, notice(self._folder), tasks.waiting(self._folder)

    async def _do(self, task: OrderTask) -> None:
        self._waiting = tuple(one for one in self._waiting if one is not task)
        if not await asyncio.to_thread(tasks.begin, self._folder, task, datetime.now(UTC)):
            return
        log.info("command %d of head office: %s", task.n, task.verb)
        try:
            done = await _DOES[task.verb](self, task)
        except Exception:
            log.exception("command %d failed", task.n)
            done = Done(ok=False, sentence="It failed inside the register; the log has it.")
        if done is not None:
            await asyncio.to_thread(
                tasks.finish, self._folder, task.n, done.sentence, ok=done.ok
            )

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

    # -- verbs ---------------------------------------------------------------------------------------

    async def _configure(self, task: OrderTask) -> Done | None:
        settings = dict(task.body.get("settings", {}))
        file = overlay_file(self._launch.journal)
        before = await asyncio.to_thread(read, file)
        if settings == (before.settings if before is not None else {}):
            return Done(ok=True, sentence="It is so already.")
        wanted = trial.Overlay(n=task.n, settings=settings)
        wrong = await asyncio.to_thread(what_is_wrong, self._launch, wanted)
        if wrong:
            return Done(ok=False, sentence=f"The old one stays: {wrong}")
        await asyncio.to_thread(trial.begin, file, task.n, settings)
        return self._begin_anew(task)

    async def _restart(self, task: OrderTask) -> Done | None:
        return self._begin_anew(task)

    def _begin_anew(self, task: OrderTask) -> None:
        """Ask for it; what comes of it is told by the program that begins, or by `refused`."""
        self._reloading = task
        self._ask_reload()

    async def _bundle(self, task: OrderTask) -> Done:
        folder = self._folder.bundles
        path = folder / f"kiosk-tui-{task.n}.tar.gz"
        await asyncio.to_thread(_make_room, folder)
        config = self._launch.loaded.file
        named = () if config is None else ("--config", str(config))
        kept = {name: value for name, value in os.environ.items() if name not in _NOT_PASSED}
        process = await asyncio.create_subprocess_exec(
            *(*program(), *named, "doctor", "--bundle", str(path)),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            env=kept,
            start_new_session=True,
        )
        try:
            async with asyncio.timeout(BUNDLE_S):
                await process.wait()
        except TimeoutError:
            return Done(ok=False, sentence=f"It was not packed within {BUNDLE_S:g} s.")
        finally:
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
        if not path.exists():
            return Done(ok=False, sentence=f"It was not packed (exit code {process.returncode}).")
        return Done(ok=True, sentence=f"It lies at {path}: a technician fetches it there.")

    async def _ask_terminal(self, _task: OrderTask) -> Done:
        register = self._opened.register
        server = next(one for one in await register.self_test() if one.part is Part.SERVER)
        if not server.good:
            return Done(ok=False, sentence=f"TECS is not reached: {server.text}")
        took_s = register.service_s
        told = "TECS answers" if took_s is None else f"TECS answers in {took_s * 1000:.0f} ms"
        if not self._launch.config.terminal.status_query:
            return Done(ok=True, sentence=f"{told}; terminal.status_query is off.")
        found = await self._opened.terminal.status(own_exchange(place(self._launch)))
        why = f" ({found.why})" if found.why else ""
        return Done(ok=True, sentence=f"{told}; the terminal says: {found.state}{why}.")


def _make_room(folder: Path) -> None:
    """Remove old bundles but the newest."""
    writing.make_folder(folder)
    found = sorted(folder.glob("kiosk-tui-*.tar.gz"), key=lambda one: one.stat().st_mtime)
    for old in found[: max(0, len(found) - MOST_BUNDLES + 1)]:
        old.unlink()


_DOES: Final[Mapping[str, Callable[[OrderDesk, OrderTask], Awaitable[Done | None]]]] = {
    "configuration": OrderDesk._configure,
    "restart": OrderDesk._restart,
    "bundle": OrderDesk._bundle,
    "ask-terminal": OrderDesk._ask_terminal,
}
