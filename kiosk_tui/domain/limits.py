"""What an order may be, on every path: how large, with how large a tip, with nothing forbidden in it.

Owns: the limits that a configuration sets, and those that nobody may override. They are judged once,
when an order begins: never when a journal is read, an answer is taken or a cancellation is due.
Refuses to know: who may override (`rights`), and what TECS's fields hold (`tecs.models`).
"""

from __future__ import annotations

from kiosk_tui.domain.card_number import REFUSED, holds_card_number
from kiosk_tui.domain.money import Money, plain
from kiosk_tui.domain.operations import Measure
from kiosk_tui.domain.tip import TipPolicy, allowed, highest
from kiosk_tui.domain.transaction import Order
from kiosk_tui.records import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """The terminal's limits, and the policy for tips.

    The figures are the terminal's currency's; an order in another one is held against the same
    figures, because no rate is known.
    """

    least: Money
    most: Money
    tip: TipPolicy

    def allow(self, amount: Money) -> bool:
        """Whether an amount that is typed is neither too little nor too much."""
        return self.least <= amount <= self.most


def why_forbidden(order: Order) -> str:
    """Say what of an order nobody may override, in a sentence; empty when there is nothing."""
    free = {
        "reason": order.reason,
        "receipt number": order.receipt_number,
        "personal id": order.personal_id,
        "caller's reference": order.caller_reference,
    }
    for name, text in free.items():
        if holds_card_number(text):
            return f"The {name} {REFUSED}."
    if order.until_goods and not order.operation.sells:
        return f"A {order.operation} hands nothing over: only a sale can be taken until goods."
    return ""


def why_beyond(order: Order, limits: Limits, original: Money | None = None) -> str:
    """Say which limit an order exceeds, in a sentence; empty when it exceeds none.

    `original` is the amount of the transaction that it is about, where that is known.
    """
    if order.operation.rules.measure is Measure.TERMINAL:
        # nothing at all is told by the terminal's own check
        if order.amount and order.amount.decimal < limits.least.decimal:
            return f"{order.amount} is less than the smallest amount, {plain(limits.least)}."
        if order.amount.decimal > limits.most.decimal:
            return f"{order.amount} is more than the largest amount, {plain(limits.most)}."
    tip, base = order.tip, order.amount
    if order.operation.is_tip and original is not None:
        tip, base = order.amount, original
    if tip is not None and tip.currency != base.currency:
        return "Amount and tip are in different currencies: give both in one."
    if tip and not allowed(limits.tip, base, tip):
        most = highest(limits.tip, base)
        return f"A tip of {tip} is more than {plain(most)}, the highest for {base}."
    return ""
