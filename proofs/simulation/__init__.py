"""Deterministic simulation: one seed decides everything, virtual time, the production code.

Owns two depths. Near: domain, flow, recovery and journal against a terminal of a few lines. Far: the
same with the TECS client down to its HTTP library, against the simulator over an in-memory line. Only
time, sockets and the disk's refusals are put in; the SQL runs on SQLite's memory storage.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from proofs.proof import Effort, Row
from proofs.simulation import coverage, sweep
from proofs.simulation.plan import Plan, draw
from proofs.simulation.sabotage import CONTROLS
from proofs.simulation.schedule import Parts, Schedule
from proofs.simulation.shrink import shrink

CLAIM = "No schedule of line, terminal, host, disk, clock, kills and people loses money."
ASSUMES = (
    "a request reaches TECS, and its card flow ends, within the settle window (timeouts.settle_s)",
    "TECS refuses a transaction id that it has seen, as its definition says (unique per terminal)",
    "a commit that returned is on the disk (shown by power and blocks)",
    (
        "no process dies between a commit of an approval that the disk refused, and kept all the same,"
        " and the next commit: such schedules are counted as false records, and not judged"
    ),
    (
        "no process dies between the start of a cancellation of what waits for goods, which the disk refused to"
        " record, and the next commit: else they may be handed over after it"
    ),
)

FIXED: Final = range(1, 2_001)
"""Seeds that always run, so that two runs of CI have something in common."""

_NEAR_SHARE = 0.55
_CONTROL_SEEDS = range(1, 4_001)
_FAR_CONTROLS = ("sends a payment again when no answer came", 'believes "not found" at once')


def lacks() -> str:
    return ""


def prove(effort: Effort) -> Iterator[Row]:
    """Yield a row for each depth, each control, and the coverage of the lifecycle table."""
    pairs: coverage.Pairs = coverage.Pairs()
    for name, share, fixed in (("near", _NEAR_SHARE, FIXED), ("far", 0.3, FIXED[:400])):
        far = name == "far"
        tally = sweep.many(fixed, far=far)
        seconds = max(1.0, effort.seconds * share - tally.cpu_s)
        fresh, _ = sweep.for_a_while(effort.seed, seconds, effort.workers, far=far)
        tally.add(fresh)
        pairs.update(tally.pairs)
        yield _row(name, tally)
    yield _row("signed", sweep.many(FIXED[:600], far=False, signed=True))
    for name in CONTROLS:
        yield _control(name, far=False)
    for name in _FAR_CONTROLS:
        yield _control(name, far=True)
    reached = len(pairs)
    yield Row(
        "every pair of the lifecycle table",
        reached,
        coverage.missed(pairs),
        note=f"{reached} reached, {len(coverage.UNREACHABLE)} with a reason not to be",
    )


def replay(case: str) -> int:
    """Tell one seed as a story: `near:1416` or `far:7`, and the shortest story that still breaks."""
    depth, _, rest = case.partition(":")
    seed, _, control = rest.partition(":")
    parts = CONTROLS[control] if control else Parts(signed=depth == "signed")
    plan = draw(int(seed))
    sweep.be_quiet()
    schedule = Schedule(plan, parts, far=depth == "far")
    verdict = schedule.run(tell=True)
    _tell(plan, schedule.story)
    if not verdict.violations:
        print("\nKept: nothing is wrong.")
        return 0

    def fails(smaller: Plan) -> bool:
        return bool(Schedule(smaller, parts, far=depth == "far").run().violations)

    smallest = shrink(plan, fails)
    schedule = Schedule(smallest, parts, far=depth == "far")
    schedule.run(tell=True)
    print("\nThe shortest that still breaks:")
    _tell(smallest, schedule.story)
    return 1


def _tell(plan: Plan, story: list[str]) -> None:
    print(f"{plan}\n")
    print("\n".join(story))


def _row(name: str, tally: sweep.Tally) -> Row:
    rate = tally.schedules / tally.cpu_s * 60
    ends = ", ".join(f"{state} {count:,}" for state, count in tally.ends.most_common())
    false = f", {tally.false_records} false records" if tally.false_records else ""
    return Row(
        f"{name}: random schedules",
        tally.schedules,
        [
            f"seed {seed}: {what} (./prove --replay simulation:{name}:{seed})"
            for seed, what in tally.failures
        ],
        note=f"{rate:,.0f} a minute and core, {tally.transactions:,} transactions, {tally.kills:,}"
        f" kills{false}, {tally.virtual_s / 86_400:,.0f} days of virtual time; {ends}",
    )


def _control(name: str, *, far: bool) -> Row:
    tally = sweep.many(_CONTROL_SEEDS, far=far, control=name)
    depth = "far" if far else "near"
    return Row(
        f"{depth}: {name}",
        tally.schedules,
        [f"seed {seed}: {what}" for seed, what in tally.failures],
        control=True,
        note=f"./prove --replay 'simulation:{depth}:{tally.failures[0][0]}:{name}'"
        if tally.failures
        else "",
    )
