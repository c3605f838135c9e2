"""What a terminal and its line send on their own: answers late, cut at every byte, before a person types.

Owns: the corpus of answers, and who plays them: to the reader alone, in a time of its own and at every byte
with every pause; to the app with its real driver on a real terminal, at every screen that the tests know;
and to the real program while a payment waits for its card. Textual's own reader is the control.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from time import monotonic
from typing import Final

from proofs.proof import Effort, Row
from proofs.terminals import playing, waiting
from proofs.terminals.answers import every
from proofs.terminals.visitors import visiting

CLAIM = (
    "Nothing that a terminal says on its own types a digit, gives a payment up, or ends anything."
)
ASSUMES = (
    "the corpus, 16 kinds of terminals and lines, says what others say, too",
    "an 8-bit control and what follows it come in one piece",
)
_CONTROL_S: Final = 10.0


def lacks() -> str:
    """Nothing: a pseudo terminal and the test requirements are enough."""
    return ""


def prove(effort: Effort) -> Iterator[Row]:
    """Yield the reader alone, every screen, a payment that waits, and the controls."""
    yield _alone(playing.ours, effort.seed)
    yield _alone(playing.textuals, effort.seed)
    yield _screens(effort, "ours", effort.seconds)
    yield _screens(effort, "textuals", _CONTROL_S)
    yield asyncio.run(waiting.row(effort.folder / "waiting", effort.seconds / 2, effort.seed))


def _alone(play: playing.Plays, seed: int) -> Row:
    points, violations = 0, []
    for whose, answer in every():
        for pieces in playing.cut(answer, seed):
            points += 1
            if told := playing.wrong(play, pieces):
                violations.append(f"{whose}: {told}")
    control = play is playing.textuals
    named = "Textual's own reader" if control else "the reader"
    return Row(
        f"{named}: every answer, cut at every byte with every pause, then a digit",
        points,
        violations,
        control=control,
        note=f"{len(violations):,} of them typed something" if control else "",
    )


def _screens(effort: Effort, reader: str, seconds: float) -> Row:
    """Visit every screen at least once, and again for as long as there is time."""
    workers = max(1, effort.workers)
    with ThreadPoolExecutor(workers) as pool:
        found = list(
            pool.map(
                lambda number: _visit(
                    effort.folder, reader, seconds, effort.seed + number, workers
                ),
                range(workers),
            )
        )
    control = reader != "ours"
    named = "the app with Textual's own reader" if control else "the app with its driver"
    return Row(
        f"{named}: cut answers at every screen, on a terminal (seed {effort.seed})",
        sum(points for points, _ in found),
        [one for _, violations in found for one in violations],
        control=control,
    )


def _visit(
    folder: Path, reader: str, seconds: float, seed: int, workers: int
) -> tuple[int, list[str]]:
    chance, violations, points = random.Random(seed), list[str](), 0
    with visiting(folder, reader) as visitor:
        mine = visitor.screens[seed % workers :: workers]
        end = monotonic() + seconds
        for visit in count():
            for screen in mine:
                if monotonic() > end and (visit or reader != "ours"):
                    return points, violations
                points += 1
                if told := visitor.case(screen, chance):
                    violations.append(told)
    raise AssertionError("visits never end by themselves")
