"""A day's end: each thing on its own day, and two ways of adding up that must agree."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import ClassVar
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_tui.domain.day_clock import day_at, day_span
from kiosk_tui.domain.identity import Original, Place, TransactionId
from kiosk_tui.domain.lifecycle import TABLE, Event, State
from kiosk_tui.domain.money import MAX_MINOR, Currency, Money, Total
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.outcome import Answer
from kiosk_tui.domain.spans import LoggedState
from kiosk_tui.domain.totals import CurrencyTotals, Records, Sum, Totals, totals
from kiosk_tui.domain.transaction import Order, Transaction

EUR, JPY = Currency("EUR", 2), Currency("JPY", 0)
DAY = date(2026, 11, 27)
START, END = day_span(DAY, UTC)
NOON = START + timedelta(hours=12)
PLACE = Place("88091105", "1")
VISA = Answer("0", fields={"credit_card_issuer_and_acquirer_company": "Acquirer;VISA"})


class Book:
    """Writes transactions and their events as the journal does."""

    def __init__(self) -> None:
        self.transactions: dict[str, Transaction] = {}
        self.steps: list[LoggedState] = []

    def begin(
        self,
        minor: int = 1000,
        operation: Operation = Operation.SALE,
        *,
        tip: int = 0,
        at: datetime = NOON,
        currency: Currency = EUR,
    ) -> str:
        number = str(20261127120000000 + len(self.transactions))
        tipped = Money(tip, currency) if tip else None
        order = Order(operation, Money(minor, currency), PLACE, tip=tipped)
        elsewhere = operation is Operation.CANCELLATION
        state = State.CANCEL_DUE if elsewhere else State.AUTHORIZING
        one = Transaction(TransactionId(number), order, state, order.amount, at, at, answer=VISA)
        self.transactions[number] = one
        self.steps.append(LoggedState(number, at, None, state))
        return number

    def happened(self, number: str, event: Event, at: datetime = NOON) -> str:
        before = self.transactions[number]
        after, _ = before.after(event, at)
        self.transactions[number] = after
        self.steps.append(LoggedState(number, at, before.state, after.state))
        return number

    def approved(
        self,
        minor: int = 1000,
        operation: Operation = Operation.SALE,
        *,
        tip: int = 0,
        at: datetime = NOON,
        currency: Currency = EUR,
    ) -> str:
        number = self.begin(minor, operation, tip=tip, at=at, currency=currency)
        return self.happened(number, Event.APPROVED, at)

    def cancelled(self, number: str, at: datetime = NOON) -> str:
        self.happened(number, Event.CANCEL_REQUESTED, at)
        return self.happened(number, Event.CANCEL_CONFIRMED, at)

    @property
    def records(self) -> Records:
        return Records(tuple(self.transactions.values()), tuple(self.steps))

    def totals(self, start: datetime = START, end: datetime = END) -> Totals:
        return totals(self.records, start, end)

    def only(self) -> CurrencyTotals:
        day = self.totals()
        assert not day.disagreements, day.disagreements
        (one,) = day.currencies
        return one


def test_sales_tips_and_refunds_are_added_up_by_operation_and_by_brand() -> None:
    book = Book()
    book.approved(1000)
    book.approved(2000, Operation.SALE_AND_TIP, tip=200)
    book.approved(500, Operation.REFUND)
    book.approved(9000, Operation.PREAUTHORIZATION)
    book.approved(0, Operation.BALANCE)
    one = book.only()
    assert one.approved == {
        Operation.SALE: Sum(1, 1000),
        Operation.SALE_AND_TIP: Sum(1, 2200, 200),
        Operation.PREAUTHORIZATION: Sum(1, 9000),
        Operation.REFUND: Sum(1, 500),
        Operation.BALANCE: Sum(1),
    }
    assert one.net == Sum(3, 2700, 200), "a hold and a balance are no money"
    assert one.brands == {"VISA": Sum(3, 2700, 200)}


def test_a_cancellation_counts_on_its_own_day_and_takes_back_what_was_approved_before() -> None:
    book = Book()
    yesterday = book.approved(1000, Operation.SALE_AND_TIP, tip=100, at=NOON - timedelta(days=1))
    book.cancelled(yesterday)
    one = book.only()
    assert one.approved == {}
    assert one.cancelled == {Operation.SALE_AND_TIP: Sum(1, 1100, 100)}
    assert one.net == Sum(1, -1100, -100)
    (before,) = book.totals(START - timedelta(days=1), START).currencies
    assert before.approved == {Operation.SALE_AND_TIP: Sum(1, 1100, 100)}
    assert before.cancelled == {}


def test_a_cancelled_refund_gives_the_money_back_to_the_day() -> None:
    book = Book()
    book.cancelled(book.approved(700, Operation.REFUND))
    assert book.only().net == Sum(2, 0)


def test_what_was_never_approved_is_no_turnover_and_told_apart() -> None:
    book = Book()
    book.happened(book.begin(300), Event.DECLINED)
    book.happened(book.begin(400), Event.NOT_SENT)
    lost = book.happened(book.begin(500), Event.OUTCOME_UNKNOWN)
    book.happened(lost, Event.CANCEL_CONFIRMED)
    elsewhere = book.begin(600, Operation.CANCELLATION)
    book.happened(elsewhere, Event.CANCEL_CONFIRMED)
    one = book.only()
    assert (one.not_paid, one.reversed, one.elsewhere) == (Sum(2, 700), Sum(1, 500), Sum(1, 600))
    assert one.net == Sum()
    assert one.brands == {}


def test_what_is_open_is_told_until_it_is_done_whenever_it_was_begun() -> None:
    book = Book()
    long_ago = NOON - timedelta(days=9)
    book.happened(book.begin(300, at=long_ago), Event.OUTCOME_UNKNOWN, long_ago)
    refused = book.approved(400, at=long_ago)
    book.happened(refused, Event.CANCEL_REQUESTED, long_ago)
    book.happened(refused, Event.CANCEL_REFUSED, long_ago)
    book.begin(500)
    book.begin(600, at=END)
    assert book.only().open == {
        State.CANCEL_DUE: Sum(1, 300),
        State.NEEDS_STAFF: Sum(1, 400),
        State.AUTHORIZING: Sum(1, 500),
    }


def test_each_currency_has_its_own_sums() -> None:
    book = Book()
    book.approved(1000)
    book.approved(500, currency=JPY)
    day = book.totals()
    assert [(one.currency, one.net.minor) for one in day.currencies] == [(EUR, 1000), (JPY, 500)]


def test_a_currency_in_which_nothing_happened_on_the_day_is_left_out() -> None:
    book = Book()
    book.approved(1000, at=NOON - timedelta(days=1))
    assert book.totals().currencies == ()


def test_an_answer_without_a_brand_and_no_answer_at_all_have_none() -> None:
    book = Book()
    number = book.approved(1000)
    book.transactions[number] = replace(book.transactions[number], answer=None)
    assert book.only().brands == {"": Sum(1, 1000)}


def test_a_day_ends_where_the_register_stands_also_when_clocks_change() -> None:
    vienna = ZoneInfo("Europe/Vienna")
    start, end = day_span(date(2026, 10, 25), vienna)
    assert start.astimezone(UTC) == datetime(2026, 10, 24, 22, tzinfo=UTC)
    assert end.astimezone(UTC) - start.astimezone(UTC) == timedelta(hours=25)
    local, _ = day_span(DAY, None)
    assert local.tzinfo is not None


@pytest.mark.parametrize("day", [date.min, date.max])
@pytest.mark.parametrize("zone", [None, UTC])
def test_the_calendars_ends_are_no_days_of_a_register(day: date, zone: timezone | None) -> None:
    with pytest.raises(OverflowError):
        day_span(day, zone)


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("UTC", DAY),
        ("Europe/Vienna", date(2026, 10, 24)),  # the day after has 25 hours
        ("Europe/Vienna", date(2026, 3, 28)),  # and here 23
        ("Europe/Vienna", date(2026, 10, 25)),
        ("America/Havana", date(2026, 10, 31)),  # its midnight comes twice
        ("America/Havana", date(2026, 3, 7)),  # and here it is left out
        ("Australia/Lord_Howe", date(2026, 4, 4)),  # clocks go by half an hour
    ],
)
def test_what_happens_at_midnight_is_counted_once_on_the_new_day(zone: str, day: date) -> None:
    old, new = (day_span(one, ZoneInfo(zone)) for one in (day, day + timedelta(days=1)))
    midnight = new[0].astimezone(UTC)
    assert old[1].astimezone(UTC) == midnight, "no moment is between two days, and none in both"
    before, noon = midnight - timedelta(milliseconds=1), midnight - timedelta(hours=12)
    book = Book()
    book.approved(100, at=before)
    book.approved(1000, at=midnight)
    book.approved(300, Operation.REFUND, at=midnight)
    book.cancelled(book.approved(20, Operation.COMPLETION, at=noon), midnight)
    lost = book.happened(book.begin(5, Operation.MOTO, at=noon), Event.OUTCOME_UNKNOWN, noon)
    book.happened(lost, Event.CANCEL_CONFIRMED, midnight)
    book.happened(book.begin(6, at=noon), Event.DECLINED, midnight)
    book.begin(7, at=midnight)
    (first,) = book.totals(*old).currencies
    (second,) = book.totals(*new).currencies
    assert first.approved == {Operation.SALE: Sum(1, 100), Operation.COMPLETION: Sum(1, 20)}
    assert second.approved == {Operation.SALE: Sum(1, 1000), Operation.REFUND: Sum(1, 300)}
    assert (first.cancelled, second.cancelled) == ({}, {Operation.COMPLETION: Sum(1, 20)})
    assert (first.reversed, second.reversed) == (Sum(), Sum(1, 5))
    assert (first.not_paid, second.not_paid) == (Sum(), Sum(1, 6))
    assert (first.open, second.open) == ({}, {State.AUTHORIZING: Sum(1, 7)})
    assert (first.net, second.net) == (Sum(2, 120), Sum(3, 680))


def test_neither_way_of_adding_up_takes_what_is_open_from_the_next_midnight_on() -> None:
    book = Book()
    book.begin(700, at=END)
    records = replace(book.records, steps=())  # a disagreement, but not of this day's sums
    told = totals(records, START, END).disagreements
    assert told == ("Transaction 20261127120000000 has no events.",)


def test_a_day_adds_up_to_more_than_one_payment_can_be() -> None:
    book = Book()
    for _ in range(3):
        book.approved(MAX_MINOR)
    book.approved(1, Operation.REFUND)
    one = book.only()
    assert one.net == Sum(4, 3 * MAX_MINOR - 1)
    assert str(Total(one.net.minor, EUR)) == "2999999999.96 EUR"


class TestTipTypedAtTheTerminal:
    """TECS tells it in `ecr_data`; the order knows of none, or of another one."""

    def test_it_is_in_every_sum(self) -> None:
        book = Book()
        number = book.approved(1255)
        told = replace(VISA, fields={**VISA.fields, "ecr_data": "TIP=150;"})
        book.transactions[number] = replace(book.transactions[number], answer=told)
        one = book.only()
        assert one.net == one.brands["VISA"] == one.approved[Operation.SALE] == Sum(1, 1405, 150)
        book.cancelled(number)
        assert book.only().cancelled == {Operation.SALE: Sum(1, 1405, 150)}
        assert book.only().net == Sum(2, 0, 0)


@pytest.mark.parametrize(
    ("spellings", "told"),
    [
        (("VISA", "Visa", "visa ", "\uff36\uff29\uff33\uff21", "\u00a0V\u00adisa"), "VISA"),
        (("Mastercard", "MASTERCARD", "MasterCard", "Master Card", "master-card"), "MASTERCARD"),
        (("V PAY", "VPAY", "V-Pay", "v\u202fpay"), "V PAY"),
        (("American Express", "AMEX", "Amex"), "AMERICAN EXPRESS"),
        (("Hausbank  Karte", "hausbank karte", " HAUSBANK\tKARTE "), "HAUSBANK KARTE"),
        (("", " ", "\u00a0"), ""),
    ],
)
def test_a_brand_is_one_line_of_the_totals_however_it_is_spelled(
    spellings: tuple[str, ...], told: str
) -> None:
    book = Book()
    for acquirer, spelled in zip(("Hobex", "hobex", "A;B", "", "x"), spellings, strict=False):
        number = book.approved(100)
        name = f"{acquirer};{spelled}"
        answer = Answer("0", fields={"credit_card_issuer_and_acquirer_company": name})
        book.transactions[number] = replace(book.transactions[number], answer=answer)
    assert book.only().brands == {told: Sum(len(spellings), 100 * len(spellings))}


class TestCancelledAsAnothers:
    """Older versions let a cancellation of our own sale pass for another terminal's."""

    @staticmethod
    def _book(original: Original, at: datetime = NOON, minor: int = 300) -> Book:
        book = Book()
        book.approved(2000, Operation.SALE_AND_TIP, tip=200, at=at)
        number = book.begin(minor, Operation.CANCELLATION)
        one = book.transactions[number]
        order = replace(one.order, original=original)
        book.transactions[number] = replace(one, order=order)
        book.happened(number, Event.CANCEL_CONFIRMED)
        return book

    SALE: ClassVar = Original(TransactionId("20261127120000000"), PLACE)

    @pytest.mark.parametrize("source_id", ["1", "01"])
    @pytest.mark.parametrize("days", [0, 9])
    def test_the_whole_sale_is_no_money_in_the_till_any_more(
        self, source_id: str, days: int
    ) -> None:
        original = replace(self.SALE, place=Place("88091105", source_id))
        one = self._book(original, NOON - timedelta(days=days)).only()
        assert one.cancelled == {Operation.SALE_AND_TIP: Sum(1, 2200, 200)}
        assert one.elsewhere == Sum()
        assert one.net == (Sum(1, -2200, -200) if days else Sum(2, 0, 0))
        assert one.brands == {"VISA": one.net}

    def test_it_takes_back_on_its_own_day(self) -> None:
        book = self._book(self.SALE)
        assert book.totals(END, END + timedelta(days=1)).currencies == ()

    def test_a_second_cancellation_takes_back_nothing_more(self) -> None:
        book = self._book(self.SALE)
        again = book.begin(300, Operation.CANCELLATION)
        order = replace(book.transactions[again].order, original=self.SALE)
        book.transactions[again] = replace(book.transactions[again], order=order)
        book.happened(again, Event.CANCEL_CONFIRMED)
        assert book.only().net == Sum(2, 0, 0)
        assert book.only().elsewhere == Sum(1, 300)

    def test_another_terminals_of_the_same_id_is_another_terminals(self) -> None:
        one = self._book(replace(self.SALE, place=Place("11460019", "1"))).only()
        assert one.net == Sum(1, 2200, 200)
        assert one.elsewhere == Sum(1, 300)

    def test_what_tecs_did_not_confirm_has_taken_back_nothing(self) -> None:
        book = Book()
        book.approved(2000)
        number = book.begin(2000, Operation.CANCELLATION)
        one = book.transactions[number]
        order = replace(one.order, original=self.SALE)
        book.transactions[number] = replace(one, order=order)
        assert book.only().net == Sum(1, 2000)


