"""What a run must take back: a pure look at the transactions that it left.

A charge or a hold is cancelled; a charge of which a part was refunded, or that carries a tip, cannot be,
so the rest is refunded. A
refund cannot be taken back. The payment reason says in the journal, and to TECS, which transactions
are a run's own, so that the next run finds what a killed one left.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from kiosk_tui.domain.identity import TransactionId
from kiosk_tui.domain.lifecycle import OPEN, State
from kiosk_tui.domain.money import Money
from kiosk_tui.domain.operations import Operation, called
from kiosk_tui.domain.transaction import Transaction

TO_UNDO: Final = "Acceptance test, to be cancelled"
TO_KEEP: Final = "Acceptance test, stays"

_STANDING: Final = OPEN | {State.APPROVED}


@dataclass(frozen=True, slots=True)
class Undo:
    """One thing to take back: by a cancellation, or by a refund of what is left."""

    transaction: Transaction
    refund: Money | None = None


def next_undo(transactions: Collection[Transaction], tried: Collection[str]) -> Undo | None:
    """Return what is to be taken back next, the newest first, or nothing.

    `tried` are the ids that were tried already: none is tried twice.
    """
    for one in sorted(transactions, key=lambda each: int(each.id), reverse=True):
        if one.id in tried or not _is_left(one) or _completed(one, transactions):
            continue
        left = one.charged.minor - _refunded_minor(one, transactions)
        if not _taken_from(one, transactions):
            return Undo(one)
        if left > 0:
            return Undo(one, Money(left, one.order.amount.currency))
    return None


def ours(transactions: Collection[Transaction]) -> list[TransactionId]:
    """Return the ids of what runs have made and not kept, and of whatever refers to that."""
    made = {one.id for one in transactions if one.order.reason == TO_UNDO}
    referring = (
        one.id
        for one in transactions
        if one.order.original is not None and one.order.original.transaction_id in made
    )
    return [*made, *referring]


def can_be_undone(operation: Operation) -> bool:
    """Say whether an operation can be taken back."""
    return called("cancel").may_be_about(operation)


def _is_left(one: Transaction) -> bool:
    return (
        one.state is State.APPROVED
        and can_be_undone(one.order.operation)
        and one.order.reason == TO_UNDO
    )


def _completed(hold: Transaction, transactions: Collection[Transaction]) -> bool:
    """Say whether something was charged from a hold, and still is: then the hold is used up."""
    return hold.order.operation.reserves and _taken_from(hold, transactions)


def _taken_from(one: Transaction, transactions: Collection[Transaction]) -> bool:
    """Say whether something refers to it that keeps it from being cancelled."""
    return any(
        other.order.operation.rules.taken and other.state in _STANDING
        for other in _referring(one, transactions)
    )


def _refunded_minor(one: Transaction, transactions: Collection[Transaction]) -> int:
    return sum(
        other.order.amount.minor
        for other in _referring(one, transactions)
        if other.order.operation.pays_back and other.state in _STANDING
    )


def _referring(one: Transaction, transactions: Collection[Transaction]) -> list[Transaction]:
    return [
        other
        for other in transactions
        if other.order.original is not None and other.order.original.transaction_id == one.id
    ]
