"""What a run takes back: the newest first, each once, by a cancellation or by a refund of the rest."""

from __future__ import annotations

from dataclasses import replace

from support.fakes import EUR, PLACE
from support.virtual import START

from kiosk_tui.domain.identity import Original, TransactionId
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.money import Money
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.transaction import Order, Transaction
from kiosk_tui.lab.acceptance.undoing import TO_KEEP, TO_UNDO, Undo, next_undo, ours


def made(
    number: int,
    operation: Operation = Operation.SALE,
    minor: int = 1000,
    *,
    of: int | None = None,
    state: State = State.APPROVED,
    reason: str = TO_UNDO,
) -> Transaction:
    original = None if of is None else Original(TransactionId(str(of)), PLACE)
    order = Order(operation, Money(minor, EUR), PLACE, original=original, reason=reason)
    return Transaction(TransactionId(str(number)), order, state, order.amount, START, START)


def test_the_newest_goes_first_and_none_is_tried_twice() -> None:
    first, second = made(9), made(10)
    assert next_undo([first, second], set()) == Undo(second)
    assert next_undo([first, second], {"10"}) == Undo(first)
    assert next_undo([first, second], {"10", "9"}) is None


def test_what_was_not_approved_is_kept_or_is_not_a_run_s_own_stays() -> None:
    others = [
        made(1, state=State.DECLINED),
        made(2, state=State.CANCELLED),
        made(3, state=State.NEEDS_STAFF),
        made(4, state=State.CANCEL_DUE),
        made(5, reason=TO_KEEP),
        made(6, reason=""),
        made(7, Operation.REFUND),
        made(8, Operation.BALANCE),
    ]
    assert next_undo(others, set()) is None


def test_of_what_was_refunded_in_part_the_rest_is_refunded() -> None:
    sale, back = made(1), made(2, Operation.REFERENCED_REFUND, 300, of=1)
    assert next_undo([sale, back], set()) == Undo(sale, Money(700, EUR))
    whole = made(3, Operation.REFERENCED_REFUND, 700, of=1)
    assert next_undo([sale, back, whole], set()) is None
    declined = replace(back, state=State.DECLINED)
    assert next_undo([sale, declined], set()) == Undo(sale)


def test_a_hold_is_released_only_when_nothing_is_charged_from_it() -> None:
    hold, charge = made(1, Operation.PREAUTHORIZATION), made(2, Operation.COMPLETION, of=1)
    assert next_undo([hold, charge], set()) == Undo(charge)
    assert next_undo([hold, replace(charge, state=State.CANCELLED)], {"2"}) == Undo(hold)
    due = replace(charge, state=State.VOID_DUE)
    assert next_undo([hold, due], {"2"}) is None
    kept = made(2, Operation.COMPLETION, of=1, reason=TO_KEEP)
    assert next_undo([hold, kept], set()) is None


def test_a_cashier_s_refund_of_a_run_s_sale_counts_and_other_sales_are_nobody_s_business() -> None:
    sale, theirs = made(1), made(2, reason="Ticket")
    refund = made(3, Operation.REFERENCED_REFUND, 1000, of=1, reason="Complaint")
    found = ours([sale, theirs, refund])
    assert set(found) == {"1", "3"}
    assert next_undo([sale, refund], set()) is None
