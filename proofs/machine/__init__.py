"""What the operating system does to a register: bits flip, files go, disks fill, processes meet and die.

Owns: real files, a real small ext4, real processes and real terminals. Each harm is done to the
production program, which is then let alone or started again; its journal and everything it said are
held against the simulator's ledger. Signals at each system call are `proofs.crash`.
"""

from __future__ import annotations

import asyncio
import random
import shutil
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from pathlib import Path
from typing import Any

from kiosk_tui.lab.drill.child import UnexpectedError
from proofs.machine import clock, damage, disk, frozen, group, million, mounts, paths, together
from proofs.proof import Effort, Row, one_by_one

CLAIM = "No state of the machine loses a payment or makes the register forget what is due."
ASSUMES = (
    "a folder that is gone with everything in it cannot be told from a fresh machine",
    "one flipped bit at a time; the history of ended payments is checked by `journal verify` only",
    "a clock that is wrong by less than TECS's tolerance is TECS's business",
    "the lock is honoured on the file system of the journal (a local one)",
)

Job = Coroutine[Any, Any, Row]


def lacks() -> str:
    """Say what this machine lacks: tools, root, or loop devices."""
    for tool in ("setsid", "setpriv", "mkfs.ext4", "e2fsck", "findmnt"):
        if shutil.which(tool) is None:
            return f"{tool} is not installed (Debian: util-linux, e2fsprogs)."
    return mounts.lacks()


def prove(effort: Effort) -> Iterator[Row]:
    """Yield a row for each thing that can happen to a machine."""
    yield from _in_this_process(effort)
    yield from one_by_one(_at_once(_with_processes(effort), effort.workers))


def _in_this_process(effort: Effort) -> Iterator[Row]:
    chance = random.Random(effort.seed)
    bits, jumps = (20_000, 20_000) if effort.whole else (600, 2_000)
    yield damage.flipped(effort.folder / "bits", bits, chance, checked=True)
    yield damage.flipped(effort.folder / "control", bits, chance, checked=False)
    yield damage.large(effort.folder / "large", bits // 2, chance, checked=True)
    yield damage.large(effort.folder / "large-control", bits // 2, chance, checked=False)
    yield damage.lost(effort.folder / "lost", refused=True)
    yield damage.lost(effort.folder / "replaced", refused=False)
    yield clock.jumping(effort.folder / "jumping", jumps, chance)
    yield clock.jumping(effort.folder / "by-the-clock", 200, chance, sabotaged=True)


def _with_processes(effort: Effort) -> Sequence[Job]:
    folder, whole, seed = effort.folder, effort.whole, effort.seed
    kills, signals, rounds = (60, 25, 30) if whole else (6, 2, 4)
    return (
        million.recovered(folder),
        group.killed(folder / "killed", kills, random.Random(seed)),
        group.killed(folder / "forgets", 1, random.Random(seed), forgets=True),
        group.told_to_end(folder / "told", signals, seed),
        group.told_to_end(folder / "dies", 1, seed, dies=True),
        frozen.frozen(folder / "frozen", len(frozen.EVERY) if whole else 12, random.Random(seed)),
        frozen.frozen(folder / "one-loop", 1, random.Random(seed), one_loop=True),
        together.together(folder, rounds),
        together.behind_a_kiosk(folder / "kiosk", 30 if whole else 2),
        together.behind_a_kiosk(folder / "unlocked", 1, unlocked=True),
        paths.refused(folder / "paths"),
        paths.refused(folder / "elsewhere", elsewhere=True),
        paths.opens_again(folder / "opens"),
        clock.changed(folder / "clock"),
        *(
            _on_a_disk(folder, refusing, by_heart=by_heart)
            for refusing in (disk.refusing_before, disk.refusing_during)
            for by_heart in (False, True)
        ),
    )


async def _on_a_disk(folder: Path, refusing: Callable[..., Job], *, by_heart: bool) -> Row:
    name = f"{refusing.__name__}-{by_heart}"
    with mounts.small_disk(folder / f"{name}-disk") as small:
        return await refusing(small, folder / name, by_heart=by_heart)


async def _at_once(jobs: Sequence[Job], workers: int) -> AsyncIterator[Row]:
    """Do `workers` jobs at a time; yield their rows in the jobs' order."""
    free = asyncio.Semaphore(workers)

    async def one(job: Job) -> Row:
        async with free:
            try:
                return await job
            except UnexpectedError as error:  # neither held nor caught
                return Row(getattr(job, "__qualname__", "a job"), 1, [str(error)])

    tasks = [asyncio.create_task(one(job)) for job in jobs]
    for task in tasks:
        yield await task
