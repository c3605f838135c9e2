"""From what a POS asks for to an order. Pure but for the list of currencies."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk_tui.domain.identity import CardReference, IdentityError, Original, Place
from kiosk_tui.domain.language import Language
from kiosk_tui.domain.money import MoneyError, parse_plain, zero
from kiosk_tui.domain.operations import TipUse, called
from kiosk_tui.domain.references import Wanted, wanted
from kiosk_tui.domain.transaction import Order
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
    try:
        return _order(asked, defaults, original)
    except (MoneyError, IdentityError) as error:
        raise OrderRefusedError(str(error)) from error


def _order(asked: Pay, defaults: OrderDefaults, original: Original | None) -> Order:
    money = currency(asked.currency or defaults.currency)
    tip = parse_plain(asked.tip, money) if asked.tip else zero(money)
    operation = asked.operation
    if tip:
        operation = called(operation.rules.command, tip=True, follows_up=operation.follows_up)
        if operation.rules.tip is not TipUse.CARRIED:
            raise OrderRefusedError(f"A {asked.operation} has no tip: only a sale has one.")
    return Order(
        operation=operation,
        amount=parse_plain(asked.amount, money) if asked.amount else zero(money),
        place=defaults.place,
        tip=tip or None,
        original=original,
        card_reference=CardReference(asked.card_reference) if asked.card_reference else None,
        language=Language(asked.language or defaults.language),
        reason=asked.reason,
        receipt_number=asked.receipt_number,
        personal_id=asked.personal_id,
        caller_reference=asked.caller_reference,
    )


def original_wanted(asked: Pay, own: Place) -> Wanted | None:
    """Return what an order says that it is about, if anything. Raises `OrderRefusedError`."""
    if not asked.original:
        return None
    try:
        return wanted(asked.original, own, asked.original_terminal, asked.original_source_id)
    except IdentityError as error:
        raise OrderRefusedError(str(error)) from error
