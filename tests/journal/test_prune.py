"""What is old goes, and nothing that anybody may still need: not even when killed, or without power."""

from __future__ import annotations

import itertools
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from support.fakes import order
from support.opened import opened

from kiosk_tui.domain.day_clock import DayClock
from kiosk_tui.domain.identity import Original, Place, TransactionId
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.lifecycle import Event, State
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.transaction import ExchangeKind, Order
from kiosk_tui.journal import checkpoints, schema
from kiosk_tui.journal.database import Connect, connect
from kiosk_tui.journal.day_reports import close_day, day_so_far
from kiosk_tui.journal.maintenance import transaction_rows
from kiosk_tui.journal.maintenance.prune import STEP, Pruned, open_to_prune, prune
from kiosk_tui.journal.reader import Reader
from kiosk_tui.journal.store import Store
from proofs.power.files import Fate, Folder
from proofs.power.sqlite import connect as connect_on

NOW = datetime(2026, 11, 23, 14, 1, 2, 345000, tzinfo=UTC)
PLACE = Place("88091105", "1")


def _refund(of: str) -> Order:
    return replace(
        order(50, Operation.REFERENCED_REFUND), original=Original(TransactionId.stored(of), PLACE)
    )


class Book:
    """A journal that was kept for a while."""

    def __init__(self, path: Path, connect: Connect = connect) -> None:
        self.path = path
        self.store = opened(Store(path, connect=connect))

    def entry(
        self, days_ago: float, *events: Event, what: Order | None = None, settled_ago: float = 0
    ) -> str:
        at = NOW - timedelta(days_ago)
        one, exchange = self.store.begin(what or order(), 1255, at)
        for event in events:
            last = event is events[-1] and settled_ago
            after, _ = one.after(event, NOW - timedelta(settled_ago) if last else at)
            self.store.record(one.state, after, event, exchange)
            one = after
        return one.id

    def prune(self, days: int = 100, now: datetime = NOW) -> Pruned:
        connection = open_to_prune(self.path)
        try:
            return prune(connection, self.path, days, now, rest=lambda _: None)
        finally:
            connection.close()

    @property
    def ids(self) -> set[str]:
        reader = Reader(self.path)
        try:
            assert reader.verify() == []
            proof = reader.prove()
            assert proof is None or proof.broken is None
            return {one.id for one in reader.transactions()}
        finally:
            reader.close()


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return Book(tmp_path / "journal.db")


def test_what_ended_long_ago_goes_with_all_its_rows_and_the_rest_stays(book: Book) -> None:
    old = [book.entry(200 - n, Event.APPROVED) for n in range(3)]
    young = [book.entry(99, Event.DECLINED), book.entry(0, Event.APPROVED)]
    pruned = book.prune()
    assert (pruned.removed, pruned.left) == (3, 0)
    assert book.ids == set(young)
    raw = sqlite3.connect(book.path)
    for table in ("events", "exchanges"):
        ids = {row[0] for row in raw.execute(f"SELECT DISTINCT transaction_id FROM {table}")}
        assert not ids & {int(one) for one in old}
    raw.close()


def test_where_days_are_closed_what_none_has_counted_stays(book: Book) -> None:
    counted = book.entry(200, Event.APPROVED)
    close_day(book.path, NOW, DayClock())
    uncounted, young = book.entry(199, Event.APPROVED), book.entry(0, Event.APPROVED)
    assert book.prune().removed == 1
    assert book.ids == {uncounted, young} != {counted}
    day = close_day(book.path, NOW, DayClock())
    assert not day.disagreements
    assert [one.net.count for one in day.currencies] == [2]
    assert book.prune().removed == 1
    assert not day_so_far(book.path, NOW, DayClock()).disagreements


def test_a_first_day_says_that_what_it_should_have_counted_was_pruned(book: Book) -> None:
    book.entry(200, Event.APPROVED)
    book.entry(0, Event.APPROVED)
    assert not day_so_far(book.path, NOW, DayClock()).disagreements
    assert book.prune().removed == 1
    (told,) = close_day(book.path, NOW, DayClock()).disagreements
    assert "2026-08-15" in told
    book.entry(0, Event.APPROVED)
    assert not day_so_far(book.path, NOW, DayClock()).disagreements


