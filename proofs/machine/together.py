"""Several processes at one journal: whoever comes second is told who holds it, and touches nothing."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.lab.drill.child import PROGRAM, Child
from kiosk_tui.lab.drill.judge import judge
from kiosk_tui.lab.drill.sandbox import Sandbox, sandbox
from proofs.machine import altered
from proofs.machine.screen import shown
from proofs.proof import Row

_TOLD: Final = {0, 69, 75}


async def together(folder: Path, rounds: int) -> Row:
    """Start two sales and a recovery at once, again and again."""
    violations = []
    async with sandbox(folder / "together", PROGRAM) as built:
        for number in range(1, rounds + 1):
            children = [await built.sale(), await built.recover(), await built.sale()]
            codes = [await built.end(one) for one in children]
            if not set(codes) <= _TOLD:
                violations.append(f"round {number}: exit codes {codes}")
        await built.recovered()
        violations += judge(built.evidence()) + built.damage()
        sold = len(built.transactions())
    if not sold:
        violations.append("no sale came through at all")
    fault = "two sales and recover at one journal, at once"
    return Row(fault, rounds * 3, violations, note=f"{sold} sales came through")


async def behind_a_kiosk(folder: Path, rounds: int, *, unlocked: bool = False) -> Row:
    """Let a kiosk await a card while a sale and a recovery come, each time; then end it.

    In the control nobody takes the lock.
    """
    violations: list[str] = []
    program: Sequence[str] = altered.program(altered.UNLOCKED) if unlocked else PROGRAM
    async with sandbox(folder, program) as built, shown(program, folder) as kiosk:
        built.simulator.set_options(card_s=4.0, host_s=0.0)
        for number in range(1, rounds + 1):
            before = len(built.transactions())
            await kiosk.pay()
            await kiosk.until(lambda seen=before: len(built.transactions()) > seen, "a payment")  # type: ignore[misc]
            violations += [f"round {number}: {one}" for one in await _crowd(built)]
            await kiosk.until(lambda: built.transactions()[0].state is not State.AUTHORIZING, "end")
            ended = built.transactions()
            if [one.state for one in ended] != [State.APPROVED] * number:
                violations.append(f"round {number}: {', '.join(one.state for one in ended)}")
                break
            await kiosk.type_away()
        kiosk.strike(signal.SIGTERM)
        await kiosk.ended()
        built.simulator.set_options(card_s=0.0)
        if await built.sold() != 0:
            violations.append("no sale after the kiosk has ended")
        await built.recovered()
        violations += judge(built.evidence()) + built.damage()
    fault = "sale and recover beside a kiosk that awaits a card" + ", without a lock" * unlocked
    return Row(fault, rounds * 2, violations, control=unlocked)


async def _crowd(built: Sandbox) -> list[str]:
    sale, recover = await built.sale(), await built.recover()
    codes = await asyncio.gather(built.end(sale), built.end(recover))
    wrong = []
    for one, code, wanted in ((sale, codes[0], 69), (recover, codes[1], 75)):
        if code != wanted:
            wrong.append(f"{one.command} ended with {code}, not {wanted}")
        if "in use by kiosk-tui run" not in _complaint(one):
            wrong.append(f"{one.command} does not say who holds the journal")
    return wrong


def _complaint(one: Child) -> str:
    return one.said.with_suffix(".err").read_text("utf-8", "replace")
