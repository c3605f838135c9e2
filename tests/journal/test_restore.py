"""A backup takes the place of a lost journal; what came after it is carried over where it can be read."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.fakes import order
from support.opened import opened

from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.lifecycle import Event, State
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.journal import schema
from kiosk_tui.journal.maintenance.backup import BackupError, back_up
from kiosk_tui.journal.maintenance.new_journal import JournalWholeError, start_anew
from kiosk_tui.journal.maintenance.restore import Restored, restore
from kiosk_tui.journal.reader import Reader
from kiosk_tui.journal.store import Store

NOW = datetime(2026, 11, 23, 14, 1, 2, 345000, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
LAST_YEAR = NOW - timedelta(365)


def _entry(path: Path, *events: Event, minor: int = 1255) -> Transaction:
    store = Store(path)
    one, exchange = store.begin(replace(order(minor)), minor, NOW)
    for event in events:
        after, _ = one.after(event, NOW)
        store.record(one.state, after, event, exchange)
        one = after
    store.close()
    return one


def _states(path: Path) -> dict[str, State]:
    reader = Reader(path)
    try:
        assert reader.verify() == []
        proof = reader.prove()
        assert proof is None or proof.broken is None
        return {one.id: one.state for one in reader.transactions()}
    finally:
        reader.close()


def _usable(path: Path) -> Transaction:
    """Begin one more, as the next register does, under a clock that went back."""
    store = Store(path)
    store.check_writable(LAST_YEAR)
    begun, _ = store.begin(order(), 1255, LAST_YEAR)
    store.close()
    return begun


def _restore(path: Path, backup: Path) -> Restored:
    return restore(path, backup, "card broken, Anna", LATER)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


@pytest.fixture
def old(path: Path) -> dict[str, State]:
    """Return what the journal held when it was backed up."""
    for number in range(40):
        _entry(path, Event.APPROVED if number % 4 else Event.DECLINED, minor=100 + number)
    back_up(path, path.with_name("kept.db"))
    return _states(path)


@pytest.fixture
def backup(path: Path, old: dict[str, State]) -> Path:
    return path.with_name("kept.db")


def _damage(path: Path) -> None:
    """Make the file's header unreadable for an index, as a bad sector does: the end is readable."""
    with path.open("r+b") as file:
        file.seek(1024)
        file.write(b"\xa5" * 1024)


def test_a_fresh_machine_gets_all_of_it_and_no_id_is_used_again(
    tmp_path: Path, backup: Path, old: dict[str, State]
) -> None:
    new = tmp_path / "new" / "journal.db"
    new.parent.mkdir()
    done = _restore(new, backup)
    assert (done.carried, done.unread, done.moved, done.refused) == (0, 0, (), "")
    assert done.contents.transactions == 40
    assert _states(new) == old
    assert int(_usable(new).id) > int(f"{LATER:%Y%m%d%H%M%S}000")  # whatever came after the backup


