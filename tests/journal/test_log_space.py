"""Space for SQLite's log: written by a register that stays, and never over what is there."""

from __future__ import annotations

import errno
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.fakes import order
from support.opened import opened

from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.lifecycle import Event, State
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.journal import database, log_space, schema
from kiosk_tui.journal.maintenance.backup import back_up
from kiosk_tui.journal.maintenance.new_journal import JournalWholeError, start_anew
from kiosk_tui.journal.reader import Reader
from kiosk_tui.journal.store import Store

NOW = datetime(2026, 11, 23, 14, 1, 2, 345000, tzinfo=UTC)
ZEROS = bytes(4096)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


@pytest.fixture
def crashed(tmp_path: Path) -> Path:
    """Return what a killed register left: a payment under way, and a cancellation due, in the log only."""
    whole = tmp_path / "before" / "journal.db"
    earlier = Store(whole)
    _pay(earlier)
    earlier.close()
    store = opened(Store(whole))
    store.begin(order(100), 100, NOW)
    begun, exchange = store.begin(order(200), 200, NOW)
    after, _ = begun.after(Event.OUTCOME_UNKNOWN, NOW)
    store.record(State.AUTHORIZING, after, Event.OUTCOME_UNKNOWN, exchange)
    return _copied(whole, tmp_path / "crashed")


def _pay(store: Store) -> Transaction:
    begun, exchange = store.begin(order(300), 300, NOW)
    after, _ = begun.after(Event.APPROVED, NOW)
    store.record(State.AUTHORIZING, after, Event.APPROVED, replace(exchange, answered_at=NOW))
    return after


def _copied(path: Path, folder: Path) -> Path:
    """Copy the files as they are now, as a machine finds them that was cut off at this moment."""
    folder.mkdir()
    for end in ("", "-wal", ".mark"):
        shutil.copyfile(path.with_name(path.name + end), folder / f"journal.db{end}")
    return folder / "journal.db"


