"""From what a POS asks for to an order. Pure but for the list of currencies."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk_tui.domain.identity import Original, Place
from kiosk_tui.domain.money import MoneyError, parse_plain, zero
from kiosk_tui.domain.transaction import Operation, Order
from kiosk_tui.locales.currencies import currency
from kiosk_tui.pos.protocol import Pay


@dataclass(frozen=True, slots=True)
class House:
    """What an order does not say: this register's terminal, currency and language."""

    place: Place
    currency: str
    language: str


class OrderRefusedError(ValueError):
    """An order that makes no sense; the text is a sentence."""


def order(asked: Pay, house: House) -> Order:
    """Return the order. Raises `OrderRefusedError`."""
    try:
        money = currency(asked.currency or house.currency)
        amount = parse_plain(asked.amount, money) if asked.amount else zero(money)
        tip = parse_plain(asked.tip, money) if asked.tip else zero(money)
    except MoneyError as error:
        raise OrderRefusedError(str(error)) from error
    operation = asked.operation
    if tip and operation is Operation.SALE:
        operation = Operation.SALE_AND_TIP
    if tip and operation is not Operation.SALE_AND_TIP:
        raise OrderRefusedError(f"A {operation} has no tip: only a sale has one.")
    return Order(
        operation=operation,
        amount=amount,
        place=house.place,
        tip=tip or None,
        original=_original(asked, house.place),
        card_reference=asked.card_reference,
        language=(asked.language or house.language)[:2],
        reason=asked.reason,
        receipt_number=asked.receipt_number,
        personal_id=asked.personal_id,
        caller_reference=asked.caller_reference,
    )


def _original(asked: Pay, own: Place) -> Original | None:
    if not asked.original:
        return None
    digits = asked.original.removeprefix("TXID").replace(" ", "").lstrip("0")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 20):  # noqa: PLR2004
        raise OrderRefusedError(
            f"'{asked.original}' is not a transaction id: give its digits, like 20261123140159123."
        )
    place = Place(
        asked.original_terminal or own.terminal, asked.original_source_id or own.source_id
    )
    return Original(digits, place)
