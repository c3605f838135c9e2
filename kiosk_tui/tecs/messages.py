"""Requests, field by field.

Source: TECS's Cloud-iA documentation, its API definition (tecsclientrest 0.14.15) and samples, as
collected in the project's protocol notes. All values are strings; unused fields are sent empty.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final

from kiosk_tui.domain.identity import Original, Place
from kiosk_tui.domain.money import MAX_MINOR
from kiosk_tui.domain.transaction import Exchange, Operation, Order, Transaction
from kiosk_tui.payment.ports import OrderError
from kiosk_tui.tecs.redaction import looks_like_pan

FIELDS: Final = (
    "amount",
    "authorization_number",
    "card_number",
    "currency",
    "cvc2",
    "desired_currency",
    "ecr_data",
    "language",
    "message_type",
    "password",
    "payment_reason",
    "payment_reasonAsByte",
    "personal_id",
    "receipt_layout",
    "receipt_number",
    "terminal_number",
    "transaction_date_time",
    "transaction_id",
    "transaction_origin_identifier",
    "transaction_origin_indicator",
    "transaction_place",
    "transaction_source_id",
)
"""Every field, in the order of TECS's documentation."""

LIMITS: Final = {
    "card_number": 40,
    "personal_id": 50,
    "receipt_layout": 2,
    "receipt_number": 20,
    "transaction_place": 13,
    "transaction_source_id": 2,
}
"""Longest length of a field that somebody may fill in, in characters (API definition)."""

REASON_BYTES: Final = 39
"""payment_reason: at most so many characters and so many UTF-8 bytes; longer ones are cut."""

TERMINAL_DIGITS: Final = 8
ID_DIGITS: Final = 20


@dataclass(frozen=True, slots=True)
class Dialect:
    """What a TECS account expects and its documents leave open, plus the merchant's fixed fields.

    `zone` is the zone of transaction_date_time; `tip_in_amount` whether amount includes the tip.
    """

    zone: tzinfo
    place: str = ""
    receipt_layout: str = ""
    tip_in_amount: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """Message type, origin identifier and origin indicator of an operation."""

    message_type: str
    identifier: str
    indicator: str


KINDS: Final = {
    Operation.SALE: Kind("0001", "1", "0"),
    Operation.SALE_AND_TIP: Kind("0907", "1", "0"),
    Operation.MOTO: Kind("0001", "2", "2"),
    Operation.PREAUTHORIZATION: Kind("0001", "5", "0"),
    Operation.COMPLETION: Kind("0013", "4", "2"),
    Operation.CANCELLATION: Kind("0013", "2", "2"),
    Operation.REFUND: Kind("0011", "1", "0"),
    Operation.REFERENCED_REFUND: Kind("0011", "2", "2"),
    Operation.BALANCE: Kind("0001", "7", "0"),
}
ABORT: Final = Kind("0017", "1", "0")
STATUS: Final = Kind("9043", "1", "0")

_NEEDS_ORIGINAL = frozenset(
    {Operation.COMPLETION, Operation.CANCELLATION, Operation.REFERENCED_REFUND}
)


def check(order: Order, dialect: Dialect) -> None:
    """Raise `OrderError`, with a sentence naming the field, for what TECS would not take."""
    _check_place(order.place, "")
    if order.operation in _NEEDS_ORIGINAL and order.original is None:
        raise OrderError(f"A {order.operation} needs the reference of the original transaction.")
    if order.operation is Operation.SALE_AND_TIP and not order.tip:
        raise OrderError("A sale with a tip needs a tip: give one above zero, or make it a sale.")
    if order.operation is not Operation.BALANCE and not order.amount:
        raise OrderError("The amount is zero: give one above zero, such as 12.55.")
    if order.tip is not None and order.tip.currency != order.amount.currency:
        raise OrderError("Amount and tip are in different currencies: give both in one.")
    if order.amount.minor + (order.tip.minor if order.tip else 0) > MAX_MINOR:
        raise OrderError("Amount and tip together have more than 11 digits: give less.")
    if re.fullmatch(r"[a-z]{2}", order.language, re.ASCII) is None:
        raise OrderError(f"'{order.language}' is not a language: give two letters such as en.")
    _check_card_reference(order)
    _check_texts(order, dialect)
    if order.original is not None:
        _check_original(order.original)


def _check_texts(order: Order, dialect: Dialect) -> None:
    values = {
        "personal_id": order.personal_id,
        "receipt_number": order.receipt_number,
        "transaction_place": dialect.place,
        "receipt_layout": dialect.receipt_layout,
    }
    for name, value in values.items():
        if len(value) > LIMITS[name]:
            raise OrderError(f"{name} has {len(value)} characters: at most {LIMITS[name]} fit.")
        if not value.isprintable():
            raise OrderError(f"{name} holds a character that cannot be printed: leave it out.")


