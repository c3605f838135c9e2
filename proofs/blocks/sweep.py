"""Recordings, and the images that cuts leave of them, on all cores."""

from __future__ import annotations

import os
import random
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from proofs.blocks import disk, log, register
from proofs.blocks.world import Fact, World
from proofs.power.files import SECTOR, Fate
from proofs.simulation.sweep import be_quiet

SHARE: Final = 24
"""Places of the log that a worker takes at a time."""

MOST_FAILURES: Final = 20
BLOCKS: Final = tuple(disk.SIZES)

_FATES: Final = (Fate.KEPT, Fate.GONE, Fate.IN_ORDER, Fate.ONE_LOST, Fate.ANY_ORDER)


@dataclass(frozen=True, slots=True)
class Recording:
    """What was on the device before, each write since, and what came about at TECS."""

    seed: int
    synchronous: str
    chunks: dict[int, bytes]
    entries: tuple[log.Entry, ...]
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """Places `first` to before `last` of a recording, each `times` times; `lag` as in `Device`."""

    recording: Recording
    first: int
    last: int
    times: int
    lag: int = 0


@dataclass(slots=True)
class Tally:
    """What came of many images, all of them different."""

    images: int = 0
    mended: int = 0
    broken: int = 0
    failures: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Take in what another worker found."""
        self.images += other.images
        self.mended += other.mended
        self.broken += other.broken
        self.failures = (self.failures + other.failures)[:MOST_FAILURES]


_place = Path()


def settle_in(folder: Path) -> None:
    """Prepare this process: its own mounts, and a place in memory."""
    global _place  # noqa: PLW0603 - one place for each process of the pool
    be_quiet()
    _place = Path(tempfile.mkdtemp(dir=folder))
    disk.own_mounts(_place)


def record(seed: int, synchronous: str = "FULL") -> Recording:
    """Let the register work on a device that writes everything down."""
    image, writes = _place / "recorded.raw", _place / "writes.log"
    disk.make(image, block_size(seed))
    chunks = log.chunks(image)
    with disk.recorded(image, writes) as device:
        world = World(lambda: os.stat(writes).st_size)  # noqa: PTH116 - often
        with disk.mounted(device) as mounted:
            register.work(mounted, world, random.Random(seed), synchronous)
            # what unmounting writes is of no interest
            facts, size = tuple(world.facts), writes.stat().st_size
    entries = tuple(one for one in log.read(writes) if one.end <= size)
    writes.unlink()
    return Recording(seed, synchronous, chunks, entries, facts)


def block_size(seed: int) -> int:
    """Return the file system's block size in a recording, in bytes."""
    return BLOCKS[seed % len(BLOCKS)]


def shares(recording: Recording, times: int, lag: int = 0) -> Iterator[Share]:
    """Divide a recording."""
    for first in range(0, len(recording.entries), SHARE):
        last = min(first + SHARE, len(recording.entries))
        yield Share(recording, first, last, times, lag)


def judge(share: Share) -> Tally:
    """Cut the power after each entry of the share, in several ways, and start again on each image."""
    recording, tally = share.recording, Tally()
    device = log.Device(recording.chunks, lag=share.lag)
    seen: set[Image] = set()
    for number, entry in enumerate(recording.entries[: share.last]):
        device.take(entry)
        if number < share.first:
            continue
        if entry.flush:
            seen.clear()
        for time in range(share.times if device.unsafe else 1):
            image = _cut(recording, device, number, time)
            if image in seen:
                continue
            seen.add(image)
            tally.images += 1
            start = _start_again(recording, device, image, number)
            tally.mended += start.mended
            if start.wrong:
                tally.broken += 1
                case = f"{recording.seed}:{recording.synchronous}:{number}:{time}:{share.lag}"
                again = f"(./prove --replay blocks:{case})"
                tally.failures.append(f"{' '.join(start.wrong)} {again}")
    tally.failures = tally.failures[:MOST_FAILURES]
    return tally


def told(recording: Recording, number: int, time: int, lag: int) -> tuple[list[str], list[str]]:
    """Cut the power once; return the story and what is wrong."""
    device = log.Device(recording.chunks, lag=lag)
    for entry in recording.entries[: number + 1]:
        device.take(entry)
    image = _cut(recording, device, number, time)
    story = [f"{one.at:>9,}  {one.kind} {one.id} {one.minor or ''}" for one in image.facts]
    end = recording.entries[number].end
    kept = " ".join(str(at // SECTOR) for at, _ in image.sectors) or "none"
    story.append(f"{end:>9,}  POWER CUT; unflushed sectors that survive: {kept}")
    return story, _start_again(recording, device, image, number).wrong


@dataclass(frozen=True, slots=True)
class Image:
    """What a cut leaves of the unflushed, by offset, and the facts of that moment."""

    sectors: tuple[tuple[int, bytes], ...]
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Start:
    """How a start after a cut went; `mended` when the kernel did not mount before e2fsck had run."""

    wrong: list[str]
    mended: bool


def _cut(recording: Recording, device: log.Device, number: int, time: int) -> Image:
    seed = number * 1000 + time
    sectors = device.survivors(_FATES[min(time, len(_FATES) - 1)], seed)
    end = recording.entries[number].end
    before = [one for one in recording.facts if one.at < end]
    at_once = [one for one in recording.facts if one.at == end]
    some = random.Random(seed).randint(0, len(at_once))
    return Image(tuple(sorted(sectors.items())), (*before, *at_once[:some]))


def _start_again(recording: Recording, device: log.Device, image: Image, number: int) -> Start:
    file = _place / "image.raw"
    size = disk.SIZES[block_size(recording.seed)]
    disk.write(file, size, device.safe, dict(image.sectors))
    world = World(before=image.facts)
    world.go_on(random.Random(number))
    trouble = ""
    for mended in (False, True):
        try:
            with disk.mounted(file) as mounted:
                return Start(register.come_back(mounted, world), mended)
        except disk.CannotMountError as error:
            trouble = str(error)
            disk.mend(file)
    return Start([f"The file system does not come back: {trouble}"], mended=True)
