"""What was taken on a day, by currency and operation. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final

from kiosk_tui.domain.lifecycle import OPEN, State
from kiosk_tui.domain.money import Currency
from kiosk_tui.domain.transaction import CHARGES, Operation, Transaction

REFUNDS: Final = frozenset({Operation.REFUND, Operation.REFERENCED_REFUND})


def totals(begun: Iterable[Transaction]) -> dict[str, Any]:
    """Sum up what is approved; count what is open and what needs staff."""
    every = list(begun)
    approved = [one for one in every if one.state is State.APPROVED]
    used = sorted({one.order.amount.currency for one in approved}, key=lambda one: one.code)
    return {
        "currencies": {
            money.code: _of([one for one in approved if one.order.amount.currency == money], money)
            for money in used
        },
        "open": sum(one.state in OPEN for one in every),
        "needs_staff": sum(one.state is State.NEEDS_STAFF for one in every),
    }


def _of(approved: list[Transaction], money: Currency) -> dict[str, Any]:
    operations: dict[str, Any] = {}
    for operation in Operation:
        mine = [one for one in approved if one.order.operation is operation]
        if mine:
            tips = (one.order.tip.minor for one in mine if one.order.tip is not None)
            operations[str(operation)] = {
                "count": len(mine),
                "amount": _plain(sum(one.order.amount.minor for one in mine), money),
                "tip": _plain(sum(tips), money),
                "total": _plain(_sum(mine), money),
            }
    charged = _sum(one for one in approved if one.order.operation in CHARGES)
    refunded = _sum(one for one in approved if one.order.operation in REFUNDS)
    return {
        "operations": operations,
        "charged": _plain(charged, money),
        "refunded": _plain(refunded, money),
        "net": _plain(charged - refunded, money),
    }


def _sum(these: Iterable[Transaction]) -> int:
    return sum(one.order.charged.minor for one in these)


def _plain(minor: int, money: Currency) -> str:
    # not `Money`: a day's sum may be larger than any amount, and what is left of it below zero
    return f"{Decimal(minor).scaleb(-money.exponent):f}"
