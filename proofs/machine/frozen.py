"""The terminal takes nothing from some step of a payment on: Scroll Lock, Ctrl+S, a client that is stopped.

The payment goes on behind it; on top it is told to end, killed, or the terminal takes again.
"""

from __future__ import annotations

import asyncio
import itertools
import random
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.lab.drill.child import PROGRAM, UnexpectedError
from kiosk_tui.lab.drill.judge import judge
from kiosk_tui.lab.drill.sandbox import Sandbox, sandbox
from proofs.machine import altered
from proofs.machine.cut_short import SETTLE_S
from proofs.machine.group import newest_state
from proofs.machine.screen import Screen, shown
from proofs.proof import Row

_CARD_S: Final = 1.2
_HOST_S: Final = 0.3
_RECORDED_S: Final = 30.0
"""So long the journal may take on a busy machine until it says how the payment ended."""
_CAUGHT_S: Final = 8.0
"""Longer than the control's payment takes where nothing is frozen."""

_KEYS: Final = (("Pay by card", "1255"), ("How much", "\r"), ("add a tip", "0"))
STEPS: Final = ("welcome", "amount", "tip", "the card is awaited", "the host is asked")
FREEZES: Final = ("flow is stopped", "nobody reads")
STRIKES: Final = ("it takes again", "SIGTERM", "SIGHUP", "SIGKILL")


@dataclass(frozen=True, slots=True)
class _Case:
    step: str
    freeze: str
    strike: str
    declined: bool

    def __str__(self) -> str:
        how = "declined" if self.declined else "approved"
        return f"from '{self.step}' on {self.freeze}, {how}, {self.strike}"


EVERY: Final = tuple(
    _Case(*one) for one in itertools.product(STEPS, FREEZES, STRIKES, (False, True))
)


async def frozen(
    folder: Path, cases: int, chance: random.Random, *, lanes: int = 4, one_loop: bool = False
) -> Row:
    """Freeze the terminal at each step; every payment is recorded as TECS answered it.

    In the control the screens share the register's loop, and wait for the terminal.
    """
    program: Sequence[str] = altered.program(altered.ONE_LOOP) if one_loop else PROGRAM
    some = chance.sample(EVERY, min(cases, len(EVERY)))
    if one_loop:
        some = [_Case(STEPS[3], FREEZES[1], STRIKES[0], declined=False)]
    found = await asyncio.gather(
        *(
            _frozen(
                folder.with_name(f"{folder.name}-{lane}"),
                program,
                some[lane::lanes],
                _CAUGHT_S if one_loop else _RECORDED_S,
            )
            for lane in range(min(lanes, len(some)))
        )
    )
    return Row(
        "the terminal takes nothing from some step of a payment on"
        + ", and the register waits for it" * one_loop,
        len(some),
        [one for violations in found for one in violations],
        control=one_loop,
    )


async def _frozen(
    folder: Path, program: Sequence[str], cases: Sequence[_Case], most_s: float
) -> list[str]:
    violations = []
    for number, case in enumerate(cases):
        async with sandbox(folder.with_name(f"{folder.name}-{number}"), PROGRAM) as built:
            built.configure(settle_s=SETTLE_S)
            built.simulator.set_options(card_s=_CARD_S, host_s=_HOST_S)
            violations += [f"{case}: {one}" for one in await _one(built, program, case, most_s)]
    return violations


async def _one(built: Sandbox, program: Sequence[str], case: _Case, most_s: float) -> list[str]:
    wrong = []
    keys = _keys(case)
    async with shown(program, built.folder) as screen:
        for step, (words, typed) in zip(STEPS, keys, strict=False):
            if STEPS.index(step) <= STEPS.index(case.step):
                await screen.shows(words)
            if step == case.step:
                await _freeze(screen, case.freeze)
            await screen.type(typed)
        if STEPS.index(case.step) >= len(keys):
            await screen.until(lambda: bool(built.transactions()), "the payment in the journal")
            await asyncio.sleep(_CARD_S if case.step == STEPS[4] else 0.0)
            await _freeze(screen, case.freeze)
        wrong += await _strike(built, screen, case, most_s)
    await built.recovered()
    return wrong + judge(built.evidence()) + built.damage()


def _keys(case: _Case) -> Sequence[tuple[str, str]]:
    # the simulator declines by the amount
    return [(words, "8005" if case.declined and keys == "1255" else keys) for words, keys in _KEYS]


async def _freeze(screen: Screen, how: str) -> None:
    if how == FREEZES[0]:
        screen.freeze()
    else:
        await screen.leave_unread()


async def _strike(built: Sandbox, screen: Screen, case: _Case, most_s: float) -> list[str]:
    """Do what comes on top, and say what is wrong with how the payment stands afterwards."""
    wanted = State.DECLINED if case.declined else State.APPROVED
    if case.strike != STRIKES[0]:
        await screen.until(lambda: bool(built.transactions()), "the payment in the journal")
    if case.strike == "SIGKILL":
        screen.strike(signal.SIGKILL)
        await screen.ended()
        return []
    if case.strike != STRIKES[0]:
        screen.strike(signal.Signals[case.strike])
        code, state = await screen.ended(), newest_state(built)
        right = code == 0 and state is wanted
        return [] if right else [f"it ended with {code}, and the payment is {state}"]
    try:
        async with asyncio.timeout(most_s):
            while newest_state(built) is not wanted:  # noqa: ASYNC110 - another process writes it
                await asyncio.sleep(0.05)
    except TimeoutError:
        return [f"{most_s:g} s later the payment is {newest_state(built)}"]
    screen.thaw()
    words = "Declined" if case.declined else "Approved"
    try:
        await screen.shows(words)
    except UnexpectedError as error:
        return [str(error)]
    return []
