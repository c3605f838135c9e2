"""What an order may be: judged by canonical values, the same on every path."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.fakes import EUR, order

from kiosk_tui.domain.identity import CallerReference
from kiosk_tui.domain.limits import Limits, why_beyond, why_forbidden
from kiosk_tui.domain.money import Currency, Money
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.tip import TipPolicy

LIMITS = Limits(
    Money(100, EUR), Money(100_000, EUR), TipPolicy(fixed_minor=(500,), most_percent=50)
)
MEASURED = [
    *(Operation.SALE, Operation.SALE_AND_TIP, Operation.MOTO),
    *(Operation.PREAUTHORIZATION, Operation.REFUND),
]


@pytest.mark.parametrize(
    ("minor", "allowed"), [(99, False), (100, True), (100_000, True), (100_001, False)]
)
def test_an_amount_that_is_typed_may_be_either_limit_itself(minor: int, *, allowed: bool) -> None:
    assert LIMITS.allow(Money(minor, EUR)) is allowed


@pytest.mark.parametrize("operation", MEASURED)
def test_an_amount_is_within_the_limits_to_the_last_cent(operation: Operation) -> None:
    assert why_beyond(order(100, operation), LIMITS) == ""
    assert why_beyond(order(100_000, operation), LIMITS) == ""
    assert "0.99 EUR is less than the smallest amount, 1.00" in why_beyond(
        order(99, operation), LIMITS
    )
    assert "1000.01 EUR is more than the largest amount, 1000.00" in why_beyond(
        order(100_001, operation), LIMITS
    )


@pytest.mark.parametrize("operation", sorted(set(Operation) - set(MEASURED)))
def test_what_is_about_an_earlier_one_is_measured_by_that(operation: Operation) -> None:
    assert why_beyond(order(100_001, operation), LIMITS) == ""
    assert why_beyond(order(1, operation), LIMITS) == ""


def test_another_currency_is_held_against_the_same_figures() -> None:
    for currency, minor in ((Currency("JPY", 0), 1000), (Currency("KWD", 3), 1_000_000)):
        fits = replace(order(), amount=Money(minor, currency))
        assert why_beyond(fits, LIMITS) == ""
        assert why_beyond(replace(fits, amount=Money(minor + 1, currency)), LIMITS) != ""


def test_a_tip_has_a_highest_share_of_its_amount() -> None:
    assert why_beyond(order(1000, Operation.SALE_AND_TIP, 500), LIMITS) == ""
    assert why_beyond(order(200, Operation.SALE_AND_TIP, 500), LIMITS) == ""  # the merchant's own
    told = why_beyond(order(1000, Operation.SALE_AND_TIP, 501), LIMITS)
    assert told == "A tip of 5.01 EUR is more than 5.00, the highest for 10.00 EUR."


def test_a_tip_in_another_currency_is_none() -> None:
    mixed = replace(order(1000), tip=Money(1, Currency("CHF", 2)))
    assert "different currencies" in why_beyond(mixed, LIMITS)


CARD = "4111 1111 1111 1111"


@pytest.mark.parametrize("name", ["reason", "receipt_number", "personal_id"])
def test_no_free_text_holds_a_card_number(name: str) -> None:
    told = why_forbidden(replace(order(), **{name: f"for {CARD}"}))  # type: ignore[arg-type]
    assert "holds a card number" in told
    assert name.replace("_", " ") in told
    assert CARD not in told


def test_a_callers_reference_holds_none_either() -> None:
    asked = replace(order(), caller_reference=CallerReference(CARD))
    assert "The caller's reference holds a card number" in why_forbidden(asked)
    assert why_forbidden(replace(order(), reason="Order 2026-11-0000017")) == ""


@pytest.mark.parametrize("operation", Operation)
def test_only_what_sells_can_be_taken_until_goods(operation: Operation) -> None:
    asked = replace(order(), operation=operation, until_goods=True)
    sells = operation in {Operation.SALE, Operation.SALE_AND_TIP, Operation.MOTO}
    assert (why_forbidden(asked) == "") is sells