@pytest.mark.parametrize(
    "events",
    [
        (),
        (Event.GAVE_UP,),
        (Event.OUTCOME_UNKNOWN,),
        (Event.APPROVED, Event.CANCEL_REQUESTED),
        (Event.OUTCOME_UNKNOWN, Event.CANCEL_REFUSED),
    ],
    ids=["authorizing", "given up", "cancel due", "void due", "needs staff"],
)
def test_nothing_goes_that_somebody_still_has_to_do_something_about(
    book: Book, events: tuple[Event, ...]
) -> None:
    kept = book.entry(3000, *events)
    young = book.entry(0, Event.APPROVED)
    book.prune()
    assert book.ids == {kept, young}


def test_nothing_goes_that_something_kept_refers_to_however_far_back(book: Book) -> None:
    reserved = book.entry(800, Event.APPROVED)
    completed = book.entry(
        700, Event.APPROVED, what=replace(_refund(reserved), operation=Operation.COMPLETION)
    )
    refunded = book.entry(1, Event.APPROVED, what=_refund(f"000{completed}"))
    book.entry(700, Event.APPROVED)
    elsewhere = book.entry(1, Event.APPROVED, what=_refund("9" * 20))
    assert book.prune().removed == 1
    assert book.ids == {reserved, completed, refunded, elsewhere}


def test_nothing_goes_that_began_long_ago_and_was_settled_lately(book: Book) -> None:
    settled = book.entry(
        500,
        Event.OUTCOME_UNKNOWN,
        Event.CANCEL_REFUSED,
        Event.SETTLED_BY_STAFF,
        settled_ago=2,
    )
    young = book.entry(0, Event.APPROVED)
    book.prune()
    assert book.ids == {settled, young}


def test_a_clock_that_jumped_ahead_does_not_empty_the_book(book: Book) -> None:
    kept = {book.entry(days, Event.APPROVED) for days in (90, 50, 0)}
    pruned = book.prune(now=NOW + timedelta(36500))
    assert pruned == Pruned(0, 0, NOW - timedelta(100))
    assert book.ids == kept


def test_nor_does_one_payment_that_was_made_under_such_a_clock(book: Book) -> None:
    kept = {book.entry(days, Event.APPROVED) for days in (50, -36500)}
    book.prune()
    assert book.ids == kept


def test_an_empty_book_stays_as_it_is(book: Book) -> None:
    book.store.check_writable(NOW)
    assert book.prune() == Pruned(0, 0, None)


def test_fewer_than_ninety_days_are_refused(book: Book) -> None:
    book.entry(0, Event.APPROVED)
    with pytest.raises(ValueError, match="at least 90"):
        book.prune(days=89)


def test_what_was_removed_is_proved_with_its_requests_and_its_checkpoints(book: Book) -> None:
    for days in (300, 299):
        one = book.entry(days, Event.APPROVED)
        at = NOW - timedelta(days)
        poll = book.store.open_exchange(ExchangeKind.STATUS, PLACE, TransactionId.stored(one), at)
        book.store.close_exchange(replace(poll, answered_at=at, verdict="waiting"))
        checkpoints.make(
            book.path, at, lambda made: replace(made, key="k" * 43, signature="s" * 86)
        )
    kept = book.entry(1, Event.APPROVED)
    assert book.prune().removed == 2
    assert book.ids == {kept}


def test_ids_go_on_and_the_mark_stays_true(book: Book) -> None:
    book.entry(500, Event.APPROVED)
    last = book.entry(0, Event.APPROVED)
    book.prune()
    book.store.close()
    assert int(book.entry(400, Event.APPROVED)) > int(last)  # the clock went back, too


def test_the_event_log_is_append_only_again_afterwards(book: Book) -> None:
    book.entry(500, Event.APPROVED)
    book.entry(0, Event.APPROVED)
    book.prune()
    raw = sqlite3.connect(book.path)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        raw.execute("DELETE FROM events")
    raw.close()


