"""Completions and refunds of an earlier transaction: what the original allows."""

from __future__ import annotations

from dataclasses import replace

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.money import plain
from kiosk_tui.domain.transaction import CHARGES, Operation, Order, Original, Transaction


class FollowUpError(ValueError):
    """What the original does not allow; the text is one sentence."""


def follow_up(order: Order, original: Transaction | None) -> Order:
    """Check a completion or refund against its original, and take over the original's terminal.

    An original that is not in our journal is TECS's to judge. Raises `FollowUpError`.
    """
    if original is None or order.original is None:
        return order
    _check_kind(order, original)
    if original.state is not State.APPROVED:
        raise FollowUpError(f"Transaction {original.id} is {original.state}, not approved.")
    if order.amount.currency != original.order.amount.currency:
        raise FollowUpError(
            f"Transaction {original.id} is in {original.order.amount.currency.code}: use that."
        )
    if original.order.charged < order.amount:
        raise FollowUpError(
            f"{plain(order.amount)} is more than the original's {plain(original.order.charged)}."
        )
    return replace(order, original=Original(original.id, original.order.place))


def _check_kind(order: Order, original: Transaction) -> None:
    kind = original.order.operation
    if order.operation is Operation.COMPLETION and kind is not Operation.PREAUTHORIZATION:
        raise FollowUpError(
            f"Transaction {original.id} is a {kind}: only a preauthorization can be completed."
        )
    if order.operation is Operation.REFERENCED_REFUND and kind not in CHARGES:
        raise FollowUpError(f"Transaction {original.id} is a {kind}: there is nothing to refund.")