@pytest.mark.parametrize(
    ("operation", "sign"),
    [
        (Operation.COMPLETION, 1),
        (Operation.GRATUITY, 1),
        (Operation.REFERENCED_REFUND, -1),
        (Operation.BALANCE, 0),
    ],
)
def test_each_operation_has_a_direction(operation: Operation, sign: int) -> None:
    assert operation.direction == sign


class TestDisagreements:
    """Controls: each of these was planted, and must be told."""

    def test_a_state_that_no_event_led_to(self) -> None:
        book = Book()
        number = book.approved(1000)
        book.transactions[number] = replace(book.transactions[number], state=State.CANCELLED)
        told = " ".join(book.totals().disagreements)
        assert f"Transaction {number} is CANCELLED, but its last event left it APPROVED." in told
        assert "sale in EUR, APPROVED: the transactions come to 0 with 0 minor units" in told
        assert "their events to 1 with 1000 minor units" in told

    def test_a_transaction_without_events(self) -> None:
        book = Book()
        number = book.approved(1000)
        book.steps.clear()
        told = " ".join(book.totals().disagreements)
        assert f"Transaction {number} has no events." in told
        assert "the transactions come to 1 with 1000 minor units" in told

    def test_events_without_a_transaction(self) -> None:
        book = Book()
        number = book.approved(1000)
        del book.transactions[number]
        (told,) = book.totals().disagreements
        assert told == f"Transaction {number} is in the events, but not among the transactions."

    def test_a_gap_in_the_events(self) -> None:
        book = Book()
        number = book.cancelled(book.approved(1000))
        del book.steps[2]
        (told,) = book.totals().disagreements
        assert told.startswith(f"Transaction {number} lacks an event")

    def test_an_approval_that_moved_to_another_day(self) -> None:
        book = Book()
        number = book.approved(1000)
        moved = replace(book.transactions[number], updated_at=NOON - timedelta(days=1))
        book.transactions[number] = moved
        (told,) = book.totals().disagreements
        assert told.startswith("sale in EUR, APPROVED")


