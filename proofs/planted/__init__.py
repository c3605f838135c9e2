"""Small faults, planted in the money path one by one: each is found by a test that names what it broke.

A proof of the tests, not of the program: its controls are the faults, each of which must be caught, and
the program without any must pass the very same tests.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from typing import Final

from proofs.planted.faults import FAULTS, Fault
from proofs.planted.garden import Garden
from proofs.proof import Effort, Row

CLAIM = "A small fault in the money path is noticed, in seconds, by a test that names the promise."
ASSUMES = ("the tests of a fault's own rooms stand for ./test, which runs them all",)

_SLICE: Final = 6
"""So many, drawn by the seed, are planted in CI; `--minutes` plants each."""


def lacks() -> str:
    """Say what this machine lacks: nothing."""
    return ""


def prove(effort: Effort) -> Iterator[Row]:
    """Yield a row for each fault, and first one for none."""
    chosen = FAULTS if effort.whole else random.Random(effort.seed).sample(FAULTS, _SLICE)
    garden = Garden(effort.folder)
    tests = sorted({one.tests for one in chosen})
    yield Row("none", len(tests), garden.failures(*tests))
    for fault in chosen:
        yield _row(garden, fault)


def replay(case: str) -> int:
    """Plant one fault, by its name, and say what notices it."""
    import tempfile  # noqa: PLC0415 - only here
    from pathlib import Path  # noqa: PLC0415

    fault = next(one for one in FAULTS if one.name == case)
    with tempfile.TemporaryDirectory() as folder:
        row = _row(Garden(Path(folder)), fault)
    print(f"{fault.name}: {row.note}")
    for violation in row.violations:
        print(f"  {violation}")
    return 0 if row.passed else 1


def _row(garden: Garden, fault: Fault) -> Row:
    began = time.monotonic()
    with garden.planted(fault):
        found = garden.failures(fault.tests)
    note = f"{time.monotonic() - began:.1f} s"
    return Row(fault.name, 1, found, control=True, note=note)
