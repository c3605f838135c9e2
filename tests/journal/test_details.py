"""The journal's small print: other time zones, limits, what a sentence names, what a mode lets see."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import sqlite3
import stat
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from support.fakes import order
from support.opened import opened
from support.virtual import Inline, run

from kiosk_tui.domain.identity import TransactionId
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.lifecycle import Event, State
from kiosk_tui.domain.outcome import Answer
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.journal import database, schema
from kiosk_tui.journal.lock import HiddenHolderError, JournalBusyError, WriterLock, held_by
from kiosk_tui.journal.maintenance.new_journal import start_anew
from kiosk_tui.journal.reader import Reader
from kiosk_tui.journal.store import LEAST_FREE_BYTES, Store
from kiosk_tui.journal.watermark import Known, Watermark
from kiosk_tui.journal.writer import JournalWriter

NOW = datetime(2026, 11, 23, 14, 1, 2, 345000, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


@pytest.fixture
def far_east(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Put the machine at UTC+10, as one in Sydney is."""
    with monkeypatch.context() as zone:
        zone.setenv("TZ", "AEST-10")
        time.tzset()
        yield
    time.tzset()


def _raw(path: Path, *statements: str) -> None:
    raw = sqlite3.connect(path)
    for one in statements:
        raw.execute(one)
    raw.commit()
    raw.close()


def _three(path: Path) -> list[Transaction]:
    """Return three payments, oldest first: due, approved, due."""
    store = Store(path)
    begun = []
    for minor in (100, 200, 300):
        one, exchange = store.begin(order(minor), minor, NOW)
        if minor == 200:
            one, _ = one.after(Event.APPROVED, NOW)
            store.record(State.AUTHORIZING, one, Event.APPROVED, exchange)
        begun.append(one)
    store.close()
    return begun


# -- time --------------------------------------------------------------------------------------


@pytest.mark.usefixtures("far_east")
def test_times_and_ids_are_utc_wherever_the_machine_stands(path: Path) -> None:
    begun, _ = opened(Store(path)).begin(order(), 1, NOW)
    assert begun.id == "20261123140102345"
    raw = sqlite3.connect(path)
    stored = raw.execute("SELECT created_at FROM transactions").fetchone()
    raw.close()
    assert stored == ("2026-11-23T14:01:02.345Z",)


@pytest.mark.usefixtures("far_east")
def test_what_is_moved_aside_bears_a_utc_time(path: Path) -> None:
    _three(path)
    path.write_bytes(b"")
    moved = start_anew(path, "Anna", NOW)
    assert moved[0].name.startswith("journal.db.aside-20261123T140102Z")
    raw = sqlite3.connect(path)
    (origin,) = raw.execute("SELECT origin FROM register").fetchone()
    raw.close()
    assert origin.startswith("2026-11-23T14:01:02Z Anna (")
    assert str(path) in origin  # the reason why the old one was refused


# -- reading -----------------------------------------------------------------------------------


def test_a_reader_is_given_as_many_as_it_asked_for_newest_first(path: Path) -> None:
    first, second, third = _three(path)
    reader = Reader(path)
    assert [one.id for one in reader.transactions()] == [third.id, second.id, first.id]
    assert [one.id for one in reader.transactions(limit=2)] == [third.id, second.id]
    assert [one.id for one in reader.transactions(states=[State.AUTHORIZING], limit=1)] == [
        third.id
    ]
    assert reader.transactions(limit=0) == ()
    assert reader.transaction(TransactionId("5")) is None
    assert [one.transaction_id for one in reader.events(second.id)] == [second.id] * 2
    assert len(list(reader.events())) == 4
    reader.close()


def test_a_reader_counts_what_there_is(path: Path) -> None:
    store = Store(path)
    for _ in range(3):
        store.begin(order(), 1255, NOW)
    store.close()
    reader = Reader(path)
    assert reader.count() == 3
    reader.close()


