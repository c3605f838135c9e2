"""The journal's file: durable, versioned, one writer, many readers."""

from __future__ import annotations

import asyncio
import os
import re
import sqlite3
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.opened import opened

from kiosk_tui.domain.identity import CallerReference, CardReference, Original, Place, TransactionId
from kiosk_tui.domain.journal_errors import JournalConflictError, JournalUnavailableError
from kiosk_tui.domain.language import Language
from kiosk_tui.domain.lifecycle import OPEN, Event, State
from kiosk_tui.domain.money import Currency, Money
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.outcome import Answer
from kiosk_tui.domain.transaction import ExchangeKind, Order, Transaction
from kiosk_tui.journal import database, register_events, rows, schema
from kiosk_tui.journal.database import connect
from kiosk_tui.journal.lock import JournalBusyError, WriterLock
from kiosk_tui.journal.outbox_reader import OutboxReader
from kiosk_tui.journal.reader import Reader
from kiosk_tui.journal.register_events import RegisterEvent
from kiosk_tui.journal.store import Store
from kiosk_tui.journal.watermark import Known, Watermark
from kiosk_tui.journal.writer import JournalWriter

NOW = datetime(2026, 11, 23, 14, 1, 2, 345000, tzinfo=UTC)
CLF = Currency("CLF", 4)
PLACE = Place("88091105", "1")
ORDER = Order(
    operation=Operation.SALE_AND_TIP,
    amount=Money(12550, CLF),
    place=PLACE,
    tip=Money(100, CLF),
    original=Original(TransactionId("123"), Place("11460019", "10")),
    card_reference=CardReference("REF1234_2712_0006_411111"),
    language=Language("de"),
    reason="Parkschein ✓",
    receipt_number="R-1",
    personal_id="anna",
)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return opened(Store(tmp_path / "journal.db"))


def test_everything_about_a_transaction_is_read_back_but_the_card_reference(store: Store) -> None:
    begun, exchange = store.begin(ORDER, 12650, NOW)
    found = store.transaction(begun.id)
    assert found == begun
    assert begun.order == replace(ORDER, card_reference=None)
    assert begun.amount_sent == Money(12650, CLF)
    assert exchange.id == begun.id == "20261123140102345"


def test_an_answer_is_kept_with_the_state_it_led_to(store: Store, tmp_path: Path) -> None:
    begun, exchange = store.begin(ORDER, 12650, NOW)
    answer = Answer("0", "OK", fields={"stan": "000123"})
    after, _ = begun.after(Event.APPROVED, NOW + timedelta(seconds=9))
    after = replace(after, answer=answer, why="fine")
    store.record(begun.state, after, Event.APPROVED, replace(exchange, answer=answer, verdict="x"))
    assert store.transaction(begun.id) == after
    reader = opened(Reader(tmp_path / "journal.db"))
    assert reader.exchanges(begun.id)[0].answer == answer
    assert [event.state_after for event in reader.events(begun.id)] == ["AUTHORIZING", "APPROVED"]
    assert reader.verify() == []


def test_writing_the_same_change_twice_counts_once(store: Store, tmp_path: Path) -> None:
    begun, _ = store.begin(ORDER, 1, NOW)
    after, _ = begun.after(Event.DECLINED, NOW + timedelta(seconds=1))
    store.record(begun.state, after, Event.DECLINED)
    store.record(begun.state, after, Event.DECLINED)
    assert len(list(opened(Reader(tmp_path / "journal.db")).events())) == 2


def test_a_change_from_a_state_that_the_book_does_not_have_is_a_conflict(store: Store) -> None:
    begun, _ = store.begin(ORDER, 1, NOW)
    other, _ = replace(begun, state=State.CANCEL_DUE).after(Event.CANCEL_CONFIRMED, NOW)
    with pytest.raises(JournalConflictError):
        store.record(State.CANCEL_DUE, other, Event.CANCEL_CONFIRMED)
    assert store.transaction(begun.id) == begun


