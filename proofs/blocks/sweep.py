"""Recordings, and the images that cuts leave of them, on all cores."""

from __future__ import annotations

import os
import random
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from proofs.blocks import disk, kept, log, register
from proofs.blocks.kept import Case, Image, Recording
from proofs.blocks.world import World
from proofs.power.files import SECTOR, Fate
from proofs.simulation.sweep import be_quiet

SHARE: Final = 24
"""Places of the log that a worker takes at a time."""

MOST_FAILURES: Final = 20
MOST_KEPT: Final = 3
"""Failing cases of a share that are kept as files."""

BLOCKS: Final = tuple(disk.SIZES)

_FATES: Final = (Fate.KEPT, Fate.GONE, Fate.IN_ORDER, Fate.ONE_LOST, Fate.ANY_ORDER)


@dataclass(frozen=True, slots=True)
class Share:
    """Places `first` to before `last` of a recording, each `times` times; `lag` as in `Device`.

    `failed` is where a case that fails is kept; None for controls, which fail by the hundred.
    """

    recording: Recording
    first: int
    last: int
    times: int
    lag: int = 0
    failed: Path | None = None


@dataclass(slots=True)
class Tally:
    """What came of many images, all of them different.

    `wiped` counts those whose file system came back empty because its superblock was torn: without an
    anchor that is ext4's loss, told and not counted. `closed` counts those of a torn superblock after
    whose repair an anchor kept the register closed, as it must. `unsteady` are cases that failed once
    and held when the very same image was mounted again: nothing but the mount can differ, so these are
    the machine's; each is kept as a file, and told.
    """

    images: int = 0
    mended: int = 0
    wiped: int = 0
    closed: int = 0
    broken: int = 0
    unsteady: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Take in what another worker found."""
        self.images += other.images
        self.mended += other.mended
        self.wiped += other.wiped
        self.closed += other.closed
        self.broken += other.broken
        self.unsteady += other.unsteady
        self.failures = (self.failures + other.failures)[:MOST_FAILURES]

    def count(self, start: Start) -> None:
        """Take in how one start went."""
        self.images += 1
        self.mended += start.mended
        self.wiped += start.wiped
        self.closed += start.closed
        self.broken += bool(start.wrong)


@dataclass(frozen=True, slots=True)
class Start:
    """How a start after a cut went; `mended` when the kernel did not mount before e2fsck had run.

    `wiped`: the superblock was torn, and nothing of the journal is left; `closed`: its anchor kept the
    register from starting as on its first day.
    """

    wrong: list[str]
    mended: bool
    wiped: bool = False
    closed: bool = False


_place = Path()


def settle_in(folder: Path) -> None:
    """Prepare this process: its own mounts, and a place in memory."""
    global _place  # noqa: PLW0603 - one place for each process of the pool
    be_quiet()
    _place = Path(tempfile.mkdtemp(dir=folder))
    disk.own_mounts(_place)


def record(seed: int, synchronous: str = "FULL") -> Recording:
    """Let the register work on a device that writes everything down."""
    image, writes, anchor = _place / "recorded.raw", _place / "writes.log", _place / "anchor"
    anchor.unlink(missing_ok=True)
    disk.make(image, block_size(seed))
    chunks = log.chunks(image)
    with disk.recorded(image, writes) as device:
        world = World(lambda: os.stat(writes).st_size)  # noqa: PTH116 - often
        with disk.mounted(device) as mounted:
            lines = register.work(mounted, world, random.Random(seed), synchronous, anchor)
            # what unmounting writes is of no interest
            facts, size = tuple(world.facts), writes.stat().st_size
    entries = tuple(one for one in log.read(writes) if one.end <= size)
    writes.unlink()
    return Recording(seed, synchronous, chunks, entries, facts, lines)


def block_size(seed: int) -> int:
    """Return the file system's block size in a recording, in bytes."""
    return BLOCKS[seed % len(BLOCKS)]


def shares(
    recording: Recording, times: int, lag: int = 0, failed: Path | None = None
) -> Iterator[Share]:
    """Divide a recording."""
    for first in range(0, len(recording.entries), SHARE):
        last = min(first + SHARE, len(recording.entries))
        yield Share(recording, first, last, times, lag, failed)


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
            image = cut(recording, device, number, time)
            if image in seen:
                continue
            seen.add(image)
            case = Case(recording, number, f"{time}:{share.lag}", image, device.safe)
            try_one(case, tally, share.failed)
    return tally


