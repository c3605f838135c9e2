"""On a disk with small blocks that is all but full, SQLite's index would end the process: it is refused."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.journal import database
from kiosk_tui.journal.disk_space import NEEDED
from kiosk_tui.journal.maintenance.prune import open_to_prune
from kiosk_tui.journal.reader import Reader

KIB = 1024
OPENERS: dict[str, Callable[[Path], object]] = {
    "the register": database.connect,
    "a reader": Reader,
    "housekeeping": open_to_prune,
}


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    path = tmp_path / "journal.db"
    database.connect(path).close()
    return path


def _disk(monkeypatch: pytest.MonkeyPatch, block: int, free: int) -> None:
    honest = os.statvfs

    def statvfs(path: Path) -> os.statvfs_result:
        found = list(honest(path))
        found[0] = found[1] = block
        found[4] = free // block
        return os.statvfs_result(found)

    monkeypatch.setattr(os, "statvfs", statvfs)


@pytest.mark.parametrize("opener", OPENERS)
def test_a_disk_with_small_blocks_and_no_room_is_refused_with_a_sentence(
    opener: str, journal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _disk(monkeypatch, KIB, NEEDED - KIB)
    with pytest.raises(JournalUnavailableError, match=r"its disk is full, less than 64 KiB"):
        OPENERS[opener](journal)


@pytest.mark.parametrize("opener", OPENERS)
@pytest.mark.parametrize(
    ("block", "free"), [(KIB, NEEDED), (4 * KIB, 0)], ids=["just enough", "SQLite asks by itself"]
)
def test_other_disks_are_left_to_sqlite(
    opener: str, block: int, free: int, journal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _disk(monkeypatch, block, free)
    OPENERS[opener](journal).close()  # type: ignore[attr-defined]


def test_a_journal_that_is_in_use_can_be_read_on_a_full_disk(
    journal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = database.connect(journal)
    held.execute("UPDATE register SET last_id = last_id")
    _disk(monkeypatch, KIB, 0)
    Reader(journal).close()
    held.close()


def test_an_index_with_holes_does_not_count_as_room(
    journal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Path(f"{journal}-shm").open("wb") as file:
        file.truncate(NEEDED)
    _disk(monkeypatch, KIB, 0)
    with pytest.raises(JournalUnavailableError, match="full"):
        database.connect(journal)
