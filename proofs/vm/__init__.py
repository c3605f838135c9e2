"""The whole machine: our package on a small Debian, booted, used, and robbed of its power.

Owns: a bootable image, made from this checkout by one command, and its life under qemu. It is not part
of CI: a boot takes half a minute, and one core plays a whole machine. `./prove vm` does each scene
once; `./prove vm --minutes 60` cuts the power at random moments for that long; `./prove --replay
vm:disk` plays the scenes with that word. With a folder in `KIOSK_TUI_PICTURES` it leaves pictures there.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import re
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Final

from kiosk_tui.lab.drill.child import PROGRAM, UnexpectedError
from kiosk_tui.lab.drill.sandbox import sandbox
from proofs.boot import tree
from proofs.proof import Effort, Row, one_by_one, played
from proofs.vm import image, machine, story
from proofs.vm.story import Scene

CLAIM = "A machine that loses its power at any moment boots to a kiosk that owes nobody anything."
ASSUMES = (
    "qemu's disk keeps what the guest flushed, and loses the rest only by the guest's own caches",
    "a PC with a VGA console; a Raspberry Pi boots the same files otherwise",
)

_TOOLS: Final = {
    "qemu-system-x86_64": "qemu-system-x86",
    "debootstrap": "debootstrap",
    "dpkg-deb": "dpkg",
    "mkfs.ext4": "e2fsprogs",
}
_RANDOM: Final = "random-"
Act = Callable[[Scene], Awaitable[list[str]]]

_ACTS: Final[tuple[tuple[str, Act], ...]] = (
    ("it boots, and a customer pays", story.comes_up),
    ("the power goes while the card is awaited", story.cut_waiting),
    ("the power goes while a cancellation is under way", story.cut_cancelling),
    ("the power goes while nobody is there", story.cut_idle),
    ("Scroll Lock is pressed while the card is awaited", story.scroll_locked),
    ("the power goes behind a console under Scroll Lock", story.scroll_locked_and_cut),
    ("there is no key", story.missing_key),
    ("there is no such user", story.wrong_user),
    ("the disk is full", story.full_disk),
    ("there is no network", story.no_network),
    ("the clock is years off", story.wrong_clock),
    ("its process stands still", story.frozen),
)

_CONTROL: Final[tuple[str, Act]] = ("the journal is deleted between two boots", story.forgets)


def lacks() -> str:
    """Say what this machine lacks: root, tools, or a mirror of Debian."""
    return tree.lacks("make the image", _TOOLS, os.environ["PATH"] + ":/usr/sbin:/sbin")


def prove(effort: Effort) -> Iterator[Row]:
    """Yield a row for each thing that happens to the machine, then the control."""
    return one_by_one(_rows(effort))


def replay(case: str) -> int:
    """Play the scenes whose name this pattern finds, such as `vm:disk|clock`; or `vm:random-7`."""
    acts = [one for one in (*_ACTS, _CONTROL) if re.search(case, one[0])]
    if case.startswith(_RANDOM):
        acts = [(case, _random_cut(int(case.removeprefix(_RANDOM))))]

    async def play(folder: Path) -> list[Row]:
        async with _machine(folder) as one:
            return [await _row(*act, one, control=act is _CONTROL) for act in acts]

    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        rows = asyncio.run(play(Path(folder)))
    for row in rows:
        verdict = "held" if not row.violations else "caught" if row.control else "BROKEN"
        print("\n".join([row.fault, *row.violations, verdict]))
    return 0 if rows and all(row.passed for row in rows) else 1


async def _rows(effort: Effort) -> AsyncIterator[Row]:
    async with _machine(effort.folder) as one:
        for fault, act in _ACTS:
            yield await _row(fault, act, one)
        if effort.whole:
            yield await _at_random(one, effort)
        yield await _row(*_CONTROL, one, control=True)


@contextlib.asynccontextmanager
async def _machine(folder: Path) -> AsyncIterator[Scene]:
    """Build the package and a disk with it: a machine that is still off, and the TECS that it will find."""
    mirror = tree.mirror()
    if mirror is None:
        raise RuntimeError(lacks())
    debian = await asyncio.to_thread(image.debian, mirror)
    deb = await asyncio.to_thread(image.package, folder)
    async with sandbox(folder / "sandbox", PROGRAM) as built:
        disk = folder / "disk.raw"
        with image.laid_over(debian, folder / "laid") as root:
            await asyncio.to_thread(image.furnish, root, deb, story.url(built))
            kernel, ram = (Path(shutil.copy(file, folder)) for file in image.boot_files(root))
            await asyncio.to_thread(image.disk, root, disk)
        pictures = os.environ.get("KIOSK_TUI_PICTURES")
        hardware = machine.hardware(disk, (kernel, ram))
        yield Scene(built, disk, hardware, folder, Path(pictures) if pictures else None)


async def _at_random(one: Scene, effort: Effort) -> Row:
    end, seed = time.monotonic() + effort.seconds, effort.seed
    before = one.paid()
    violations: list[str] = []
    while time.monotonic() < end and not violations:
        violations += await _outcome(_random_cut(seed), one)
        seed += 1
    told = [f"{what} (./prove --replay vm:{_RANDOM}{seed - 1})" for what in violations]
    struck = one.paid() - before
    if not struck:
        told.append("No payment reached TECS: nothing was struck.")
    ends = Counter(payment.state for payment in one.sandbox.transactions())
    note = f"{struck} payments had reached TECS; all scenes' payments: "
    note += ", ".join(f"{n} {state}" for state, n in ends.most_common())
    return Row("the power goes at a random moment", seed - effort.seed, told, note=note)


def _random_cut(seed: int) -> Act:
    return lambda scene: story.cut_at_random(scene, random.Random(seed))


async def _row(fault: str, act: Act, one: Scene, *, control: bool = False) -> Row:
    return await played(fault, act(one), control=control)


async def _outcome(act: Act, one: Scene) -> list[str]:
    try:
        return await act(one)
    except UnexpectedError as error:
        return [str(error)]
