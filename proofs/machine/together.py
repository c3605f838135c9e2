"""Several processes at one journal: whoever comes second is told who holds it."""

from __future__ import annotations

from pathlib import Path

from kiosk_tui.drill.child import PROGRAM
from kiosk_tui.drill.judge import judge
from kiosk_tui.drill.stage import stage
from proofs.proof import Row

_TOLD = {0, 69, 75}


async def together(folder: Path, rounds: int) -> Row:
    """Start two sales and a recovery at once, again and again."""
    violations = []
    async with stage(folder / "together", PROGRAM) as built:
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
