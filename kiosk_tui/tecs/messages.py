"""Requests, field by field.

Source: TECS's Cloud-iA documentation, its API definition (tecsclientrest 0.14.15) and samples, as
collected in the project's protocol notes. The fields and their limits are in `models.Request`, what
each operation is on the wire in `wire`.
Invariant: only `check` refuses. What is built after a commit is built as it stands: a cancellation
never fails because of a rule.
"""

from __future__ import annotations

import json
import unicodedata
from dataclasses import field
from datetime import UTC, datetime, tzinfo
from typing import Final

from pydantic import ValidationError

from kiosk_tui.domain.identity import (
    CardReference,
    IdentityError,
    Original,
    TransactionId,
)
from kiosk_tui.domain.money import MAX_MINOR
from kiosk_tui.domain.operations import CardUse, TipUse
from kiosk_tui.domain.transaction import Exchange, ExchangeKind, Order, OrderError, Transaction
from kiosk_tui.records import dataclass
from kiosk_tui.tecs.models import UNPRINTABLE, Request
from kiosk_tui.tecs.redaction import mask_text
from kiosk_tui.tecs.txid import long_reference, reference
from kiosk_tui.tecs.wire import ABORT, CANCELLATION, STATUS, WIRE, CardNumber, WireForm

REASON_BYTES: Final = 39
"""payment_reason: at most so many characters and so many UTF-8 bytes; longer ones are cut."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """What a TECS account expects and its documents leave open, plus the merchant's fixed fields.

    `zone` is the zone of transaction_date_time; `currency` the terminal's (ISO 4217 letters), for
    requests that have no amount of their own; `tip_in_amount` whether amount includes the tip.
    """

    zone: tzinfo | None
    currency: str = field(kw_only=True)
    place: str = ""
    receipt_layout: str = "01"
    tip_in_amount: bool = False


_SPECIMEN: Final = TransactionId("20261123140159123")
"""Stands for the id that an order does not have yet."""


def check(order: Order, dialect: Dialect) -> None:
    """Raise `OrderError`, with a sentence naming the field, for what TECS would not take."""
    operation = order.operation
    if operation.follows_up and order.original is None:
        raise OrderError(f"A {operation} needs the reference of the original transaction.")
    if operation.rules.tip is TipUse.CARRIED and not order.tip:
        raise OrderError("A sale with a tip needs a tip: give one above zero, or make it a sale.")
    if operation.has_amount and not order.amount:
        raise OrderError("The amount is zero: give one above zero, such as 12.55.")
    if order.tip is not None and order.tip.currency != order.amount.currency:
        raise OrderError("Amount and tip are in different currencies: give both in one.")
    if order.amount.minor + (order.tip.minor if order.tip else 0) > MAX_MINOR:
        raise OrderError("Amount and tip together have more than 11 digits: give less.")
    _check_names(order)
    exchange = Exchange(
        _SPECIMEN, _SPECIMEN, ExchangeKind.PAYMENT, order.place, datetime(2026, 1, 1, tzinfo=UTC)
    )
    request = dict(payment(order, exchange, dialect))
    try:
        Request.model_validate(request)
    except ValidationError as error:
        raise OrderError(_sentence(error, request)) from None


def _check_names(order: Order) -> None:
    try:
        order.place.checked()
        if order.operation.rules.card is CardUse.REFERENCE:
            CardReference(str(order.card_reference or ""))
        if order.original is not None:
            _check_original(order.original)
    except IdentityError as error:
        raise OrderError(mask_text(str(error))) from None


def _check_original(original: Original) -> None:
    try:
        TransactionId(str(original.transaction_id))
    except IdentityError:
        raise OrderError(
            f"The original: this is not a transaction id: it has up to 20 digits, like {_SPECIMEN}."
        ) from None
    original.place.checked("The original: ")


def _sentence(error: ValidationError, request: dict[str, str]) -> str:
    """Say what is wrong with the first field, without what it holds: that may be a secret."""
    first = error.errors(include_url=False, include_input=False)[0]
    name = str(first["loc"][0])
    if first["type"] == "string_too_long":
        most = first["ctx"]["max_length"]
        return f"{name} has {len(request[name])} characters: at most {most} fit."
    described = Request.model_fields[name]
    if first["type"] == "string_pattern_mismatch" and described.examples:
        return f"{name} is wrong ({described.description}): write it like {described.examples[-1]}."
    return f"{name} {UNPRINTABLE}."


def payment(order: Order, exchange: Exchange, dialect: Dialect) -> Request:
    """Build the request of an order."""
    form, original = WIRE[order.operation], order.original
    fields = {
        "amount": str(amount_sent(order, dialect)),
        "card_number": _card_number(order, form.card_number),
        "language": order.language,
        "payment_reason": cut(order.reason),
        "personal_id": order.personal_id,
        "receipt_number": order.receipt_number,
    }
    if form.tip_in_ecr_data and order.tip is not None:
        fields["ecr_data"] = f"TIP={order.tip.minor};"
    if form.as_original and original is not None:
        fields["terminal_number"] = original.place.terminal
        fields["transaction_source_id"] = original.place.source_id
    return _message(form, exchange, dialect, order.amount.currency.code, fields)


def _card_number(order: Order, what: CardNumber) -> str:
    if what is CardNumber.CARD_REFERENCE:
        return order.card_reference or ""
    if order.original is None or what is CardNumber.EMPTY:
        return ""
    if what is CardNumber.LONG_TXID:
        return long_reference(order.original)
    return reference(order.original.transaction_id)


def cancellation(transaction: Transaction, exchange: Exchange, dialect: Dialect) -> Request:
    """Build the cancellation of a transaction: with the original's own terminal, amount and texts.

    Nothing of it comes from today's configuration but date, place and layout.
    """
    original, order = transaction.cancels, transaction.order
    elsewhere = original.place != order.place
    fields = {
        "amount": str(transaction.amount_sent.minor),
        "card_number": (
            long_reference(original) if elsewhere else reference(original.transaction_id)
        ),
        "language": order.language,
        "payment_reason": cut(order.reason),
        "receipt_number": order.receipt_number,
        "terminal_number": original.place.terminal,
        "transaction_source_id": original.place.source_id,
    }
    currency = transaction.amount_sent.currency.code
    return _message(CANCELLATION, exchange, dialect, currency, fields)


def abort(transaction: Transaction, exchange: Exchange, dialect: Dialect) -> Request:
    """Build the request to stop the card flow of a running payment: with its amount."""
    sent = transaction.amount_sent
    fields = {"amount": str(sent.minor)}
    return _message(ABORT, exchange, dialect, sent.currency.code, fields)


def status(exchange: Exchange, dialect: Dialect) -> Request:
    """Build the question what the terminal is doing: about no money."""
    return _message(STATUS, exchange, dialect, dialect.currency, {"amount": "0"})


def encode(request: Request) -> bytes:
    """Write a request as JSON. A cancellation never fails over half a character."""
    return json.dumps(dict(request), ensure_ascii=False).encode("utf-8", "replace")


def amount_sent(order: Order, dialect: Dialect) -> int:
    """Return the amount field of an order, in minor units."""
    return order.charged.minor if dialect.tip_in_amount else order.amount.minor


def cut(text: str) -> str:
    """Cut a payment reason to what fits, at a character, without what cannot be printed."""
    text = unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode("utf-8"))
    text = "".join(one if one.isprintable() else " " for one in text)
    return text.encode("utf-8")[:REASON_BYTES].decode("utf-8", "ignore")


def local_time(at: datetime, zone: tzinfo | None) -> str:
    """Write a moment as 14 digits of the register's local time."""
    return f"{at.astimezone(zone):%Y%m%d%H%M%S}"


def _message(
    form: WireForm, exchange: Exchange, dialect: Dialect, currency: str, fields: dict[str, str]
) -> Request:
    usual = {
        "card_number": "",
        "currency": currency,
        "desired_currency": currency,
        "message_type": form.message_type,
        "receipt_layout": dialect.receipt_layout,
        "terminal_number": exchange.place.terminal,
        "transaction_date_time": local_time(exchange.sent_at, dialect.zone),
        "transaction_id": exchange.id,
        "transaction_origin_identifier": form.identifier,
        "transaction_origin_indicator": form.indicator,
        "transaction_place": dialect.place,
        "transaction_source_id": exchange.place.source_id,
    }
    return Request.model_construct(None, **(usual | fields))
