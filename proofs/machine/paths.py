"""A path at which no journal can be opened: refused in one sentence, nothing leaves, nothing changes."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

from kiosk_tui.lab.drill import child
from kiosk_tui.lab.drill.child import PROGRAM
from kiosk_tui.lab.drill.judge import judge
from kiosk_tui.lab.drill.sandbox import AMOUNT, Sandbox, sandbox
from proofs.machine import altered, ways
from proofs.machine.cut_short import cut_short
from proofs.machine.screen import shown
from proofs.machine.ways import READABLE, WAYS, Way
from proofs.proof import Row

_BOUND: Final = ("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--")
"""Makes root obey the permissions of files, as any other user does."""

_LIST: Final = ("journal", "list")
_COMMANDS: Final = (
    (("sale", "--amount", AMOUNT, "--json"), (69,)),
    (("recover",), (69, 75)),
    (_LIST, (69,)),
)
"""Commands, and how they may end. Whether `recover` could work later, nobody knows."""

_ENOUGH: Final = 2
"""Ways that a control is let to try."""


async def refused(folder: Path, *, elsewhere: bool = False) -> Row:
    """Spoil the path in every way while a cancellation is due; then put the journal back.

    The control's register keeps a journal elsewhere when it cannot have this one.
    """
    violations: list[str] = []
    async with sandbox(folder, PROGRAM) as built:
        await built.sold()
        await cut_short(built)
        built.program = altered.program(altered.ELSEWHERE) if elsewhere else PROGRAM
        names = list(WAYS)[: _ENOUGH if elsewhere else None]
        for name in names:
            known = len(built.simulator.ledger.requests)
            with WAYS[name](built.journal):
                found = [one async for one in _asked(built, readable=name in READABLE)]
            if len(built.simulator.ledger.requests) != known:
                found.append("a request left for TECS")
            violations += [f"{name}: {one}" for one in found]
        built.program = PROGRAM
        await built.recovered()
        violations += judge(built.evidence()) + built.damage()
    fault = "the journal's path is no journal's" + ", so another is taken" * elsewhere
    return Row(fault, len(names) * len(_COMMANDS), violations, control=elsewhere)


async def opens_again(folder: Path) -> Row:
    """Let a kiosk say why it is closed, and open by itself when the journal is put back."""
    # a journal that is open stays readable and writable whatever becomes of its permissions
    cases = (
        ("at the start", WAYS["no permission"], False),
        ("at the start", WAYS["another program's database"], False),
        ("in use", ways.folder, True),
        ("in use", ways.gone, True),
    )
    found = await asyncio.gather(
        *(
            _closed_until_mended(folder.with_name(f"{folder.name}-{number}"), way, in_use=in_use)
            for number, (_, way, in_use) in enumerate(cases)
        )
    )
    violations = [one for violations in found for one in violations]
    return Row("a kiosk says why, and opens when its journal is put back", len(cases), violations)


async def _closed_until_mended(folder: Path, way: Way, *, in_use: bool) -> list[str]:
    async with sandbox(folder, PROGRAM) as built:
        await built.sold()
        spoiling = contextlib.ExitStack()
        with spoiling:
            if not in_use:
                spoiling.enter_context(way(built.journal))
            async with shown((*_BOUND, *PROGRAM), folder) as kiosk:
                paying = None
                if in_use:
                    await kiosk.shows("Pay by card")
                    spoiling.enter_context(way(built.journal))
                    paying = asyncio.create_task(kiosk.pay())
                await kiosk.shows("For staff")
                if paying is not None:
                    paying.cancel()
                    await asyncio.gather(paying, return_exceptions=True)
                known = len(built.simulator.ledger.requests)
                spoiling.close()
                await kiosk.shows("Pay by card")
                kiosk.strike(signal.SIGTERM)
                await kiosk.ended()
        await built.recovered()
        left = [] if known == 1 else [f"{known - 1} requests left for TECS meanwhile"]
        return left + judge(built.evidence()) + built.damage()


async def _asked(built: Sandbox, *, readable: bool) -> AsyncIterator[str]:
    program = (*_BOUND, *built.program)
    before = _bytes(built.journal)
    for command, codes in _COMMANDS:
        said = built.folder / "asked.out"
        one = await child.start(program, command, built.folder / "config.toml", said)
        try:
            code = await one.ended()
        finally:
            await one.stop()
        told = said.with_suffix(".err").read_text("utf-8", "replace")
        if readable and command == _LIST:
            if code:
                yield f"journal list ended with {code}, but may read the journal"
            continue
        if code not in codes:
            yield f"{command[0]} ended with {code}: {told.strip()}"
        if told.count("\n") != 1 or "Traceback" in told or built.journal.name not in told:
            yield f"{command[0]} does not say in one sentence what is wrong: {told!r}"
    if _bytes(built.journal) != before:
        yield "what lay at the path was changed"


def _bytes(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""
