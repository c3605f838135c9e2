"""Completions and refunds: never more than the original allows."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.fakes import transaction

from kiosk_tui.domain.follow_up import (
    WITHOUT_MONEY,
    FollowUpError,
    follow_up,
    remaining,
    why_not_cancelled,
)
from kiosk_tui.domain.identity import Original, Place, TransactionId
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.money import Currency, Money
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.outcome import Answer
from kiosk_tui.domain.transaction import Order, Transaction

EUR = Currency("EUR", 2)
THEN = datetime(2026, 11, 1, tzinfo=UTC)
PREAUTH = transaction(
    Order(Operation.PREAUTHORIZATION, Money(5000, EUR), Place("11460019", "2")),
    number="20261101120000123",
    at=THEN,
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


def test_an_order_about_nothing_earlier_is_as_it_was() -> None:
    sale = replace(_order(Operation.SALE), original=None)
    assert follow_up(sale, None) is sale


def test_the_whole_of_the_original_may_be_completed_or_refunded() -> None:
    assert follow_up(_order(Operation.COMPLETION, 5000), PREAUTH).amount == Money(5000, EUR)


def _earlier(operation: Operation, minor: int, state: State = State.APPROVED) -> Transaction:
    order = replace(_order(operation, minor), original=Original(SALE.id, SALE.order.place))
    return replace(SALE, id=TransactionId("20261102120000123"), order=order, state=state)


@pytest.mark.parametrize("state", State)
def test_a_refund_counts_unless_it_is_certain_that_no_money_went_back(state: State) -> None:
    earlier = [_earlier(Operation.REFERENCED_REFUND, 3000, state)]
    left = 5000 if state in WITHOUT_MONEY else 2000
    assert remaining(Operation.REFERENCED_REFUND, SALE, earlier) == Money(left, EUR)


@given(st.lists(st.tuples(st.integers(1, 6000), st.sampled_from(State)), max_size=8))
def test_partial_refunds_never_exceed_the_original(wanted: list[tuple[int, State]]) -> None:
    taken: list[Transaction] = []
    for minor, state in wanted:
        with contextlib.suppress(FollowUpError):
            follow_up(_order(Operation.REFERENCED_REFUND, minor), SALE, taken)
            taken.append(_earlier(Operation.REFERENCED_REFUND, minor, state))
    back = sum(one.order.charged.minor for one in taken if one.state not in WITHOUT_MONEY)
    assert back <= SALE.order.charged.minor


def test_a_completion_takes_at_most_what_was_authorized_unless_configured() -> None:
    assert remaining(Operation.COMPLETION, PREAUTH, []) == Money(5000, EUR)
    assert remaining(Operation.COMPLETION, PREAUTH, [], 115) == Money(5750, EUR)
    follow_up(_order(Operation.COMPLETION, 5750), PREAUTH, [], 115)
    with pytest.raises(FollowUpError, match="more than the 57.50 of transaction"):
        follow_up(_order(Operation.COMPLETION, 5751), PREAUTH, [], 115)


def test_a_cancellation_or_a_refund_takes_nothing_from_what_can_be_completed() -> None:
    earlier = [_earlier(Operation.CANCELLATION, 5000), _earlier(Operation.REFERENCED_REFUND, 5000)]
    assert remaining(Operation.COMPLETION, PREAUTH, earlier) == Money(5000, EUR)


def test_the_sentence_says_how_much_is_left() -> None:
    earlier = [_earlier(Operation.REFERENCED_REFUND, 3000)]
    with pytest.raises(FollowUpError, match=r"40\.00 is more than the 20\.00 of .* be refunded"):
        follow_up(_order(Operation.REFERENCED_REFUND, 4000), SALE, earlier)
    earlier = [_earlier(Operation.COMPLETION, 5000)]
    with pytest.raises(FollowUpError, match="has been completed wholly: nothing of it is left"):
        follow_up(_order(Operation.COMPLETION, 1), PREAUTH, earlier)


def test_what_was_refunded_or_completed_cannot_be_cancelled() -> None:
    refunded = _earlier(Operation.REFERENCED_REFUND, 100)
    assert f"has been refunded by {refunded.id}" in why_not_cancelled(SALE.id, [refunded])
    completed = _earlier(Operation.COMPLETION, 100)
    assert f"has been completed by {completed.id}" in why_not_cancelled(SALE.id, [completed])
    declined = _earlier(Operation.REFERENCED_REFUND, 100, State.DECLINED)
    not_found = _earlier(Operation.CANCELLATION, 5000, State.NOTHING_TO_CANCEL)
    assert why_not_cancelled(SALE.id, [declined, not_found]) == ""


@pytest.mark.parametrize("state", State)
def test_what_was_cancelled_under_another_name_is_neither_cancelled_nor_refunded_again(
    state: State,
) -> None:
    undone = _earlier(Operation.CANCELLATION, 5000, state)
    why_not = why_not_cancelled(SALE.id, [undone])
    if state in {State.CANCEL_DUE, State.VOID_DUE, State.CANCELLED}:
        assert f"has been cancelled by {undone.id}" in why_not
        for original in (SALE, None):
            with pytest.raises(FollowUpError, match=f"cancelled by {undone.id}: nothing of it"):
                follow_up(_order(Operation.REFERENCED_REFUND, 1), original, [undone])
    else:
        assert why_not == ""
        follow_up(_order(Operation.REFERENCED_REFUND, 1), SALE, [undone])


def test_a_tip_that_was_typed_at_the_terminal_can_be_refunded_too() -> None:
    tipped = replace(SALE, answer=Answer("0", fields={"ecr_data": "TIP=150;"}))
    assert remaining(Operation.REFERENCED_REFUND, tipped, []) == Money(5150, EUR)


def test_a_completion_carries_the_reason_and_the_receipt_number_of_its_original() -> None:
    held = replace(PREAUTH, order=replace(PREAUTH.order, reason="Room 7", receipt_number="17"))
    checked = follow_up(_order(Operation.COMPLETION), held)
    assert (checked.reason, checked.receipt_number) == ("Room 7", "17")
    own = replace(_order(Operation.COMPLETION), reason="Minibar", receipt_number="18")
    checked = follow_up(own, held)
    assert (checked.reason, checked.receipt_number) == ("Minibar", "18")


def test_an_original_is_spelled_as_its_own_request_was() -> None:
    sold = replace(SALE, order=replace(SALE.order, place=Place("11460019", "02")))
    asked = replace(
        _order(Operation.REFERENCED_REFUND), original=Original(SALE.id, Place("11460019", "2"))
    )
    checked = follow_up(asked, sold)
    assert checked.original is not None
    assert checked.original.place.source_id == "02"
    assert (checked.reason, checked.receipt_number) == ("", "")