def payment(order: Order, exchange: Exchange, dialect: Dialect) -> dict[str, str]:
    """Build the request of an order."""
    fields = _message(KINDS[order.operation], exchange, dialect)
    original = order.original
    fields |= {
        "amount": str(amount_sent(order, dialect)),
        "currency": order.amount.currency.code,
        "language": order.language,
        "payment_reason": cut(order.reason),
        "personal_id": order.personal_id,
        "receipt_number": order.receipt_number,
    }
    if order.operation is Operation.SALE_AND_TIP and order.tip is not None:
        fields["ecr_data"] = f"TIP={order.tip.minor};"
    if order.operation is Operation.MOTO:
        fields["card_number"] = order.card_reference or ""
    if order.operation is Operation.COMPLETION and original is not None:
        fields["card_number"] = reference(original.transaction_id)
        fields["terminal_number"] = original.place.terminal
        fields["transaction_source_id"] = original.place.source_id
    if order.operation is Operation.REFERENCED_REFUND and original is not None:
        fields["card_number"] = long_reference(original)
    return fields


def cancellation(transaction: Transaction, exchange: Exchange, dialect: Dialect) -> dict[str, str]:
    """Build the cancellation of a transaction: with the original's own terminal and amount.

    Nothing of it comes from today's configuration but date, place and layout.
    """
    original = transaction.cancels
    elsewhere = original.place != transaction.order.place
    fields = _message(KINDS[Operation.CANCELLATION], exchange, dialect)
    fields |= {
        "amount": str(transaction.amount_sent.minor),
        "currency": transaction.amount_sent.currency.code,
        "card_number": (
            long_reference(original) if elsewhere else reference(original.transaction_id)
        ),
        "language": transaction.order.language,
        "terminal_number": original.place.terminal,
        "transaction_source_id": original.place.source_id,
    }
    return fields


def abort(exchange: Exchange, dialect: Dialect) -> dict[str, str]:
    """Build the request to stop the card flow."""
    return _message(ABORT, exchange, dialect)


def status(exchange: Exchange, dialect: Dialect) -> dict[str, str]:
    """Build the question what the terminal is doing."""
    return _message(STATUS, exchange, dialect)


def encode(fields: dict[str, str]) -> bytes:
    """Write a request as JSON. A cancellation never fails over half a character."""
    return json.dumps(fields, ensure_ascii=False).encode("utf-8", "replace")


def amount_sent(order: Order, dialect: Dialect) -> int:
    """Return the amount field of an order, in minor units."""
    return order.charged.minor if dialect.tip_in_amount else order.amount.minor


def reference(transaction_id: str) -> str:
    """Write a transaction id as TECS refers to it: `TXID` and 20 digits."""
    return f"TXID{transaction_id.zfill(ID_DIGITS)}"


def long_reference(original: Original) -> str:
    """Write the reference together with the source id (2 digits) and terminal (8)."""
    source, terminal = original.place.source_id.zfill(2), original.place.terminal
    return f"{reference(original.transaction_id)}_{source}_{terminal}"


def cut(text: str) -> str:
    """Cut a payment reason to what fits, at a character, without what cannot be printed."""
    text = unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode("utf-8"))
    text = "".join(one if one.isprintable() else " " for one in text)
    return text.encode("utf-8")[:REASON_BYTES].decode("utf-8", "ignore")


def local_time(at: datetime, zone: tzinfo) -> str:
    """Write a moment as 14 digits of the register's local time."""
    return f"{at.astimezone(zone):%Y%m%d%H%M%S}"


def _message(kind: Kind, exchange: Exchange, dialect: Dialect) -> dict[str, str]:
    fields = dict.fromkeys(FIELDS, "")
    fields |= {
        "message_type": kind.message_type,
        "receipt_layout": dialect.receipt_layout,
        "terminal_number": exchange.place.terminal,
        "transaction_date_time": local_time(exchange.sent_at, dialect.zone),
        "transaction_id": exchange.id,
        "transaction_origin_identifier": kind.identifier,
        "transaction_origin_indicator": kind.indicator,
        "transaction_place": dialect.place,
        "transaction_source_id": exchange.place.source_id,
    }
    return fields


def _check_place(place: Place, whose: str) -> None:
    terminal, source = place.terminal, place.source_id
    if re.fullmatch(r"[0-9A-Za-z]{8}", terminal, re.ASCII) is None:
        raise OrderError(
            f"{whose}Terminal number '{terminal}' is wrong: it has 8 digits, like 88091105."
        )
    if re.fullmatch(r"[0-9]{1,2}", source, re.ASCII) is None:
        raise OrderError(f"{whose}Source id '{source}' is wrong: it has one or two digits, like 1.")


def _check_original(original: Original) -> None:
    if re.fullmatch(r"[0-9]{1,20}", original.transaction_id, re.ASCII) is None:
        raise OrderError(
            f"'{original.transaction_id}' is not a transaction id: it has up to 20 digits."
        )
    _check_place(original.place, "The original: ")


def _check_card_reference(order: Order) -> None:
    text = order.card_reference
    if order.operation is not Operation.MOTO:
        return
    if (
        not text
        or len(text) > LIMITS["card_number"]
        or not text.isascii()
        or not text.isprintable()
    ):
        raise OrderError("A MOTO sale needs a card reference of 1 to 40 plain characters.")
    if looks_like_pan(text):
        raise OrderError(
            "This is a card number: this register takes only the card reference that TECS gave"
            " (it begins with REF)."
        )
