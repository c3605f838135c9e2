"""The requests that TECS's documentation shows, as literals: what we build for the same orders is them.

All 22 fields in the documentation's order. Only ids, times, amounts, terminal and currency are ours.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from kiosk_tui.domain.identity import CardReference, Original, Place, TransactionId
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.money import Currency, Money
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.transaction import Exchange, ExchangeKind, Order, Transaction
from kiosk_tui.tecs import messages
from kiosk_tui.tecs.messages import Dialect
from kiosk_tui.tecs.models import Request

EUR = Currency("EUR", 2)
HERE = Place("88091105", "1")
ID, FIRST = TransactionId("20261123140102345"), TransactionId("20261123135900001")
NOW = datetime(2026, 11, 23, 13, 1, 2, tzinfo=UTC)
EXCHANGE = Exchange(ID, ID, ExchangeKind.PAYMENT, HERE, NOW)
DIALECT = Dialect(ZoneInfo("Europe/Vienna"), currency="EUR", place="BA")


def _order(operation: Operation, reason: str, **more: object) -> Order:
    return Order(
        operation,
        Money(1255, EUR),
        HERE,
        reason=reason,
        receipt_number="1",
        **more,  # type: ignore[arg-type]
    )


MOTO = _order(Operation.MOTO, "Test Moto", card_reference=CardReference("REF1234567890"))

SALE_BODY = """{
    "amount": "1255",
    "authorization_number": "",
    "card_number": "",
    "currency": "EUR",
    "cvc2": "",
    "desired_currency": "EUR",
    "ecr_data": "",
    "language": "en",
    "message_type": "0001",
    "password": "",
    "payment_reason": "Test Sale",
    "payment_reasonAsByte": "",
    "personal_id": "",
    "receipt_layout": "01",
    "receipt_number": "1",
    "terminal_number": "88091105",
    "transaction_date_time": "20261123140102",
    "transaction_id": "20261123140102345",
    "transaction_origin_identifier": "1",
    "transaction_origin_indicator": "0",
    "transaction_place": "BA",
    "transaction_source_id": "1"
}"""

MOTO_BODY = """{
    "amount": "1255",
    "authorization_number": "",
    "card_number": "REF1234567890",
    "currency": "EUR",
    "cvc2": "",
    "desired_currency": "EUR",
    "ecr_data": "",
    "language": "en",
    "message_type": "0001",
    "password": "",
    "payment_reason": "Test Moto",
    "payment_reasonAsByte": "",
    "personal_id": "",
    "receipt_layout": "01",
    "receipt_number": "1",
    "terminal_number": "88091105",
    "transaction_date_time": "20261123140102",
    "transaction_id": "20261123140102345",
    "transaction_origin_identifier": "2",
    "transaction_origin_indicator": "2",
    "transaction_place": "BA",
    "transaction_source_id": "1"
}"""

CANCELLATION_BODY = """{
    "amount": "1255",
    "authorization_number": "",
    "card_number": "TXID00020261123135900001",
    "currency": "EUR",
    "cvc2": "",
    "desired_currency": "EUR",
    "ecr_data": "",
    "language": "en",
    "message_type": "0013",
    "password": "",
    "payment_reason": "Test Moto",
    "payment_reasonAsByte": "",
    "personal_id": "",
    "receipt_layout": "01",
    "receipt_number": "1",
    "terminal_number": "88091105",
    "transaction_date_time": "20261123140102",
    "transaction_id": "20261123140102345",
    "transaction_origin_identifier": "2",
    "transaction_origin_indicator": "2",
    "transaction_place": "BA",
    "transaction_source_id": "1"
}"""

REFUND_BODY = """{
    "amount": "1255",
    "authorization_number": "",
    "card_number": "TXID00020261123135900001_01_88091105",
    "currency": "EUR",
    "cvc2": "",
    "desired_currency": "EUR",
    "ecr_data": "",
    "language": "en",
    "message_type": "0011",
    "password": "",
    "payment_reason": "Test refund",
    "payment_reasonAsByte": "",
    "personal_id": "",
    "receipt_layout": "01",
    "receipt_number": "1",
    "terminal_number": "88091105",
    "transaction_date_time": "20261123140102",
    "transaction_id": "20261123140102345",
    "transaction_origin_identifier": "2",
    "transaction_origin_indicator": "2",
    "transaction_place": "BA",
    "transaction_source_id": "1"
}"""


def _cancelled() -> Request:
    moto = Transaction(FIRST, MOTO, State.CANCEL_DUE, MOTO.amount, NOW, NOW)
    return messages.cancellation(moto, EXCHANGE, DIALECT)


def _paid(order: Order) -> Request:
    messages.check(order, DIALECT)
    return messages.payment(order, EXCHANGE, DIALECT)


REFUND = _order(Operation.REFERENCED_REFUND, "Test refund", original=Original(FIRST, HERE))


@pytest.mark.parametrize(
    ("built", "documented"),
    [
        (_paid(_order(Operation.SALE, "Test Sale")), SALE_BODY),
        (_paid(MOTO), MOTO_BODY),
        (_cancelled(), CANCELLATION_BODY),
        (_paid(REFUND), REFUND_BODY),
    ],
    ids=["sale", "moto", "cancellation", "referenced refund"],
)
def test_a_request_is_the_documented_one_field_for_field(built: Request, documented: str) -> None:
    sent = json.loads(messages.encode(built), object_pairs_hook=list)
    assert sent == json.loads(documented, object_pairs_hook=list)
    assert len(sent) == 22


def test_every_documented_request_keeps_the_model() -> None:
    for body in (SALE_BODY, MOTO_BODY, CANCELLATION_BODY, REFUND_BODY):
        Request.model_validate_json(body)


def test_every_field_says_what_it_is_for_and_each_example_keeps_its_own_limits() -> None:
    whole = json.loads(SALE_BODY)
    for name, field in Request.model_fields.items():
        assert field.description, name
        for example in field.examples or ():
            Request.model_validate(whole | {name: example})
