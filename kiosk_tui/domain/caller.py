"""What other software calls its orders: the reference that makes asking again harmless."""

from __future__ import annotations

from kiosk_tui.domain.identity import CallerReference, CardReference
from kiosk_tui.domain.transaction import Order, Transaction


def why_not_again(order: Order, earlier: Transaction) -> str:
    """Say why an order is not the one that its reference stands for; empty when it is.

    What TECS or the journal adds or leaves out (language, reason) counts for nothing. A card is another
    one where its last digits are: no more of it is kept, and a digest of what is not kept could be guessed.
    """
    asked, known = order, earlier.order
    if (
        asked.operation is known.operation
        and asked.amount == known.amount
        and asked.tip == known.tip
        and asked.original == known.original
        and asked.until_goods == known.until_goods
        and not _other_card(order.card_reference, earlier)
    ):
        return ""
    return (
        f"The reference {order.caller_reference} was used for another order, {earlier.id}:"
        " take a new one for each."
    )


def why_not_free(reference: CallerReference, use: str) -> str:
    """Say that a reference was used for something that is no order of its own (a cancellation)."""
    return (
        f"The reference {reference} was used for something else ({use}): take a new one for each."
    )


def _other_card(asked: CardReference | None, earlier: Transaction) -> bool:
    known = earlier.answer.card[-4:] if earlier.answer else ""
    last = asked.last_digits if asked else ""
    return bool(last) and known.isdecimal() and known != last
