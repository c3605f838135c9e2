"""What a person has to do about a transaction that no machine can settle.

Owns: the kinds of task, told from what went over the wire. Refuses to know: words.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from kiosk_tui.domain.outcome import CancelVerdict
from kiosk_tui.domain.transaction import Exchange, ExchangeKind, Transaction


class Task(StrEnum):
    """Why a person has to look, and so what for."""

    REFUND_LOST = "refund_lost"
    """Nobody knows whether a refund was paid, and a refund cannot be cancelled."""
    REFUSED = "refused"
    """TECS refuses the cancellation: the charge has been cleared."""
    CONTRADICTION = "contradiction"
    """TECS approved it, and says now that it knows of no charge."""
    LATE = "late"
    """It was settled before an approval came in after all."""


def task(one: Transaction, exchanges: Sequence[Exchange]) -> Task:
    """Return what a transaction that needs staff is about."""
    if one.note:
        return Task.LATE
    if one.order.operation.pays_back:
        return Task.REFUND_LOST
    told = [
        found.verdict
        for found in exchanges
        if found.kind is ExchangeKind.CANCELLATION and found.verdict
    ]
    contradicts = (CancelVerdict.ORIGINAL_NOT_FOUND, CancelVerdict.ORIGINAL_DECLINED)
    if told and told[-1] in contradicts:
        return Task.CONTRADICTION
    return Task.REFUSED
