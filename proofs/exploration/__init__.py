"""Every interleaving of one transaction's life, small and complete.

Owns: a model of line, terminal, host, disk and process around the production lifecycle table, explored
breadth first until nothing new turns up. It proves where the simulation samples: no reachable end has
money that the journal does not know or a word that is not true, and from every reachable world good
luck alone leads to an end. Its controls are that very table with one planted error.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from typing import Final

from kiosk_tui.domain.lifecycle import TABLE
from proofs.exploration.explore import explore
from proofs.exploration.model import Model
from proofs.exploration.planted import Planted, every_error, harmless, tried
from proofs.proof import Effort, Row

CLAIM = "No interleaving of one transaction's life ends with money that the journal does not know."
ASSUMES = (
    "the settle window outlasts the payment request and its card flow, or the line is still open",
    "TECS tells the truth about a transaction whose approval the register never got",
    (
        "no process dies between a commit of an approval that the disk refused, and kept all the same,"
        " and the next commit: else the journal says APPROVED for what is being cancelled"
    ),
    (
        "no process dies between the start of a cancellation of what waits for goods, which the disk refused to"
        " record, and the next commit: else they may be handed over after it"
    ),
)

_SLICE: Final = 40
"""How many planted errors CI tries, by seed; the long version tries every one."""


def lacks() -> str:
    return ""


def prove(effort: Effort) -> Iterator[Row]:
    """Yield the exploration, its control without patience, and the planted errors."""
    found = explore(Model(TABLE))
    yield Row(
        "the production table, everything that can be reached",
        found.worlds,
        [found.broken] if found.broken else [],
        note=f"{found.worlds:,} worlds, {found.steps:,} steps, {found.ends} ends",
    )
    hasty = explore(Model(TABLE, patient=False))
    yield Row(
        '"not found" is believed at once', hasty.worlds, [hasty.broken] * bool(hasty.broken), True
    )
    yield from _planted(effort)


def replay(case: str) -> int:
    """Tell the shortest story that breaks the table with the n-th planted error."""
    planted = list(every_error())[int(case)]
    found = tried(planted)
    print(f"{planted}\n{found.broken or 'Nothing breaks: ' + (harmless(planted) or 'unexplained')}")
    return 1 if found.broken else 0


def _planted(effort: Effort) -> Iterator[Row]:
    errors = list(enumerate(every_error()))
    if not effort.whole:
        errors = random.Random(effort.seed).sample(errors, _SLICE)
    with ProcessPoolExecutor(effort.workers) as pool:
        found = list(pool.map(tried, (one for _, one in errors), chunksize=4))
    caught = [
        (number, one, what)
        for (number, one), what in zip(errors, found, strict=True)
        if what.broken
    ]
    spared = [one for (_, one), what in zip(errors, found, strict=True) if not what.broken]
    for number, one, what in sorted(caught, key=lambda each: len(each[2].broken))[:1]:
        yield Row(
            f"planted: {one}",
            what.worlds,
            [what.broken],
            control=True,
            note=f"the shortest of {len(caught)} stories (./prove --replay exploration:{number})",
        )
    yield Row(
        "planted errors: each is caught, or harmless for a reason",
        len(errors),
        [f"{one} is neither caught nor explained" for one in spared if not harmless(one)],
        note=f"{len(caught)} caught, {len(spared)} harmless",
    )


__all__ = ["ASSUMES", "CLAIM", "Planted", "lacks", "prove", "replay"]
