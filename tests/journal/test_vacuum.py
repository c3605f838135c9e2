"""Room that was freed goes back to the disk where that pays, and only where it pays."""

from __future__ import annotations

import os
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from support.fakes import order
from support.opened import opened

from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.lifecycle import Event, State
from kiosk_tui.journal.maintenance import vacuum as vacuuming
from kiosk_tui.journal.maintenance.prune import open_to_prune, prune
from kiosk_tui.journal.maintenance.vacuum import vacuum
from kiosk_tui.journal.reader import Reader
from kiosk_tui.journal.store import Store

NOW = datetime(2026, 11, 23, 14, 1, 2, 345000, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a journal of which most was pruned."""
    path = tmp_path / "journal.db"
    store = Store(path)
    for days in [500] * 60 + [0] * 2:
        at = NOW - timedelta(days)
        begun, exchange = store.begin(order(), 1255, at)
        after, _ = begun.after(Event.DECLINED, at)
        store.record(State.AUTHORIZING, after, Event.DECLINED, exchange)
    store.close()
    connection = open_to_prune(path)
    prune(connection, path, 400, NOW, lambda _: None)
    connection.close()
    return path


def _whole(path: Path) -> int:
    reader = Reader(path)
    try:
        assert reader.verify() == []
        return len(reader.transactions())
    finally:
        reader.close()


def test_the_file_is_smaller_by_what_was_given_back_and_whole(path: Path) -> None:
    before = path.stat().st_size
    given = vacuum(path, worth_bytes=1024)
    assert given == before - path.stat().st_size > 10_000
    assert _whole(path) == 2
    opened(Store(path)).check_writable(NOW)


def test_too_little_is_left_where_it_is(path: Path) -> None:
    before = path.read_bytes()
    assert vacuum(path) == 0
    vacuum(path, worth_bytes=1024)
    assert vacuum(path, worth_bytes=0) == 0  # nothing is free
    assert path.read_bytes() != before


def test_without_room_for_the_copy_nothing_is_done(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = SimpleNamespace(f_bsize=4096, f_bavail=1, f_frsize=1024)
    monkeypatch.setattr(os, "statvfs", lambda _: disk)
    with pytest.raises(JournalUnavailableError, match="no room"):
        vacuum(path, worth_bytes=1024)
    assert _whole(path) == 2


def test_a_disk_that_refuses_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> int:
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(vacuuming, "_pragma", refused)
    with pytest.raises(JournalUnavailableError, match="disk I/O error. It is as it was"):
        vacuum(path)
