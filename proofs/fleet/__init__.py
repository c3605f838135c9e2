"""Head office under a fleet, while everything is killed.

Owns: a real PostgreSQL that waits for its disk, two real ingest processes, and kiosks in one process that
ship as kiosks do and forget at once what they are told is stored. All lines are cut, PostgreSQL and the
ingest processes are killed with SIGKILL, and everybody comes back at once; at the end, SQL is asked
whether what was sent is stored, once each and in order.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from kiosk_tui.office.errors import OfficeError
from kiosk_tui.office.local_database import programs
from proofs.fleet import sabotage
from proofs.fleet.trial import Size, Trial, run
from proofs.fleet.world import HONEST, OPEN, World
from proofs.proof import Effort, Row

CLAIM = (
    "What head office says is stored is stored: no event is lost, doubled or changed by any kill."
)
ASSUMES = (
    "PostgreSQL keeps what it has committed, when its disk keeps what was synced",
    "a kiosk's outbox keeps what head office has not said is stored (the tests of `fleet` are about that)",
)
_CONTROL: Final = "early"
_MOST_CONTROLS: Final = 3
_WHOLE: Final = Size(kiosks=300, events=60, seconds=15.0)


def lacks() -> str:
    """Say what is missing."""
    try:
        programs()
    except OfficeError as error:
        return str(error)
    return ""


def prove(effort: Effort) -> Iterator[Row]:
    """Yield a row of trials, and the ingest that answers before COMMIT."""
    size = _WHOLE if effort.whole else Size()
    for one in (effort.folder, effort.folder.parent):
        one.chmod(OPEN)  # both are this run's own scratch
    began = time.monotonic()
    control = _trials(
        effort.folder / "c", sabotage.PROGRAM, effort.seed, Size(), lambda trial: bool(trial.wrong)
    )
    yield _row("the ingest answers before COMMIT", control, effort.seed, control=True)
    until = began + effort.seconds
    honest = _trials(
        effort.folder / "h", HONEST, effort.seed, size, lambda _: time.monotonic() > until
    )
    yield _row(
        "lines cut, PostgreSQL and both ingests killed, all back at once", honest, effort.seed
    )


def replay(case: str) -> int:
    """Tell one trial: `7`, or `7:early` for the control. What the machine's scheduler does is its own."""
    seed, _, control = case.partition(":")
    folder = Path(f"/var/tmp/kiosk-tui-fleet-{seed}")  # noqa: S108 - kept to be looked at
    program = sabotage.PROGRAM if control == _CONTROL else HONEST
    (trial,) = _trials(folder, program, int(seed), Size(), lambda _: True)
    print("\n".join(map(str, trial.strikes)))
    print(f"{trial.events} events, {trial.errors} requests were cut off; logs are in {folder}")
    print("\n".join(trial.wrong) or "Kept: nothing is wrong.")
    return 1 if trial.wrong else 0


def _trials(
    folder: Path, program: tuple[str, ...], seed: int, size: Size, enough: Callable[[Trial], bool]
) -> list[Trial]:
    """Play trials, one seed after the other, until it is enough; of a control a few at most."""

    async def play() -> list[Trial]:
        found = [await run(world, seed, size)]
        while not enough(found[-1]) and (program is HONEST or len(found) < _MOST_CONTROLS):
            found.append(await run(world, seed + len(found), size))
        return found

    world = World(folder, program)
    try:
        return asyncio.run(play())
    finally:
        world.close()


def _row(fault: str, trials: list[Trial], seed: int, *, control: bool = False) -> Row:
    violations = [
        f"{one} [./prove --replay fleet:{seed + number}{f':{_CONTROL}' * control}]"
        for number, trial in enumerate(trials)
        for one in trial.wrong
    ]
    strikes = sum(len(one.strikes) for one in trials)
    errors = sum(one.errors for one in trials)
    note = f"{strikes} strikes in {len(trials)} trials, {errors:,} requests cut off"
    return Row(fault, sum(one.events for one in trials), violations, control=control, note=note)
