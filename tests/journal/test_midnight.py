"""A day is half open: what happens at exactly midnight is the new day's, once, in every list."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from support.opened import opened

from kiosk_tui.domain.day_clock import day_span
from kiosk_tui.domain.identity import Original, Place, TransactionId
from kiosk_tui.domain.lifecycle import Event, State
from kiosk_tui.domain.money import Currency, Money
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.totals import Sum, totals
from kiosk_tui.domain.transaction import Order, Transaction
from kiosk_tui.journal import rows
from kiosk_tui.journal.reader import read_day
from kiosk_tui.journal.store import Store

SALE = Order(Operation.SALE, Money(1255, Currency("EUR", 2)), Place("88091105", "1"))
A_MOMENT, NOON = timedelta(milliseconds=1), timedelta(hours=12)

DAYS = [
    ("UTC", date(2026, 11, 27)),
    ("Europe/Vienna", date(2026, 3, 28)),  # the day after has 23 hours
    ("Europe/Vienna", date(2026, 10, 24)),  # and here 25
    ("Europe/Vienna", date(2026, 10, 25)),
    ("America/Havana", date(2026, 3, 7)),  # the midnight in between is left out
    ("America/Havana", date(2026, 10, 31)),
]


class Book:
    """A journal with two days in it."""

    def __init__(self, path: Path, zone: str, day: date) -> None:
        self.path, self.store = path, opened(Store(path))
        self.old = day_span(day, ZoneInfo(zone))
        self.new = day_span(day + timedelta(days=1), ZoneInfo(zone))
        self.midnight = self.new[0].astimezone(UTC)

    def happened(self, one: Transaction, event: Event, at: datetime) -> Transaction:
        after, _ = one.after(event, at)
        self.store.record(one.state, after, event)
        return after

    def approved(self, at: datetime, order: Order = SALE) -> Transaction:
        begun = self.store.begin(order, order.amount.minor, at)[0]
        return self.happened(begun, Event.APPROVED, at)

    def ids(self, day: tuple[datetime, datetime]) -> list[str]:
        return [one.id for one in read_day(self.path, *day).transactions]

    def moved(self, one: Transaction, at: datetime) -> None:
        """Plant another moment of the last change than its events tell."""
        self.store.close()
        with closing(sqlite3.connect(self.path)) as file, file:
            file.execute(
                "UPDATE transactions SET updated_at = ?, checksum = NULL WHERE id = ?",
                (rows.write_time(at), int(one.id)),
            )
        file.close()


@pytest.fixture(params=DAYS, ids=lambda one: f"{one[0]} {one[1]}")
def book(tmp_path: Path, request: pytest.FixtureRequest) -> Book:
    return Book(tmp_path / "journal.db", *request.param)


def test_a_payment_at_midnight_is_in_the_new_days_records_and_list_only(book: Book) -> None:
    before = book.approved(book.midnight - A_MOMENT)
    at = book.approved(book.midnight)
    assert (book.ids(book.old), book.ids(book.new)) == ([before.id], [at.id])
    assert book.store.between(*book.old) == (before,)
    assert book.store.between(*book.new) == (at,)


def test_what_an_older_version_wrote_at_midnight_is_the_new_days_too(book: Book) -> None:
    """It wrote moments with +00:00, which sorts before the Z of this one."""
    before, at, next_day = map(
        book.approved, (book.midnight - A_MOMENT, book.midnight, book.new[1].astimezone(UTC))
    )
    book.store.close()
    with closing(sqlite3.connect(book.path)) as file, file:
        file.execute("DROP TRIGGER events_stay")
        file.execute("UPDATE events SET at = replace(at, 'Z', '+00:00')")
        file.execute(
            "UPDATE transactions SET created_at = replace(created_at, 'Z', '+00:00'),"
            " updated_at = replace(updated_at, 'Z', '+00:00'), checksum = NULL"
        )
    file.close()
    assert (book.ids(book.old), book.ids(book.new)) == ([before.id], [at.id])
    assert book.store.between(*book.old) == (before,)
    assert book.store.between(*book.new) == (at,)
    assert next_day.created_at == book.new[1]


def test_what_is_under_way_since_midnight_is_not_the_old_days(book: Book) -> None:
    one = book.store.begin(SALE, 1255, book.midnight)[0]
    assert (book.ids(book.old), book.ids(book.new)) == ([], [one.id])


def test_an_event_at_midnight_is_the_new_days_whatever_came_later(book: Book) -> None:
    late = book.new[1].astimezone(UTC) + NOON
    one = book.approved(book.midnight)
    book.happened(one, Event.CANCEL_REQUESTED, late)
    book.happened(replace(one, state=State.VOID_DUE), Event.CANCEL_CONFIRMED, late)
    assert (book.ids(book.old), book.ids(book.new)) == ([], [one.id])


@pytest.mark.parametrize("to_old", [True, False])
def test_a_change_that_no_event_tells_is_looked_at_on_its_own_day_only(
    book: Book, *, to_old: bool
) -> None:
    one = book.approved(book.midnight - timedelta(days=9))
    book.moved(one, book.midnight - A_MOMENT if to_old else book.midnight)
    assert book.ids(book.old) == ([one.id] if to_old else [])
    assert book.ids(book.new) == ([] if to_old else [one.id])


def test_two_days_come_to_what_was_paid_with_everything_at_midnight(book: Book) -> None:
    sold = book.approved(book.midnight - NOON)
    void = book.happened(sold, Event.CANCEL_REQUESTED, book.midnight)
    book.happened(void, Event.CANCEL_CONFIRMED, book.midnight)
    book.approved(book.midnight)
    refund = replace(SALE, operation=Operation.REFUND, amount=Money(255, SALE.amount.currency))
    book.approved(book.midnight, refund)
    days = [totals(read_day(book.path, *day), *day) for day in (book.old, book.new)]
    assert [one.disagreements for one in days] == [(), ()]
    assert [day.currencies[0].net for day in days] == [Sum(1, 1255), Sum(3, -255)]
    assert days[1].currencies[0].cancelled == {Operation.SALE: Sum(1, 1255)}


def test_what_an_old_version_cancelled_as_anothers_is_read_with_its_cancellation(
    tmp_path: Path,
) -> None:
    book = Book(tmp_path / "journal.db", "UTC", date(2026, 11, 27))
    sold = book.approved(book.midnight - NOON)
    named = Original(TransactionId(sold.id), Place("88091105", "01"))
    order = replace(SALE, operation=Operation.CANCELLATION, original=named)
    undo = book.store.begin_cancellation(order, book.midnight + NOON)
    book.happened(undo, Event.CANCEL_CONFIRMED, book.midnight + NOON)
    assert book.ids(book.new) == [sold.id, undo.id]
    old, new = (totals(read_day(book.path, *day), *day) for day in (book.old, book.new))
    assert (old.disagreements, new.disagreements) == ((), ())
    assert old.currencies[0].net == Sum(1, 1255)
    assert new.currencies[0].net == Sum(1, -1255)
    assert new.currencies[0].elsewhere == Sum()
