"""Exact borders: which states count, written out, and which day a midnight belongs to."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from support.fakes import transaction

from kiosk_tui.domain.day_clock import day_span
from kiosk_tui.domain.follow_up import remaining, why_not_cancelled
from kiosk_tui.domain.identity import Original, Place, TransactionId
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.money import MAX_MINOR, Currency, Money
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.spans import LoggedState
from kiosk_tui.domain.totals import Records, totals
from kiosk_tui.domain.transaction import Order, Transaction

EUR: Final = Currency("EUR", 2)
PLACE: Final = Place("88091105", "1")
THEN: Final = datetime(2026, 11, 1, tzinfo=UTC)

COUNTS: Final = {
    State.AUTHORIZING: True,
    State.GIVEN_UP: True,
    State.GOODS_DUE: True,
    State.GOODS_DUE_AGAIN: True,
    State.APPROVED: True,
    State.CANCEL_DUE: True,
    State.VOID_DUE: True,
    State.NEEDS_STAFF: True,
    State.SETTLED: True,
    State.DECLINED: False,
    State.NOT_SENT: False,
    State.CANCELLED: False,
    State.NOTHING_TO_CANCEL: False,
}
"""Whether money of a refund in that state may have gone back: written here a second time, on purpose."""


def _one(number: str, operation: Operation, minor: int, state: State, of: str = "") -> Transaction:
    original = Original(TransactionId(of), PLACE) if of else None
    order = Order(operation, Money(minor, EUR), PLACE, original=original)
    return transaction(order, state, number, THEN)


@pytest.mark.parametrize("state", State)
def test_a_refund_or_completion_whose_answer_is_missing_counts_as_taken(state: State) -> None:
    sale = _one("1", Operation.SALE, 1000, State.APPROVED)
    hold = replace(sale, order=replace(sale.order, operation=Operation.PREAUTHORIZATION))
    left = 600 if COUNTS[state] else 1000
    for operation, original in (
        (Operation.REFERENCED_REFUND, sale),
        (Operation.COMPLETION, hold),
    ):
        earlier = [_one("2", operation, 400, state, of="1")]
        assert remaining(operation, original, earlier) == Money(left, EUR)
        assert bool(why_not_cancelled(original.id, earlier)) is COUNTS[state]


def test_what_was_taken_in_many_parts_is_summed_beyond_a_single_payments_limit() -> None:
    hold = _one("1", Operation.PREAUTHORIZATION, MAX_MINOR, State.APPROVED)
    parts = [
        _one(str(number), Operation.COMPLETION, MAX_MINOR, State.NEEDS_STAFF, of="1")
        for number in range(2, 5)
    ]
    assert remaining(Operation.COMPLETION, hold, parts, 115) == Money(0, EUR)


@pytest.mark.parametrize("zone", [UTC, ZoneInfo("Europe/Vienna"), ZoneInfo("Asia/Kolkata")])
@pytest.mark.parametrize("day", [date(2026, 11, 27), date(2026, 3, 29), date(2026, 10, 25)])
def test_a_payment_at_exactly_midnight_belongs_to_the_day_that_begins(
    day: date, zone: ZoneInfo
) -> None:
    midnight, end = day_span(day, zone)
    before = day_span(day - timedelta(days=1), zone)
    assert before[1] == midnight
    sold = replace(
        _one("1", Operation.SALE, 1000, State.APPROVED), created_at=midnight, updated_at=midnight
    )
    lost = replace(
        _one("2", Operation.SALE, 500, State.CANCEL_DUE), created_at=midnight, updated_at=midnight
    )
    steps = [
        LoggedState(sold.id, midnight, None, State.AUTHORIZING),
        LoggedState(sold.id, midnight, State.AUTHORIZING, State.APPROVED),
        LoggedState(lost.id, midnight, None, State.AUTHORIZING),
        LoggedState(lost.id, midnight, State.AUTHORIZING, State.CANCEL_DUE),
    ]
    records = Records([sold, lost], steps)
    earlier, this = totals(records, *before), totals(records, midnight, end)
    assert earlier.currencies == ()
    (sums,) = this.currencies
    assert (sums.net.count, sums.net.minor) == (1, 1000)
    assert sum(one.count for one in sums.open.values()) == 1
    assert not earlier.disagreements
    assert not this.disagreements