def test_the_event_log_cannot_be_changed(store: Store, tmp_path: Path) -> None:
    store.begin(ORDER, 1, NOW)
    raw = sqlite3.connect(tmp_path / "journal.db")
    for statement in ("UPDATE events SET event = 'X'", "DELETE FROM events"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            raw.execute(statement)
    raw.close()


def test_every_commit_waits_for_the_disk(tmp_path: Path) -> None:
    connection = connect(tmp_path / "journal.db")
    assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    assert connection.execute("PRAGMA synchronous").fetchone()[0] == 2  # FULL
    connection.close()


def test_the_file_is_nobody_elses_business(store: Store, tmp_path: Path) -> None:
    store.begin(ORDER, 1, NOW)
    for name in ("journal.db", "journal.db-wal"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


class TestRefusals:
    def test_a_newer_versions_journal_is_refused_and_left_alone(self, tmp_path: Path) -> None:
        path = tmp_path / "journal.db"
        connection = connect(path)
        connection.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
        connection.close()
        for use in (lambda: Store(path).check_writable(NOW), lambda: Reader(path)):
            with pytest.raises(JournalUnavailableError, match="newer kiosk-tui"):
                use()

    def test_another_programs_database_is_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "journal.db"
        raw = sqlite3.connect(path)
        raw.execute("CREATE TABLE theirs (x)")
        raw.close()
        with pytest.raises(JournalUnavailableError, match="another program"):
            Store(path).begin(ORDER, 1, NOW)

    def test_a_file_that_is_no_database_is_refused_and_left_alone(self, tmp_path: Path) -> None:
        path = tmp_path / "journal.db"
        path.write_bytes(b"not a database at all" * 100)
        with pytest.raises(JournalUnavailableError, match="damaged"):
            Store(path).begin(ORDER, 1, NOW)
        assert path.read_bytes() == b"not a database at all" * 100

    def test_a_journal_that_vanishes_under_us_is_not_replaced(self, tmp_path: Path) -> None:
        path = tmp_path / "journal.db"
        store = opened(Store(path))
        store.begin(ORDER, 1, NOW)
        path.rename(tmp_path / "elsewhere.db")
        for _ in range(2):
            with pytest.raises(JournalUnavailableError, match="removed or replaced"):
                store.begin(ORDER, 1, NOW)
        assert not path.exists()
        (tmp_path / "elsewhere.db").rename(path)
        store.begin(ORDER, 1, NOW)

    def test_a_nearly_full_disk_is_told_before_a_payment_starts(
        self, store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        real = os.statvfs(tmp_path)
        fields = list(real)
        fields[4] = 10  # f_bavail
        full = os.statvfs_result(fields)
        monkeypatch.setattr(os, "statvfs", lambda _: full)
        with pytest.raises(JournalUnavailableError, match="full"):
            store.check_writable(NOW)

    def test_a_folder_that_cannot_be_made_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("x")
        with pytest.raises(JournalUnavailableError, match="cannot be used"):
            Store(tmp_path / "file" / "journal.db")


def test_a_store_works_again_after_an_error(store: Store, tmp_path: Path) -> None:
    store.begin(ORDER, 1, NOW)
    blocker = sqlite3.connect(tmp_path / "journal.db", isolation_level=None, timeout=0)
    blocker.execute("BEGIN IMMEDIATE")
    store._connection.get().execute("PRAGMA busy_timeout = 1")
    with pytest.raises(JournalUnavailableError, match="locked"):
        store.begin(ORDER, 1, NOW)
    blocker.execute("ROLLBACK")
    blocker.close()
    assert store.begin(ORDER, 1, NOW)


def test_a_fault_of_ours_in_the_middle_of_a_write_leaves_nothing_half_done(store: Store) -> None:
    begun, exchange = store.begin(ORDER, 1, NOW)
    with pytest.raises(AttributeError):
        store.record(begun.state, replace(begun, answer=7), Event.DECLINED, exchange)  # type: ignore[arg-type]
    with pytest.raises(AttributeError):
        store.close_exchange(replace(exchange, sent_at="now"))  # type: ignore[arg-type]
    assert store.transaction(begun.id) == begun
    assert store.begin(ORDER, 1, NOW)  # at once, on the same connection


def _transactions(path: Path) -> tuple[Transaction, ...]:
    with closing(Reader(path)) as reader:
        return reader.transactions()


def test_a_reader_sees_what_is_committed_while_the_writer_writes(
    store: Store, tmp_path: Path
) -> None:
    begun = store.begin(ORDER, 1, NOW)[0]
    reader = opened(Reader(tmp_path / "journal.db"))
    with store._commit() as connection:
        connection.execute("UPDATE transactions SET note = 'x'")
        with ThreadPoolExecutor(1) as thread:
            found = thread.submit(_transactions, tmp_path / "journal.db").result()
        assert [one.note for one in found] == [""]
    assert [one.note for one in reader.transactions(states=sorted(OPEN))] == ["x"]
    assert reader.transaction(begun.id) is not None


class TestLock:
    def test_whoever_comes_second_is_told_who_holds_it(self, tmp_path: Path) -> None:
        path = tmp_path / "journal.db"
        lock = WriterLock(path, "kiosk-tui run as user 7")
        with pytest.raises(JournalBusyError, match=rf"run as user 7 \(process {os.getpid()}\)"):
            WriterLock(path, "kiosk-tui recover")
        lock.release()
        WriterLock(path, "kiosk-tui recover").release()

    def test_the_kernel_gives_it_back_when_its_holder_is_killed(self, tmp_path: Path) -> None:
        path = tmp_path / "journal.db"
        code = (
            "import sys, pathlib; from kiosk_tui.journal.lock import WriterLock\n"
            "WriterLock(pathlib.Path(sys.argv[1]), 'x'); print('held', flush=True)\n"
            "sys.stdin.read()"
        )
        with subprocess.Popen(
            [sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, stdin=subprocess.PIPE
        ) as holder:
            assert holder.stdout is not None
            assert holder.stdout.readline() == b"held\n"
            with pytest.raises(JournalBusyError):
                WriterLock(path, "me")
            holder.kill()
            holder.wait()
        WriterLock(path, "me").release()


class TestMigrations:
    @pytest.mark.parametrize("version", [1, 2, 3])
    def test_a_journal_of_an_older_format_is_brought_up_to_date_without_losing_a_row(
        self, tmp_path: Path, version: int
    ) -> None:
        path = tmp_path / "journal.db"
        raw = sqlite3.connect(path, isolation_level=None)
        schema.migrate(raw, up_to=version)
        order = replace(ORDER, card_reference=None)
        one = Transaction(
            TransactionId("20260101120000000"), order, State.CANCEL_DUE, order.amount, NOW, NOW
        )
        stored = dict(
            zip(rows.STORED_COLUMNS.split(", "), rows.store_transaction(one), strict=True)
        )
        there = [row[1] for row in raw.execute("PRAGMA table_info(transactions)")]
        values = [stored[name] for name in there]
        marks = ", ".join("?" * len(there))
        raw.execute(f"INSERT INTO transactions ({', '.join(there)}) VALUES ({marks})", values)
        _log_begun(raw, one)
        raw.close()
        reader = Reader(path)
        assert reader.transactions() == (one,)
        assert reader.transaction(one.id) == one
        assert reader.verify() == []
        reader.close()
        store = Store(path)
        (due,) = store.in_states([State.CANCEL_DUE])
        after, _ = due.after(Event.CANCEL_CONFIRMED, NOW)
        store.record(State.CANCEL_DUE, after, Event.CANCEL_CONFIRMED)
        store.close()
        again = Store(path)
        found = again.transaction(one.id)
        assert found is not None
        assert found.state is State.CANCELLED
        again.close()

    def test_a_migration_that_fails_leaves_the_version_before_it(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        connection = connect(tmp_path / "journal.db")
        broken = (*schema.MIGRATIONS, ("CREATE TABLE half (x)", "CREATE NONSENSE"))
        monkeypatch.setattr(schema, "MIGRATIONS", broken)
        with pytest.raises(sqlite3.OperationalError):
            schema.migrate(connection, up_to=schema.VERSION + 1)
        assert connection.execute("PRAGMA user_version").fetchone()[0] == schema.VERSION
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master")]
        assert "half" not in tables
        connection.close()


class TestVerify:
    @pytest.mark.parametrize(
        ("damage", "words"),
        [
            ("UPDATE transactions SET state = 'APPROVED'", "last event left it AUTHORIZING"),
            (
                "INSERT INTO events (transaction_id, number, at, event, state_before, state_after, why)"
                " SELECT id, 2, created_at, 'APPROVED', 'DECLINED', 'APPROVED', '' FROM transactions",
                "starts from DECLINED",
            ),
            (
                "INSERT INTO events (transaction_id, number, at, event, state_before, state_after, why)"
                " SELECT id, 2, created_at, 'CANCEL_CONFIRMED', 'AUTHORIZING', 'CANCELLED', ''"
                " FROM transactions",
                "not in the lifecycle table",
            ),
            ("UPDATE register SET last_id = 5", "counts only up to 5"),
        ],
    )
    def test_it_finds_what_the_table_cannot_have_done(
        self, store: Store, tmp_path: Path, damage: str, words: str
    ) -> None:
        store.begin(ORDER, 1, NOW)
        raw = sqlite3.connect(tmp_path / "journal.db")
        raw.execute(damage)
        raw.commit()
        raw.close()
        reader = opened(Reader(tmp_path / "journal.db"))
        assert any(words in trouble for trouble in reader.verify())


def test_ten_due_ones_are_found_by_the_index(store: Store, tmp_path: Path) -> None:
    store.begin(ORDER, 1, NOW)
    raw = sqlite3.connect(tmp_path / "journal.db")
    plan = str(
        raw.execute(
            f"EXPLAIN QUERY PLAN SELECT * FROM transactions WHERE {schema.FOUND_TO_DO} AND state IN"
            " ('AUTHORIZING', 'CANCEL_DUE', 'GIVEN_UP', 'VOID_DUE') ORDER BY id"
        ).fetchall()
    )
    raw.close()
    assert "transactions_to_do" in plan
    assert "SCAN transactions" not in plan


def test_each_state_is_in_the_index_or_authorizing_or_ended() -> None:
    to_do = {*OPEN, State.NEEDS_STAFF}
    told = {
        name: set(re.findall("'([A-Z_]+)'", text))
        for name, text in vars(schema).items()
        if name in {"INDEXED", "ENDED", "TO_DO"}
    }
    assert told["TO_DO"] == to_do
    assert told["INDEXED"] == to_do - {State.AUTHORIZING}
    assert told["ENDED"] == set(State) - to_do


class TestWhatIsUnderWay:
    """No index holds it: `register.authorizing_from` says where to look."""

    def from_(self, path: Path) -> int:
        raw = sqlite3.connect(path)
        (found,) = raw.execute("SELECT authorizing_from FROM register").fetchone()
        raw.close()
        return int(found)

    def test_is_looked_for_from_the_last_one_on(self, store: Store, tmp_path: Path) -> None:
        path = tmp_path / "journal.db"
        assert store.in_states([State.AUTHORIZING]) == ()
        assert self.from_(path) == 0
        for _ in range(3):
            begun, _sent = store.begin(ORDER, 1, NOW)
            assert self.from_(path) == int(begun.id)
            assert store.in_states([State.AUTHORIZING]) == (begun,)
            store.record(begun.state, begun.after(Event.DECLINED, NOW)[0], Event.DECLINED)
            assert store.in_states([State.AUTHORIZING]) == ()

    def test_holds_the_place_until_it_ends(self, store: Store, tmp_path: Path) -> None:
        path = tmp_path / "journal.db"
        first, second = store.begin(ORDER, 1, NOW)[0], store.begin(ORDER, 1, NOW)[0]
        assert self.from_(path) == int(first.id)
        assert store.in_states([State.AUTHORIZING]) == (first, second)
        store.record(first.state, first.after(Event.DECLINED, NOW)[0], Event.DECLINED)
        third, _ = store.begin(ORDER, 1, NOW)
        assert self.from_(path) == int(second.id)
        assert store.in_states([State.AUTHORIZING]) == (second, third)

    def test_is_found_in_a_journal_of_an_older_format(self, tmp_path: Path) -> None:
        path = tmp_path / "journal.db"
        raw = sqlite3.connect(path, isolation_level=None)
        schema.migrate(raw, up_to=5)
        there = [row[1] for row in raw.execute("PRAGMA table_info(transactions)")]
        plain = replace(ORDER, card_reference=None)
        for number, state in enumerate((State.DECLINED, State.AUTHORIZING, State.DECLINED)):
            one = Transaction(
                TransactionId(f"2026010112000000{number}"), plain, state, plain.amount, NOW, NOW
            )
            names = rows.STORED_COLUMNS.split(", ")
            stored = dict(zip(names, rows.store_transaction(one), strict=True))
            marks = ", ".join("?" * len(there))
            raw.execute(
                f"INSERT INTO transactions ({', '.join(there)}) VALUES ({marks})",
                [stored[name] for name in there],
            )
            _log_begun(raw, one)
        raw.close()
        store = Store(path)
        (found,) = store.in_states([State.AUTHORIZING])
        store.close()
        assert found.id == "20260101120000001"
        assert self.from_(path) == int(found.id)

    def test_that_would_be_passed_over_is_told(self, store: Store, tmp_path: Path) -> None:
        path = tmp_path / "journal.db"
        first, second = store.begin(ORDER, 1, NOW)[0], store.begin(ORDER, 1, NOW)[0]
        raw = sqlite3.connect(path)
        raw.execute("UPDATE register SET authorizing_from = ?", (int(second.id),))
        raw.commit()
        raw.close()
        told = f"Transaction {first.id} is AUTHORIZING, but the register looks for it from {second.id} on."
        assert opened(Reader(path)).verify() == [told]


class TestCorners:
    def test_a_lock_in_a_folder_that_is_not_there_is_told(self, tmp_path: Path) -> None:
        with pytest.raises(JournalUnavailableError, match=r"lock .* cannot be opened"):
            WriterLock(tmp_path / "nowhere" / "journal.db", "me")

    def test_a_holder_that_did_not_sign_is_another_process(self, tmp_path: Path) -> None:
        lock = WriterLock(tmp_path / "journal.db", "me")
        (tmp_path / "journal.db.lock").write_bytes(b"")
        with pytest.raises(JournalBusyError, match="in use by another process"):
            WriterLock(tmp_path / "journal.db", "you")
        lock.release()

    def test_a_migration_that_cannot_even_begin_changes_nothing(self, tmp_path: Path) -> None:
        blocker = sqlite3.connect(tmp_path / "journal.db", isolation_level=None)
        blocker.execute("BEGIN EXCLUSIVE")
        late = sqlite3.connect(tmp_path / "journal.db", isolation_level=None, timeout=0)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            schema.migrate(late)
        blocker.execute("ROLLBACK")
        blocker.close()
        schema.migrate(late)
        late.close()

    def test_a_commit_that_rolled_itself_back_is_not_rolled_back_twice(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        broken = (("CREATE TABLE half (x)", "ROLLBACK", "CREATE NONSENSE"),)
        monkeypatch.setattr(schema, "MIGRATIONS", broken)
        raw = sqlite3.connect(tmp_path / "journal.db", isolation_level=None)
        with pytest.raises(sqlite3.OperationalError, match="syntax"):
            schema.migrate(raw, up_to=1)
        assert not raw.in_transaction
        raw.close()

    def test_a_writer_finishes_what_it_writes_and_closes_the_file(self, tmp_path: Path) -> None:
        store = opened(Store(tmp_path / "journal.db"))
        writer = JournalWriter(store)
        begun, _ = asyncio.run(writer.begin(ORDER, 1, NOW))
        writer.close()
        assert store._connection._connection is None
        assert opened(Reader(tmp_path / "journal.db")).transaction(begun.id) is not None

    def test_a_word_that_no_version_wrote_is_damage_to_writer_and_reader(
        self, store: Store, tmp_path: Path
    ) -> None:
        begun, _ = store.begin(ORDER, 1, NOW)
        raw = sqlite3.connect(tmp_path / "journal.db")
        raw.execute("UPDATE transactions SET operation = 'gift', checksum = NULL")
        raw.commit()
        raw.close()
        with pytest.raises(JournalUnavailableError, match="damaged .*gift"):
            store.transaction(begun.id)
        with pytest.raises(JournalUnavailableError, match="damaged .*gift"):
            opened(Reader(tmp_path / "journal.db")).transactions()

    def test_what_cannot_be_read_is_told_to_whoever_reads(self, store: Store) -> None:
        store.begin(ORDER, 1, NOW)
        reader = Reader(store._connection.path)
        reader._connection.execute("PRAGMA busy_timeout = 1")
        reader.close()
        with pytest.raises(JournalUnavailableError, match="cannot be read"):
            reader.transactions()

    def test_verify_names_an_event_that_no_version_knows(
        self, store: Store, tmp_path: Path
    ) -> None:
        store.begin(ORDER, 1, NOW)
        raw = sqlite3.connect(tmp_path / "journal.db")
        raw.execute(
            "INSERT INTO events (transaction_id, number, at, event, state_before, state_after, why)"
            " SELECT id, 2, created_at, 'MIRACLE', 'AUTHORIZING', 'AUTHORIZING', '' FROM transactions"
        )
        raw.commit()
        raw.close()
        troubles = opened(Reader(tmp_path / "journal.db")).verify()
        assert any("not in the lifecycle table: AUTHORIZING, MIRACLE" in one for one in troubles)

    def test_verify_reads_a_journal_of_format_1(self, tmp_path: Path) -> None:
        path = tmp_path / "journal.db"
        raw = sqlite3.connect(path, isolation_level=None)
        schema.migrate(raw, up_to=1)
        raw.close()
        Watermark(path).make(Known("0123456789abcdef", 5))
        assert opened(Reader(path)).verify() == []

    def test_verify_says_when_it_is_another_journal(self, store: Store, tmp_path: Path) -> None:
        store.begin(ORDER, 1, NOW)
        Watermark(tmp_path / "journal.db").make(Known("0123456789abcdef", 5))
        assert any("another one" in one for one in opened(Reader(tmp_path / "journal.db")).verify())

    def test_what_python_itself_says_of_a_connection_is_a_sentence(self, store: Store) -> None:
        store.begin(ORDER, 1, NOW)
        store._connection.get().close()  # such an error has no code of SQLite's
        with pytest.raises(JournalUnavailableError, match="cannot be used: Cannot operate"):
            store.begin(ORDER, 1, NOW)
        assert store.begin(ORDER, 1, NOW)

    def test_what_was_never_noted_is_not_moved(self, tmp_path: Path) -> None:
        mark = Watermark(tmp_path / "journal.db")
        mark.follow("0123456789abcdef")
        mark.note(5, 1)
        mark.close()
        assert not mark.exists()

    def test_damage_that_shows_only_later_is_told_as_damage(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = tmp_path / "journal.db"
        store = Store(path)
        store.begin(ORDER, 1, NOW)
        store.close()
        raw = sqlite3.connect(path)
        (page,) = raw.execute("SELECT rootpage FROM sqlite_master WHERE name = 'events'").fetchone()
        raw.close()
        with path.open("r+b") as file:
            file.seek((page - 1) * schema.PAGE_SIZE)
            file.write(b"\xa5" * schema.PAGE_SIZE)
        monkeypatch.setattr(database, "CHECKED_WHOLE_BYTES", 0)
        with pytest.raises(JournalUnavailableError, match="is damaged .*malformed") as caught:
            Store(path).begin(ORDER, 1, NOW)
        assert str(path) in str(caught.value)


def test_exchanges_and_events_are_read_back_as_they_were_written(
    store: Store, tmp_path: Path
) -> None:
    begun, payment = store.begin(ORDER, 12550, NOW)
    later = NOW + timedelta(seconds=4)
    told = replace(
        payment,
        answered_at=later,
        verdict="approved",
        why="APPROVED",
        answer=Answer("0", "APPROVED", 200, "other", {"stan": "000042"}),
    )
    after, _ = begun.after(Event.APPROVED, later)
    after = replace(after, why="APPROVED", answer=told.answer)
    store.record(State.AUTHORIZING, after, Event.APPROVED, told)
    abort = store.open_exchange(ExchangeKind.ABORT, Place("11460019", "2"), begun.id, later)
    reader = Reader(tmp_path / "journal.db")
    assert reader.exchanges(begun.id) == store.exchanges(begun.id) == (told, abort)
    assert reader.transaction(begun.id) == replace(after, order=replace(ORDER, card_reference=None))
    first, second = reader.events(begun.id)
    assert (first.number, first.event, first.state_before, first.state_after) == (
        1,
        "BEGUN",
        None,
        "AUTHORIZING",
    )
    assert (second.number, second.transaction_id, second.at) == (2, begun.id, later)
    assert (second.event, second.state_before, second.state_after) == (
        "APPROVED",
        "AUTHORIZING",
        "APPROVED",
    )
    assert (first.exchange_id, second.exchange_id) == (begun.id, begun.id)
    assert (first.why, second.why) == ("", "APPROVED")
    reader.close()


def test_what_an_older_version_wrote_is_read_as_what_this_one_writes(tmp_path: Path) -> None:
    """It wrote everything twice, moments with +00:00, and answers with all their names."""
    path = tmp_path / "journal.db"
    with closing(Store(path, ships=lambda: True)) as store:
        begun, payment = store.begin(ORDER, 12550, NOW)
        answer = Answer("0", "APPROVED", fields={"stan": "000042"})
        told = replace(payment, answered_at=NOW, verdict="approved", why="OK", answer=answer)
        after = replace(begun.after(Event.APPROVED, NOW)[0], answer=answer)
        store.record(State.AUTHORIZING, after, Event.APPROVED, told)
    written = _all_read(path)
    full = (
        '{"response_code":"0","response_text":"APPROVED","http_status":200,"reason":"other",'
        '"fields":{"stan":"000042"}}'
    )
    moment = "2026-11-23T14:01:02.345+00:00"
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("DROP TRIGGER events_stay")
        raw.execute("UPDATE events SET at = ?, exchange_id = transaction_id", (moment,))
        raw.execute(
            "UPDATE exchanges SET terminal = ?, source_id = ?, sent_at = ?, answered_at = ?, answer = ?",
            (PLACE.terminal, PLACE.source_id, moment, moment, full),
        )
        raw.execute(
            "UPDATE transactions SET created_at = ?1, updated_at = ?1, answer = ?2", (moment, full)
        )
        values = raw.execute(f"SELECT {rows.TRANSACTION_COLUMNS} FROM transactions").fetchone()
        raw.execute("UPDATE transactions SET checksum = ?", (rows.checksum(values),))
    assert _all_read(path) == written
    assert written[1] == (told,)


def _all_read(path: Path) -> tuple[object, ...]:
    with closing(OutboxReader(path)) as reader:
        assert reader.verify() == []
        (one,) = reader.transactions()
        events = tuple(reader.events(one.id))
        return one, reader.exchanges(one.id), events, reader.rows(0, 9)


def test_a_late_answer_that_changes_nothing_stays_its_requests_own(store: Store) -> None:
    begun, payment = store.begin(ORDER, 12550, NOW)
    due, _ = begun.after(Event.OUTCOME_UNKNOWN, NOW)
    unanswered = replace(payment, answered_at=NOW, verdict="outcome_unknown", why="None came.")
    store.record(State.AUTHORIZING, due, Event.OUTCOME_UNKNOWN, unanswered)
    assert store.exchanges(begun.id) == (unanswered,)
    late = replace(unanswered, verdict="late declined", answer=Answer("51", "DECLINED"))
    store.close_exchange(late)
    assert store.exchanges(begun.id) == (late,)
    assert store.transaction(begun.id) == due


def _log_begun(raw: sqlite3.Connection, one: Transaction) -> None:
    raw.execute(
        "INSERT INTO events (transaction_id, number, at, event, state_after, why)"
        " VALUES (?, 1, ?, 'BEGUN', ?, '')",
        (int(one.id), rows.write_time(one.created_at), one.state),
    )


class TestFinding:
    def test_what_was_begun_in_a_span_is_found_oldest_first_even_when_the_clock_had_been_ahead(
        self, tmp_path: Path
    ) -> None:
        store, hour = Store(tmp_path / "journal.db"), timedelta(hours=1)
        ahead, _ = store.begin(ORDER, 1255, NOW + 9 * hour)
        first, _ = store.begin(ORDER, 1255, NOW)
        second, _ = store.begin(ORDER, 1255, NOW + hour)
        store.begin(ORDER, 1255, NOW + 2 * hour)
        assert store.between(NOW, NOW + 2 * hour) == (first, second)
        assert store.between(NOW + 9 * hour, NOW + 10 * hour) == (ahead,)
        assert store.between(NOW - 2 * hour, NOW) == ()
        store.close()

    def test_what_refers_to_a_transaction_is_found(self, tmp_path: Path) -> None:
        store = Store(tmp_path / "journal.db")
        sale, _ = store.begin(ORDER, 1255, NOW)
        original = Original(sale.id, ORDER.place)
        assert store.referring_to(original) == ()
        refund = replace(
            ORDER,
            operation=Operation.REFERENCED_REFUND,
            original=original,
        )
        back, _ = store.begin(refund, 500, NOW)
        store.begin(ORDER, 1255, NOW)
        assert store.referring_to(original) == (back,)
        assert store.referring_to(Original(sale.id, Place("11460019", "1"))) == ()
        store.close()

    def test_a_callers_reference_finds_its_transaction_and_takes_no_second_one(
        self, tmp_path: Path
    ) -> None:
        store = Store(tmp_path / "journal.db")
        store.begin(ORDER, 1255, NOW)
        store.begin(ORDER, 1255, NOW)  # without one: as many as there are
        mine = replace(ORDER, caller_reference=CallerReference("till-7/4711"))
        begun, _ = store.begin(mine, 1255, NOW)
        assert store.by_caller("till-7/4711") == begun
        assert store.by_caller("till-7/4712") is None
        assert store.by_caller("") is None
        with pytest.raises(JournalUnavailableError, match="UNIQUE"):
            store.begin(mine, 1255, NOW)
        assert len(store.newest(9)) == 3
        store.close()
        reader = Reader(tmp_path / "journal.db")
        assert reader.verify() == []
        assert reader.by_caller("till-7/4711") == begun
        assert reader.by_caller("till-7/4712") is None
        assert reader.by_caller("") is None
        reader.close()

    def test_an_older_journal_knows_no_caller(self, tmp_path: Path) -> None:
        path = tmp_path / "journal.db"
        raw = sqlite3.connect(path, isolation_level=None)
        schema.migrate(raw, up_to=2)
        raw.close()
        reader = Reader(path)
        assert reader.by_caller("till-7/4711") is None
        reader.close()

    def test_a_callers_reference_that_has_changed_on_the_disk_is_noticed(
        self, tmp_path: Path
    ) -> None:
        path = tmp_path / "journal.db"
        store = Store(path)
        store.begin(replace(ORDER, caller_reference=CallerReference("till-7/4711")), 1255, NOW)
        store.close()
        raw = sqlite3.connect(path, isolation_level=None)
        raw.execute("UPDATE transactions SET caller_reference = 'till-7/4710'")
        raw.close()
        reader = Reader(path)
        assert any("has changed" in trouble for trouble in reader.verify())
        reader.close()


def test_every_event_has_its_place_in_the_order_of_commits(tmp_path: Path) -> None:
    store = Store(tmp_path / "journal.db")
    first, exchange = store.begin(ORDER, 1255, NOW)
    second, _ = store.begin(ORDER, 1255, NOW)
    assert store.append(RegisterEvent.DAY_CLOSED, NOW, {"number": 1}) == 3
    done, _ = first.after(Event.APPROVED, NOW)
    store.record(State.AUTHORIZING, done, Event.APPROVED, exchange)
    store.close()

    with closing(sqlite3.connect(tmp_path / "journal.db")) as connection:
        found = connection.execute("SELECT transaction_id, number, seq FROM events ORDER BY seq")
        assert found.fetchall() == [
            (int(first.id), 1, 1),
            (int(second.id), 1, 2),
            (int(first.id), 2, 4),
        ]


def test_what_happened_to_the_register_is_told_to_whoever_has_the_journal(
    store: Store, tmp_path: Path
) -> None:
    store.append(RegisterEvent.DAY_CLOSED, NOW, {"number": 1})
    with closing(sqlite3.connect(tmp_path / "journal.db")) as connection:
        (found,) = register_events.read(connection, RegisterEvent.DAY_CLOSED)
    assert (found.seq, found.at, found.content) == (1, NOW, {"number": 1})


def test_what_a_callers_key_was_used_for_is_kept_and_found_by_any_spelling(
    store: Store, tmp_path: Path
) -> None:
    store.append(RegisterEvent.DAY_CLOSED, NOW, {"number": 1, "key": "other"})
    store.keep_use(" caf\u00e9 1", "cancel 7", NOW)
    store.keep_use("2", "cancel 8", NOW)
    assert store.use_of("cafe\u0301 1 ") == "cancel 7"
    assert store.use_of("2") == "cancel 8"
    assert store.use_of("other") is None
    assert store.use_of("3") is None
    with closing(sqlite3.connect(tmp_path / "journal.db")) as connection:
        plan = connection.execute(f"EXPLAIN QUERY PLAN {register_events.USE}", ("2",)).fetchone()
    assert "register_events_by_key" in plan[3], "no journal is read through for it"


def test_an_order_until_goods_is_read_back_and_a_changed_one_is_noticed(
    store: Store, tmp_path: Path
) -> None:
    begun, _ = store.begin(replace(ORDER, until_goods=True), 12650, NOW)
    found = store.transaction(begun.id)
    assert found is not None
    assert found.order.until_goods
    with closing(sqlite3.connect(tmp_path / "journal.db")) as connection:
        connection.execute("UPDATE transactions SET until_goods = 0")
        connection.commit()
    with pytest.raises(JournalUnavailableError):
        store.transaction(begun.id)
