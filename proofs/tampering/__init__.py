"""Somebody changes one byte of a journal's file: where a fact is another one then, the chain says so.

Each byte of a journal with every kind of fact is given another value; the facts are read by plain SQL, and
held against those from before. Where they differ, or cannot be read, `journal verify` must say so by the
chain alone. What is changed with care, and with the chain computed anew, is what checkpoints are for:
tests/journal/test_chain.py.
"""

from __future__ import annotations

import random
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from proofs.proof import Effort, Row
from proofs.tampering.journal import written
from proofs.tampering.trial import CONTROLS, Change, facts, sabotaged, told, tried

CLAIM = "No byte of a journal that changes a fact can be changed unseen."
ASSUMES = (
    "SHA-256 has no two contents with one digest that anybody can find",
    "a file that SQLite refuses to read is seen by whoever reads it",
)

_TOGETHER: Final = 64
_MOST_KEPT: Final = 8


@dataclass(slots=True)
class _Tally:
    trials: int = 0
    facts: int = 0
    violations: list[str] = field(default_factory=list)


def lacks() -> str:
    """Say what this machine lacks: nothing."""
    return ""


def prove(effort: Effort) -> Iterator[Row]:
    """Yield a row for the journal as it is, one for its bytes, one for each control."""
    journal = written(_folder(effort) / "journal.db")
    before = facts(journal)
    yield Row("none", 1, [] if before and not told(journal) else [told(journal) or "unreadable"])
    with ProcessPoolExecutor(effort.workers) as pool:
        tally = _Tally()
        chance = random.Random(effort.seed)
        changes = _changes(journal, chance, whole=effort.whole)
        parts = [(journal, part, "") for part in _parts(changes)]
        for trials, found, violations in pool.map(_tried, parts):
            tally.trials, tally.facts = tally.trials + trials, tally.facts + found
            tally.violations += violations
        _keep(effort, journal, tally.violations)
        note = f"{tally.facts:,} changed a fact or made it unreadable"
        yield Row("a byte is another", tally.trials, tally.violations[:_MOST_KEPT], note=note)
        yield from pool.map(_control, [(effort, name) for name in CONTROLS])


def _changes(journal: Path, chance: random.Random, *, whole: bool) -> list[Change]:
    """Return each byte with another value, or with each of its bits turned."""
    found = journal.read_bytes()
    if whole:
        return [Change(at, one ^ (1 << bit)) for at, one in enumerate(found) for bit in range(8)]
    return [Change(at, one ^ chance.randrange(1, 256)) for at, one in enumerate(found)]


def _tried(part: tuple[Path, Sequence[Change], str]) -> tuple[int, int, list[str]]:
    """Try some changes; return how many, how many changed a fact, and what was not seen."""
    journal, changes, control = part
    whole, before = journal.read_bytes(), facts(journal)
    if before is None:
        raise RuntimeError("the journal cannot be read")
    with tempfile.TemporaryDirectory(dir=journal.parent) as folder, sabotaged(control):
        found = [tried(whole, before, Path(folder) / "journal.db", one) for one in changes]
    return (
        len(found),
        sum(one.fact for one in found),
        [one.violation for one in found if one.violation],
    )


def _control(given: tuple[Effort, str]) -> Row:
    """Write a journal with the fault, and try its bytes, in any order, until one passes unseen."""
    effort, control = given
    with sabotaged(control):
        journal = written(_folder(effort) / "journal.db")
    chance = random.Random(effort.seed)
    changes = _changes(journal, chance, whole=False)
    chance.shuffle(changes)
    trials = 0
    violations: list[str] = []
    for part in _parts(changes):
        count, _, violations = _tried((journal, part, control))
        trials += count
        if violations:
            break
    return Row(control, trials, violations, control=True, note=f"after {trials:,} bytes")


def _parts(changes: Sequence[Change]) -> Iterator[Sequence[Change]]:
    return (changes[at : at + _TOGETHER] for at in range(0, len(changes), _TOGETHER))


def _folder(effort: Effort) -> Path:
    return Path(tempfile.mkdtemp(dir=effort.folder))


def _keep(effort: Effort, journal: Path, violations: Sequence[str]) -> None:
    if violations:
        effort.failed.mkdir(parents=True, exist_ok=True)
        shutil.copy(journal, effort.failed / "tampering.db")
