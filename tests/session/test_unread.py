"""The note of what nobody has seen: there after any end, gone after a look, worth no trouble."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk_tui.session.unread import Note, Unread

ID = "20261123140102345"


def found(journal: Path) -> Note | None:
    note = Unread(journal)
    try:
        return note.found()
    finally:
        note.close()


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


def test_a_payment_that_began_is_found_until_somebody_has_seen_it(journal: Path) -> None:
    assert found(journal) is None
    first = Unread(journal)
    first.begun(ID)
    first.close()
    assert found(journal) == Note(ID)
    second = Unread(journal)
    second.found()
    second.printed("1")  # another one's slip
    second.printed(ID)
    second.close()
    assert found(journal) == Note(ID, printed=True)
    third = Unread(journal)
    third.found()
    third.seen()
    third.seen()
    third.printed(ID)  # its slip comes out after the look: the note stays gone
    third.close()
    assert found(journal) is None


@pytest.mark.parametrize("left", [b"", b"x", b"-1", b"\xff", b"9" * 40, "²".encode()])
def test_a_note_that_says_nothing_is_none(journal: Path, left: bytes) -> None:
    journal.with_name("journal.db.unseen").write_bytes(left)
    assert found(journal) is None


def test_a_disk_that_refuses_costs_a_line_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    note = Unread(tmp_path / "gone" / "journal.db")
    note.begun(ID)
    note.seen()
    note.close()
    assert "what nobody has seen is not noted" in caplog.text
