"""Faults that are planted: each has one place to stand in, and a garden in which it harms nothing."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from proofs.planted import garden
from proofs.planted.faults import FAULTS, Fault
from proofs.planted.garden import Garden

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda one: one.name)
def test_each_fault_changes_one_place_and_names_tests_that_there_are(fault: Fault) -> None:
    right = (ROOT / "kiosk_tui" / fault.file).read_text("utf-8")
    wrong = fault.plant(right)
    assert wrong != right
    compile(wrong, fault.file, "exec")
    assert all((ROOT / one).exists() for one in fault.tests.split())


def test_there_are_thirty_and_more_a_third_of_them_about_earlier_transactions() -> None:
    assert len(FAULTS) >= 30
    files = Counter(one.file for one in FAULTS)
    about_earlier = ("domain/follow_up.py", "domain/references.py", "payment/references.py")
    assert sum(files[one] for one in about_earlier) >= 10
    assert len({one.name for one in FAULTS}) == len(FAULTS)


def test_a_place_that_is_gone_is_told() -> None:
    with pytest.raises(ValueError, match="no place of its own"):
        Fault("x", "domain/tip.py", "nowhere", "y", "tests/domain").plant("text")


def test_a_fault_is_seen_by_its_tests_and_gone_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(garden, "_COPIED", ("kiosk_tui", "pyproject.toml"))
    test = tmp_path / "test_tip.py"
    test.write_text(
        "from kiosk_tui.domain.tip import MOST_OFFERS\n"
        "def test_there_are_five_offers() -> None:\n"
        "    assert MOST_OFFERS == 5\n"
    )
    fault = Fault("six", "domain/tip.py", "MOST_OFFERS = 5", "MOST_OFFERS = 6", str(test))
    grown = Garden(tmp_path / "copy")
    assert grown.failures(fault.tests) == []
    with grown.planted(fault):
        (found,) = grown.failures(fault.tests)
    assert "test_there_are_five_offers" in found
    assert grown.failures(fault.tests) == []
