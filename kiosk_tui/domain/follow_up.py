"""Follow-ups (completions, refunds, cancellations) of an earlier transaction: what it still allows.

Money that may have moved counts as moved: a refund whose answer is missing, or that staff has
settled by hand, is not paid a second time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from kiosk_tui.domain.identity import Original
from kiosk_tui.domain.lifecycle import DUE, State
from kiosk_tui.domain.money import MAX_MINOR, Money, plain, zero
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.transaction import Order, Transaction

WITHOUT_MONEY: Final = frozenset(
    {State.DECLINED, State.NOT_SENT, State.CANCELLED, State.NOTHING_TO_CANCEL}
)
"""The states of a follow-up that has taken nothing from its original."""

_CANCELS: Final = DUE | {State.CANCELLED}
"""The states in which a cancellation has taken its original back, or may still do so."""


class FollowUpError(ValueError):
    """What the original does not allow; the text is one sentence."""


def remaining(
    operation: Operation,
    original: Transaction,
    earlier: Sequence[Transaction],
    completion_percent: int = 100,
) -> Money:
    """Return how much of the original a follow-up may still take; nothing is zero.

    For a tip it is the original's whole amount, of which the tip is a share; nothing where the
    original carries a tip already. `earlier` are the transactions that refer to it.
    `completion_percent` is how much of what was authorized may be charged in all, in percent.
    """
    whole = original.charged
    most = whole.minor
    if original.order.operation.reserves:
        most = most * completion_percent // 100
    taken = sum(
        one.charged.minor
        for one in earlier
        if one.order.operation is operation and one.state not in WITHOUT_MONEY
    )
    if operation.is_tip and (taken or original.tip_in_it):
        return zero(whole.currency)
    left = most if operation.is_tip else most - taken
    return Money(min(max(0, left), MAX_MINOR), whole.currency)


def follow_up(
    order: Order,
    original: Transaction | None,
    earlier: Sequence[Transaction] = (),
    completion_percent: int = 100,
) -> Order:
    """Check a follow-up against its original, and take over what it repeats of that.

    `earlier` are the transactions that refer to the same original. How much one that is not in our
    journal allows is TECS's to judge. Raises `FollowUpError`.
    """
    if order.original is None:
        return order
    for one in earlier:
        if one.order.operation.takes_back and one.state in _CANCELS:
            raise FollowUpError(
                f"Transaction {order.original.transaction_id} has been cancelled by {one.id}:"
                " nothing of it is left."
            )
    if original is None:
        return _of_another(order, order.original)
    _check_kind(order, original)
    if original.state is not State.APPROVED:
        raise FollowUpError(f"Transaction {original.id} is {original.state}, not approved.")
    if order.amount.currency != original.order.amount.currency:
        raise FollowUpError(
            f"Transaction {original.id} is in {original.order.amount.currency.code}: use that."
        )
    left = remaining(order.operation, original, earlier, completion_percent)
    if order.operation.is_tip and not left:
        raise FollowUpError(f"Transaction {original.id} carries a tip already.")
    if left < order.amount and not order.operation.is_tip:
        raise FollowUpError(_too_much(order, original, left))
    return _of_original(order, original)


def _of_another(order: Order, original: Original) -> Order:
    """Leave it to TECS what a transaction allows that is not in our journal: but a tip needs its amount."""
    if order.operation.is_tip:
        raise FollowUpError(
            f"Transaction {original.transaction_id} is not in this register's journal: a"
            f" {order.operation} needs one that is."
        )
    return order


def _of_original(order: Order, original: Transaction) -> Order:
    """Spell the original as its own request was; a completion carries its reason and number, too."""
    refers = Original(original.id, original.order.place)
    if not original.order.operation.reserves:
        return replace(order, original=refers)
    return replace(
        order,
        original=refers,
        reason=order.reason or original.order.reason,
        receipt_number=order.receipt_number or original.order.receipt_number,
    )


def why_not_cancelled(original_id: str, earlier: Sequence[Transaction]) -> str:
    """Say why a transaction cannot be cancelled any more; empty when it can.

    `earlier` are the transactions that refer to it.
    """
    for one in earlier:
        if one.order.operation.takes_back and one.state in _CANCELS:
            return f"Transaction {original_id} has been cancelled by {one.id} already."
        taken = one.order.operation.rules.taken
        if taken and one.state not in WITHOUT_MONEY:
            return (
                f"Transaction {original_id} has been {taken} by {one.id}:"
                " that one must be cancelled, or the rest refunded."
            )
    return ""


def _too_much(order: Order, original: Transaction, left: Money) -> str:
    whole = original.charged
    done = order.operation.rules.taken
    if left == whole:
        return f"{plain(order.amount)} is more than the original's {plain(whole)}."
    if not left:
        return f"Transaction {original.id} has been {done} wholly: nothing of it is left."
    return (
        f"{plain(order.amount)} is more than the {plain(left)} of transaction {original.id}"
        f" that can still be {done}."
    )


def _check_kind(order: Order, original: Transaction) -> None:
    kind, asked = original.order.operation, order.operation
    if not asked.rules.taken or not asked.may_be_about(kind):
        raise FollowUpError(f"Transaction {original.id} is a {kind}: {asked.rules.unsuited}.")
