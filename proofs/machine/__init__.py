"""What the operating system does to a register: bits flip, files go, disks fill, processes meet and die.

Owns: real files, a real small file system, real processes and a real terminal. Signals in the middle of
a payment are `tests/app` and `proofs.crash`; a clock that jumps is `proofs.simulation`.
"""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import Iterator

from proofs.machine import damage, disk, group, million, together
from proofs.proof import Effort, Row

CLAIM = "No state of the machine loses a payment or makes the register forget what is due."
ASSUMES = (
    "a folder that is gone with everything in it cannot be told from a fresh machine",
    "one flipped bit at a time; the history of ended payments is checked by `journal verify` only",
)


def lacks() -> str:
    if os.geteuid() != 0:
        return "a small disk of its own needs root, to be mounted: run ./prove machine as root"
    return ""


def prove(effort: Effort) -> Iterator[Row]:
    """Yield a row for each thing that can happen to a machine."""
    chance = random.Random(effort.seed)
    bits = 20_000 if effort.whole else 600
    yield damage.flipped(effort.folder / "bits", bits, chance, checked=True)
    yield damage.flipped(effort.folder / "control", bits, chance, checked=False)
    yield damage.lost(effort.folder / "lost", refused=True)
    yield damage.lost(effort.folder / "replaced", refused=False)
    yield asyncio.run(together.together(effort.folder, 30 if effort.whole else 5))
    yield asyncio.run(group.killed(effort.folder, 60 if effort.whole else 6, chance))
    yield from disk.filled(effort.folder)
    yield asyncio.run(million.recovered(effort.folder))
