"""A business day is what was committed since the one before it was closed; clocks only name it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from kiosk_tui.domain.day_clock import DayClock
from kiosk_tui.domain.days import DayReport, is_due, report
from kiosk_tui.domain.identity import Place, TransactionId
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.money import Currency, Money
from kiosk_tui.domain.spans import LoggedState
from kiosk_tui.domain.totals import Records
from kiosk_tui.domain.transaction import Order, Transaction

EUR = Currency("EUR", 2)
NOW = datetime(2026, 11, 30, 21, 0, tzinfo=UTC)
CLOCK = DayClock(time(4), UTC)


class Journal:
    """Transactions and their events, in the order of commits."""

    def __init__(self) -> None:
        self.transactions: dict[str, Transaction] = {}
        self.steps: list[LoggedState] = []

    def come(self, number: int, state: State, minor: int = 1000, at: datetime = NOW) -> None:
        before = self.transactions.get(str(number))
        order = Order.sale(Money(minor, EUR), Place("88091105", "1"))
        one = before or Transaction(TransactionId(str(number)), order, state, order.amount, at, at)
        self.transactions[one.id] = replace(one, state=state, updated_at=at)
        told = None if before is None else str(before.state)
        self.steps.append(LoggedState(one.id, at, told, str(state), len(self.steps) + 1))

    def pay(self, number: int, minor: int = 1000, at: datetime = NOW) -> None:
        self.come(number, State.AUTHORIZING, minor, at)
        self.come(number, State.APPROVED, minor, at)

    def report(self, *closed: DayReport, now: datetime = NOW, ended: bool = False) -> DayReport:
        steps = sorted(self.steps, key=lambda one: (one.transaction_id, one.seq))
        records = Records(tuple(self.transactions.values()), tuple(steps))
        return report(records, closed, len(self.steps), now, CLOCK, ended=ended)

    def close(self, *closed: DayReport) -> DayReport:
        return replace(self.report(*closed), number=len(closed) + 1)


def test_a_day_is_what_was_committed_since_the_last_one_whatever_the_clock_said() -> None:
    journal = Journal()
    journal.pay(1, 1000, NOW + timedelta(days=9))
    first = journal.close()
    journal.pay(2, 250, NOW - timedelta(days=9))
    second = journal.close(first)

    assert [one.net.minor for one in first.currencies] == [1000]
    assert [one.net.minor for one in second.currencies] == [250]
    assert second.running[EUR].minor == 1250
    assert (second.after, second.last) == (first.last, 4)
    assert not first.disagreements
    assert not second.disagreements


def test_a_late_event_belongs_to_the_day_in_which_it_comes_and_says_which_it_refers_to() -> None:
    journal = Journal()
    journal.pay(1, 1000)
    first = journal.close()
    second = journal.close(first)
    journal.come(1, State.VOID_DUE)
    journal.come(1, State.CANCELLED)
    third = journal.close(first, second)

    assert [one.net.minor for one in third.currencies] == [-1000]
    assert [(one.after, one.day, one.amount.minor) for one in third.late] == [
        (State.VOID_DUE, 1, 1000),
        (State.CANCELLED, 1, 1000),
    ]
    assert third.running[EUR].minor == 0


def test_what_older_versions_wrote_is_in_no_day_and_refers_to_none() -> None:
    journal = Journal()
    journal.pay(1, 1000)
    journal.come(1, State.VOID_DUE)
    journal.come(1, State.CANCELLED)
    steps = tuple(journal.steps)
    records = Records(tuple(journal.transactions.values()), steps)
    found = report(records, (), 4, NOW, CLOCK, begins=2)
    assert [one.net.minor for one in found.currencies] == [-1000]
    assert [one.day for one in found.late] == [0, 0]


def test_before_it_starts_it_is_still_the_day_before_and_a_day_is_named_by_its_last_event() -> None:
    vienna = DayClock(time(4), ZoneInfo("Europe/Vienna"))
    assert vienna.day(datetime(2026, 11, 30, 2, 59, tzinfo=UTC)) == date(2026, 11, 29)
    assert vienna.day(datetime(2026, 11, 30, 3, 0, tzinfo=UTC)) == date(2026, 11, 30)
    journal = Journal()
    journal.pay(1, 1000, datetime(2026, 11, 30, 3, 59, tzinfo=UTC))
    assert journal.report().day == date(2026, 11, 29)


def test_a_day_that_the_next_one_ends_is_named_by_its_last_event_before_that_one() -> None:
    """A payment that comes before the register has looked, or a restart, is committed after the day's end."""
    journal = Journal()
    journal.pay(1, 1000, NOW)
    late = NOW + timedelta(days=2)
    journal.come(2, State.AUTHORIZING, 1000, late)
    assert journal.report(now=late).day == date(2026, 12, 2)
    assert journal.report(now=late, ended=True).day == date(2026, 11, 30)
    assert journal.report(now=NOW, ended=True).day == date(2026, 12, 2)


def test_another_try_of_a_cancellation_is_no_late_event() -> None:
    journal = Journal()
    journal.pay(1, 1000)
    first = journal.close()
    for state in (State.VOID_DUE, State.VOID_DUE, State.VOID_DUE, State.CANCELLED):
        journal.come(1, state)
    assert [one.after for one in journal.report(first).late] == [State.VOID_DUE, State.CANCELLED]


def test_a_day_is_due_when_its_first_event_was_on_an_earlier_one() -> None:
    assert not is_due(None, NOW, CLOCK)
    assert not is_due(NOW - timedelta(hours=17), NOW, CLOCK)
    assert is_due(NOW - timedelta(hours=18), NOW, CLOCK)


@given(st.lists(st.tuples(st.sampled_from(("pay", "cancel", "close")), st.integers(0, 5))))
def test_all_days_together_come_to_what_was_paid_and_not_taken_back(
    does: list[tuple[str, int]],
) -> None:
    journal = Journal()
    closed: list[DayReport] = []
    for what, number in does:
        known = journal.transactions.get(str(number + 1))
        if what == "close":
            closed.append(journal.close(*closed))
        elif what == "pay" and known is None:
            journal.pay(number + 1, 100 + number)
        elif what == "cancel" and known is not None and known.state is State.APPROVED:
            journal.come(number + 1, State.VOID_DUE)
            journal.come(number + 1, State.CANCELLED)
    closed.append(journal.close(*closed))
    stays = [one for one in journal.transactions.values() if one.state is State.APPROVED]
    nets = sum(one.net.minor for day in closed for one in day.currencies)
    assert nets == sum(one.charged.minor for one in stays)
    told = closed[-1].running.get(EUR)
    assert (0 if told is None else told.minor) == nets
    assert not [sentence for day in closed for sentence in day.disagreements]
