"""The first start makes the journal's folders; a power cut must not take them away again."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kiosk_tui.journal.store import Store


def test_each_new_folder_is_synced_into_its_parent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced = []
    fsync = os.fsync

    def watched(file: int) -> None:
        synced.append(Path(f"/proc/self/fd/{file}").readlink())
        fsync(file)

    monkeypatch.setattr(os, "fsync", watched)
    Store(tmp_path / "state" / "kiosk-tui" / "journal.db").close()
    assert synced == [tmp_path, tmp_path / "state"]


def test_only_the_owner_sees_the_journal(tmp_path: Path) -> None:
    Store(tmp_path / "state" / "kiosk-tui" / "journal.db").close()
    assert (tmp_path / "state" / "kiosk-tui").stat().st_mode & 0o777 == 0o700
