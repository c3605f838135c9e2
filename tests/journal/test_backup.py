"""A backup is made while the register writes, is whole when it bears its name, and overwrites nothing."""

from __future__ import annotations

import os
import signal
import sqlite3
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.fakes import order
from support.opened import opened

from kiosk_tui.domain.identity import TransactionId
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.lifecycle import Event, State
from kiosk_tui.journal import schema
from kiosk_tui.journal.maintenance import backup
from kiosk_tui.journal.maintenance.backup import BackupError, UnderWayError, back_up, check_backup
from kiosk_tui.journal.reader import Reader
from kiosk_tui.journal.store import Store

NOW = datetime(2026, 11, 23, 14, 1, 2, 345000, tzinfo=UTC)


def _approve(store: Store, minor: int = 1255) -> str:
    begun, exchange = store.begin(order(minor), minor, NOW)
    after, _ = begun.after(Event.APPROVED, NOW)
    store.record(State.AUTHORIZING, after, Event.APPROVED, exchange)
    return begun.id


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Return a journal in use, with three payments that ended."""
    store = opened(Store(tmp_path / "journal.db"))
    for minor in (100, 200, 300):
        _approve(store, minor)
    return store


@pytest.fixture
def path(tmp_path: Path, store: Store) -> Path:
    return tmp_path / "journal.db"


def test_a_backup_of_a_journal_in_use_holds_every_commit_so_far(path: Path, store: Store) -> None:
    to = path.with_name("kept.db")
    contents = back_up(path, to)
    after = _approve(store)
    assert contents.transactions == 3
    assert stat.S_IMODE(to.stat().st_mode) == 0o600
    reader = Reader(to, alone=True)
    assert [one.order.amount.minor for one in reader.transactions()] == [300, 200, 100]
    assert reader.verify() == []
    assert reader.transaction(TransactionId(after)) is None
    reader.close()
    assert check_backup(to) == contents


def test_nothing_is_left_beside_it_not_even_by_its_check(path: Path) -> None:
    folder = path.parent / "stick"
    folder.mkdir()
    back_up(path, folder / "kept.db")
    check_backup(folder / "kept.db")
    assert list(folder.iterdir()) == [folder / "kept.db"]


def test_no_file_is_overwritten(path: Path) -> None:
    to = path.with_name("kept.db")
    to.write_text("mine")
    with pytest.raises(BackupError, match="exists already"):
        back_up(path, to)
    assert to.read_text() == "mine"


def test_not_even_one_that_came_while_the_backup_was_made(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    to = path.with_name("kept.db")
    monkeypatch.setattr(backup, "sync", lambda _: to.write_text("mine"))
    with pytest.raises(BackupError, match="File exists"):
        back_up(path, to)
    assert to.read_text() == "mine"


def test_a_stick_without_hard_links_takes_one_too(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    to = path.with_name("kept.db")
    back_up(path, to)
    assert check_backup(to).transactions == 3
    assert not list(path.parent.glob("*.part"))


@pytest.mark.parametrize("state", [State.AUTHORIZING, State.GIVEN_UP])
def test_a_payment_that_is_under_way_is_in_no_backup(
    path: Path, store: Store, state: State
) -> None:
    begun, _ = store.begin(order(), 1255, NOW)
    if state is State.GIVEN_UP:
        after, _ = begun.after(Event.GAVE_UP, NOW)
        store.record(State.AUTHORIZING, after, Event.GAVE_UP)
    to = path.with_name("kept.db")
    with pytest.raises(UnderWayError, match="try again"):
        back_up(path, to)
    assert not to.exists()


def test_one_that_began_while_the_copy_was_made_is_seen_in_the_copy(
    path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = Reader.copy

    def later(reader: Reader, to: Path) -> None:
        store.begin(order(), 1255, NOW)
        copy(reader, to)

    monkeypatch.setattr(Reader, "copy", later)
    with pytest.raises(UnderWayError):
        back_up(path, path.with_name("kept.db"))
    assert not list(path.parent.glob("kept*"))


def test_what_is_due_is_in_it_and_is_counted(path: Path, store: Store) -> None:
    begun, exchange = store.begin(order(), 1255, NOW)
    after, _ = begun.after(Event.OUTCOME_UNKNOWN, NOW)
    store.record(State.AUTHORIZING, after, Event.OUTCOME_UNKNOWN, exchange)
    contents = back_up(path, path.with_name("kept.db"))
    assert contents.unfinished == ((State.CANCEL_DUE, begun.id),)
    assert contents.ids({State.CANCEL_DUE}) == (begun.id,)


def test_a_folder_that_is_not_there_is_told(path: Path) -> None:
    with pytest.raises(BackupError, match="could not be made: No such file"):
        back_up(path, path.with_name("nowhere") / "kept.db")


def test_a_journal_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(JournalUnavailableError, match="no journal"):
        back_up(tmp_path / "journal.db", tmp_path / "kept.db")


def test_a_disk_that_fails_leaves_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(Reader, "copy", full)
    with pytest.raises(BackupError, match="disk is full"):
        back_up(path, path.with_name("kept.db"))
    assert not list(path.parent.glob("kept*"))


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        ("UPDATE transactions SET amount_minor = 1 WHERE amount_minor = 100", "has changed"),
        ("UPDATE transactions SET checksum = NULL, state = 'DECLINED'", "its last event left it"),
        ("PRAGMA foreign_keys = OFF; DELETE FROM transactions WHERE amount_minor = 100", "no tra"),
        ("UPDATE transactions SET created_at = 'soon', checksum = NULL", "damaged"),
    ],
)
def test_a_backup_that_was_changed_is_not_whole(path: Path, spoil: str, words: str) -> None:
    to = path.with_name("kept.db")
    back_up(path, to)
    raw = sqlite3.connect(to)
    raw.executescript(spoil)
    raw.close()
    with pytest.raises(BackupError, match=words):
        check_backup(to)


@pytest.mark.parametrize("content", [b"", b"not a database, but long enough to look at" * 30])
def test_another_file_is_no_backup(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "kept.db"
    file.write_bytes(content)
    with pytest.raises(BackupError, match="kept.db"):
        check_backup(file)


def test_a_half_backup_is_not_whole(path: Path) -> None:
    to = path.with_name("kept.db")
    back_up(path, to)
    os.truncate(to, to.stat().st_size // 2)
    with pytest.raises(BackupError, match="not whole|no backup"):
        check_backup(to)


def test_a_plain_copy_is_read_with_its_log(path: Path, store: Store) -> None:
    copy = path.with_name("copy.db")
    for part in ("", "-wal"):
        copy.with_name(copy.name + part).write_bytes(path.with_name(path.name + part).read_bytes())
    assert check_backup(copy).transactions == 3


def test_a_backup_of_the_first_format_is_read(tmp_path: Path) -> None:
    old = sqlite3.connect(tmp_path / "old.db", isolation_level=None)
    schema.migrate(old, up_to=1)
    old.close()
    assert check_backup(tmp_path / "old.db").identity == ""


_KILLED = """
import os, signal, sys
from pathlib import Path
from kiosk_tui.journal.maintenance.backup import back_up
left = int(sys.argv[3])
def strike(event, arguments):
    global left
    if event.split(".")[0] in ("open", "os", "sqlite3"):
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(strike)
back_up(Path(sys.argv[1]), Path(sys.argv[2]))
"""


def test_killed_anywhere_there_is_a_whole_backup_or_none(path: Path) -> None:
    kills = 0
    for at in range(1, 100):
        to = path.with_name(f"kept-{at}.db")
        done = subprocess.run([sys.executable, "-c", _KILLED, path, to, str(at)], check=False)
        if to.exists():
            assert check_backup(to).transactions == 3
        if done.returncode == 0:
            break
        assert done.returncode == -signal.SIGKILL
        kills += 1
    assert kills > 5
