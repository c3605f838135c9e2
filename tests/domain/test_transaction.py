"""A transaction: what its cancellation names, and what its answer tells."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from support.fakes import transaction

from kiosk_tui.domain.identity import Original, Place, TransactionId
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.money import MAX_MINOR, Currency, Money
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.outcome import Answer
from kiosk_tui.domain.transaction import Order, Transaction

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
AMOUNT = Money(1255, Currency("EUR", 2))
HERE, THERE = Place("88091105", "1"), Place("11460019", "2")


def _made(operation: Operation, original: Original | None = None) -> Transaction:
    order = Order(operation, AMOUNT, HERE, original=original)
    return transaction(order, State.CANCEL_DUE)


def test_a_payments_cancellation_names_the_payment_itself() -> None:
    assert _made(Operation.SALE).cancels == Original(TransactionId("20261123140000000"), HERE)
    completion = _made(Operation.COMPLETION, Original(TransactionId("77"), THERE))
    assert completion.cancels == Original(TransactionId("20261123140000000"), HERE)


def test_a_cancellation_made_for_another_terminal_names_that_ones_transaction() -> None:
    assert _made(Operation.CANCELLATION, Original(TransactionId("77"), THERE)).cancels == Original(
        TransactionId("77"), THERE
    )


def test_an_answer_shows_the_masked_card_and_the_approval_code_or_nothing() -> None:
    told = Answer("0", fields={"card_number": "411111******1111", "authorization_number": "42"})
    assert (told.card, told.authorization_number) == ("411111******1111", "42")
    assert (Answer("51").card, Answer("51").authorization_number) == ("", "")


def test_the_reference_is_the_time_of_day_in_groups_that_people_can_type() -> None:
    assert _made(Operation.SALE).reference == "140 000 000"


def _told(
    ecr_data: str,
    operation: Operation = Operation.SALE,
    *,
    ordered: int = 0,
    state: State = State.APPROVED,
    amount: Money = AMOUNT,
) -> Transaction:
    tip = Money(ordered, AMOUNT.currency) if ordered else None
    order = Order(operation, amount, HERE, tip=tip)
    answer = Answer("0", fields={"ecr_data": ecr_data})
    return transaction(order, state, answer=answer)


@pytest.mark.parametrize(
    "spelled",
    [
        "TIP=150;",
        "TIP=150",
        "tip=150;",
        "Tip = 150 ;",
        " TIP=00000150; ",
        "TIP=150;TIP=150;",
        "PAN=411111******1111;TIP=150;STAN=7;",
        "PAN=411111******1111; TIP=150 ;",
        "AMOUNT=1255\nTIP=150\n",
        "AMOUNT=1255|TIP=150|",
    ],
)
@pytest.mark.parametrize("ordered", [0, 150, 300])
def test_the_tip_typed_at_the_terminal_is_what_was_charged(spelled: str, ordered: int) -> None:
    operation = Operation.SALE_AND_TIP if ordered else Operation.SALE
    one = _told(spelled, operation, ordered=ordered)
    assert one.tip == Money(150, AMOUNT.currency)
    assert one.charged == Money(1405, AMOUNT.currency)


def test_whether_the_amount_that_was_sent_had_the_ordered_tip_in_it_is_no_matter() -> None:
    apart = _told("TIP=150;", Operation.SALE_AND_TIP, ordered=100)
    together = replace(apart, amount_sent=Money(1355, AMOUNT.currency))
    assert together.charged == apart.charged == Money(1405, AMOUNT.currency)


def test_a_tip_taken_back_at_the_terminal_was_not_charged() -> None:
    one = _told("TIP=0;", Operation.SALE_AND_TIP, ordered=100)
    assert one.tip is None
    assert one.charged == AMOUNT


@pytest.mark.parametrize(
    "spelled",
    [
        "",
        "TIP=",
        "TIP=;",
        "TIP=-150;",
        "TIP=+150;",
        "TIP=1,50;",
        "TIP=1.50;",
        "TIP=15O;",
        "TIP=150 EUR;",
        "NOTIP=150;",
        "NO-TIP=150;",
        "TIPS=150;",
        "TIP=150;TIP=300;",
        "TIP=99999999999;",
        "TIP=99999999999999999999;",
        "TIP=999999999999999999999;",
        "X" * 244 + ";TIP=1",  # as long as the field can be: the rest of it may have been cut
    ],
)
@pytest.mark.parametrize("ordered", [0, 100])
def test_what_is_no_tip_leaves_the_one_that_was_ordered(spelled: str, ordered: int) -> None:
    operation = Operation.SALE_AND_TIP if ordered else Operation.SALE
    one = _told(spelled, operation, ordered=ordered)
    assert one.tip == (Money(ordered, AMOUNT.currency) if ordered else None)
    assert one.charged.minor == 1255 + ordered


def test_the_highest_tip_that_can_be_is_believed_and_one_more_is_not() -> None:
    assert _told(f"TIP={MAX_MINOR - 1255};").charged.minor == MAX_MINOR
    assert _told(f"TIP={MAX_MINOR - 1254};").charged.minor == 1255


@pytest.mark.parametrize("operation", [one for one in Operation if not one.startswith("sale")])
def test_only_a_sale_at_the_terminal_can_have_a_tip_typed(operation: Operation) -> None:
    assert _told("TIP=150;", operation).charged == AMOUNT


@pytest.mark.parametrize("state", State)
def test_the_tip_stays_through_a_transactions_life_but_for_a_decline(state: State) -> None:
    paid = 1255 if state is State.DECLINED else 1405
    assert _told("TIP=150;", state=state).charged.minor == paid


def test_without_an_answer_it_is_what_was_ordered() -> None:
    one = replace(_told("", Operation.SALE_AND_TIP, ordered=100), answer=None)
    assert one.charged.minor == 1355


def test_a_sale_with_a_tip_is_one_and_a_tip_of_nothing_is_none() -> None:
    place = Place("88091105", "1")
    amount, nothing = Money(1000, AMOUNT.currency), Money(0, AMOUNT.currency)
    plain = Order(Operation.SALE, amount, place)
    assert Order.sale(amount, place) == Order.sale(amount, place, tip=nothing) == plain
    tipped = Order.sale(amount, place, tip=Money(100, AMOUNT.currency), reason="why")
    assert tipped == Order(
        Operation.SALE_AND_TIP, amount, place, tip=Money(100, AMOUNT.currency), reason="why"
    )


def test_only_who_asks_for_a_balance_is_told_one() -> None:
    answer = Answer("0", fields={"balance_amount": "2500"})
    asked = _made(Operation.BALANCE)
    assert asked.balance == ""
    assert replace(asked, answer=answer).balance == Money(2500, AMOUNT.currency)
    for told in ("", "25,00", "9" * 20):
        assert replace(asked, answer=Answer("0", fields={"balance_amount": told})).balance == told
    assert replace(_made(Operation.SALE), answer=answer).balance == ""
