"""The control of the journal's chain: what it tries is a journal with facts, and what it plants is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from proofs.tampering.journal import written
from proofs.tampering.trial import CONTROLS, Change, facts, sabotaged, told, tried


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("journal") / "journal.db")


def _at(journal: Path, text: bytes) -> Change:
    return Change(journal.read_bytes().index(text), 0x58)


@pytest.mark.parametrize(
    "text", [b"approved", b"anna", b"BEGUN", b"begun after the checkpoint", b'"sum":3765']
)
def test_a_changed_letter_is_seen(journal: Path, tmp_path: Path, text: bytes) -> None:
    before = facts(journal)
    assert before is not None
    assert told(journal) == ""
    seen = tried(journal.read_bytes(), before, tmp_path / "changed.db", _at(journal, text))
    assert seen.fact
    assert seen.told
    assert seen.violation == ""


@pytest.mark.parametrize("control", CONTROLS)
def test_a_journal_with_a_planted_fault_is_still_whole_to_itself(
    tmp_path: Path, control: str
) -> None:
    with sabotaged(control):
        assert told(written(tmp_path / "journal.db")) == ""


def test_a_fact_that_is_left_out_is_noticed(tmp_path: Path) -> None:
    with sabotaged("requests are not in the digest"):
        journal = written(tmp_path / "journal.db")
        before = facts(journal)
        assert before is not None
        where = _at(journal, b"waiting")
        seen = tried(journal.read_bytes(), before, tmp_path / "changed.db", where)
    assert "changes a fact, and nothing says so" in seen.violation


def test_a_file_that_cannot_be_read_is_a_change(journal: Path, tmp_path: Path) -> None:
    before = facts(journal)
    assert before is not None
    seen = tried(journal.read_bytes(), before, tmp_path / "changed.db", Change(0, 0))
    assert seen.fact
    assert seen.told
