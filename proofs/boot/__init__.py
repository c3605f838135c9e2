"""The units as a real systemd runs them: booted in a container, with a real console and a real disk.

Owns: a small Debian, its systemd, and a kiosk on its tty1 that pays at a simulated TECS. It shows what
no checker of units does: that the kiosk comes up, comes back, gives way and says why.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Final

from kiosk_tui.drill.child import UnexpectedError
from proofs.boot import container, story, tree
from proofs.boot.story import Scene
from proofs.machine import mounts
from proofs.proof import Effort, Row

CLAIM = (
    "A booted kiosk comes back from everything that stops it, with what was due, and says why not."
)
ASSUMES = (
    "a container: its kernel, disk and console driver are the machine's, and were up already",
    "the console is a pseudo terminal; fonts, keymaps and VT switching are not seen here",
)

_TOOLS: Final = {
    "systemd-nspawn": "systemd-container",
    "debootstrap": "debootstrap",
    "nsenter": "util-linux",
    "fsfreeze": "util-linux",
}

Act = Callable[[Scene], Awaitable[list[str]]]

_ACTS: Final[tuple[tuple[str, Act], ...]] = (
    ("it boots, and a customer pays", story.comes_up),
    ("its process is killed while the card is awaited", story.killed),
    ("the power goes while the card is awaited", story.power_cut),
    ("its process stands still", story.frozen_process),
    ("its console stands still", story.frozen_screen),
    ("its disk stands still", story.frozen_disk),
    ("it is told to stop while the card is awaited", story.stopped_while_paying),
    ("it cannot start: the console says why", story.cannot_start),
    ("no screen runs: the timer replays what is due", story.recovered),
)
_WRONG: Final = {
    "a user that does not exist": "[Service]\nUser=nobody-of-that-name\n",
    "stderr goes to the journal": "[Service]\nStandardError=journal\n",
}


def lacks() -> str:
    """Say what this machine lacks: root, tools, overlays, loop devices, or a mirror of Debian."""
    if os.geteuid() != 0:
        return "It takes root to boot a container."
    for tool, package in _TOOLS.items():
        if shutil.which(tool) is None:
            return f"{tool} is not installed (Debian: {package})."
    if tree.mirror() is None:
        return "apt knows no mirror of Debian."
    with tempfile.TemporaryDirectory() as folder:
        return container.lacks(Path(folder)) or mounts.lacks()


def prove(effort: Effort) -> Iterator[Row]:
    """Yield a row for each thing that happens to a booted kiosk, then the controls."""
    rows = _rows(effort)
    with asyncio.Runner() as runner:
        while (row := runner.run(_next(rows))) is not None:
            yield row


async def _rows(effort: Effort) -> AsyncIterator[Row]:
    mirror = tree.mirror()
    if mirror is None:
        raise RuntimeError(lacks())
    grown = await asyncio.to_thread(tree.tree, mirror)
    times = 5 if effort.whole else 1
    async with story.scene(grown, effort.folder) as one:
        for fault, act in _ACTS:
            yield await _row(fault, [act] * times, one)
        for fault, lines in _WRONG.items():

            async def wrong(one: Scene, lines: str = lines) -> list[str]:
                return await story.never_starts(one, lines)

            yield await _row(fault, [wrong], one, control=True)
        yield await _row("killed, without Restart=", [story.stays_dead], one, control=True)
        yield await _row("frozen, without WatchdogSec=", [story.stays_frozen], one, control=True)


async def _row(fault: str, acts: list[Act], one: Scene, *, control: bool = False) -> Row:
    violations: list[str] = []
    for act in acts:
        try:
            violations += await act(one)
        except UnexpectedError as error:
            violations.append(str(error))
    return Row(fault, len(acts), violations, control=control)


async def _next(rows: AsyncIterator[Row]) -> Row | None:
    return await anext(rows, None)