def test_an_event_without_a_request_names_none(path: Path) -> None:
    store = opened(Store(path))
    begun, exchange = store.begin(order(), 1, NOW)
    after, _ = begun.after(Event.RESTARTED, NOW)
    store.record(State.AUTHORIZING, after, Event.RESTARTED)
    reader = Reader(path)
    assert [one.exchange_id for one in reader.events(begun.id)] == [exchange.id, None]
    reader.close()


def test_an_answers_words_are_kept_in_any_alphabet_and_in_little_room(path: Path) -> None:
    store = opened(Store(path))
    begun, exchange = store.begin(order(), 1, NOW)
    after, _ = begun.after(Event.DECLINED, NOW)
    after = replace(after, answer=Answer("51", "Kaart geweigerd ✗ 拒否"))
    store.record(State.AUTHORIZING, after, Event.DECLINED, exchange)
    raw = sqlite3.connect(path)
    (text,) = raw.execute("SELECT answer FROM transactions").fetchone()
    raw.close()
    assert text.startswith('{"response_code":"51","response_text":"Kaart geweigerd ✗ 拒否",')


def test_verify_tells_each_trouble_with_its_numbers(path: Path) -> None:
    first, _, third = _three(path)
    _raw(path, "UPDATE transactions SET state = 'DECLINED' WHERE amount_minor = 100")
    last = int(third.id)
    _raw(path, f"UPDATE register SET last_id = {last - 1}")
    Watermark(path).path.unlink()
    reader = Reader(path)
    changed, state, ids = reader.verify()
    assert str(path) in changed
    assert f"transaction {first.id} has changed" in changed
    assert state == f"Transaction {first.id} is DECLINED, but its last event left it AUTHORIZING."
    assert ids == f"Id {last} was used, but the register counts only up to {last - 1}."
    reader.close()


def test_verify_names_the_event_that_does_not_follow(path: Path) -> None:
    first, *_ = _three(path)
    _raw(
        path,
        "INSERT INTO events (transaction_id, number, at, event, state_before, state_after, why)"
        " SELECT id, 2, created_at, 'APPROVED', 'DECLINED', state, '' FROM transactions"
        " WHERE amount_minor = 100",
    )
    reader = Reader(path)
    assert reader.verify() == [
        f"Event 2 of transaction {first.id} starts from DECLINED,"
        " but the one before ended in AUTHORIZING."
    ]
    reader.close()


def test_verify_sees_a_page_that_is_damaged_and_says_it_is_the_file(path: Path) -> None:
    _three(path)
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("PRAGMA writable_schema = ON")
        raw.execute("DELETE FROM sqlite_master WHERE name = 'transactions_to_do'")
    raw.close()
    reader = Reader(path)
    troubles = reader.verify()
    assert troubles
    assert all(one.startswith("The file is damaged: ") for one in troubles)
    reader.close()


def test_verify_says_how_far_a_journal_had_come_that_lost_its_end(path: Path) -> None:
    *_, third = _three(path)
    known = Watermark(path).read()
    assert known is not None
    Watermark(path).make(Known(known.identity, known.last_id + 7))
    reader = Reader(path)
    (trouble,) = reader.verify()
    assert str(path) in trouble
    assert str(known.last_id) in trouble
    assert str(known.last_id + 7) in trouble
    assert int(third.id) <= known.last_id
    reader.close()
    with pytest.raises(JournalUnavailableError) as caught:
        Store(path).check_writable(NOW)
    assert str(caught.value) == trouble


# -- sentences ---------------------------------------------------------------------------------


def _newer(path: Path) -> None:
    _raw(path, f"PRAGMA user_version = {schema.VERSION + 1}")


def _foreign(path: Path) -> None:
    _raw(path, "PRAGMA application_id = 7")


def _changed(path: Path) -> None:
    _raw(path, "UPDATE transactions SET note = 'x' WHERE amount_minor = 300")


def _gone(path: Path) -> None:
    path.write_bytes(b"")


