"""From the texts that a command line or other software gives to an order: the one way there.

Refuses to know: where the texts came from, and the list of currencies.
"""

from __future__ import annotations

from kiosk_tui.domain.identity import NO_REFERENCE, CallerReference, CardReference, Original, Place
from kiosk_tui.domain.language import Language
from kiosk_tui.domain.money import Currency, Money, parse_plain, zero
from kiosk_tui.domain.operations import Operation, TipUse, called
from kiosk_tui.domain.transaction import Order
from kiosk_tui.records import dataclass


class TipRefusedError(ValueError):
    """A tip on what takes none; the text is one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderTexts:
    """An order as it was given: amounts such as `12.55`; None is what was not given at all."""

    operation: Operation
    language: str
    amount: str | None = None
    tip: str | None = None
    card_reference: str | None = None
    reason: str = ""
    receipt_number: str = ""
    personal_id: str = ""
    caller_reference: CallerReference = NO_REFERENCE
    until_goods: bool = False

    def order(self, place: Place, currency: Currency, original: Original | None = None) -> Order:
        """Return the order. Raises `MoneyError`, `IdentityError`, or `TipRefusedError`."""
        tip = _money(self.tip, currency)
        card = self.card_reference
        return Order(
            operation=_tipped(self.operation) if tip else self.operation,
            amount=_money(self.amount, currency),
            place=place,
            tip=tip or None,
            original=original,
            card_reference=None if card is None else CardReference(card),
            language=Language(self.language),
            reason=self.reason,
            receipt_number=self.receipt_number,
            personal_id=self.personal_id,
            caller_reference=self.caller_reference,
            until_goods=self.until_goods,
        )


def _money(text: str | None, currency: Currency) -> Money:
    return zero(currency) if text is None else parse_plain(text, currency)


def _tipped(operation: Operation) -> Operation:
    found = called(operation.rules.command, tip=True, follows_up=operation.follows_up)
    if found.rules.tip is not TipUse.CARRIED:
        raise TipRefusedError(f"A {operation} has no tip: only a sale has one.")
    return found
