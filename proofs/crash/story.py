"""Tells a trial as a story: what each register did, and how money and journal stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kiosk_tui.journal.reader import Reader
from proofs.crash.program import Ended
from proofs.crash.world import World


def story(world: World, runs: Sequence[Ended]) -> list[str]:
    """Return the lines of a trial that is over."""
    return [*_runs(runs), *_journal(world), *_ledger(world)]


def _runs(runs: Sequence[Ended]) -> Iterator[str]:
    for number, run in enumerate(runs, 1):
        end = "was killed" if run.killed else f"ended with {run.code}"
        yield f"register {number} {end}"
        for line in (run.told + run.complained).splitlines():
            yield f"    said: {line}"
        calls = [line for line in run.traced.splitlines() if "SIGCONT" not in line]
        for line in calls[-6:]:
            yield f"    strace: {line}"


def _journal(world: World) -> Iterator[str]:
    yield "the journal's events"
    reader = Reader(world.journal)
    try:
        for event in reader.events():
            yield f"    {event.at:%H:%M:%S.%f}  {event.transaction_id}  {event.event} -> {event.state_after}"
    finally:
        reader.close()


def _ledger(world: World) -> Iterator[str]:
    ledger = world.tecs.ledger
    yield "what arrived at TECS"
    for seen in ledger.requests:
        yield f"    {seen.message_type}/{seen.identifier}  {seen.transaction_id}  about {seen.refers_to}"
    yield "TECS's ledger"
    for number, entry in ledger.entries.items():
        yield f"    {number}  {entry.status}  net {ledger.net_minor(number)}"