def _another(path: Path) -> None:
    Watermark(path).make(Known("0123456789abcdef", 1))


def _folder(path: Path) -> None:
    path.unlink()
    Watermark(path).path.unlink()
    path.mkdir()


def _told_to_a_reader(path: Path) -> str:
    try:
        return " ".join(opened(Reader(path)).verify())
    except JournalUnavailableError as error:
        return str(error)


@pytest.mark.parametrize("what", [_newer, _foreign, _changed, _gone, _another, _folder])
def test_every_refusal_names_the_file(path: Path, what: Callable[[Path], None]) -> None:
    _three(path)
    what(path)
    with pytest.raises(JournalUnavailableError) as caught:
        Store(path).in_states([State.AUTHORIZING])
    assert str(path) in str(caught.value)
    assert "None" not in str(caught.value)
    assert "XX" not in str(caught.value)
    if what in {_folder, _changed}:
        return
    assert str(path) in _told_to_a_reader(path)


def test_a_newer_format_is_refused_with_both_numbers(path: Path) -> None:
    _three(path)
    _newer(path)
    with pytest.raises(JournalUnavailableError) as caught:
        Store(path).check_writable(NOW)
    assert str(schema.VERSION) in str(caught.value)
    assert str(schema.VERSION + 1) in str(caught.value)


@pytest.mark.parametrize(
    ("code", "damage"),
    [
        (sqlite3.SQLITE_FULL, False),
        (sqlite3.SQLITE_IOERR_READ, False),  # an extended code of IOERR
        (sqlite3.SQLITE_BUSY_SNAPSHOT, False),
        (sqlite3.SQLITE_CORRUPT, True),
        (sqlite3.SQLITE_MISMATCH, True),
        (None, True),  # what Python's module itself raises
    ],
)
def test_a_disk_in_trouble_is_not_called_damage(
    path: Path, monkeypatch: pytest.MonkeyPatch, code: int | None, damage: bool
) -> None:
    error = sqlite3.DatabaseError("the words of SQLite")
    if code is not None:
        error.sqlite_errorcode = code

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(database, "check_health", fail)
    with pytest.raises((JournalUnavailableError, sqlite3.Error)) as caught:
        database.connect(path)
    assert isinstance(caught.value, JournalUnavailableError) is damage
    assert "the words of SQLite" in str(caught.value)
    assert not damage or "damaged" in str(caught.value)


