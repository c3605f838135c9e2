"""Covers every point of a scene, several trials at a time."""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from proofs.crash.blows import Blow, Place, places, watch
from proofs.crash.program import Program
from proofs.crash.scenes import SCENES
from proofs.crash.trial import Case, Result, attempt
from proofs.crash.world import opened
from proofs.proof import Row

AT_ONCE: Final = 10
"""Trials at a time and core: most of a trial is waiting for the settle window."""


class Bench:
    """Tries cases in a scratch folder."""

    def __init__(self, program: Program, folder: Path, cores: int) -> None:
        self._program = program
        self._folder = folder
        self._numbers = itertools.count()
        self._free = asyncio.Semaphore(AT_ONCE * cores)

    async def count(self, scene: str) -> Counter[Place]:
        """Run a scene undisturbed; return how often each place is passed."""
        async with opened(self._program, SCENES[scene], self._fresh()) as world:
            await world.prepare()
            ended = await world.command(watch())
            return places(ended.traced, ended.pid, world.state)

    async def attempt(self, case: Case, *, tell: bool = False) -> Result:
        """Try one case."""
        async with self._free:
            return await attempt(self._program, case, self._fresh(), tell=tell)

    async def strike(self, cases: Iterable[Case]) -> list[Result]:
        """Try these cases."""
        return await asyncio.gather(*(self.attempt(case) for case in cases))

    async def cover(
        self,
        scene: str,
        counted: Counter[Place],
        *,
        sabotage: str = "",
        beyond: bool = False,
    ) -> list[Result]:
        """Kill at every call of every place.

        `beyond` goes on to the first number at which nothing falls any more, where a run makes more
        calls than the one that was counted.
        """
        found = await asyncio.gather(
            *(
                self._cover(scene, place, most, sabotage, beyond=beyond)
                for place, most in sorted(counted.items())
            )
        )
        return [result for results in found for result in results]

    async def _cover(
        self, scene: str, place: Place, most: int, sabotage: str, *, beyond: bool
    ) -> list[Result]:
        def case(number: int) -> Case:
            return Case(scene, (Blow(place, number),), sabotage)

        found = await self.strike(case(number) for number in range(1, most + 1))
        number = most
        while beyond and found[-1].fell:
            number += 1
            found.append(await self.attempt(case(number)))
        return found

    def _fresh(self) -> Path:
        return self._folder / str(next(self._numbers))


def row(fault: str, results: Sequence[Result], *, control: bool = False, note: str = "") -> Row:
    """Sum results up. A point counts only when its blow fell; what is wrong counts always."""
    points = sum(result.fell > 0 for result in results)
    violations = [one for result in results for one in result.violations]
    return Row(fault, points, violations, control=control, note=note)
