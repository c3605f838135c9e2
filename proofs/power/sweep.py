"""Many trials, on all cores."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from proofs.power.disk import Cut
from proofs.power.files import Fate
from proofs.power.trial import Trial, draw, run, story
from proofs.simulation.sweep import be_quiet

CHUNK: Final = 100
MOST_FAILURES: Final = 20

FATES: Final = (
    Fate.GONE,
    Fate.KEPT,
    Fate.IN_ORDER,
    Fate.IN_ORDER,
    Fate.ONE_LOST,
    Fate.ANY_ORDER,
    Fate.ANY_ORDER,
    Fate.ANY_ORDER,
)
"""What becomes of the unsynced at one call, time after time; where chance has a say, it differs."""


@dataclass(frozen=True, slots=True)
class Case:
    """A trial by name: a seed, or a story that is cut at a call for the n-th time."""

    seed: int = 0
    story: str = ""
    call: int = 0
    time: int = 0
    control: str = ""

    def trial(self) -> Trial:
        """Return the trial."""
        if not self.story:
            return draw(self.seed)
        cut = Cut(self.call, FATES[self.time % len(FATES)], self.call * 1000 + self.time)
        return story(self.story, (cut,))

    def __str__(self) -> str:
        """Return what `--replay power:` takes."""
        what = f"{self.story}:{self.call}:{self.time}" if self.story else f"seed:{self.seed}"
        return f"{what}:{self.control}" if self.control else what


@dataclass(slots=True)
class Tally:
    """What came of many trials; only those in which power went are counted."""

    trials: int = 0
    cuts: int = 0
    cpu_s: float = 0.0
    broken: int = 0
    failures: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Take in what another worker found."""
        self.trials += other.trials
        self.cuts += other.cuts
        self.cpu_s += other.cpu_s
        self.broken += other.broken
        self.failures = (self.failures + other.failures)[:MOST_FAILURES]


def named(case: str) -> Case:
    """Read what `Case` writes."""
    name, *numbers = case.split(":")
    if name == "seed":
        return Case(seed=int(numbers[0]), control="".join(numbers[1:]))
    return Case(
        story=name, call=int(numbers[0]), time=int(numbers[1]), control="".join(numbers[2:])
    )


def points(name: str, times: int, control: str = "") -> list[Case]:
    """Return every call of a story, each `times` times."""
    be_quiet()
    calls = run(story(name)).calls
    return [
        Case(story=name, call=call, time=time, control=control)
        for call in range(1, calls + 1)
        for time in range(times)
    ]


def many(cases: Iterable[Case]) -> Tally:
    """Run these in this process."""
    be_quiet()
    tally, began = Tally(), time.process_time()
    gc.disable()
    for case in cases:
        found = run(case.trial(), case.control)
        if not found.cuts:
            continue
        tally.trials += 1
        tally.cuts += found.cuts
        if found.violations:
            tally.broken += 1
            again = f"(./prove --replay 'power:{case}')"
            tally.failures.append(f"{' '.join(found.violations)} {again}")
    gc.enable()
    gc.collect()
    tally.cpu_s = time.process_time() - began
    return tally


def everywhere(pool: ProcessPoolExecutor, cases: Sequence[Case]) -> Tally:
    """Run these on all cores."""
    tally = Tally()
    for one in pool.map(many, _chunks(iter(cases))):
        tally.add(one)
    return tally


def for_a_while(
    pool: ProcessPoolExecutor, workers: int, first: int, seconds: float, least: int
) -> Tally:
    """Run fresh seeds from `first` on for that long, and until power went in `least` of them."""
    tally, end = Tally(), time.monotonic() + seconds
    running: set[Future[Tally]] = set()
    chunks = _chunks(Case(seed=seed) for seed in range(first, first + 10**9))
    while True:
        while len(running) < workers + 1 and (time.monotonic() < end or tally.trials < least):
            running.add(pool.submit(many, next(chunks)))
        if not running:
            return tally
        done, running = wait(running, return_when=FIRST_COMPLETED)
        for one in done:
            tally.add(one.result())
        if tally.broken >= MOST_FAILURES:
            end, least = 0.0, 0


def _chunks(cases: Iterator[Case]) -> Iterator[list[Case]]:
    while chunk := list(islice(cases, CHUNK)):
        yield chunk
