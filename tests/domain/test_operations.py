"""The table of operations, told once more by hand: whoever changes a row has to mean it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kiosk_tui.domain.operations import (
    OPERATIONS,
    CardUse,
    Measure,
    MoneyEffect,
    Operation,
    TipUse,
    called,
)

CHARGES = {"sale", "sale_and_tip", "moto", "completion", "gratuity"}


def _having(fact: Callable[[Operation], bool]) -> set[str]:
    return {str(one) for one in Operation if fact(one)}


def test_every_operation_has_a_row() -> None:
    assert set(OPERATIONS) == set(Operation)
    assert all(OPERATIONS[one] is one.rules for one in Operation)


def test_what_an_approval_does_to_money() -> None:
    assert _having(lambda one: one.charges) == CHARGES
    assert _having(lambda one: one.pays_back) == {"refund", "referenced_refund"}
    assert _having(lambda one: one.reserves) == {"preauthorization"}
    assert _having(lambda one: one.takes_back) == {"cancellation"}
    assert _having(lambda one: one.rules.money is MoneyEffect.NOTHING) == {"balance"}


def test_totals_count_what_was_paid_less_what_was_paid_back() -> None:
    assert _having(lambda one: one.direction == 1) == CHARGES
    assert _having(lambda one: one.direction == -1) == {"refund", "referenced_refund"}


@pytest.mark.parametrize(
    ("operation", "originals"),
    [
        (Operation.COMPLETION, {"preauthorization"}),
        (Operation.REFERENCED_REFUND, CHARGES),
        (Operation.CANCELLATION, CHARGES | {"preauthorization"}),
        (Operation.GRATUITY, CHARGES),
    ],
)
def test_a_follow_up_is_about_some_kinds_of_earlier_transactions(
    operation: Operation, originals: set[str]
) -> None:
    assert operation.follows_up
    assert _having(operation.may_be_about) == originals


def test_the_others_are_about_nothing_earlier() -> None:
    follow_ups = _having(lambda one: one.follows_up)
    assert follow_ups == {"completion", "referenced_refund", "cancellation", "gratuity"}
    measured = _having(lambda one: one.rules.measure is Measure.ORIGINAL)
    assert follow_ups == measured | _having(lambda one: one.is_tip)
    assert follow_ups == _having(lambda one: one.rules.card is CardUse.ORIGINAL)


def test_what_takes_something_from_its_original_has_a_word_for_it() -> None:
    words = {str(one): one.rules.taken for one in Operation if one.rules.taken}
    assert words == {
        "completion": "completed",
        "referenced_refund": "refunded",
        "gratuity": "tipped",
    }


def test_amounts_tips_cards_and_receipt_numbers() -> None:
    assert _having(lambda one: not one.has_amount) == {"balance"}
    assert _having(lambda one: not one.rules.numbered) == {"balance"}
    assert _having(lambda one: one.rules.optional) == {"balance", "gratuity"}
    assert _having(lambda one: one.is_tip) == {"gratuity"}
    assert _having(lambda one: one.rules.tip is TipUse.CARRIED) == {"sale_and_tip"}
    assert _having(lambda one: one.rules.tip is TipUse.POSSIBLE) == {"sale"}
    assert _having(lambda one: one.rules.card is CardUse.REFERENCE) == {"moto"}


def test_a_command_is_the_operation_that_fits_what_was_given() -> None:
    assert called("sale") is Operation.SALE
    assert called("sale", tip=True) is Operation.SALE_AND_TIP
    assert called("refund") is Operation.REFUND
    assert called("refund", follows_up=True) is Operation.REFERENCED_REFUND
    assert called("moto", tip=True) is Operation.MOTO
    for command in ("complete", "cancel"):
        assert called(command) is called(command, follows_up=True)
    with pytest.raises(IndexError):
        called("sail")


def test_the_reason_of_an_order_without_one_is_its_name() -> None:
    assert Operation.SALE_AND_TIP.default_reason == "Sale and tip"
