"""The units as a real systemd runs them: booted in a container, with a real console and a real disk.

Owns: a small Debian, its systemd, and a kiosk on its tty1 that pays at a simulated TECS. It shows what
no checker of units does: that the kiosk comes up, comes back, gives way and says why.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from proofs.boot import container, story, tree
from proofs.boot.story import Scene
from proofs.machine import mounts
from proofs.proof import Effort, Row, one_by_one, played

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

MACHINES: Final = 2
"""They mostly wait: for a watchdog, a look at the disk, a restart."""

Act = Callable[[Scene], Awaitable[list[str]]]


@dataclass(frozen=True, slots=True)
class Job:
    """What happens to a kiosk at rest, whichever machine it is on."""

    fault: str
    act: Act
    control: bool = False


_USER: Final = "[Service]\nUser=nobody-of-that-name\n"
_STDERR: Final = "[Service]\nStandardError=journal\n"

_JOBS: Final = (
    Job("it boots, and a customer pays", story.comes_up),
    Job("its user is gone: another unit says why, until it is back", story.no_user),
    Job("its disk stands still", story.frozen_disk),
    Job("its process is killed while the card is awaited", story.killed),
    Job("the power goes while the card is awaited", story.cut_waiting),
    Job("the power goes while a cancellation is under way", story.cut_cancelling),
    Job("the power goes while nobody is there", story.cut_idle),
    Job("its process stands still", story.frozen_process),
    Job("its console stands still", story.frozen_screen),
    Job("it is told to stop while the card is awaited", story.stopped_while_paying),
    Job("it cannot start: the console says why", story.cannot_start),
    Job("no screen runs: the timer replays what is due", story.recovered),
    Job("frozen, without WatchdogSec=", story.stays_frozen, control=True),
    Job("killed, without Restart=", story.stays_dead, control=True),
    Job("a user that does not exist", partial(story.never_starts, lines=_USER), control=True),
    Job("stderr goes to the journal", partial(story.never_starts, lines=_STDERR), control=True),
)


def lacks() -> str:
    """Say what this machine lacks: root, tools, overlays, loop devices, or a mirror of Debian."""
    lacking = tree.lacks("boot a container", _TOOLS)
    if lacking:
        return lacking
    with tempfile.TemporaryDirectory() as folder:
        return container.lacks(Path(folder)) or mounts.lacks()


def prove(effort: Effort) -> Iterator[Row]:
    """Yield a row for each thing that happens to a booted kiosk, then the controls."""
    return one_by_one(_rows(effort))


async def _rows(effort: Effort) -> AsyncIterator[Row]:
    mirror = tree.mirror()
    if mirror is None:
        raise RuntimeError(lacks())
    grown = await asyncio.to_thread(tree.tree, mirror)
    times = 5 if effort.whole else 1
    jobs = deque(_JOBS)
    done: asyncio.Queue[Row] = asyncio.Queue()

    async def work(number: int) -> None:
        folder = effort.folder / str(number)
        folder.mkdir()
        async with story.scene(grown, folder) as one:
            while jobs:
                job = jobs.popleft()
                done.put_nowait(await _row(job, 1 if job.control else times, one))

    working = asyncio.gather(*(work(number) for number in range(MACHINES)))
    for _ in _JOBS:
        row = asyncio.create_task(done.get())
        either: tuple[asyncio.Future[Any], ...] = (row, working)
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if not row.done():
            await working  # a machine that failed says why
        yield await row
    await working


async def _row(job: Job, times: int, one: Scene) -> Row:
    async def all_times() -> list[str]:
        violations: list[str] = []
        for _ in range(times):
            await one.started()
            violations += await job.act(one)
        return violations

    return await played(job.fault, all_times(), times, control=job.control)
