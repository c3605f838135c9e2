"""What is tried: everything that an hour can pay for, or the slice that CI can afford."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import AsyncGenerator, Iterator, Mapping
from typing import Final

from proofs.crash.bench import Bench, row
from proofs.crash.blows import ALL_FILES, KILL, SYNCS, WRITES, Blow, Place
from proofs.crash.scenes import SCENES
from proofs.crash.trial import Case
from proofs.proof import Effort, Row

IN_THE_SLICE: Final = ("first", "lost", "recover", "zeros")
"""The scenes of which CI covers every kill."""

SIGNALS: Final = ("SIGTERM", "SIGINT", "SIGHUP")
ERRORS: Final = ("EIO", "ENOSPC")
SAMPLED_KILLS: Final = 24
SAMPLED_ERRORS: Final = 48
SAMPLED_SIGNALS: Final = 24
SAMPLED_CHAINS: Final = 12
MOST_CHAINS: Final = 400
LONGEST_CHAIN: Final = 4

_NEED_NO_ROOM: Final = frozenset({"unlink", "unlinkat"})
"""A full disk does not refuse these."""

Counts = Mapping[str, Counter[Place]]


async def rows(bench: Bench, effort: Effort) -> AsyncGenerator[Row, None]:
    """Yield a row for each kind of blow, the controls last."""
    chance = random.Random(effort.seed)
    counts = {scene: await bench.count(scene) for scene in SCENES}
    for scene, said in SCENES.items():
        if effort.whole or scene in IN_THE_SLICE:
            results = await bench.cover(scene, counts[scene], beyond=effort.whole)
            passed = sum(counts[scene].values())
            note = f"of {passed} counted"
            yield row(f"SIGKILL at every call: {said.says}", results, note=note)
    others = {scene: found for scene, found in counts.items() if scene not in IN_THE_SLICE}
    for fault, cases, most in (
        ("SIGKILL at a call, the other scenes", list(_kills(others)), SAMPLED_KILLS),
        ("an error at one write, sync or read", list(_errors(counts)), SAMPLED_ERRORS),
        ("a disk that fails from one call on", list(_lasting(counts)), SAMPLED_ERRORS),
        ("a signal that asks for the end", list(_signals(counts)), SAMPLED_SIGNALS),
    ):
        if effort.whole and "SIGKILL" in fault:
            continue
        chosen = cases if effort.whole else chance.sample(cases, min(most, len(cases)))
        note = f"of {len(cases)}" if len(chosen) < len(cases) else "all of them"
        yield row(fault, await bench.strike(chosen), note=note)
    chains = MOST_CHAINS if effort.whole else SAMPLED_CHAINS
    results = await bench.strike(_chain(chance, counts["recover"]) for _ in range(chains))
    yield row("SIGKILL again and again: recoveries cut short one after the other", results)
    async for control in _controls(bench, counts):
        yield control


async def _controls(bench: Bench, counts: Counts) -> AsyncGenerator[Row, None]:
    """Break the register on purpose: each of these has to be caught."""
    for sabotage, scene, call in (
        ("send-before-commit", "approved", "recvfrom"),
        ("show-before-commit", "approved", "pwrite64"),
        ("forget-what-was-under-way", "approved", "recvfrom"),
        ("zeros-over-the-log", "zeros", "recvfrom"),
    ):
        some = Counter({one: n for one, n in counts[scene].items() if one.call == call})
        results = await bench.cover(scene, some, sabotage=sabotage)
        yield row(f"a register that does {sabotage}", results, control=True)


def _kills(counts: Counts) -> Iterator[Case]:
    yield from _each(counts, KILL, None)


def _errors(counts: Counts) -> Iterator[Case]:
    for error in ERRORS:
        yield from _each(counts, error, error)


def _signals(counts: Counts) -> Iterator[Case]:
    for number in SIGNALS:
        yield from _each(counts, number, None)


def _each(counts: Counts, what: str, error: str | None) -> Iterator[Case]:
    for scene, found in counts.items():
        for place, most in sorted(found.items()):
            if error is None or can_fail(place, error):
                for number in range(1, most + 1):
                    yield Case(scene, (Blow(place, number, what),))


def _lasting(counts: Counts) -> Iterator[Case]:
    for scene, found in counts.items():
        calls: Counter[str] = Counter()
        for place, most in found.items():
            if place.file.startswith("journal.db"):
                calls[place.call] += most
        for (call, most), error in itertools.product(sorted(calls.items()), ERRORS):
            if can_fail(Place(call, ALL_FILES), error):
                for number in range(1, most + 1):
                    yield Case(scene, (Blow(Place(call, ALL_FILES), number, error, lasting=True),))


def can_fail(place: Place, error: str) -> bool:
    """Say whether a disk can answer a call with that error."""
    if not place.file:
        return False
    if error == "ENOSPC":
        return place.call in (WRITES | SYNCS) - _NEED_NO_ROOM
    return place.call != "flock"


def _chain(chance: random.Random, counted: Counter[Place]) -> Case:
    points = [(place, number) for place, most in counted.items() for number in range(1, most + 1)]
    length = chance.randint(2, LONGEST_CHAIN)
    return Case("recover", tuple(Blow(*chance.choice(points)) for _ in range(length)))
