"""Head office's new configuration on trial: it stays when the register comes back ready, else it goes.

Owns: when it returns by itself. What the change cannot have caused (the line, the journal, the clock, a
cancellation that is due) is waited for; a screen that fails, or a program that crashes again and again,
is not. The state is on the disk, so that the return happens after a power cut, too.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from kiosk_tui.config.faults import ConfigError
from kiosk_tui.config.load import load
from kiosk_tui.config.overlay import Overlay, overlay_file, read, write
from kiosk_tui.fleet.folder import FleetFolder
from kiosk_tui.fleet.orders import tasks
from kiosk_tui.journal.lock import HiddenHolderError, held_by
from kiosk_tui.payment.readiness import IN_ORDER, Obstacle, Readiness
from kiosk_tui.payment.register import Register
from kiosk_tui.session.front import Front
from kiosk_tui.session.launch import Launch

log = logging.getLogger(__name__)

TRIAL_S: Final = 120.0
"""So long a register with a new configuration may take to be ready."""
STEADY_S: Final = 10.0
"""So long it has to stay ready before the configuration is kept."""
DRAWN_S: Final = 5.0
"""So long a front may take to move."""
MOST_STARTS: Final = 3
"""After so many starts that did not come so far, it returns."""

_OUTSIDE: Final = frozenset(
    {Obstacle.JOURNAL, Obstacle.CLOCK, Obstacle.UNREACHABLE, Obstacle.CANCELLATION_DUE}
)
"""What no setting that head office may change can cause."""


class TrialVerdict(StrEnum):
    """What becomes of a configuration on trial."""

    READY = "ready"
    WAIT = "wait"
    OUTSIDE = "outside"
    RETURN = "return"


def judged(readiness: Readiness, *, moves: bool, failed: bool, waited_s: float) -> TrialVerdict:
    """Judge a start: the front `moves`, or one of its screens has `failed`."""
    if failed:
        return TrialVerdict.RETURN
    if moves and readiness.obstacle in IN_ORDER:
        return TrialVerdict.READY
    if waited_s < TRIAL_S:
        return TrialVerdict.WAIT
    return TrialVerdict.OUTSIDE if moves and readiness.obstacle in _OUTSIDE else TrialVerdict.RETURN


def counted(launch: Launch) -> Launch:
    """Count a start on trial; after too many of them, return the configuration that was before.

    Blocks. Returns what is to be opened.
    """
    file = overlay_file(launch.journal)
    try:
        overlay = None if launch.demo else read(file)
        if overlay is None or not overlay.on_trial or held_by(launch.journal):
            return launch
        if not launch.loaded.refused and overlay.starts < MOST_STARTS:
            write(file, overlay.model_copy(update={"starts": overlay.starts + 1}))
            return launch
        times = f"it was started {overlay.starts} times and did not come so far"
        take_back(launch.journal, overlay, launch.loaded.refused or times)
        return replace(launch, loaded=load(launch.loaded.file, launch.environment))
    except (OSError, ConfigError, HiddenHolderError) as error:
        log.warning("a configuration of head office on trial cannot be counted: %s", error)
        return launch


def begin(file: Path, n: int, settings: Mapping[str, Any]) -> None:
    """Put a configuration on trial, durably. Raises `OSError`, or `ConfigError` for a damaged file."""
    before = read(file)
    known = {} if before is None else before.before if before.on_trial else before.settings
    write(file, Overlay(n=n, settings=settings, on_trial=True, before=known))


def take_back(journal: Path, overlay: Overlay, why: str) -> None:
    """Return to the configuration that was before, and keep why. Raises `OSError`."""
    log.warning("head office's configuration %d is taken back: %s", overlay.n, why)
    write(overlay_file(journal), Overlay(n=overlay.n, settings=overlay.before))
    told = f"It was taken back, and what was before is in use: {why}"
    tasks.finish(FleetFolder.beside(journal), overlay.n, told, ok=False)


def keep(journal: Path, overlay: Overlay) -> None:
    """End a trial well. Raises `OSError`."""
    write(overlay_file(journal), Overlay(n=overlay.n, settings=overlay.settings))
    tasks.finish(FleetFolder.beside(journal), overlay.n, "It is in use.", ok=True)


class Trial:
    """Watches a register that was started with a configuration on trial."""

    def __init__(self, launch: Launch, register: Register, front: Front) -> None:
        self._journal = launch.journal
        self._overlay = launch.loaded.overlay
        self._register = register
        self._front = front
        self._since = self._now()
        self._ready_since: float | None = None

    @property
    def open(self) -> bool:
        """Whether there is one."""
        return self._overlay is not None and self._overlay.on_trial

    async def look(self) -> bool:
        """Look once; return whether the program has to begin anew, with what was before.

        Raises `OSError`.
        """
        overlay = self._overlay
        if overlay is None or not overlay.on_trial:
            return False
        now, readiness = self._now(), self._register.readiness
        found = judged(
            readiness,
            moves=await self._front_moves(),
            failed=self._front.failed,
            waited_s=now - self._since,
        )
        if found is not TrialVerdict.READY:
            self._ready_since = None
        if found is TrialVerdict.RETURN:
            why = readiness.why or "the screens did not come back"
            why = (
                "a screen failed"
                if self._front.failed
                else f"not ready within {TRIAL_S:g} s: {why}"
            )
            self._overlay = None
            await asyncio.to_thread(take_back, self._journal, overlay, why)
            return True
        if found is TrialVerdict.OUTSIDE and overlay.starts:
            self._overlay = overlay = overlay.model_copy(update={"starts": 0})
            await asyncio.to_thread(write, overlay_file(self._journal), overlay)
        if found is TrialVerdict.READY:
            self._ready_since = now if self._ready_since is None else self._ready_since
            if now - self._ready_since >= STEADY_S:
                self._overlay = None
                await asyncio.to_thread(keep, self._journal, overlay)
        return False

    def _now(self) -> float:
        return asyncio.get_running_loop().time()

    async def _front_moves(self) -> bool:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(DRAWN_S):
                return await self._front.alive()
        return False