def test_of_a_large_journal_only_the_transactions_and_their_indexes_are_read_whole(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _three(path)
    seen: list[str] = []
    pages = path.stat().st_size // schema.PAGE_SIZE
    for limit in (pages * schema.PAGE_SIZE, pages * schema.PAGE_SIZE - 1):
        monkeypatch.setattr(database, "CHECKED_WHOLE_BYTES", limit)
        connection = sqlite3.connect(path)
        connection.row_factory = sqlite3.Row
        connection.set_trace_callback(seen.append)
        database.check_health(connection, path)
        connection.close()
    checks = [one for one in seen if "integrity_check" in one]
    assert checks == ["PRAGMA integrity_check(1)", "PRAGMA integrity_check('transactions')"]


def test_a_disk_error_without_words_is_told_all_the_same(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = opened(Store(path))

    def broken(_: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "statvfs", broken)
    with pytest.raises(JournalUnavailableError, match=r"cannot be used: Input/output error\.$"):
        store.check_writable(NOW)
    monkeypatch.setattr(os, "statvfs", lambda _: (_ for _ in ()).throw(OSError("just words")))
    with pytest.raises(JournalUnavailableError, match=r"cannot be used: just words\.$"):
        store.check_writable(NOW)


@pytest.mark.parametrize("spare", [0, -1])
def test_the_room_that_is_left_is_told_in_kilobytes(
    path: Path, monkeypatch: pytest.MonkeyPatch, spare: int
) -> None:
    blocks = LEAST_FREE_BYTES // 1024 + spare
    disk = SimpleNamespace(f_bsize=4096, f_bavail=blocks, f_frsize=1024)
    monkeypatch.setattr(os, "statvfs", lambda _: disk)
    store = opened(Store(path))
    if spare == 0:
        store.check_writable(NOW)
    else:
        with pytest.raises(JournalUnavailableError, match=rf"\({blocks} kB left\)"):
            store.check_writable(NOW)


def test_a_fault_of_the_journal_is_in_the_log_with_where_it_was(
    path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    store = opened(Store(path))
    writer = JournalWriter(store, Inline())

    def fault(*_: object) -> None:
        raise LookupError("no such thing")

    monkeypatch.setattr(store, "newest", fault)

    async def case() -> None:
        with pytest.raises(JournalUnavailableError):
            await writer.newest(1)

    with caplog.at_level(logging.ERROR):
        run(case())
    (record,) = caplog.records
    assert record.getMessage() == "the journal failed"
    assert record.exc_info is not None
    assert record.exc_info[0] is LookupError


# -- files -------------------------------------------------------------------------------------


def test_lock_and_mark_are_nobody_elses_business(path: Path) -> None:
    old = os.umask(0)
    try:
        lock = WriterLock(path, "me")
        opened(Store(path)).check_writable(NOW)
    finally:
        os.umask(old)
    for one in (path, Watermark(path).path, path.with_name("journal.db.lock")):
        assert stat.S_IMODE(one.stat().st_mode) == 0o600
    lock.release()


def test_folders_above_the_journals_are_made_as_any_other(tmp_path: Path) -> None:
    old = os.umask(0o022)
    try:
        opened(Store(tmp_path / "var" / "kiosk" / "journal.db"))
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "var").stat().st_mode) == 0o755
    assert stat.S_IMODE((tmp_path / "var" / "kiosk").stat().st_mode) == 0o700


def test_a_folder_that_another_process_makes_at_the_same_time_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.mkdir

    def twice(folder: Path, mode: int = 0o777, **options: bool) -> None:
        real(folder, mode)
        real(folder, mode, **options)

    monkeypatch.setattr(Path, "mkdir", twice)
    opened(Store(tmp_path / "var" / "journal.db")).check_writable(NOW)


def test_a_lock_says_who_holds_it_now_not_who_held_it_before(path: Path) -> None:
    WriterLock(path, "a command with a much longer name than the next one has").release()
    lock = WriterLock(path, "Kürzer")
    with pytest.raises(JournalBusyError) as caught:
        WriterLock(path, "second")
    assert f"in use by Kürzer (process {os.getpid()}): end" in str(caught.value)
    lock.release()


def test_who_holds_a_journal_is_told_without_touching_the_lock(path: Path) -> None:
    assert held_by(path) == ""
    lock = WriterLock(path, "kiosk-tui sale as user 7")
    assert held_by(path) == f"kiosk-tui sale as user 7 (process {os.getpid()})"
    lock.release()
    assert held_by(path) == ""


def test_where_no_locks_are_seen_nobody_says_that_nothing_runs(path: Path, tmp_path: Path) -> None:
    none = tmp_path / "locks"
    none.write_text("")
    assert held_by(path, tmp_path / "no list") == ""  # there was never a lock
    lock = WriterLock(path, "kiosk-tui run")
    with pytest.raises(HiddenHolderError, match="no list cannot be read here"):
        held_by(path, tmp_path / "no list")
    # a container's list: the holder may be outside of it, and has not given the lock back
    for namespace in (tmp_path, tmp_path / "hidden too"):
        with pytest.raises(HiddenHolderError, match=r"kiosk-tui run \(process"):
            held_by(path, none, namespace)
    lock.release()
    assert held_by(path, none, tmp_path) == ""


def test_on_a_machine_that_shows_all_locks_one_that_was_killed_holds_nothing(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "locks").write_text("")
    path.with_name("journal.db.lock").write_text("kiosk-tui run (process 7)")
    monkeypatch.setattr("kiosk_tui.journal.lock._FIRST_NAMESPACE", tmp_path.stat().st_ino)
    assert held_by(path, tmp_path / "locks", tmp_path) == ""


def test_a_lock_that_may_not_be_read_hides_its_holder(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    WriterLock(path, "me").release()

    def refused(*_: object) -> int:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(os, "open", refused)
    with pytest.raises(HiddenHolderError, match="Permission denied"):
        held_by(path)


def test_one_journal_has_one_lock_whatever_links_lead_to_it(path: Path, tmp_path: Path) -> None:
    opened(Store(path)).check_writable(NOW)
    (tmp_path / "link.db").symlink_to(path)
    (tmp_path / "folder").symlink_to(path.parent)
    lock = WriterLock(path, "me")
    for other in (tmp_path / "link.db", tmp_path / "folder" / path.name):
        with pytest.raises(JournalBusyError):
            WriterLock(other, "you")
    lock.release()


def test_a_journal_with_a_second_name_is_refused(path: Path, tmp_path: Path) -> None:
    opened(Store(path)).check_writable(NOW)
    other = tmp_path / "copy.db"
    other.hardlink_to(path)
    for name in (path, other):
        with pytest.raises(JournalUnavailableError, match="second name"):
            opened(Store(name)).check_writable(NOW)
    other.unlink()
    opened(Store(path)).check_writable(NOW)


def test_a_lock_that_is_a_link_is_refused_and_its_target_stays(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "precious"
    target.write_text("precious")
    path.with_name("journal.db.lock").symlink_to(target)
    with pytest.raises(JournalUnavailableError, match="a link to elsewhere"):
        WriterLock(path, "me")
    assert target.read_text() == "precious"


def test_a_lock_whose_holder_cannot_be_read_is_in_use_all_the_same(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = WriterLock(path, "me")
    path.with_name("journal.db.lock").write_bytes(b"half a character \xc3")
    with pytest.raises(JournalBusyError, match="in use by half a character \ufffd"):
        WriterLock(path, "you")

    def broken(*_: object) -> bytes:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "pread", broken)
    with pytest.raises(JournalBusyError, match="in use by another process"):
        WriterLock(path, "you")
    lock.release()


def test_a_full_disk_keeps_neither_a_lock_from_being_held_nor_a_payment_from_its_mark(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = opened(Store(path))
    store.check_writable(NOW)

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "pwrite", full)
    lock = WriterLock(path, "me")
    with pytest.raises(JournalBusyError):
        WriterLock(path, "you")
    begun, _ = store.begin(order(), 1, NOW)
    assert store.transaction(begun.id) is not None
    lock.release()


def test_a_new_journal_counts_on_from_a_file_whose_mark_is_lost(path: Path) -> None:
    *_, third = _three(path)
    Watermark(path).path.unlink()
    _newer(path)  # refused, but its register can still be read
    start_anew(path, "moved on", datetime(2020, 1, 1, tzinfo=UTC))
    begun, _ = opened(Store(path)).begin(order(), 1, datetime(2020, 1, 1, tzinfo=UTC))
    assert int(begun.id) > int(third.id)


# -- while it is in use ------------------------------------------------------------------------


def test_a_row_that_changes_while_the_journal_is_open_is_refused_by_the_files_name(
    path: Path,
) -> None:
    first, *_ = _three(path)
    store = opened(Store(path))
    store.check_writable(NOW)
    _changed(path)
    _raw(path, "UPDATE transactions SET state = 'LOST', checksum = NULL WHERE amount_minor = 100")
    for read in (lambda: store.newest(1), lambda: store.transaction(first.id)):
        with pytest.raises(JournalUnavailableError) as caught:
            read()
        assert str(path) in str(caught.value)
        assert "None" not in str(caught.value)


def test_a_reader_names_the_file_that_it_cannot_read_any_more(path: Path) -> None:
    first, *_ = _three(path)
    reader = Reader(path)
    reader.close()
    for read in (
        reader.transactions,
        reader.verify,
        lambda: reader.transaction(first.id),
        lambda: reader.exchanges(first.id),
        lambda: list(reader.events()),
    ):
        with pytest.raises(JournalUnavailableError, match=f"The journal {path} cannot be read"):
            read()


def test_a_file_that_is_no_database_is_named_to_a_reader(path: Path) -> None:
    path.write_text("These are notes, and no journal. " * 200)
    with pytest.raises(JournalUnavailableError, match=f"The journal {path} cannot be read"):
        Reader(path)


def test_what_sqlite_finds_wrong_is_told_on_one_line(path: Path) -> None:
    _three(path)
    _raw(path, "PRAGMA writable_schema = ON", "DELETE FROM sqlite_master WHERE name LIKE '%to_do'")
    with pytest.raises(JournalUnavailableError) as caught:
        Store(path).check_writable(NOW)
    told = str(caught.value)
    assert "never used" in told
    assert "\n" not in told
    assert "None" not in told
    assert "XX" not in told


def test_an_id_is_whole_milliseconds(path: Path) -> None:
    begun, _ = opened(Store(path)).begin(order(), 1, NOW.replace(microsecond=345_999))
    assert begun.id == "20261123140102345"


def test_everything_is_written_by_one_thread_in_the_order_of_asking(path: Path) -> None:
    store = opened(Store(path))
    seen: list[tuple[str, int]] = []

    def look(count: int) -> tuple[()]:
        seen.append((threading.current_thread().name, count))
        time.sleep(0)
        return ()

    store.newest = look  # type: ignore[method-assign]
    writer = JournalWriter(store)

    async def case() -> None:
        await asyncio.gather(*(writer.newest(count) for count in range(50)))

    asyncio.run(case())
    writer.close()
    assert seen == [("journal_0", count) for count in range(50)]


def _files(path: Path) -> dict[str, tuple[bytes, int]]:
    return {
        one.name: (one.read_bytes(), one.stat().st_mtime_ns)
        for one in path.parent.iterdir()
        if not one.name.endswith("-shm")  # a reader's mark in it is memory, and never synced
    }


def test_the_disk_is_asked_without_a_byte_being_written(path: Path) -> None:
    store = opened(Store(path))
    store.begin(order(), 1, NOW)
    before = _files(path)
    store.check_disk()
    assert _files(path) == before
    assert store.begin(order(), 1, NOW)


def test_a_disk_that_says_it_is_read_only_is_refused_without_being_written(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = opened(Store(path))
    store.check_writable(NOW)
    disk = SimpleNamespace(
        f_bsize=4096, f_bavail=10**6, f_frsize=4096, f_flag=os.ST_RDONLY | os.ST_NOSUID
    )
    monkeypatch.setattr(os, "statvfs", lambda _: disk)
    with pytest.raises(JournalUnavailableError, match="cannot be used: Read-only file system"):
        store.check_disk()
    disk.f_flag = os.ST_NOSUID
    store.check_disk()
    disk.f_bavail = 1
    with pytest.raises(JournalUnavailableError, match="is full"):
        store.check_disk()


def test_a_journal_that_is_locked_or_gone_is_noticed_without_writing(path: Path) -> None:
    store = opened(Store(path))
    store.check_writable(NOW)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    store._connection.get().execute("PRAGMA busy_timeout = 1")
    with pytest.raises(JournalUnavailableError, match="locked"):
        store.check_disk()
    other.close()
    store.check_disk()
    path.rename(path.with_name("elsewhere.db"))
    with pytest.raises(JournalUnavailableError, match="removed or replaced"):
        store.check_disk()


def test_without_a_watermark_to_ask_the_journal_alone_is_asked(path: Path) -> None:
    store = opened(Store(path))
    store.check_writable(NOW)
    store._connection._watermark.close()
    store.check_disk()
