"""Runs the cases, several at once, and judges each."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import os
import shutil
import time
from collections.abc import AsyncGenerator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.lab.drill.cases import Case
from kiosk_tui.lab.drill.child import UnexpectedError
from kiosk_tui.lab.drill.judge import judge
from kiosk_tui.lab.drill.money import in_words, moved
from kiosk_tui.lab.drill.sandbox import Sandbox, sandbox

MOST_AT_ONCE: Final = 4
"""Each case is a process that starts anew: more would only wait for each other, and for memory."""


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What came of one case.

    `found` is what the judge found, `trouble` what kept the drill from doing what it set out to do.
    A failed row keeps its folder as `evidence`.
    """

    number: int
    step: str
    fault: str
    happened: tuple[str, ...]
    money: str
    seconds: float
    control: bool = False
    found: tuple[str, ...] = ()
    trouble: tuple[str, ...] = ()
    evidence: Path | None = None

    @property
    def passed(self) -> bool:
        """Whether the promise held, or the control was caught."""
        return not self.trouble and bool(self.found) is self.control


def at_once() -> int:
    """Return how many cases this machine plays side by side."""
    return min(len(os.sched_getaffinity(0)), MOST_AT_ONCE)


async def drill(
    cases: Sequence[Case], program: Sequence[str], folder: Path
) -> AsyncGenerator[CaseResult, None]:
    """Play every case in a folder of its own under `folder`; yield each row as it is known.

    Ends cleanly, without a process left, whenever it is stopped.
    """
    slots = asyncio.Semaphore(at_once())

    async def play(number: int, case: Case) -> CaseResult:
        if case.patient:  # it waits for a time-out, not for the machine
            return await _row(number, case, program, folder)
        async with slots:
            return await _row(number, case, program, folder)

    tasks = [asyncio.create_task(play(*one)) for one in enumerate(cases, 1)]
    try:
        for task in asyncio.as_completed(tasks):
            yield await task
    finally:
        for one in tasks:
            one.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _row(number: int, case: Case, program: Sequence[str], folder: Path) -> CaseResult:
    began = time.monotonic()
    scratch = folder / f"case-{number:02}"
    trouble: list[str] = []
    async with sandbox(scratch, program) as built:
        with _told(trouble):
            await case.story(built)
            if case.recovers:
                await built.recovered()
        found: list[str] = []
        with _told(trouble):
            found = [*judge(built.evidence()), *built.damage()]
        if not trouble:
            trouble = _other_end(case, built)
        row = CaseResult(
            number=number,
            step=case.step,
            fault=case.fault,
            happened=tuple(built.happened),
            money=in_words(built.simulator.ledger, built.transactions()),
            seconds=round(time.monotonic() - began, 1),
            control=case.control,
            found=tuple(found),
            trouble=tuple(trouble),
            evidence=scratch,
        )
        if not row.passed:
            built.keep_ledger()
            return row
    shutil.rmtree(scratch)
    return dataclasses.replace(row, evidence=None)


@contextlib.contextmanager
def _told(trouble: list[str]) -> Iterator[None]:
    try:
        yield
    except (UnexpectedError, JournalUnavailableError, OSError) as error:
        trouble.append(str(error))


def _other_end(case: Case, built: Sandbox) -> list[str]:
    """Say when a case ended in another way than it must: then the fault was another one, too."""
    money = moved(built.simulator.ledger)
    states = tuple(one.state for one in built.transactions())
    must = () if case.state is None else (case.state,)
    if (money, states) == (case.money, must):
        return []
    expected = f"{case.money}, recorded {case.state or 'nothing'}"
    return [f"It must end otherwise: {expected}."]
