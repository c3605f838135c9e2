"""A superblock of which one sector is of before the cut and one of after it.

ext4 writes its superblock, two sectors of 512 bytes, when it is mounted and now and then while it works.
Torn, its checksum is wrong, and the kernel does not mount it; e2fsck then takes a copy that was written
when the file system was made, which does not say that there is a journal to be replayed. Mostly e2fsck
sees the journal all the same. Where it does not, what was only in there, the folder of ours with everything
in it, is gone. That is ext4's loss; to notice it is ours.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from proofs.blocks import disk, log
from proofs.blocks.kept import Case, Recording
from proofs.blocks.sweep import Tally, moment, try_one
from proofs.power.files import SECTOR, Fate

_EACH: Final = 48
"""Entries of the log from one place to the next at which the kernel might have written it."""

_FIRST: Final = disk.SUPERBLOCK.start
_SECOND: Final = _FIRST + SECTOR


def torn(recording: Recording) -> Iterator[Case]:
    """Yield images with a torn superblock, of a register with an anchor.

    The kernel's own writes of it, and one at places all over the recording, as it makes them while it
    works: a later time of writing. Each is to be used before the next is asked for: they share a device.
    """
    device = log.Device(recording.chunks)
    for number, entry in enumerate(recording.entries):
        before = _superblock(device)
        device.take(entry)
        after = _superblock(device)
        if number % _EACH == 0:
            yield from _halves(recording, device, number, "later", after, disk.rewritten(after))
        if before != after:
            yield from _halves(recording, device, number, "own", before, after)


def emptied(recording: Recording) -> Iterator[Case]:
    """Yield the same where e2fsck sees no journal to replay: its superblock says that it is empty."""
    start = disk.journal_of(recording.chunks)
    chunk = recording.chunks[start - start % log.CHUNK]
    never_used = chunk[start % log.CHUNK :][:SECTOR]
    for case in torn(recording):
        sectors = tuple(sorted((dict(case.image.sectors) | {start: never_used}).items()))
        yield replace(case, how=f"{case.how}-emptied", image=replace(case.image, sectors=sectors))


def _halves(  # noqa: PLR0917
    recording: Recording, device: log.Device, number: int, whose: str, old: bytes, new: bytes
) -> Iterator[Case]:
    for name, first, second in (("front", old, new), ("back", new, old)):
        halves = {_FIRST: first[:SECTOR], _SECOND: second[SECTOR:]}
        sectors = device.survivors(Fate.KEPT, number) | halves
        image = moment(recording, number, number, sectors)
        yield Case(recording, number, f"{whose}-{name}-old", image, device.safe)


def struck(recording: Recording, failed: Path) -> tuple[Tally, Tally, Tally]:
    """Tear it, let it come back empty, and let it come back empty to a register without an anchor."""
    mended, anchored, bare = Tally(), Tally(), Tally()
    for case in torn(recording):
        try_one(case, mended, failed)
    for case in emptied(recording):
        try_one(case, anchored, failed)
        without = replace(case, how=f"{case.how}-bare", image=replace(case.image, anchor=None))
        try_one(without, bare, None)
    return mended, anchored, bare


def _superblock(device: log.Device) -> bytes:
    """Return it as the kernel has it in mind: with everything written, flushed or not."""
    found = bytearray(device.safe.get(0, bytes(log.CHUNK))[_FIRST : disk.SUPERBLOCK.stop])
    for at, sector in device.survivors(Fate.KEPT, 0).items():
        if at in disk.SUPERBLOCK:
            found[at - _FIRST : at - _FIRST + SECTOR] = sector
    return bytes(found)
