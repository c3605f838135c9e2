"""Orders that come in as texts: from a command line, from other software."""

from __future__ import annotations

import pytest

from kiosk_tui.domain.identity import CardReference, Original, Place, TransactionId
from kiosk_tui.domain.language import Language
from kiosk_tui.domain.money import Currency, Money, MoneyError, zero
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.ordering import OrderTexts, TipRefusedError
from kiosk_tui.domain.transaction import Order

EUR = Currency("EUR", 2)
PLACE = Place("88091105", "1")
EARLIER = Original(TransactionId("20261123140000000"), PLACE)


def test_what_was_not_given_is_nothing() -> None:
    made = OrderTexts(operation=Operation.BALANCE, language="en").order(PLACE, EUR)
    assert made == Order(Operation.BALANCE, zero(EUR), PLACE, language=Language("en"))


def test_texts_become_values() -> None:
    given = OrderTexts(
        operation=Operation.MOTO, language="de", amount="12.55", card_reference="REF1", reason="why"
    )
    made = given.order(PLACE, EUR, EARLIER)
    assert (made.amount, made.card_reference) == (Money(1255, EUR), CardReference("REF1"))
    assert (made.reason, made.original, made.tip) == ("why", EARLIER, None)


@pytest.mark.parametrize("operation", [Operation.SALE, Operation.SALE_AND_TIP])
def test_a_sale_with_a_tip_is_one(operation: Operation) -> None:
    made = OrderTexts(operation=operation, language="en", amount="10", tip="1").order(PLACE, EUR)
    assert (made.operation, made.tip) == (Operation.SALE_AND_TIP, Money(100, EUR))


def test_a_tip_of_nothing_changes_nothing() -> None:
    for operation in (Operation.SALE, Operation.REFUND):
        given = OrderTexts(operation=operation, language="en", amount="10", tip="0")
        assert given.order(PLACE, EUR).operation is operation


@pytest.mark.parametrize("operation", sorted(set(Operation) - {"sale", "sale_and_tip"}))
def test_nothing_else_takes_a_tip(operation: Operation) -> None:
    given = OrderTexts(operation=operation, language="en", amount="10", tip="1")
    with pytest.raises(TipRefusedError, match=f"A {operation} has no tip"):
        given.order(PLACE, EUR)


def test_what_is_no_amount_is_refused() -> None:
    with pytest.raises(MoneyError):
        OrderTexts(operation=Operation.SALE, language="en", amount="").order(PLACE, EUR)
