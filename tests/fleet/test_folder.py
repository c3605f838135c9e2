"""Whether a kiosk belongs to a fleet is asked of its folder, and a folder that cannot be read says yes."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk_tui.fleet.folder import FleetFolder


def test_a_kiosk_is_enrolled_from_its_last_file_on(tmp_path: Path) -> None:
    folder = FleetFolder.beside(tmp_path / "journal.db")
    folder.path.mkdir()
    folder.cursor.touch()
    assert not folder.enrolled
    folder.office.touch()
    assert folder.enrolled


def test_nothing_is_forgotten_for_a_folder_that_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_: Path) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "exists", refused)
    assert FleetFolder.beside(tmp_path / "journal.db").enrolled
