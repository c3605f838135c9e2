"""What other software calls its orders: the reference that makes asking again harmless."""

from __future__ import annotations

from typing import Final

from kiosk_tui.domain.transaction import Order, Transaction

LONGEST: Final = 64


def why_no_reference(text: str) -> str:
    """Say why a text is no caller's reference; empty when it is one."""
    if not text:
        return "A caller's reference is empty: give 1 to 64 characters that name this order alone."
    if len(text) > LONGEST:
        return f"A caller's reference has {len(text)} characters: at most {LONGEST} fit."
    if not text.isprintable():
        return "A caller's reference holds a character that cannot be printed: leave it out."
    return ""


def why_not_again(order: Order, earlier: Transaction) -> str:
    """Say why an order is not the one that its reference stands for; empty when it is.

    What TECS or the journal adds or leaves out (language, card reference, reason) counts for nothing.
    """
    asked, known = order, earlier.order
    mine, theirs = asked.original, known.original
    if (
        asked.operation is known.operation
        and asked.amount == known.amount
        and asked.tip == known.tip
        and (mine and mine.transaction_id) == (theirs and theirs.transaction_id)
    ):
        return ""
    return (
        f"The reference {order.caller_reference} was used for another order, {earlier.id}:"
        " take a new one for each."
    )
