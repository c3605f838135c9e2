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
class House:
    """What an order does not say: this register's terminal, currency and language."""

    place: Place
    currency: str
    language: str


class OrderRefusedError(ValueError):
    """An order that makes no sense; the text is a sentence."""


def order(asked: Pay, house: House, original: Original | None = None) -> Order:
    """Return the order about that original. Raises `OrderRefusedError`."""
    try:
        return _order(asked, house, original)
    except (MoneyError, IdentityError) as error:
        raise OrderRefusedError(str(error)) from error


def _order(asked: Pay, house: House, original: Original | None) -> Order:
    money = currency(asked.currency or house.currency)
    tip = parse_plain(asked.tip, money) if asked.tip else zero(money)
    operation = asked.operation
    if tip:
        operation = called(operation.rules.command, tip=True, follows_up=operation.follows_up)
        if operation.rules.tip is not TipUse.CARRIED:
            raise OrderRefusedError(f"A {asked.operation} has no tip: only a sale has one.")
    return Order(
        operation=operation,
        amount=parse_plain(asked.amount, money) if asked.amount else zero(money),
        place=house.place,
        tip=tip or None,
        original=original,
        card_reference=CardReference(asked.card_reference) if asked.card_reference else None,
        language=Language(asked.language or house.language),
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
