"""A journal that is gone, damaged or another one: refused, left alone, and replaced by people only."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.fakes import PLACE, order
from support.opened import opened

from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.lifecycle import Event, State
from kiosk_tui.domain.transaction import ExchangeKind, Transaction
from kiosk_tui.journal import database
from kiosk_tui.journal.maintenance.new_journal import JournalWholeError, start_anew
from kiosk_tui.journal.reader import Reader
from kiosk_tui.journal.refusals import unusable
from kiosk_tui.journal.store import Store
from kiosk_tui.journal.watermark import Watermark

NOW = datetime(2026, 11, 23, 14, 1, 2, 345000, tzinfo=UTC)
DUE = [State.AUTHORIZING, State.CANCEL_DUE]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a journal with a history: 30 that ended, and three that are due."""
    path = tmp_path / "journal.db"
    store = Store(path)
    for number in range(33):
        begun, exchange = store.begin(order(100 + number), 100, NOW)
        if number % 11:
            after, _ = begun.after(Event.APPROVED, NOW)
            store.record(State.AUTHORIZING, after, Event.APPROVED, exchange)
    store.close()
    return path


def _due(path: Path) -> tuple[Transaction, ...]:
    store = Store(path)
    try:
        return store.in_states(DUE)
    finally:
        store.close()


def _cut(path: Path, size: int) -> None:
    with path.open("r+b") as file:
        file.truncate(size)