@given(st.integers(0, 2**32), st.integers(1, 12))
def test_whatever_may_happen_both_ways_agree(seed: int, count: int) -> None:
    """Random lives through the whole lifecycle table, spread over three days."""
    chance, book = random.Random(seed), Book()
    for _ in range(count):
        operation = chance.choice(list(Operation))
        at = START + timedelta(hours=chance.uniform(-24, 48))
        number = book.begin(chance.randint(1, 9999), operation, tip=chance.randint(0, 50), at=at)
        for _ in range(chance.randint(0, 6)):
            state = book.transactions[number].state
            events = [event for known, event in TABLE if known is state]
            if events:
                at += timedelta(hours=chance.uniform(0, 12))
                book.happened(number, chance.choice(events), at)
    day = book.totals()
    assert not day.disagreements
    net = sum(one.net.minor for one in day.currencies)
    signed = 0
    for number, one in book.transactions.items():
        sign = one.order.operation.direction
        mine = [step for step in book.steps if step.transaction_id == number]
        seen: set[str] = set()
        for step in mine:
            fresh = step.after not in seen
            seen.add(step.after)
            if not fresh or not START <= step.at < END:
                continue
            if step.after == State.APPROVED:
                signed += sign * one.order.charged.minor
            if step.after == State.CANCELLED and State.APPROVED in seen:
                signed -= sign * one.order.charged.minor
    assert net == signed


def test_two_sums_make_one() -> None:
    assert Sum(1, 1000, 100).with_(Sum(2, -300, -30)) == Sum(3, 700, 70)


def test_the_day_is_the_one_where_the_register_stands() -> None:
    moment = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    assert day_at(moment, ZoneInfo("Europe/Vienna")) == date(2026, 11, 25)
    assert day_at(moment, ZoneInfo("America/New_York")) == date(2026, 11, 24)


def test_a_gratuity_counts_among_the_tips() -> None:
    book = Book()
    book.approved(1000)
    tipped = book.approved(150, Operation.GRATUITY)
    one = book.only()
    assert one.approved == {
        Operation.SALE: Sum(1, 1000),
        Operation.GRATUITY: Sum(1, 150, 150),
    }
    assert one.net == Sum(2, 1150, 150)
    book.cancelled(tipped)
    assert book.only().net == Sum(3, 1000, 0)