def test_a_payment_that_is_under_way_is_waited_for(book: Book) -> None:
    book.entry(500, Event.APPROVED)
    running, exchange = book.store.begin(order(), 1255, NOW)
    waited: list[float] = []

    def rest(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == 3:
            after, _ = running.after(Event.APPROVED, NOW)
            book.store.record(State.AUTHORIZING, after, Event.APPROVED, exchange)

    connection = open_to_prune(book.path)
    pruned = prune(connection, book.path, 100, NOW, rest)
    connection.close()
    assert pruned.removed == 1
    assert waited[:3] == [1.0, 1.0, 1.0]


def test_what_payments_leave_no_time_for_is_left_for_the_next_time(book: Book) -> None:
    for _ in range(3):
        book.entry(500, Event.APPROVED)
    book.entry(0)
    assert book.prune() == Pruned(0, 3, NOW - timedelta(100))


def test_another_writer_is_waited_for(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    book.entry(500, Event.APPROVED)
    book.entry(0, Event.APPROVED)
    other = sqlite3.connect(book.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    connection = open_to_prune(book.path)
    connection.execute("PRAGMA busy_timeout = 0")
    pruned = prune(connection, book.path, 100, NOW, lambda _: other.close())
    connection.close()
    assert pruned.removed == 1


def test_what_is_refunded_while_it_is_about_to_go_stays(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = [book.entry(500, Event.APPROVED) for _ in range(STEP + 1)]
    book.entry(0, Event.APPROVED)

    refunds: list[str] = []

    def rest(_: float) -> None:
        if not refunds:
            refunds.append(book.entry(0, Event.APPROVED, what=_refund(old[-1])))

    connection = open_to_prune(book.path)
    pruned = prune(connection, book.path, 100, NOW, rest)
    connection.close()
    assert (pruned.removed, pruned.left) == (STEP, 0)
    assert old[-1] in book.ids


def test_the_register_goes_on_writing_meanwhile(book: Book) -> None:
    for _ in range(4 * STEP):
        book.entry(500, Event.APPROVED)
    begun = [book.entry(0, Event.APPROVED)]
    done = threading.Event()

    def pay() -> None:
        while not done.wait(0.005):
            begun.append(book.entry(0, Event.APPROVED))

    register = threading.Thread(target=pay)
    connection = open_to_prune(book.path)
    try:
        register.start()
        pruned = prune(connection, book.path, 100, NOW)
    finally:
        done.set()
        register.join()
        connection.close()
    assert pruned.removed == 4 * STEP
    assert book.ids == set(begun)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE transactions SET checksum = 1",
        "UPDATE transactions SET state = 'APPROVED', checksum = NULL, created_at = 'soon'",
        "UPDATE transactions SET state = 'APPROVED', checksum = NULL, created_at = '2030-01-01'",
    ],
)
def test_a_book_that_is_not_whole_is_left_alone(book: Book, change: str) -> None:
    book.entry(500)
    raw = sqlite3.connect(book.path, isolation_level=None)
    raw.execute(change)
    with pytest.raises(JournalUnavailableError, match="damaged"):
        book.prune()
    assert raw.execute("SELECT count(*) FROM transactions").fetchone() == (1,)
    raw.close()


def test_an_older_format_is_left_to_the_register(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    old = sqlite3.connect(path, isolation_level=None)
    schema.migrate(old, up_to=1)
    old.close()
    with pytest.raises(JournalUnavailableError, match="older format"):
        open_to_prune(path)


def test_a_journal_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(JournalUnavailableError, match="cannot be used"):
        open_to_prune(tmp_path / "journal.db")
    assert not (tmp_path / "journal.db").exists()


def test_an_error_of_the_disk_undoes_the_step(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = {book.entry(500, Event.APPROVED), book.entry(0, Event.APPROVED)}

    def broken(connection: sqlite3.Connection, _ids: object, _places: object) -> None:
        connection.execute("DELETE FROM exchanges")
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(transaction_rows, "remove", broken)
    with pytest.raises(JournalUnavailableError, match="disk I/O error"):
        book.prune()
    assert book.ids == kept


def test_an_error_at_the_beginning_of_a_step_is_told(book: Book) -> None:
    book.entry(500, Event.APPROVED)
    book.entry(0, Event.APPROVED)
    connection = open_to_prune(book.path)
    connection.execute("PRAGMA query_only = ON")
    with pytest.raises(JournalUnavailableError, match="readonly|read-only|query"):
        prune(connection, book.path, 100, NOW, lambda _: None)
    connection.close()


def test_an_error_that_ended_the_transaction_is_not_undone_twice(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = {book.entry(500, Event.APPROVED), book.entry(0, Event.APPROVED)}

    def full(connection: sqlite3.Connection, _ids: object, _places: object) -> None:
        connection.execute("ROLLBACK")  # as SQLite does by itself on a full disk
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(transaction_rows, "remove", full)
    with pytest.raises(JournalUnavailableError, match="disk is full"):
        book.prune()
    assert book.ids == kept


_KILLED = """
import os, signal, sys
from datetime import datetime, UTC
from pathlib import Path
from kiosk_tui.journal.database import Connect, connect
from kiosk_tui.journal.maintenance.prune import open_to_prune, prune
left = int(sys.argv[2])
def strike(_):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
path = Path(sys.argv[1])
connection = open_to_prune(path)
connection.set_trace_callback(strike)
prune(connection, path, 100, datetime(2026, 11, 23, 14, 1, 2, tzinfo=UTC), lambda _: None)
"""


def test_killed_at_any_statement_each_transaction_is_whole_or_gone(book: Book) -> None:
    old = {book.entry(500, Event.APPROVED) for _ in range(STEP + 5)}
    young = {book.entry(0, Event.APPROVED)}
    book.store.close()
    sizes = set()
    for at in itertools.count(1, 9):
        done = subprocess.run([sys.executable, "-c", _KILLED, book.path, str(at)], check=False)
        left = book.ids
        assert young <= left <= old | young
        sizes.add(len(left))
        if done.returncode == 0:
            break
        assert done.returncode == -signal.SIGKILL
    assert sizes == {STEP + 6, 6, 1}


def _left_by_a_cut(
    folder: Folder, call: int, fate: Fate, opened: Callable[[Folder], Any]
) -> dict[str, bytes]:
    """Prune without power from that call on; return what is left of the files."""
    left: list[dict[str, bytes]] = []

    def go(_: str) -> None:
        # what the program still does in the same breath reaches a folder that nobody reads
        left.append(folder.survivors(fate, call))

    connection = opened(folder)
    folder.cut_at, folder.on_cut, folder.calls = call, go, 0
    prune(connection, Path("journal.db"), 100, NOW, lambda _: None)
    connection.close()
    return left[0] if left else folder.everything()


def test_without_power_at_any_call_each_transaction_is_whole_or_gone() -> None:
    path = Path("journal.db")

    def opened(folder: Folder) -> Any:
        return connect_on(folder, path, "FULL", 6)

    folder = Folder()
    book = Book(Path.cwd() / path, connect=lambda *_: opened(folder))
    old = {book.entry(500, Event.APPROVED) for _ in range(8)}
    young = {book.entry(0, Event.APPROVED)}
    book.store.close()
    files, seen = folder.everything(), set()
    for call, fate in itertools.product(range(1, 60), Fate):
        folder = Folder(files)
        left = _left_by_a_cut(folder, call, fate, opened)
        again = opened(Folder(left))
        kept = {row[0] for row in again.execute("SELECT id FROM transactions")}
        assert {int(one) for one in young} <= kept <= {int(one) for one in old | young}
        for table in ("events", "exchanges"):
            owners = {row[0] for row in again.execute(f"SELECT transaction_id FROM {table}")}
            assert owners == kept
        assert [row[0] for row in again.execute("PRAGMA integrity_check")] == ["ok"]
        seen.add(len(kept))
    assert seen == {1, 9}
