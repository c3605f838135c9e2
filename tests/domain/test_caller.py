"""Other software's own references: when an order is the same again."""

from __future__ import annotations

from dataclasses import replace

from support.fakes import EUR, order
from support.tecs import NOW

from kiosk_tui.domain.caller import why_not_again
from kiosk_tui.domain.identity import CallerReference, Original, Place, TransactionId
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.money import Money
from kiosk_tui.domain.operations import Operation
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


def test_an_original_is_the_same_in_every_spelling_and_another_one_at_another_terminal() -> None:
    asked = replace(
        Order(Operation.REFERENCED_REFUND, Money(100, EUR), Place("88091105", "1")),
        original=Original(TransactionId("17"), Place("88091105", "1")),
    )
    same = replace(asked, original=Original(TransactionId("TXID0017"), Place("88091105", "01")))
    other = replace(asked, original=Original(TransactionId("17"), Place("11460019", "1")))
    assert why_not_again(same, _kept(asked)) == ""
    assert why_not_again(other, _kept(asked)) != ""
