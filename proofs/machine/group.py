"""The full-screen app in a real terminal: told to end, cut off or killed at any moment of a payment."""

from __future__ import annotations

import asyncio
import random
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.lab.drill.child import PROGRAM
from kiosk_tui.lab.drill.judge import judge
from kiosk_tui.lab.drill.sandbox import Sandbox, sandbox
from proofs.machine import altered
from proofs.machine.cut_short import SETTLE_S
from proofs.machine.screen import Screen, shown
from proofs.proof import Row

_CARD_S: Final = 0.8
_HOST_S: Final = 0.3
_WAIT_S: Final = _CARD_S + _HOST_S

_GENTLE: Final = {
    "SIGTERM": signal.SIGTERM,
    "SIGINT": signal.SIGINT,
    "SIGHUP": signal.SIGHUP,
    "the terminal goes": None,
}
"""Ways to be asked to end. None takes the pty away, which the kernel tells with a SIGHUP."""


async def killed(folder: Path, times: int, chance: random.Random, *, forgets: bool = False) -> Row:
    """Kill the process group: every other time in the wait, else anywhere from the first key on.

    In the control no process takes up anything of what an earlier one left.
    """
    violations, struck = [], 0
    program: Sequence[str] = altered.program(altered.FORGETS) if forgets else PROGRAM
    async with sandbox(folder, program) as built:
        built.configure(settle_s=SETTLE_S)
        built.simulator.set_options(card_s=_CARD_S, host_s=_HOST_S)
        for number in range(times):
            async with shown(program, folder) as screen:
                if number % 2 == 0:
                    await _waiting(built, screen)
                    await asyncio.sleep(chance.uniform(0.0, _WAIT_S))
                else:
                    await _at_any_moment(screen, chance)
                struck += newest_state(built) is State.AUTHORIZING
                screen.strike(signal.SIGKILL)
                await screen.ended()
            await built.recovered()
        violations += judge(built.evidence()) + built.damage()
        if not struck:
            violations.append("no kill fell into a payment")
        ends = sorted(one.state for one in built.transactions())
    return Row(
        "the app's process group is killed in its terminal" + ", and its heir forgets" * forgets,
        times,
        violations,
        control=forgets,
        note=f"{struck} in the wait; "
        + ", ".join(f"{ends.count(one)} {one}" for one in sorted(set(ends))),
    )


async def told_to_end(folder: Path, times: int, seed: int, *, dies: bool = False) -> Row:
    """Ask it to end while the card is awaited: the payment is finished and recorded all the same.

    The control dies of the signal, as a program does that does not care.
    """
    program: Sequence[str] = altered.program(altered.DIES_AT_ONCE) if dies else PROGRAM
    found = await asyncio.gather(
        *(
            _told(
                folder.with_name(f"{folder.name}-{number}"),
                program,
                name,
                times,
                random.Random(seed + number),
            )
            for number, name in enumerate(_GENTLE)
        )
    )
    return Row(
        f"{', '.join(_GENTLE)} in the middle of a payment" + ", and nobody cares" * dies,
        times * len(_GENTLE),
        [one for violations in found for one in violations],
        control=dies,
    )


async def _told(
    folder: Path, program: Sequence[str], how: str, times: int, chance: random.Random
) -> list[str]:
    violations = []
    async with sandbox(folder, PROGRAM) as built:
        built.configure(settle_s=SETTLE_S)
        built.simulator.set_options(card_s=_CARD_S, host_s=_HOST_S)
        for _ in range(times):
            async with shown(program, folder) as screen:
                await _waiting(built, screen)
                moment_s = chance.uniform(0.0, _WAIT_S)
                await asyncio.sleep(moment_s)
                screen.strike(_GENTLE[how])
                code, state = await screen.ended(), newest_state(built)
            if code or state is not State.APPROVED:
                violations.append(
                    f"{how} {moment_s:.3f} s into the wait: exit code {code}, the payment is {state}"
                )
            await built.recovered()
        violations += judge(built.evidence()) + built.damage()
    return violations


async def _waiting(built: Sandbox, screen: Screen) -> None:
    """Pay, up to where the payment is on the disk and its request may have left."""
    before = len(built.transactions())
    await screen.pay()
    await screen.until(lambda: len(built.transactions()) > before, "the payment in the journal")


async def _at_any_moment(screen: Screen, chance: random.Random) -> None:
    await screen.shows("Pay by card")
    paying = asyncio.create_task(screen.pay())
    await asyncio.wait({paying}, timeout=chance.uniform(0.0, 4.0))
    paying.cancel()
    await asyncio.gather(paying, return_exceptions=True)


def newest_state(built: Sandbox) -> State | None:
    newest = built.transactions()[:1]
    return newest[0].state if newest else None
