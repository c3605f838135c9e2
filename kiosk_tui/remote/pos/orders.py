"""From what a POS asks for to an order. Pure but for the list of currencies."""

from __future__ import annotations

from kiosk_tui.domain.identity import IdentityError, Original, Place
from kiosk_tui.domain.money import MoneyError
from kiosk_tui.domain.ordering import OrderTexts, TipRefusedError
from kiosk_tui.domain.references import Wanted, wanted
from kiosk_tui.domain.transaction import Order
from kiosk_tui.records import dataclass
from kiosk_tui.remote.pos.protocol import Pay
from kiosk_tui.text.currencies import currency


@dataclass(frozen=True, slots=True)
class OrderDefaults:
    """What an order does not say: this register's terminal, currency and language."""

    place: Place
    currency: str
    language: str


class OrderRefusedError(ValueError):
    """An order that makes no sense; the text is a sentence."""


def order(asked: Pay, defaults: OrderDefaults, original: Original | None = None) -> Order:
    """Return the order about that original. Raises `OrderRefusedError`."""
    given = OrderTexts(
        operation=asked.operation,
        language=asked.language or defaults.language,
        amount=asked.amount or None,
        tip=asked.tip or None,
        card_reference=asked.card_reference or None,
        reason=asked.reason,
        receipt_number=asked.receipt_number,
        personal_id=asked.personal_id,
        caller_reference=asked.caller_reference,
    )
    try:
        money = currency(asked.currency or defaults.currency)
        return given.order(defaults.place, money, original)
    except (MoneyError, IdentityError, TipRefusedError) as error:
        raise OrderRefusedError(str(error)) from error


def original_wanted(asked: Pay, own: Place) -> Wanted | None:
    """Return what an order says that it is about, if anything. Raises `OrderRefusedError`."""
    if not asked.original:
        return None
    try:
        return wanted(asked.original, own, asked.original_terminal, asked.original_source_id)
    except IdentityError as error:
        raise OrderRefusedError(str(error)) from error
