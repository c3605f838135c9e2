"""A superblock of which one sector is of before the cut and one of after it.

ext4 writes its superblock, two sectors of 512 bytes, when it is mounted and now and then while it works.
Torn, its checksum is wrong, and the kernel does not mount it; e2fsck then takes a copy that was written
when the file system was made, which does not say that there is a journal to be replayed. What was only in
that journal, the folder of ours with everything in it, is gone. That is ext4's loss; to notice it is ours.
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

_EACH: Final = 16
"""Entries of the log from one place to the next at which the kernel might have written it."""


def cases(recording: Recording) -> Iterator[tuple[Case, Case]]:
    """Yield torn superblocks, each on a machine whose register has an anchor and on one without.

    The kernel's own writes of it, and one at places all over the recording, as it makes them while it
    works: a later time of writing. Each is to be used before the next is asked for: they share a device.
    """
    device = log.Device(recording.chunks)
    for number, entry in enumerate(recording.entries):
        before = _superblock(device)
        device.take(entry)
        after = _superblock(device)
        if number % _EACH == 0:
            yield from _torn(recording, device, number, "later", (after, disk.rewritten(after)))
        if before != after:
            yield from _torn(recording, device, number, "own", (before, after))


def _torn(
    recording: Recording, device: log.Device, number: int, whose: str, versions: tuple[bytes, bytes]
) -> Iterator[tuple[Case, Case]]:
    for name, (first, second) in (("front", versions), ("back", reversed(versions))):
        start = disk.SUPERBLOCK.start
        halves = {start: first[:SECTOR], start + SECTOR: second[SECTOR:]}
        sectors = device.survivors(Fate.KEPT, number) | halves
        how = f"{whose}-{name}-old"
        anchored = Case(
            recording, number, how, moment(recording, number, number, sectors), device.safe
        )
        bare = replace(anchored.image, anchor=None)
        yield anchored, replace(anchored, how=f"{how}-bare", image=bare)


def struck(recording: Recording, failed: Path) -> tuple[Tally, Tally]:
    """Tear the superblock; tell of registers with an anchor, and of those without."""
    anchored, bare = Tally(), Tally()
    for one, other in cases(recording):
        try_one(one, anchored, failed)
        try_one(other, bare, None)
    return anchored, bare


def _superblock(device: log.Device) -> bytes:
    """Return it as the kernel has it in mind: with everything written, flushed or not."""
    start = disk.SUPERBLOCK.start
    found = bytearray(device.safe.get(0, bytes(log.CHUNK))[start : disk.SUPERBLOCK.stop])
    for at, sector in device.survivors(Fate.KEPT, 0).items():
        if at in disk.SUPERBLOCK:
            found[at - start : at - start + SECTOR] = sector
    return bytes(found)
