"""Each oddity of HTTP, at the answer to a payment that is approved, one declined, a cancellation."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Collection
from contextlib import AsyncExitStack
from pathlib import Path

from kiosk_tui.simulator.faults import Behaviour
from kiosk_tui.tecs.client import TecsTerminal
from proofs.line.cases import on_the_wire
from proofs.line.lane import Certificates, Lane, Road, lane
from proofs.line.nonsense import LOST, Odd, Turn, oddly_served, turns
from proofs.proof import Row


async def oddities(
    folder: Path,
    certificates: Certificates,
    kind: type[TecsTerminal] = TecsTerminal,
    names: Collection[str] = (),
) -> dict[str, list[str]]:
    """Play every oddity, or the named ones, three times; what was wrong with each."""
    found: dict[str, list[str]] = {}
    with tempfile.TemporaryDirectory(dir=folder) as own:
        async with AsyncExitStack() as stack:
            one = await stack.enter_async_context(lane(Path(own), certificates, Road.PLAIN, kind))
            odd, port = await stack.enter_async_context(oddly_served(one.simulator))
            one.wire.upstream = port
            for name, turn in turns().items():
                if not names or name in names:
                    found |= await _played(one, odd, name, turn)
            await one.rest()
    return found


async def _played(one: Lane, odd: Odd, name: str, turn: Turn) -> dict[str, list[str]]:
    found = {}
    for struck, first, decline in (
        ("a payment that is approved", [turn], None),
        ("a payment that is declined", [turn], "5"),
        ("a cancellation", [LOST, turn], None),
    ):
        one.simulator.queue(Behaviour(decline=decline))
        odd.next.extend(first)
        one.wire.arm()
        paid = await one.pay()
        wrong = on_the_wire(paid, one.wire.passages, Road.PLAIN)
        await one.recover()
        odd.next.clear()
        one.simulator._queued.clear()
        _, judged = await one.judged(paid)
        found[f"{name}, at {struck}"] = [*wrong, *judged]
    return found


def row(folder: Path, certificates: Certificates) -> Row:
    """Return the row of all oddities."""
    found = asyncio.run(oddities(folder, certificates))
    return Row(
        "plain: an answer that is no good HTTP, or no good answer",
        len(found),
        [f"{name}: {' '.join(wrong)}" for name, wrong in found.items() if wrong],
        note=f"{len(found) // 3} oddities at payments approved, declined, and cancelled",
    )


def control(
    folder: Path, certificates: Certificates, kind: type[TecsTerminal], names: Collection[str]
) -> tuple[int, list[str]]:
    """Return how much a sabotaged client was asked, and what it did wrong."""
    found = asyncio.run(oddities(folder, certificates, kind, names))
    return len(found), [f"{name}: {' '.join(wrong)}" for name, wrong in found.items() if wrong]
