"""One trial: a fleet ships while everything is cut and killed, at moments that its seed draws."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from proofs.fleet import verdict
from proofs.fleet.kiosks import Kiosk, fleet
from proofs.fleet.world import DOORS, World

CUT, POSTGRES, DOOR, STORM = (
    "all lines are cut",
    "PostgreSQL is killed",
    "ingest {} is killed",
    "storm",
)
_LONGEST: Final = 20
"""A trial is given so many times its length until everything must have arrived."""


@dataclass(frozen=True, slots=True)
class Size:
    """How large a trial is; `seconds` is over how long its events come."""

    kiosks: int = 40
    events: int = 40
    seconds: float = 5.0


@dataclass(frozen=True, slots=True)
class Strike:
    """What happens, so many seconds after the start."""

    at: float
    what: str
    door: int = 0

    def __str__(self) -> str:
        return f"{self.at:6.2f} s  {self.what.format(self.door)}"


@dataclass(frozen=True, slots=True)
class Trial:
    """How one came out."""

    strikes: Sequence[Strike]
    events: int
    errors: int
    wrong: Sequence[str]


def schedule(rng: random.Random, seconds: float) -> list[Strike]:
    """Return what happens: each kind at least once, while events come."""
    kinds = [(CUT, 0), (POSTGRES, 0), (STORM, 0), *((DOOR, door) for door in range(DOORS))]
    kinds += rng.choices(kinds, k=2)
    times = (rng.uniform(0.1, 0.9) * seconds for _ in kinds)
    return sorted((Strike(at, *kind) for at, kind in zip(times, kinds, strict=True)), key=_when)


def _when(strike: Strike) -> float:
    return strike.at


async def run(world: World, seed: int, size: Size) -> Trial:
    """Play one trial in a world that was prepared."""
    rng = random.Random(seed)
    strikes = schedule(rng, size.seconds)
    await world.prepare()
    kiosks = fleet(size.kiosks, size.events, size.seconds, world.doors, rng)
    await world.enroll(kiosks)
    for door in range(DOORS):
        if door not in world.processes:
            await world.open(door)
    began = time.monotonic()
    wrong: list[str] = []
    try:
        async with asyncio.timeout(size.seconds * _LONGEST), asyncio.TaskGroup() as tasks:
            for one in kiosks:
                tasks.create_task(one.ship(began))
            tasks.create_task(_strike(world, kiosks, strikes, began))
    except TimeoutError:
        wrong.append(f"not everything was sent after {size.seconds * _LONGEST:.0f} s")
    async with world.connected() as connection:
        wrong += await verdict.wrong(connection, kiosks)
    events = sum(len(one.journal.events) for one in kiosks)
    return Trial(strikes, events, sum(one.errors for one in kiosks), wrong)


async def _strike(
    world: World, kiosks: Sequence[Kiosk], strikes: Sequence[Strike], began: float
) -> None:
    for one in strikes:
        await asyncio.sleep(max(0.0, one.at - (time.monotonic() - began)))
        if one.what == POSTGRES:
            await world.kill_postgres()
        elif one.what == DOOR:
            await world.kill_door(one.door)
        else:
            for kiosk in kiosks:
                kiosk.line.cut()
                if one.what == STORM:
                    kiosk.longest_pause_s = 0.01
