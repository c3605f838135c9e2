"""A day is closed once, beside a running register, and stays as it was closed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from support.opened import opened

from kiosk_tui.domain.day_clock import DayClock
from kiosk_tui.domain.days import NothingToCloseError
from kiosk_tui.domain.identity import Place
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.lifecycle import Event
from kiosk_tui.domain.money import Currency, Money
from kiosk_tui.domain.outcome import Answer
from kiosk_tui.domain.transaction import Order, Transaction
from kiosk_tui.journal import chain, day_reports, schema
from kiosk_tui.journal.day_reports import (
    close_day,
    closed_days,
    day_so_far,
    first_open,
)
from kiosk_tui.journal.maintenance import transaction_rows
from kiosk_tui.journal.maintenance.backup import back_up
from kiosk_tui.journal.maintenance.new_journal import start_anew
from kiosk_tui.journal.maintenance.restore import restore
from kiosk_tui.journal.register_events import RegisterEvent, use_of
from kiosk_tui.journal.store import Store

EUR = Currency("EUR", 2)
NOW = datetime(2026, 11, 30, 21, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
CLOCK = DayClock(time(4), UTC)
BRAND = "credit_card_issuer_and_acquirer_company"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


@pytest.fixture
def store(path: Path) -> Store:
    return opened(Store(path))


def _pay(store: Store, minor: int = 1255, tip: int = 0, who: str = "anna") -> Transaction:
    tipped = Money(tip, EUR) if tip else None
    order = Order.sale(Money(minor, EUR), Place("88091105", "1"), tip=tipped)
    one, exchange = store.begin(replace(order, personal_id=who), minor + tip, NOW)
    answer = Answer("00", fields={BRAND: "Acquirer;VISA"})
    done, _ = replace(one, answer=answer).after(Event.APPROVED, NOW)
    store.record(one.state, done, Event.APPROVED, replace(exchange, answer=answer))
    return done


def _another_was_here(path: Path) -> None:
    """Give a reason to put something in the journal's place."""
    path.with_name(f"{path.name}.mark").write_text(f"{'0' * 16} 1 1\n")


def _cancel(store: Store, one: Transaction) -> None:
    for event in (Event.CANCEL_REQUESTED, Event.CANCEL_CONFIRMED):
        after, _ = one.after(event, NOW)
        store.record(one.state, after, event)
        one = after


def test_a_day_is_closed_by_its_own_number_only(store: Store, path: Path) -> None:
    _pay(store)
    with pytest.raises(NothingToCloseError, match="is number 1"):
        close_day(path, NOW, CLOCK, 2)
    assert close_day(path, NOW, CLOCK, 1).number == 1
    _pay(store)
    with pytest.raises(NothingToCloseError, match="is number 2"):
        close_day(path, NOW, CLOCK, 1)
    assert len(closed_days(path)) == 1


def test_a_closed_day_is_read_back_as_it_was_closed(store: Store, path: Path) -> None:
    paid = _pay(store, 1000, tip=100)
    _pay(store, 500, who="ben")
    first = close_day(path, NOW, CLOCK)
    _cancel(store, paid)
    store.begin(Order.sale(Money(700, EUR), Place("88091105", "1")), 700, NOW)
    second = close_day(path, NOW + timedelta(hours=1), CLOCK)

    assert closed_days(path) == (first, second)
    (sheet,) = first.currencies
    assert (sheet.net.count, sheet.net.minor, sheet.net.tip_minor) == (2, 1600, 100)
    assert {who: found.minor for who, found in sheet.cashiers.items()} == {"anna": 1100, "ben": 500}
    assert {name: found.minor for name, found in sheet.brands.items()} == {"VISA": 1600}
    assert [(one.day, one.amount.minor) for one in second.late] == [(1, 1100), (1, 1100)]
    assert [one.net.minor for one in second.currencies] == [-1100]
    assert sum(found.count for found in second.currencies[0].open.values()) == 1
    assert second.running[EUR].minor == 500
    assert second.opened_at == first.at == NOW


def test_a_report_so_far_changes_nothing(store: Store, path: Path) -> None:
    _pay(store)
    before = day_so_far(path, NOW, CLOCK)
    assert before == day_so_far(path, NOW, CLOCK)
    assert before.number is None
    assert closed_days(path) == ()
    done = close_day(path, NOW, CLOCK)
    assert replace(before, number=1, checkpoint=done.checkpoint) == done


def test_a_day_in_which_nothing_happened_is_not_closed(store: Store, path: Path) -> None:
    _pay(store)
    close_day(path, NOW, CLOCK)
    with pytest.raises(NothingToCloseError):
        close_day(path, NOW, CLOCK)
    assert len(closed_days(path)) == 1


