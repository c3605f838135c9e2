"""The machine's harm really harms: the controls of the proof are caught in a small slice."""

from __future__ import annotations

import random
from pathlib import Path

from proofs.machine import damage


def test_a_flipped_bit_is_noticed_only_by_whoever_checks(tmp_path: Path) -> None:
    checked = damage.flipped(tmp_path / "a", 60, random.Random(5), checked=True)
    assert checked.passed, checked.violations
    unchecked = damage.flipped(tmp_path / "b", 400, random.Random(5), checked=False)
    assert unchecked.passed, "no bit that matters was flipped"


def test_a_lost_journal_is_silently_replaced_only_without_its_mark(tmp_path: Path) -> None:
    assert damage.lost(tmp_path / "a", refused=True).passed
    assert damage.lost(tmp_path / "b", refused=False).passed
