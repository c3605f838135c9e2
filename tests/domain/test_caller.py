"""Other software's own references: when an order is the same again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.fakes import EUR, order
from support.tecs import NOW

from kiosk_tui.domain.caller import why_not_again
from kiosk_tui.domain.identity import CallerReference, CardReference, Original, Place, TransactionId
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.money import Money
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.outcome import Answer
from kiosk_tui.domain.transaction import Order, Transaction

TILL = CallerReference("till 1")


def _kept(asked: Order) -> Transaction:
    one = replace(asked, caller_reference=TILL)

    return Transaction(TransactionId("7"), one, State.APPROVED, one.amount, NOW, NOW)


def test_what_is_added_or_left_out_on_the_way_makes_no_other_order() -> None:
    kept = _kept(replace(order(), reason="Sale", receipt_number="17"))
    assert why_not_again(order(), kept) == ""


def test_another_amount_tip_operation_or_original_is_another_order() -> None:
    kept = _kept(order(1255, Operation.SALE_AND_TIP, 100))
    for other in (
        order(1256, Operation.SALE_AND_TIP, 100),
        order(1255, Operation.SALE_AND_TIP, 101),
        order(1255, Operation.MOTO),
    ):
        assert "was used for another order, 7" in why_not_again(other, kept)


@pytest.mark.parametrize(
    ("reference", "card", "same"),
    [
        ("REF20117_2712_1111_411111", "411111******1111", True),
        ("REF20117_2712_1111_411111", "411111******2222", False),
        ("REF99999_3001_1111_411111", "411111******1111", True),  # no more of a card is kept
        ("REF20117", "411111******1111", True),
        ("REF20117_2712_1111_411111", "", True),
        ("REF20117_2712_1111_411111", "411111XXXXXXXXXX", True),
        ("", "411111******1111", True),
    ],
)
def test_another_card_is_another_order_as_far_as_its_last_digits_tell(
    reference: str, card: str, same: bool
) -> None:
    asked = order(500, Operation.MOTO)
    kept = replace(_kept(asked), answer=Answer("00", fields={"card_number": card}))
    again = replace(asked, card_reference=CardReference(reference) if reference else None)
    assert (why_not_again(again, kept) == "") is same
    assert why_not_again(again, _kept(asked)) == "", "without an answer no card is known"


def test_an_original_is_the_same_in_every_spelling_and_another_one_at_another_terminal() -> None:
    asked = replace(
        Order(Operation.REFERENCED_REFUND, Money(100, EUR), Place("88091105", "1")),
        original=Original(TransactionId("17"), Place("88091105", "1")),
    )
    same = replace(asked, original=Original(TransactionId("TXID0017"), Place("88091105", "01")))
    other = replace(asked, original=Original(TransactionId("17"), Place("11460019", "1")))
    assert why_not_again(same, _kept(asked)) == ""
    assert why_not_again(other, _kept(asked)) != ""
