"""A small disk that refuses: full or read-only before a payment, or from its middle on.

Only the journal lies on it, with the log. What the register says goes to a disk that works, so that
nothing it said is lost to the judge.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.lab.drill.child import PROGRAM
from kiosk_tui.lab.drill.judge import judge
from kiosk_tui.lab.drill.sandbox import Sandbox, sandbox
from kiosk_tui.simulator.faults import Behaviour
from proofs.machine import altered
from proofs.machine.cut_short import SETTLE_S
from proofs.machine.mounts import Disk
from proofs.proof import Row

_CARD_S: Final = 0.8

_REFUSALS: Final[dict[str, Callable[[Disk], contextlib.AbstractContextManager[None]]]] = {
    "full": Disk.full,
    "read-only": Disk.read_only,
    "broken (ext4 turns read-only at once)": Disk.broken,
}
_HOST_SAYS: Final = (None, "51")
"""Approved, or declined with this code."""


async def refusing_before(disk: Disk, folder: Path, *, by_heart: bool = False) -> Row:
    """Sell on a disk that refuses, then on the same disk mended.

    The control's register carries on with what it remembers.
    """
    violations = []
    program = _program(by_heart=by_heart)
    async with _on(disk, folder, program) as built:
        await built.sold()
        for name, refusal in _REFUSALS.items():
            known = len(built.simulator.ledger.requests)
            with refusal(disk):
                code = await built.sold()
            if code != 69:
                violations.append(f"{name}: a sale ended with {code}")
            if len(built.simulator.ledger.requests) != known:
                violations.append(f"{name}: a request left for TECS")
            built.program = PROGRAM
            if await built.sold() != 0:
                violations.append(f"{name}: no sale after the disk was mended")
            built.program = program
        violations += await _judged(built, disk)
    fault = f"before a payment, the disk is {' or '.join(_REFUSALS)}"
    return _row(fault, len(_REFUSALS), violations, by_heart=by_heart)


async def refusing_during(disk: Disk, folder: Path, *, by_heart: bool = False) -> Row:
    """Let the disk refuse while the card is awaited, and let the register live on or die."""
    violations, points = [], 0
    # a disk with an open file cannot be made read-only by a command, only by itself
    ways = ["full"] if by_heart else [name for name in _REFUSALS if name != "read-only"]
    program = _program(by_heart=by_heart)
    async with _on(disk, folder, program) as built:
        for name, declined, dies in itertools.product(ways, _HOST_SAYS, (False, True)):
            built.simulator.set_options(card_s=_CARD_S, host_s=0.1)
            # a sale that died before its request left has left its own behaviour behind
            built.simulator._queued.clear()
            built.simulator.queue(Behaviour(decline=declined))
            sale = await built.sale()
            await built.recorded(sale, State.AUTHORIZING)
            with _REFUSALS[name](disk):
                code = None
                if dies:
                    await built.kill(sale)
                else:
                    code = await built.end(sale)
            if code not in (None, 1 if declined else 75):
                violations.append(f"{name}, {declined or 'approved'}: the sale ended with {code}")
            built.program = PROGRAM
            await built.recovered()
            built.program = program
            points += 1
        violations += await _judged(built, disk)
    fault = f"while the card is awaited, the disk gets {' or '.join(ways)}"
    return _row(fault, points, violations, by_heart=by_heart)


def _program(*, by_heart: bool) -> Sequence[str]:
    return altered.program(altered.BY_HEART) if by_heart else PROGRAM


def _row(fault: str, points: int, violations: Sequence[str], *, by_heart: bool) -> Row:
    more = ", and nobody minds" if by_heart else ""
    return Row(fault + more, points, violations, control=by_heart)


@contextlib.asynccontextmanager
async def _on(disk: Disk, folder: Path, program: Sequence[str]) -> AsyncIterator[Sandbox]:
    """Set up a sandbox whose journal lies on the disk, and can be read where the sandbox looks for it."""
    async with sandbox(folder, program) as built:
        built.configure(settle_s=SETTLE_S)
        config = folder / "config.toml"
        journal = disk.where / "journal.db"
        config.write_text(config.read_text().replace(str(built.journal), str(journal)))
        built.journal.symlink_to(journal)
        yield built


async def _judged(built: Sandbox, disk: Disk) -> list[str]:
    built.program = PROGRAM
    await built.recovered()
    for file in _files(disk):
        with contextlib.suppress(FileExistsError):
            (built.folder / file.name).symlink_to(file)
    return judge(built.evidence()) + built.damage()


def _files(disk: Disk) -> Iterator[Path]:
    return (one for one in disk.where.iterdir() if one.is_file())