def test_nothing_is_written_where_the_backup_lies(path: Path, backup: Path, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    kept = backup.rename(stick / "kept.db")
    before = (kept.read_bytes(), stick.stat().st_mtime_ns)
    path.write_bytes(b"noise" * 1000)
    _restore(path, kept)
    assert list(stick.iterdir()) == [kept]
    assert (kept.read_bytes(), stick.stat().st_mtime_ns) == before


def test_a_journal_that_is_gone_is_put_back_and_its_ids_go_on(
    path: Path, backup: Path, old: dict[str, State]
) -> None:
    for _ in range(2):
        last = _entry(path, Event.APPROVED)
    path.unlink()
    done = _restore(path, backup)
    assert "gone or empty" in done.refused
    assert _states(path) == old
    assert int(_usable(path).id) > int(last.id)


def test_what_can_still_be_read_of_a_damaged_journal_is_carried_over(
    path: Path, backup: Path, old: dict[str, State]
) -> None:
    newer = [
        _entry(path, Event.APPROVED),
        _entry(path, Event.OUTCOME_UNKNOWN),
        _entry(path, Event.OUTCOME_UNKNOWN, Event.CANCEL_REFUSED),
    ]
    content = path.read_bytes()
    # the page that begins the list of unfinished ones: nothing is lost that has a row of its own
    raw = sqlite3.connect(path)
    (root,) = raw.execute(
        "SELECT rootpage FROM sqlite_master WHERE name = 'transactions_to_do'"
    ).fetchone()
    raw.close()
    at, size = (root - 1) * schema.PAGE_SIZE, schema.PAGE_SIZE
    path.write_bytes(content[:at] + bytes(size) + content[at + size :])
    done = _restore(path, backup)
    assert "damaged" in done.refused
    assert (done.carried, done.unread) == (3, 0)
    assert _states(path) == old | {one.id: one.state for one in newer}
    assert done.contents.unfinished == (
        (State.CANCEL_DUE, newer[1].id),
        (State.NEEDS_STAFF, newer[2].id),
    )
    (moved, *_) = done.moved
    assert moved.read_bytes() == path.with_name(moved.name).read_bytes()
    assert moved.stat().st_size == len(content)


def test_what_went_on_after_the_backup_is_taken_in_its_newer_state(path: Path) -> None:
    one = _entry(path, Event.APPROVED)
    lost = _entry(path, Event.OUTCOME_UNKNOWN)
    backup = path.with_name("kept.db")
    back_up(path, backup)
    store = Store(path)
    after, _ = one.after(Event.CANCEL_REQUESTED, NOW)
    store.record(State.APPROVED, after, Event.CANCEL_REQUESTED)
    store.close()
    raw = sqlite3.connect(path)
    raw.execute("UPDATE transactions SET checksum = 1 WHERE id = ?", (lost.id,))
    raw.commit()
    raw.close()
    done = _restore(path, backup)
    assert (done.carried, done.unread) == (1, 0)
    assert _states(path) == {one.id: State.VOID_DUE, lost.id: State.CANCEL_DUE}


@pytest.mark.parametrize(
    "spoil",
    [
        "UPDATE transactions SET checksum = 1 WHERE id = {id}",
        "UPDATE transactions SET checksum = NULL, state = 'DECLINED' WHERE id = {id}",
        "UPDATE transactions SET checksum = NULL, state = 'HAPPY' WHERE id = {id}",
        "DROP TRIGGER events_are_kept; DELETE FROM events WHERE transaction_id = {id}",
        "DROP TRIGGER events_stay; UPDATE events SET number = number + 5 WHERE transaction_id = {id}",
        "DROP TABLE exchanges",
    ],
)
def test_a_story_that_is_not_whole_is_counted_and_not_carried(
    path: Path, backup: Path, old: dict[str, State], spoil: str
) -> None:
    lost = _entry(path, Event.OUTCOME_UNKNOWN)
    other = _entry(path, Event.OUTCOME_UNKNOWN)
    raw = sqlite3.connect(path, isolation_level=None)
    raw.executescript("PRAGMA foreign_keys = OFF;" + spoil.format(id=lost.id))
    # whatever else is wrong, this is why it is refused
    raw.execute("UPDATE transactions SET checksum = 1 WHERE id = ?", (other.id,))
    raw.close()
    done = _restore(path, backup)
    assert (done.carried, done.unread) == (0, 2)
    assert _states(path) == old


def test_a_file_that_is_no_database_any_more_is_moved_aside(
    path: Path, backup: Path, old: dict[str, State]
) -> None:
    path.write_bytes(b"noise" * 1000)
    done = _restore(path, backup)
    assert (done.carried, done.unread) == (0, 0)
    assert _states(path) == old
    assert done.moved[0].read_bytes() == b"noise" * 1000


def test_a_journal_that_was_started_anew_meanwhile_is_carried_over(
    path: Path, backup: Path, old: dict[str, State]
) -> None:
    path.write_bytes(b"noise" * 1000)
    start_anew(path, "Anna", NOW)
    since = _entry(path, Event.APPROVED)
    done = _restore(path, backup)
    assert (done.carried, done.unread, done.refused) == (1, 0, "")
    assert _states(path) == old | {since.id: State.APPROVED}
    assert int(_usable(path).id) > int(since.id)


def test_an_older_copy_that_was_put_in_its_place_is_replaced(
    path: Path, backup: Path, old: dict[str, State]
) -> None:
    copy = path.read_bytes()
    newer = _entry(path, Event.APPROVED)
    later = path.with_name("later.db")
    back_up(path, later)
    path.write_bytes(copy)
    path.with_name("journal.db.mark").unlink()  # nobody noticed
    assert _restore(path, later).carried == 0
    assert _states(path) == old | {newer.id: State.APPROVED}


def test_a_whole_journal_that_came_as_far_is_left_alone(path: Path, backup: Path) -> None:
    _entry(path, Event.APPROVED)
    before = path.read_bytes()
    with pytest.raises(JournalWholeError, match="nothing to restore"):
        _restore(path, backup)
    assert path.read_bytes() == before


@pytest.mark.parametrize("events", [(), (Event.OUTCOME_UNKNOWN,)], ids=["under way", "due"])
def test_what_is_not_finished_is_finished_first(
    path: Path, backup: Path, events: tuple[Event, ...]
) -> None:
    path.write_bytes(b"noise" * 1000)
    start_anew(path, "Anna", NOW)
    one = _entry(path, *events)
    with pytest.raises(JournalUnavailableError, match=f"{one.id}.*recover"):
        _restore(path, backup)


def test_a_backup_that_is_not_whole_is_refused_and_nothing_is_moved(
    path: Path, backup: Path
) -> None:
    os.truncate(backup, 4096)
    path.write_bytes(b"noise" * 1000)
    names = set(path.parent.iterdir())
    with pytest.raises(BackupError):
        _restore(path, backup)
    assert set(path.parent.iterdir()) == names


def test_a_plain_copy_that_holds_a_payment_under_way_says_so(path: Path, tmp_path: Path) -> None:
    running = _entry(path)
    done = restore(tmp_path / "new.db", path, "Anna", LATER)
    assert done.under_way == (running.id,)
    store = Store(tmp_path / "new.db")
    assert [one.id for one in store.in_states([State.AUTHORIZING])] == [running.id]
    store.close()


def test_a_disk_that_refuses_is_told_and_the_old_journal_stays(
    path: Path, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.write_bytes(b"noise" * 1000)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Reader, "copy", full)
    with pytest.raises(JournalUnavailableError, match="No space left.*Call this again"):
        _restore(path, backup)
    assert path.read_bytes() == b"noise" * 1000


_KILLED = """
import os, signal, sys
from datetime import datetime, UTC
from pathlib import Path
from kiosk_tui.journal.maintenance.restore import restore
left = int(sys.argv[3])
def strike(event, arguments):
    global left
    if event.split(".")[0] in ("open", "os", "sqlite3"):
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(strike)
restore(Path(sys.argv[1]), Path(sys.argv[2]), "Anna", datetime(2026, 11, 23, 15, tzinfo=UTC))
"""


def test_killed_anywhere_nothing_is_lost_and_calling_again_finishes_it(
    path: Path, backup: Path, old: dict[str, State], tmp_path: Path
) -> None:
    newer = _entry(path, Event.OUTCOME_UNKNOWN)
    raw = sqlite3.connect(path)
    raw.execute("PRAGMA writable_schema = ON")
    raw.execute("DELETE FROM sqlite_master WHERE name = 'transactions_to_do'")
    raw.commit()
    raw.close()
    whole = old | {newer.id: State.CANCEL_DUE}
    went_on = kills = 0
    for at in itertools.count(1):
        folder = tmp_path / f"try-{at}"
        folder.mkdir()
        copy = folder / "journal.db"
        for part in ("", ".mark"):
            shutil.copy(path.with_name(path.name + part), copy.with_name(copy.name + part))
        done = subprocess.run([sys.executable, "-c", _KILLED, copy, backup, str(at)], check=False)
        if done.returncode == 0:
            break
        assert done.returncode == -signal.SIGKILL
        kills += 1
        # a register that starts now writes into the old one, into the restored one, or not at all
        try:
            opened(Store(copy)).check_writable(NOW)
        except JournalUnavailableError:
            again = _restore(copy, backup)
            went_on += again.went_on
        assert _states(copy) == whole
        assert int(_usable(copy).id) > int(newer.id)
    assert _states(copy) == whole
    assert kills > 20
    assert went_on
