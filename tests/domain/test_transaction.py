"""A transaction: what its cancellation names, and what its answer tells."""

from __future__ import annotations

from datetime import UTC, datetime

from kiosk_tui.domain.identity import Original, Place, TransactionId
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.money import Currency, Money
from kiosk_tui.domain.outcome import Answer
from kiosk_tui.domain.transaction import Operation, Order, Transaction

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
AMOUNT = Money(1255, Currency("EUR", 2))
HERE, THERE = Place("88091105", "1"), Place("11460019", "2")


def _made(operation: Operation, original: Original | None = None) -> Transaction:
    order = Order(operation, AMOUNT, HERE, original=original)
    return Transaction(
        TransactionId("20261123140000000"), order, State.CANCEL_DUE, AMOUNT, NOW, NOW
    )


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
