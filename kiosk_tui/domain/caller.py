"""What other software calls its orders: the reference that makes asking again harmless."""

from __future__ import annotations

from kiosk_tui.domain.transaction import Order, Transaction


def why_not_again(order: Order, earlier: Transaction) -> str:
    """Say why an order is not the one that its reference stands for; empty when it is.

    What TECS or the journal adds or leaves out (language, card reference, reason) counts for nothing.
    """
    asked, known = order, earlier.order
    if (
        asked.operation is known.operation
        and asked.amount == known.amount
        and asked.tip == known.tip
        and asked.original == known.original
        and asked.until_goods == known.until_goods
    ):
        return ""
    return (
        f"The reference {order.caller_reference} was used for another order, {earlier.id}:"
        " take a new one for each."
    )
