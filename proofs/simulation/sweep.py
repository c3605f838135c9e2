"""Many schedules, on all cores."""

from __future__ import annotations

import gc
import logging
import sys
import time
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, field

from proofs.simulation.coverage import Pairs, counting
from proofs.simulation.plan import draw
from proofs.simulation.sabotage import CONTROLS
from proofs.simulation.schedule import Parts, Schedule

CHUNK = 250
_MOST_FAILURES = 20


@dataclass(slots=True)
class Tally:
    """What came of many schedules. `failures` are seeds with what was broken."""

    schedules: int = 0
    transactions: int = 0
    kills: int = 0
    false_records: int = 0
    cpu_s: float = 0.0
    virtual_s: float = 0.0
    failures: list[tuple[int, str]] = field(default_factory=list)
    pairs: Pairs = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)

    def add(self, other: Tally) -> None:
        """Take in what another worker found."""
        self.schedules += other.schedules
        self.transactions += other.transactions
        self.kills += other.kills
        self.false_records += other.false_records
        self.cpu_s += other.cpu_s
        self.virtual_s += other.virtual_s
        self.failures += other.failures
        self.pairs.update(other.pairs)
        self.ends.update(other.ends)


def many(seeds: Iterable[int], *, far: bool, control: str = "", signed: bool = False) -> Tally:
    """Run these seeds one after the other in this process; a control stops when it is caught.

    `signed`: fiscal law wants a signer, which fails as everything else does.
    """
    be_quiet()
    tally = Tally()
    parts = CONTROLS[control] if control else Parts(signed=signed)
    began = time.process_time()
    gc.disable()
    with counting(tally.pairs):
        for seed in seeds:
            verdict = Schedule(draw(seed), parts, far=far).run()
            tally.schedules += 1
            tally.transactions += len(verdict.transactions)
            tally.kills += verdict.kills
            tally.false_records += verdict.false_records
            tally.virtual_s += verdict.virtual_s
            tally.ends.update(one.state for one in verdict.transactions)
            if verdict.violations:
                tally.failures.append((seed, " ".join(verdict.violations)))
                if control or len(tally.failures) >= _MOST_FAILURES:
                    break
    gc.enable()
    gc.collect()
    tally.cpu_s = time.process_time() - began
    return tally


def for_a_while(
    first: int, seconds: float, workers: int, *, far: bool, least: int = 0
) -> tuple[Tally, int]:
    """Run fresh seeds from `first` on for that long, at least `least` of them; return the next one."""
    tally, end = Tally(), time.monotonic() + seconds
    with ProcessPoolExecutor(workers) as pool:
        running: set[Future[Tally]] = set()
        chunks = _chunks(first)
        begun = 0
        while True:
            late = time.monotonic() >= end and begun >= least
            while not late and len(running) < workers + 1:
                running.add(pool.submit(many, next(chunks), far=far))
                begun += CHUNK
            if not running:
                return tally, first + begun
            done, running = wait(running, return_when=FIRST_COMPLETED)
            for one in done:
                tally.add(one.result())
            if len(tally.failures) >= _MOST_FAILURES:
                end, least = 0.0, 0


def _chunks(first: int) -> Iterator[range]:
    while True:
        yield range(first, first + CHUNK)
        first += CHUNK


def be_quiet() -> None:
    """Silence Python about coroutines that never end: a killed process leaves them."""
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    sys.unraisablehook = lambda _: None