def test_of_two_who_close_a_day_at_once_one_does(
    store: Store, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _pay(store)
    seen = day_so_far(path, NOW, CLOCK)
    close_day(path, NOW, CLOCK)
    monkeypatch.setattr(day_reports, "day_so_far", lambda *_, **__: seen)
    with pytest.raises(NothingToCloseError):
        close_day(path, NOW, CLOCK)


def test_what_is_committed_while_a_day_is_closed_belongs_to_the_next(
    store: Store, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _pay(store, 1000)
    seen = day_so_far(path, NOW, CLOCK)
    _pay(store, 250)
    with monkeypatch.context() as between:
        between.setattr(day_reports, "day_so_far", lambda *_, **__: seen)
        first = close_day(path, NOW, CLOCK)
    second = close_day(path, NOW, CLOCK)
    assert [one.currencies[0].net.minor for one in (first, second)] == [1000, 250]
    assert second.after == first.last


def test_a_closed_day_can_be_neither_changed_nor_removed(store: Store, path: Path) -> None:
    _pay(store)
    close_day(path, NOW, CLOCK)
    with closing(sqlite3.connect(path)) as connection:
        for text in ("UPDATE register_events SET content = '{}'", "DELETE FROM register_events"):
            with pytest.raises(sqlite3.IntegrityError):
                connection.execute(text)


def test_it_is_known_since_when_a_day_goes_on(store: Store, path: Path) -> None:
    store.check_writable(NOW)
    assert first_open(path) is None
    _pay(store)
    assert first_open(path) == NOW
    close_day(path, NOW, CLOCK)
    assert first_open(path) is None


def test_a_disk_that_refuses_leaves_the_day_open(
    store: Store, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _pay(store)

    def refused(*_: object) -> sqlite3.Connection:
        raise sqlite3.OperationalError("disk I/O error")

    with monkeypatch.context() as broken:
        broken.setattr(day_reports, "open_beside", refused)
        with pytest.raises(JournalUnavailableError):
            close_day(path, NOW, CLOCK)
    assert closed_days(path) == ()


def test_a_journal_of_an_older_version_has_no_days(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        schema.migrate(connection, up_to=5)
    assert closed_days(path) == ()
    assert first_open(path) is None
    with pytest.raises(JournalUnavailableError):
        day_so_far(path, NOW, CLOCK)


def test_what_a_restored_journal_takes_over_is_in_the_day_that_goes_on(
    store: Store, path: Path, tmp_path: Path
) -> None:
    counted = _pay(store, 1000)
    close_day(path, NOW, CLOCK)
    copy = tmp_path / "copy.db"
    with closing(sqlite3.connect(path)) as here, closing(sqlite3.connect(copy)) as there:
        here.backup(there)
    late = _pay(store, 250)
    _cancel(store, counted)
    with (
        closing(sqlite3.connect(path)) as here,
        closing(sqlite3.connect(copy, isolation_level=None)) as there,
    ):
        here.row_factory = there.row_factory = sqlite3.Row
        there.execute("BEGIN")
        for one in (late, counted):
            found = transaction_rows.read(here, path, int(one.id))
            assert found is not None
            for event in transaction_rows.write(there, found):
                chain.add_event(there, event)
        there.execute("COMMIT")

    report = day_so_far(copy, NOW, CLOCK)
    assert [one.net.minor for one in report.currencies] == [250 - 1000]
    assert [(one.transaction_id, one.day) for one in report.late] == [(counted.id, 1)] * 2


def test_a_restored_journal_keeps_the_days_that_were_closed_after_the_backup(
    store: Store, path: Path, tmp_path: Path
) -> None:
    counted = _pay(store, 1000)
    close_day(path, NOW, CLOCK)
    _pay(store, 700)
    backup = tmp_path / "kept.db"
    back_up(path, backup)
    _pay(store, 50)
    second = close_day(path, NOW, CLOCK)
    _pay(store, 3)
    _cancel(store, counted)
    third = close_day(path, NOW, CLOCK)
    _pay(store, 9)
    store.close()
    _another_was_here(path)

    assert restore(path, backup, "card broken, Anna", LATER).carried

    days = closed_days(path)
    assert [one.number for one in days] == [1, 2, 3]
    assert [one.currencies for one in days[1:]] == [second.currencies, third.currencies]
    assert days[2].running == third.running
    assert [one.after for one in days] == [0, *(one.last for one in days[:2])]
    so_far = day_so_far(path, NOW, CLOCK)
    assert [one.net.minor for one in so_far.currencies] == [9]
    assert so_far.disagreements == ()
    assert [one.net.minor for one in days[1].currencies] == [750]
    assert close_day(path, NOW, CLOCK).number == 4


def test_a_new_journal_goes_on_with_the_number_and_the_sum_of_all_days(
    store: Store, path: Path
) -> None:
    _pay(store, 1000)
    first = close_day(path, NOW, CLOCK)
    _pay(store, 5)
    store.close()
    _another_was_here(path)

    start_anew(path, "card broken, Anna", LATER)

    assert [one.running for one in closed_days(path)] == [first.running]
    anew = Store(path)
    _pay(anew, 20)
    anew.close()
    second = close_day(path, NOW, CLOCK)
    assert second.number == 2
    assert [one.minor for one in second.running.values()] == [1020]


def test_what_a_callers_key_was_used_for_outlives_its_journal(store: Store, path: Path) -> None:
    store.append(RegisterEvent.KEY_USED, NOW, {"key": "till-1/9", "use": "cancel 1"})
    store.close()
    _another_was_here(path)
    start_anew(path, "card broken, Anna", LATER)
    with closing(sqlite3.connect(path)) as raw:
        assert use_of(raw, "till-1/9") == "cancel 1"