def _log(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")


def _lasting(path: Path) -> Store:
    return opened(Store(path, connect=log_space.connect))


def _read(path: Path) -> Reader:
    return opened(Reader(path))


def _due(path: Path) -> list[State]:
    store = opened(Store(path))
    found = [one.state for one in store.in_states([State.AUTHORIZING, State.CANCEL_DUE])]
    store.close()
    return found


def test_payments_do_not_let_the_log_grow_before_it_is_begun_anew(path: Path) -> None:
    store = _lasting(path)
    store.check_writable(NOW)
    size = _log(path).stat().st_size
    assert size >= 1000 * (24 + schema.PAGE_SIZE)
    assert _log(path).stat().st_blocks * 512 >= size, "zeros are written, not left out"
    for _ in range(80):
        _pay(store)
    assert _log(path).stat().st_size == size
    assert path.stat().st_size > 0, "the log was written back"


def test_a_log_gets_its_zeros_once(path: Path) -> None:
    store = _lasting(path)
    store.check_writable(NOW)
    size = _log(path).stat().st_size
    second = log_space.connect(path)
    assert _log(path).stat().st_size == size
    second.close()
    store.close()
    assert not _log(path).exists(), "whoever copies the file of a closed journal has all of it"
    assert _read(path).verify() == []


def test_zeros_come_behind_the_last_byte_and_no_byte_before_them_changes(crashed: Path) -> None:
    before = _log(crashed).read_bytes()
    found = log_space.connect(crashed)
    after = _log(crashed).read_bytes()
    assert after[: len(before)] == before
    assert after[len(before) :] == bytes(len(after) - len(before))
    assert len(after) > len(before) > 0
    found.close()
    assert _due(crashed) == [State.AUTHORIZING, State.CANCEL_DUE]


@pytest.mark.parametrize("after", range(5))
def test_killed_between_the_zeros_everything_that_was_due_is_due(
    crashed: Path, tmp_path: Path, after: int
) -> None:
    connection = sqlite3.connect(crashed)
    connection.execute("SELECT count(*) FROM transactions").fetchone()
    with log_space._opened(_log(crashed)) as log, pytest.raises(KeyboardInterrupt):
        log_space.fill(connection, _Killed(log, after), 64 * 1024)
    left = _copied(crashed, tmp_path / "left")
    connection.close()
    assert _due(left) == [State.AUTHORIZING, State.CANCEL_DUE]
    assert _read(left).verify() == []


class _Killed:
    """A log whose process ends when it has been written to so often."""

    def __init__(self, log: log_space.Log, after: int) -> None:
        self._left = after
        self.size, self.sync = log.size, log.sync
        self._append = log.append

    def append(self, data: bytes) -> int:
        if not self._left:
            raise KeyboardInterrupt
        self._left -= 1
        return self._append(data)


def _nothing_more(log: bytearray, size: int, _: random.Random) -> None:
    del log[size:]


def _a_piece_of_a_sector(log: bytearray, size: int, chance: random.Random) -> None:
    del log[size + chance.randrange(4096) :]


def _never_written(log: bytearray, size: int, chance: random.Random) -> None:
    for at in range(-(-size // 512) * 512, len(log), 512):
        if chance.random() < 0.5:
            log[at : at + 512] = chance.randbytes(512)


def _an_old_log(log: bytearray, size: int, _: random.Random) -> None:
    """Fill what was not written with what lay on these blocks before: an older log of this journal."""
    log[size:] = (bytes(log[:size]) * (len(log) // size + 1))[: len(log) - size]


@pytest.mark.parametrize("lost", [_nothing_more, _a_piece_of_a_sector, _never_written, _an_old_log])
@pytest.mark.parametrize("payments", [0, 1])
def test_after_a_power_cut_it_does_not_matter_what_became_of_the_zeros(
    crashed: Path,
    tmp_path: Path,
    lost: Callable[[bytearray, int, random.Random], None],
    payments: int,
) -> None:
    store = opened(Store(crashed))
    for _ in range(payments):
        _pay(store)
    log = bytearray(_log(crashed).read_bytes())
    size = len(log)
    for seed in range(20):
        grown = log + bytes(64 * 1024)
        lost(grown, size, random.Random(seed))
        left = _copied(crashed, tmp_path / f"left-{seed}")
        _log(left).write_bytes(grown)
        again = _lasting(left)
        states = [one.state for one in again.in_states([State.AUTHORIZING, State.CANCEL_DUE])]
        assert states == [State.AUTHORIZING, State.CANCEL_DUE], seed
        _pay(again)
        again.close()
        assert _read(left).verify() == []


def test_zeros_over_a_log_would_be_a_loss(crashed: Path) -> None:
    """Prove that the tests above can fail."""
    with _log(crashed).open("r+b") as log:
        log.write(ZEROS)
    with pytest.raises(JournalUnavailableError, match="had come to"):
        _due(crashed)


@pytest.mark.parametrize("lacks", ["room", "write", "fsync", "open"])
def test_without_zeros_a_journal_works_as_it_always_did(
    crashed: Path, monkeypatch: pytest.MonkeyPatch, lacks: str
) -> None:
    real = {"write": os.write, "fsync": os.fsync, "open": os.open}

    def refused(*words: object) -> int:
        log = lacks != "open" or str(words[0]).endswith("-wal")
        if log:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return int(real[lacks](*words))  # type: ignore[operator]

    if lacks == "room":
        monkeypatch.setattr(log_space, "free_bytes", lambda _: log_space.LEFT_FREE)
    else:
        monkeypatch.setattr(os, lacks, refused)
    connection = log_space.connect(crashed)
    monkeypatch.undo()
    assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    connection.close()
    assert _due(crashed) == [State.AUTHORIZING, State.CANCEL_DUE]


def test_sqlites_locks_are_not_on_the_log_and_outlive_its_closing(path: Path) -> None:
    other = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], timeout=0);"
        " c.execute('BEGIN IMMEDIATE'); c.execute('UPDATE register SET checked_at = 1')"
    )
    first = _lasting(path)
    first.check_writable(NOW)
    store = database.connect(path)
    store.execute("BEGIN IMMEDIATE")
    store.execute("UPDATE register SET checked_at = 'x'")
    with log_space._opened(_log(path)) as log:
        log.append(ZEROS)
        log.sync()
    inodes = {line.split()[5].rsplit(":", 1)[1] for line in _locks() if "POSIX" in line}
    ends = {end: str(path.with_name(path.name + end).stat().st_ino) for end in ("-shm", "-wal")}
    assert ends["-shm"] in inodes
    assert ends["-wal"] not in inodes
    done = subprocess.run(
        [sys.executable, "-c", other, path], capture_output=True, text=True, check=False
    )
    assert "database is locked" in done.stderr
    store.execute("ROLLBACK")
    store.close()


def _locks() -> list[str]:
    return Path("/proc/locks").read_text("ascii").splitlines()


def test_whoever_reads_reads_on(path: Path, tmp_path: Path) -> None:
    store = opened(Store(path))
    _pay(store)
    reader = Reader(path)
    before = reader.transactions()
    log_space.connect(path).close()
    assert reader.transactions() == before == _read(path).transactions()
    paid = _pay(store)
    assert reader.transactions()[0].id == paid.id
    assert back_up(path, tmp_path / "kept.db").transactions == len(before) + 1
    with pytest.raises(JournalWholeError):
        start_anew(path, "nothing is wrong", NOW)
    reader.close()


def test_a_log_of_nothing_but_zeros_is_read_where_nothing_can_be_written(path: Path) -> None:
    """A register was killed before its first payment; head office's reader may not write there."""
    store = _lasting(path)
    paid = _pay(store)
    store.close()
    _log(path).write_bytes(bytes(64 * 1024))
    path.with_name("journal.db-shm").write_bytes(b"")
    found = sqlite3.connect(f"file:{path}?mode=ro&readonly_shm=1", uri=True)
    assert found.execute("SELECT id FROM transactions").fetchall() == [(int(paid.id),)]
    found.close()


def test_a_link_to_a_journal_leads_to_its_log(path: Path, tmp_path: Path) -> None:
    Store(path).close()
    opened(Store(path)).check_writable(NOW)
    link = tmp_path / "link.db"
    link.symlink_to(path)
    connection = log_space.connect(link)
    assert _log(path).stat().st_size > 1000 * schema.PAGE_SIZE
    connection.close()


def test_an_older_journal_keeps_its_pages_and_gets_as_much_log_as_they_take(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "PAGE_SIZE", 1024)
    opened(Store(path)).check_writable(NOW)
    monkeypatch.undo()
    store = _lasting(path)
    _pay(store)
    assert _log(path).stat().st_size >= 1000 * (24 + 1024)
    seen: list[str] = []
    for limit in (path.stat().st_size, path.stat().st_size - 1):
        monkeypatch.setattr(database, "CHECKED_WHOLE_BYTES", limit)
        connection = sqlite3.connect(path)
        connection.row_factory = sqlite3.Row
        connection.set_trace_callback(seen.append)
        database.check_health(connection, path)
        assert connection.execute("PRAGMA page_size").fetchone()[0] == 1024
        connection.close()
    checks = [one for one in seen if "integrity_check" in one]
    assert checks == ["PRAGMA integrity_check(1)", "PRAGMA integrity_check('transactions')"]
