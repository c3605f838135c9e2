"""A payment that waits for its card while the terminal answers late, cut at a different byte each time."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path
from typing import Final

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.lab.drill.child import PROGRAM, UnexpectedError
from kiosk_tui.lab.drill.judge import judge
from kiosk_tui.lab.drill.sandbox import Sandbox, sandbox
from proofs.machine.screen import Screen, shown
from proofs.proof import Row
from proofs.terminals.answers import every

_NEVER_S: Final = 1000.0
_PAUSES: Final = (0.02, 0.12, 0.3)


async def row(folder: Path, seconds: float, seed: int) -> Row:
    """Send answers for so long while a card is awaited; then the card comes, and is charged."""
    chance, violations, points = random.Random(seed), [], 0
    async with sandbox(folder, PROGRAM) as built:
        built.configure()
        built.simulator.set_options(card_s=_NEVER_S, host_s=0.0)
        async with shown(PROGRAM, folder) as screen:
            await screen.pay()
            await screen.until(lambda: _state(built) is State.AUTHORIZING, "the payment")
            await screen.shows("Card please")
            end = asyncio.get_running_loop().time() + seconds
            while asyncio.get_running_loop().time() < end:
                points += 1
                told = await _cut(screen, chance)
                if _state(built) is not State.AUTHORIZING or screen.has("Stopping"):
                    violations.append(f"{told}: the payment is {_state(built)}")
                    break
            built.simulator.terminal.present_card()
            try:
                await screen.shows("Approved")
            except UnexpectedError as error:
                violations.append(str(error))
        violations += judge(built.evidence()) + built.damage()
    return Row(f"late answers while the card is awaited (seed {seed})", points, violations)


async def _cut(screen: Screen, chance: random.Random) -> str:
    whose, answer = chance.choice(every())
    place, pause_s = chance.randrange(1, len(answer) + 1), chance.choice(_PAUSES)
    screen.send(answer[:place])
    await asyncio.sleep(pause_s)
    screen.send(answer[place:])
    await asyncio.sleep(pause_s)
    return f"{whose}, {answer!r} cut at {place} for {pause_s} s"


def _state(built: Sandbox) -> State | None:
    newest = built.transactions()[:1]
    return newest[0].state if newest else None
