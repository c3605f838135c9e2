"""Completions and refunds: never more than the original allows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from kiosk_tui.domain.follow_up import FollowUpError, follow_up
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.money import Currency, Money
from kiosk_tui.domain.transaction import Operation, Order, Original, Place, Transaction

EUR = Currency("EUR", 2)
THEN = datetime(2026, 11, 1, tzinfo=UTC)
PREAUTH = Transaction(
    id="20261101120000123",
    order=Order(Operation.PREAUTHORIZATION, Money(5000, EUR), Place("11460019", "2")),
    state=State.APPROVED,
    amount_sent=Money(5000, EUR),
    created_at=THEN,
    updated_at=THEN,
)
SALE = replace(PREAUTH, order=replace(PREAUTH.order, operation=Operation.SALE))


def _order(operation: Operation, minor: int = 4000, currency: Currency = EUR) -> Order:
    here = Place("88091105", "1")
    return Order(operation, Money(minor, currency), here, original=Original(PREAUTH.id, here))


def test_it_takes_the_originals_own_terminal() -> None:
    checked = follow_up(_order(Operation.COMPLETION), PREAUTH)
    assert checked.original == Original(PREAUTH.id, Place("11460019", "2"))


def test_an_original_that_is_not_ours_is_left_to_tecs() -> None:
    asked = _order(Operation.REFERENCED_REFUND)
    assert follow_up(asked, None) is asked


@pytest.mark.parametrize(
    ("order", "original", "words"),
    [
        (_order(Operation.COMPLETION, 5001), PREAUTH, "more than"),
        (_order(Operation.REFERENCED_REFUND, 5001), SALE, "more than"),
        (_order(Operation.COMPLETION), SALE, "only a preauthorization"),
        (_order(Operation.REFERENCED_REFUND), PREAUTH, "nothing to refund"),
        (_order(Operation.COMPLETION), replace(PREAUTH, state=State.CANCELLED), "CANCELLED"),
        (_order(Operation.COMPLETION, 4000, Currency("CHF", 2)), PREAUTH, "EUR"),
    ],
)
def test_what_the_original_does_not_allow_is_told(
    order: Order, original: Transaction, words: str
) -> None:
    with pytest.raises(FollowUpError, match=words):
        follow_up(order, original)


def test_the_whole_of_the_original_may_be_completed_or_refunded() -> None:
    assert follow_up(_order(Operation.COMPLETION, 5000), PREAUTH).amount == Money(5000, EUR)