def _overwrite(path: Path, at: int, what: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(what)


def _another(path: Path) -> None:
    path.unlink()
    elsewhere = path.with_name("elsewhere.db")
    store = Store(elsewhere)
    store.begin(order(), 1, NOW)
    store.close()
    elsewhere.rename(path)


DAMAGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "deleted": (Path.unlink, "gone or empty"),
    "emptied": (lambda path: _cut(path, 0), "gone or empty"),
    "cut in half": (lambda path: _cut(path, path.stat().st_size // 2048 * 1024), "damaged"),
    "cut in a page": (lambda path: _cut(path, path.stat().st_size - 300), "damaged"),
    "no header": (lambda path: _overwrite(path, 0, bytes(100)), "damaged"),
    "pages of zeros": (lambda path: _overwrite(path, 2048, bytes(4096)), "damaged"),
    "a page of noise": (lambda path: _overwrite(path, 3072, b"\xa5" * 1024), "damaged"),
    "another journal": (_another, "another one"),
}


@pytest.mark.parametrize(("damage", "words"), DAMAGES.values(), ids=DAMAGES)
def test_a_lost_or_damaged_journal_is_refused_in_one_sentence_and_left_alone(
    path: Path, damage: Callable[[Path], object], words: str
) -> None:
    damage(path)
    before = path.read_bytes() if path.exists() else None
    store = opened(Store(path))
    for _ in range(2):
        with pytest.raises(JournalUnavailableError, match=words) as caught:
            store.check_writable(NOW)
        sentence = str(caught.value)
        assert str(path) in sentence
        assert "journal new --note" in sentence
        assert "\n" not in sentence
    assert (path.read_bytes() if path.exists() else None) == before


def test_what_sqlite_finds_to_be_corrupt_while_it_is_used_is_damage(path: Path) -> None:
    error = sqlite3.DatabaseError("database disk image is malformed")
    assert "cannot be used" in unusable(path, error)
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    assert f"The journal {path} is damaged (database disk image is malformed)" in unusable(
        path, error
    )


@pytest.mark.parametrize("name", ["deleted", "emptied"])
def test_whoever_reads_a_lost_journal_is_told_the_same(path: Path, name: str) -> None:
    DAMAGES[name][0](path)
    with pytest.raises(JournalUnavailableError, match="gone or empty"):
        Reader(path)


def test_a_journal_that_was_never_there_is_simply_not_there_yet(tmp_path: Path) -> None:
    with pytest.raises(JournalUnavailableError, match="no journal at .* yet"):
        Reader(tmp_path / "journal.db")


def test_it_is_used_again_when_it_is_put_back(path: Path) -> None:
    due = _due(path)
    path.rename(path.with_name("kept.db"))
    store = Store(path)
    with pytest.raises(JournalUnavailableError, match="gone"):
        store.check_writable(NOW)
    path.with_name("kept.db").rename(path)
    store.check_writable(NOW)
    assert store.in_states(DUE) == due
    store.close()


def test_a_lost_write_ahead_log_is_noticed(path: Path) -> None:
    """The process is killed, and somebody tidies up: the last payments would be forgotten."""
    store = Store(path)
    store.begin(order(), 1, NOW)
    kept = path.with_name("copy.db")
    shutil.copy(path, kept)  # without the log, in which the payment is
    mark = Watermark(path).path.read_bytes()
    store.close()
    shutil.copy(kept, path)
    Watermark(path).path.write_bytes(mark)
    with pytest.raises(JournalUnavailableError, match="journal.db-wal deleted"):
        _due(path)
    assert any("had come to" in trouble for trouble in opened(Reader(path)).verify())


def test_a_mark_that_lags_behind_or_is_lost_does_no_harm(path: Path) -> None:
    """After a power cut it may be older than the journal, torn, or not there."""
    due, mark = _due(path), Watermark(path)
    for content in (mark.path.read_bytes().replace(b"2026", b"2025"), b"", b"\xff\x00 torn", None):
        if content is None:
            mark.path.unlink()
        else:
            mark.path.write_bytes(content)
        assert _due(path) == due
    assert mark.read() is not None


def test_a_power_cut_between_journal_and_mark_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    store = Store(path)
    begun, _ = store.begin(order(), 1, NOW)
    store.close()
    Watermark(path).path.unlink()
    assert [one.id for one in _due(path)] == [begun.id]


def test_the_mark_never_runs_ahead_of_the_journal(path: Path) -> None:
    store = Store(path)
    for _ in range(5):
        store.open_exchange(ExchangeKind.ABORT, PLACE, store.in_states(DUE)[0].id, NOW)
        known = Watermark(path).read()
        raw = sqlite3.connect(path)
        (last_id,) = raw.execute("SELECT last_id FROM register").fetchone()
        raw.close()
        assert known is not None
        assert known.last_id == last_id
    store.close()


def test_a_flipped_bit_never_changes_or_hides_what_is_due(path: Path) -> None:
    """Any single bit of the file: it is refused, or what is due is read exactly as it was."""
    due = _due(path)
    whole = path.read_bytes()
    seed = random.SystemRandom().randrange(10**6)
    chance = random.Random(seed)
    refused = 0
    for _ in range(250):
        bit = chance.randrange(len(whole) * 8)
        _overwrite(path, bit // 8, bytes([whole[bit // 8] ^ 1 << bit % 8]))
        try:
            assert _due(path) == due, f"bit {bit} (seed {seed})"
        except JournalUnavailableError:
            refused += 1
        path.write_bytes(whole)
    assert refused, f"seed {seed}"


def test_each_bit_of_a_due_row_counts(path: Path) -> None:
    """Where SQLite sees nothing wrong, the row's own checksum does."""
    raw = sqlite3.connect(path)
    raw.execute("UPDATE transactions SET amount_sent_minor = 9999 WHERE state = 'AUTHORIZING'")
    raw.commit()
    raw.close()
    with pytest.raises(JournalUnavailableError, match="transaction 2026.* has changed"):
        _due(path)
    assert sum("has changed" in trouble for trouble in opened(Reader(path)).verify()) == 3


def test_a_large_journal_is_checked_where_something_is_due(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "CHECKED_WHOLE_BYTES", 0)
    assert len(_due(path)) == 3
    raw = sqlite3.connect(path)
    raw.execute("UPDATE transactions SET reason = 'x' WHERE state = 'AUTHORIZING'")
    raw.commit()
    raw.close()
    with pytest.raises(JournalUnavailableError, match="has changed"):
        Store(path).check_writable(NOW)


class TestANewOne:
    @pytest.mark.parametrize("damage", [one for one, _ in DAMAGES.values()], ids=DAMAGES)
    def test_is_made_by_a_person_and_uses_no_id_again(
        self, path: Path, damage: Callable[[Path], object]
    ) -> None:
        last = max(int(one.id) for one in opened(Reader(path)).transactions())
        damage(path)
        old = path.read_bytes() if path.exists() else None
        moved = start_anew(path, "card was broken, Anna", datetime(2020, 1, 1, tzinfo=UTC))
        store = Store(path)
        begun, _ = store.begin(order(), 1, datetime(2020, 1, 1, tzinfo=UTC))
        store.close()
        assert int(begun.id) > last
        aside = [one for one in moved if one.name == "journal.db.aside-20200101T000000Z"]
        assert [one.read_bytes() for one in aside] == ([] if old is None else [old])
        raw = sqlite3.connect(path)
        (origin,) = raw.execute("SELECT origin FROM register").fetchone()
        raw.close()
        assert origin.startswith("2020-01-01T00:00:00Z card was broken, Anna (")

    def test_is_not_made_while_the_old_one_is_whole(self, path: Path) -> None:
        before = path.read_bytes()
        with pytest.raises(JournalWholeError, match="no reason"):
            start_anew(path, "for fun", NOW)
        assert path.read_bytes() == before

    def test_is_not_made_where_there_never_was_one(self, tmp_path: Path) -> None:
        with pytest.raises(JournalWholeError):
            start_anew(tmp_path / "journal.db", "for fun", NOW)
        assert list(tmp_path.iterdir()) == []

    def test_never_overwrites_what_was_moved_aside_before(self, path: Path) -> None:
        for _ in range(3):
            _cut(path, 0)
            start_anew(path, "again", NOW)
        names = sorted(one.name for one in path.parent.glob("*.aside-*") if "mark" not in one.name)
        stamp = "journal.db.aside-20261123T140102Z"
        assert names == [stamp, f"{stamp}-1", f"{stamp}-2"]

    def test_that_was_broken_off_is_still_known_to_be_gone(self, path: Path) -> None:
        _overwrite(path, 0, bytes(100))
        path.rename(path.with_name("journal.db.aside-x"))  # killed before the mark was moved
        with pytest.raises(JournalUnavailableError, match="gone"):
            Store(path).check_writable(NOW)
        start_anew(path, "second try", NOW)
        assert _due(path) == ()

    def test_a_disk_that_takes_nothing_is_told(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        _cut(path, 0)

        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(Watermark, "make", full)
        with pytest.raises(JournalUnavailableError, match="No new journal could be made"):
            start_anew(path, "full", NOW)


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo], ids=["folder", "pipe"])
def test_what_is_no_file_is_refused_without_waiting_for_it(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    path = tmp_path / "journal.db"
    make(path)
    with pytest.raises(JournalUnavailableError, match="is no file") as caught:
        Store(path).check_writable(NOW)
    assert "damaged" not in str(caught.value)
    (moved,) = start_anew(path, "who made that, Anna", NOW)
    assert not moved.is_file()
    assert _due(path) == ()


def test_a_link_to_itself_is_refused_and_moved_aside(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    path.symlink_to(path)
    with pytest.raises(JournalUnavailableError, match="Too many levels"):
        Store(path).check_writable(NOW)
    start_anew(path, "who made that, Anna", NOW)
    assert _due(path) == ()
