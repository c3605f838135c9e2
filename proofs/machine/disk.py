"""A small disk that is full before a payment, or fills up in the middle of one, or is read-only."""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
from collections.abc import Iterator
from pathlib import Path

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.drill.child import PROGRAM
from kiosk_tui.drill.judge import judge
from kiosk_tui.drill.stage import Stage, stage
from kiosk_tui.simulator.faults import Behaviour
from proofs.proof import Row

_SIZE = "24m"


def filled(folder: Path) -> Iterator[Row]:
    """Yield a row for each way in which a disk refuses."""
    with _small_disk(folder / "before") as disk:
        yield asyncio.run(_before(disk))
    with _small_disk(folder / "during") as disk:
        yield asyncio.run(_during(disk))
    with _small_disk(folder / "read-only") as disk:
        yield asyncio.run(_read_only(disk))


async def _before(disk: Path) -> Row:
    violations = []
    async with stage(disk / "case", PROGRAM) as built:
        await built.sold()
        _fill(disk)
        code = await built.sold()
        (disk / "filler").unlink()  # a full disk has no room even for a reader's shared memory
        if code != 69 or len(built.transactions()) != 1:
            violations.append(f"a sale on a full disk ended with {code}")
        if await built.sold() != 0:
            violations.append("no sale after room was made")
        violations += await _judged(built)
    return Row("the disk is full before the payment", 3, violations)


async def _during(disk: Path) -> Row:
    violations, points = [], 0
    async with stage(disk / "case", PROGRAM) as built:
        for decline in (None, "51"):
            for abort in (False, True):
                built.simulator.set_options(card_s=0.8, host_s=0.1)
                built.simulator.queue(Behaviour(decline=decline))
                sale = await built.sale()
                await built.recorded(sale, State.AUTHORIZING)
                _fill(disk)
                if abort:
                    await sale.kill()
                else:
                    await built.end(sale)
                (disk / "filler").unlink()
                await built.recovered()
                points += 1
                violations += [f"{decline} {abort}: {one}" for one in await _judged(built)]
    return Row("the disk fills up while the card is awaited", points, violations)


async def _read_only(disk: Path) -> Row:
    violations = []
    async with stage(disk / "case", PROGRAM) as built:
        await built.sold()
        _mount("-o", "remount,ro", str(disk))
        try:
            requests = len(built.simulator.ledger.requests)
            with contextlib.suppress(OSError):
                await built.sold()
            if len(built.simulator.ledger.requests) != requests:
                violations.append("a payment left from a disk that cannot be written")
        finally:
            _mount("-o", "remount,rw", str(disk))
        if await built.sold() != 0:
            violations.append("no sale after the disk could be written again")
        violations += await _judged(built)
    return Row("the file system is read-only", 2, violations)


async def _judged(built: Stage) -> list[str]:
    await built.recovered()
    return judge(built.evidence()) + built.damage()


def _fill(disk: Path) -> None:
    """Take all the room there is, to the last byte."""
    with (disk / "filler").open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(65536))
    with (disk / "filler").open("ab", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(512))


@contextlib.contextmanager
def _small_disk(where: Path) -> Iterator[Path]:
    where.mkdir()
    _mount("-t", "tmpfs", "-o", f"size={_SIZE}", "tmpfs", str(where))
    try:
        yield where
    finally:
        subprocess.run(["umount", "--lazy", str(where)], check=False, capture_output=True)


def _mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True, capture_output=True)