def try_one(case: Case, tally: Tally, failed: Path | None) -> None:
    """Start again on one image; keep it as a file when that goes wrong."""
    start = start_again(case)
    again = case.name
    if start.wrong and failed is not None and tally.broken < MOST_KEPT:
        again = str(kept.keep(case, failed))
        if not (second := start_again(case)).wrong:
            tally.unsteady.append(f"{' '.join(start.wrong)} (kept in {again})")
            start = second
    tally.count(start)
    if not start.wrong or len(tally.failures) >= MOST_FAILURES:
        return
    tally.failures.append(f"{' '.join(start.wrong)} (./prove --replay blocks:{again})")


def told(case: Case) -> tuple[list[str], list[str]]:
    """Start again on one image; return the story and what is wrong."""
    image, recording = case.image, case.recording
    story = [f"{one.at:>9,}  {one.kind} {one.id} {one.minor or ''}" for one in image.facts]
    end = recording.entries[case.number].end
    survivors = " ".join(str(at // SECTOR) for at, _ in image.sectors) or "none"
    story.append(f"{end:>9,}  POWER CUT; unflushed sectors that survive: {survivors}")
    start = start_again(case)
    if start.mended:
        story.append("           the kernel does not mount it before e2fsck has run")
    if start.wiped:
        story.append("           its superblock was torn: the file system comes back empty")
    if start.closed:
        story.append("           the register stays closed, by its anchor")
    return story, start.wrong


def told_anew(seed: int, synchronous: str, number: int, how: str) -> tuple[list[str], list[str]]:
    """Record anew and cut at that place; return the story and what is wrong."""
    recording = record(seed, synchronous)
    time, _, lag = how.partition(":")
    device = log.Device(recording.chunks, lag=int(lag))
    for entry in recording.entries[: number + 1]:
        device.take(entry)
    image = cut(recording, device, number, int(time))
    return told(Case(recording, number, how, image, device.safe))


def cut(recording: Recording, device: log.Device, number: int, time: int) -> Image:
    """Cut the power after an entry. Every other cut strikes a register that has an anchor."""
    seed = number * 1000 + time
    sectors = device.survivors(_FATES[min(time, len(_FATES) - 1)], seed)
    found = moment(recording, number, seed, sectors)
    return found if (number + time) % 2 else replace(found, anchor=None)


def moment(recording: Recording, number: int, seed: int, sectors: dict[int, bytes]) -> Image:
    """Return what there is when these sectors survive: TECS's facts, and what the anchor says.

    What came about at the very moment of the cut may or may not have; the anchor lies on a disk of its
    own, which may give back any of its lines since the last that was synced.
    """
    chance = random.Random(seed)
    end = recording.entries[number].end
    before = [one for one in recording.facts if one.at < end]
    at_once = [one for one in recording.facts if one.at == end]
    facts = (*before, *at_once[: chance.randint(0, len(at_once))])
    lines = [one for one in recording.lines if one.at < end]
    durable = [number for number, one in enumerate(lines) if one.durable]
    anchor = chance.choice(lines[durable[-1] :]).text if durable else b""
    return Image(tuple(sorted(sectors.items())), facts, anchor)


def start_again(case: Case) -> Start:
    """Start the register on an image, as a machine does whose power comes back."""
    file, anchor = _place / "image.raw", _anchor(case.image)
    size = disk.SIZES[block_size(case.recording.seed)]
    disk.write(file, size, case.safe, dict(case.image.sectors))
    torn = disk.superblock_is_torn(file)
    world = World(before=case.image.facts)
    world.go_on(random.Random(case.number))
    trouble = ""
    for mended in (False, True):
        try:
            with disk.mounted(file) as mounted:
                if torn and mended:
                    return _after_repair(mounted, world, anchor)
                return Start(register.come_back(mounted, world, anchor), mended)
        except disk.CannotMountError as error:
            trouble = str(error)
            disk.mend(file)
    return Start([f"The file system does not come back: {trouble}"], mended=True)


def _after_repair(mounted: Path, world: World, anchor: Path | None) -> Start:
    """Start on a file system whose superblock was torn: e2fsck may have lost anything of it.

    With an anchor, a register that opens is judged as any other, and one that stays closed is right.
    """
    wiped = register.is_gone(mounted)
    known = anchor is not None and anchor.exists()
    why = register.why_closed(mounted, anchor)
    if known and "journal new --note" in why:
        return Start([], mended=True, wiped=wiped, closed=True)
    if wiped and not why:
        afresh = ["A register starts as on its first day, in spite of its anchor."] * known
        return Start(afresh, mended=True, wiped=True)
    return Start(register.come_back(mounted, world, anchor), mended=True, wiped=wiped)


def _anchor(image: Image) -> Path | None:
    """Put the anchor where it lies; None for a register that has none."""
    if image.anchor is None:
        return None
    path = _place / "anchor"
    path.unlink(missing_ok=True)
    if image.anchor:
        path.write_bytes(image.anchor)
    return path
