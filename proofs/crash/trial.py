"""One trial: a register is struck, started again until nothing is left to do, and judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from proofs.crash import verdict
from proofs.crash.blows import Blow, read_blow
from proofs.crash.program import LONGEST_S, Ended, Program
from proofs.crash.scenes import SCENES
from proofs.crash.story import story
from proofs.crash.world import World, opened

MOST_RECOVERIES: Final = 6
"""How often a register on a good disk and a good line may have to be started until nothing is due."""

TRY_AGAIN: Final = 75


@dataclass(frozen=True, slots=True)
class Case:
    """A scene, and the blows: the first falls on its command, the others on the recoveries.

    Its name is what `--replay crash:NAME` takes.
    """

    scene: str
    blows: tuple[Blow, ...]
    sabotage: str = ""

    def __str__(self) -> str:
        broken = f"~{self.sabotage}" if self.sabotage else ""
        return f"{self.scene}{broken}/{','.join(map(str, self.blows))}"


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a case: how many of its blows fell, what is wrong, and how each run ended."""

    case: Case
    fell: int
    wrong: Sequence[str]
    runs: Sequence[Ended]
    story: Sequence[str] = ()

    @property
    def violations(self) -> list[str]:
        """What is wrong, each with how to see it again."""
        again = f"again: ./prove --replay 'crash:{self.case}'"
        return [f"{one} ({again})" for one in self.wrong]


def read_case(name: str) -> Case:
    """Read a case's name. Raises `ValueError`."""
    scene, _, blows = name.partition("/")
    scene, _, sabotage = scene.partition("~")
    if scene not in SCENES:
        raise ValueError(f"'{scene}' is not a scene: there are {', '.join(SCENES)}.")
    return Case(scene, tuple(read_blow(one) for one in blows.split(",") if one), sabotage)


async def attempt(program: Program, case: Case, folder: Path, *, tell: bool = False) -> Result:
    """Try a case in a folder that does not exist yet; `tell` asks for its story, too."""
    scene = SCENES[case.scene]
    async with opened(program, scene, folder, sabotage=case.sabotage) as world:
        await world.prepare()
        runs: list[Ended] = []
        fell = 0
        for number, blow in enumerate(case.blows):
            tracing = blow.options(world.state)
            run = await (world.recover(tracing) if number else world.command(tracing))
            fell += blow.fell(run.traced)
            runs.append(run)
        again, trouble = await _recovered(world)
        runs += again
        hung = [f"A register did not end within {LONGEST_S:g} s." for run in runs if run.hung]
        wrong = hung + (trouble or verdict.wrong(world, runs))
        return Result(case, fell, wrong, runs, story(world, runs) if tell else ())


async def _recovered(world: World) -> tuple[list[Ended], list[str]]:
    """Start the register again until it says that nothing is left."""
    runs: list[Ended] = []
    for _ in range(MOST_RECOVERIES):
        await world.tecs.calm()
        runs.append(await world.recover())
        if runs[-1].code != TRY_AGAIN:
            break
    await world.tecs.calm()
    last = runs[-1]
    if last.code not in (0, TRY_AGAIN):
        return runs, [f"The recovery ended with {last.code}: {last.complained.strip()}"]
    return runs, []
