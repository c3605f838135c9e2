"""What a day touched, read from the file while it may be written."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.opened import opened

from kiosk_tui.domain.identity import Place
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.lifecycle import Event, State
from kiosk_tui.domain.money import Currency, Money
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.totals import totals
from kiosk_tui.domain.transaction import Order, Transaction
from kiosk_tui.journal.reader import Reader, read_day
from kiosk_tui.journal.store import Store

START = datetime(2026, 11, 27, tzinfo=UTC)
END = START + timedelta(days=1)
NOON = START + timedelta(hours=12)
ORDER = Order(Operation.SALE, Money(1255, Currency("EUR", 2)), Place("88091105", "1"))


class Book:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.store = opened(Store(path))

    def begin(self, at: datetime) -> Transaction:
        return self.store.begin(ORDER, 1255, at)[0]

    def happened(self, one: Transaction, event: Event, at: datetime) -> Transaction:
        after, _ = one.after(event, at)
        self.store.record(one.state, after, event)
        return after

    def approved(self, at: datetime) -> Transaction:
        return self.happened(self.begin(at), Event.APPROVED, at)

    def ids(self) -> list[str]:
        found = read_day(self.path, START, END)
        assert {one.transaction_id for one in found.steps} == {one.id for one in found.transactions}
        return [one.id for one in found.transactions]


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return Book(tmp_path / "journal.db")


def test_it_finds_what_happened_on_the_day_whenever_it_was_begun(book: Book) -> None:
    old = book.approved(NOON - timedelta(days=30))
    quiet = book.approved(NOON - timedelta(days=29))
    book.happened(old, Event.CANCEL_REQUESTED, NOON)
    today = book.approved(NOON)
    book.approved(END)
    assert book.ids() == [old.id, today.id]
    assert quiet.id not in book.ids()


def test_it_finds_what_is_unfinished_since_before_the_end_of_the_day(book: Book) -> None:
    due = book.happened(
        book.begin(NOON - timedelta(days=30)),
        Event.OUTCOME_UNKNOWN,
        NOON - timedelta(days=30),
    )
    book.begin(END + timedelta(hours=1))
    assert book.ids() == [due.id]


def test_each_transaction_comes_with_its_events_from_the_first_on(book: Book) -> None:
    book.approved(NOON)
    reader = Reader(book.path)
    found = reader.day(START, END)
    reader.close()
    assert [(one.before, one.after) for one in found.steps] == [
        (None, State.AUTHORIZING),
        (State.AUTHORIZING, State.APPROVED),
    ]
    assert found.steps[0].at == NOON


def test_it_reads_one_picture_while_the_kiosk_goes_on_writing(book: Book) -> None:
    book.approved(NOON)
    reader = Reader(book.path)
    assert len(reader.day(START, END).transactions) == 1
    book.approved(NOON + timedelta(minutes=1))
    assert len(reader.day(START, END).transactions) == 2
    reader.close()


def test_an_amount_that_was_changed_behind_our_back_is_refused(book: Book) -> None:
    book.approved(NOON)
    book.store.close()
    with closing(sqlite3.connect(book.path)) as file, file:
        file.execute("UPDATE transactions SET amount_minor = 99")
    file.close()
    with pytest.raises(JournalUnavailableError, match="has changed"):
        book.ids()


def test_a_planted_state_makes_the_two_ways_disagree(book: Book) -> None:
    """The control: the checksum is left out, as an old format has none."""
    one = book.approved(NOON)
    book.store.close()
    with closing(sqlite3.connect(book.path)) as file, file:
        file.execute("UPDATE transactions SET state = 'CANCELLED', checksum = NULL")
    file.close()
    reader = Reader(book.path)
    day = totals(reader.day(START, END), START, END)
    reader.close()
    told = " ".join(day.disagreements)
    assert f"Transaction {one.id} is CANCELLED, but its last event left it APPROVED." in told
