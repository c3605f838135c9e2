"""What a proof is: a claim, rows of fault by points by result, and controls that must fail.

A proof is a module or package of this folder with `CLAIM` (one sentence), `ASSUMES` (what it takes for
granted), `lacks()` and `prove(effort)`; optionally `replay(case)`, which tells one case as a story.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from kiosk_tui.lab.drill.child import UnexpectedError


@dataclass(frozen=True, slots=True)
class Effort:
    """How much to do.

    `seconds` is what a sampling proof may take in all on all `workers` (processes); a complete one
    takes what it needs. `seed` is where its fresh cases begin. `whole` asks for every point, not
    for the slice that CI can afford. `folder` is scratch on a real disk. `failed` is where a case that
    broke a promise is kept as a file, when it cannot be made again from its name.
    """

    seconds: float
    seed: int
    workers: int
    folder: Path
    whole: bool = False
    failed: Path = Path("/var/tmp/kiosk-tui-failed")  # noqa: S108 - kept, where everybody looks


@dataclass(frozen=True, slots=True)
class Row:
    """One fault, at how many points it struck, and what came of it.

    `violations` are sentences, each with how to replay it. A row with `control` is sabotage that
    must be caught: it passes only when there are violations.
    """

    fault: str
    points: int
    violations: Sequence[str] = ()
    control: bool = False
    note: str = ""

    @property
    def passed(self) -> bool:
        """Whether the promise held, or the control was caught; nothing tried proves nothing."""
        return self.points > 0 and bool(self.violations) is self.control


async def played(
    fault: str, acting: Awaitable[Sequence[str]], points: int = 1, *, control: bool = False
) -> Row:
    """Play something and return its row; what could not be played was neither held nor caught."""
    try:
        found = await acting
    except UnexpectedError as error:
        return Row(fault, points, [str(error)])
    return Row(fault, points, found, control=control)


class Proof(Protocol):
    """What `python -m proofs` needs of a module."""

    CLAIM: str
    ASSUMES: Sequence[str]

    def lacks(self) -> str:
        """Say what this machine lacks and how to get it; empty when nothing."""

    def prove(self, effort: Effort) -> Iterator[Row]:
        """Yield a row as soon as it is known."""


def one_by_one(rows: AsyncIterator[Row]) -> Iterator[Row]:
    """Yield the rows of a proof that waits for others, each as soon as it is known."""
    with asyncio.Runner() as runner:
        while (row := runner.run(_next(rows))) is not None:
            yield row


async def _next(rows: AsyncIterator[Row]) -> Row | None:
    return await anext(rows, None)
