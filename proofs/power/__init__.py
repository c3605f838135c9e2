"""Power goes, and with it everything that was not synced.

Owns the file level: the production register, store and SQL run on a file system in memory that knows of
each sector, size and name what was synced. Power is cut at each call that SQLite makes to it; what was
not synced is then gone, kept, cut off, or kept in any mixture of sectors. The machine starts again on
what is left, and the journal is held against the ledger once nothing is due any more. What a real file
system makes of the same calls is `proofs.blocks`' subject.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from typing import Final

from proofs.power import sweep
from proofs.power.trial import CONTROLS, NAMES, OVER, STORIES, run
from proofs.proof import Effort, Row
from proofs.simulation.sweep import be_quiet

CLAIM = "No power cut loses money, whatever it does to what was not synced."
ASSUMES = (
    "a sync that returned is on the medium, and stays there",
    "a sector of 512 bytes is written whole or not at all, and no other sector changes with it",
    "what the disk holds is returned as it was written",
    "apsw's SQLite calls the file system as the standard library's does (the proof blocks uses that)",
    "the mark beside the journal keeps up with it (the proof blocks has both on one disk)",
    "SQLite's memory of its log's index (the -shm file) is rebuilt from the log at the first opening",
    "TECS does not deny a charge that it made, and charges within the settle window if at all",
)

LEAST: Final = 20_000
"""Trials, whatever the time."""

_SLICE_TIMES: Final = len(sweep.FATES)
_CONTROL_SEEDS: Final = range(1, 401)
_STORY_OF: Final = {
    NAMES: "the first start and a payment",
    OVER: "zeros behind what a cut has left",
}
"""Controls that only a certain story catches in time."""


def lacks() -> str:
    """Say what is missing."""
    return "" if importlib.util.find_spec("apsw") else "apsw: pip install -r requirements/dev.txt"


def prove(effort: Effort) -> Iterator[Row]:
    """Yield a row for each story, one for trials by chance, one for each control."""
    times = _SLICE_TIMES * (5 if effort.whole else 1)
    trials, spent = 0, 0.0
    with ProcessPoolExecutor(effort.workers) as pool:
        for name in STORIES:
            cases = sweep.points(name, times)
            tally = sweep.everywhere(pool, cases)
            trials, spent = trials + tally.trials, spent + tally.cpu_s
            note = f"each of {len(cases) // times} calls, {times} times"
            yield Row(f"cut in {name}", tally.trials, tally.failures, note=note)
        seconds = max(1.0, effort.seconds - spent / effort.workers)
        tally = sweep.for_a_while(
            pool, effort.workers, effort.seed, seconds, max(0, LEAST - trials)
        )
        rate = tally.trials / tally.cpu_s
        yield Row(
            "cuts anywhere in any schedule",
            tally.trials,
            tally.failures,
            note=f"{tally.cuts:,} cuts, {rate:,.0f} trials a second and core",
        )
        for control in CONTROLS:
            yield _control(pool, control)


def replay(case: str) -> int:
    """Tell one trial as a story: `seed:7`, or `an approved payment:20:3`; a control may follow."""
    be_quiet()
    named = sweep.named(case)
    found = run(named.trial(), named.control, tell=True)
    print(f"{named.trial()}\n")
    print("\n".join(found.story))
    print("\n".join(found.violations) or "\nKept: nothing is wrong.")
    return 1 if found.violations else 0


def _control(pool: ProcessPoolExecutor, control: str) -> Row:
    if control in _STORY_OF:
        cases = sweep.points(_STORY_OF[control], _SLICE_TIMES, control)
    else:
        cases = [replace(sweep.Case(seed), control=control) for seed in _CONTROL_SEEDS]
    tally = sweep.everywhere(pool, cases)
    note = f"{tally.broken:,} of {tally.trials:,} lost money"
    return Row(CONTROLS[control], tally.trials, tally.failures, control=True, note=note)
