"""The field rules of the request table, as this simulator reads them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

FIELDS = {
    "amount": 11,
    "authorization_number": 9,
    "card_number": 40,
    "currency": 3,
    "cvc2": 4,
    "desired_currency": 3,
    "ecr_data": 250,
    "language": 2,
    "message_type": 4,
    "password": 8,
    "payment_reason": 39,
    "payment_reasonAsByte": 0,
    "personal_id": 50,
    "receipt_layout": 2,
    "receipt_number": 20,
    "terminal_number": 8,
    "transaction_date_time": 14,
    "transaction_id": 20,
    "transaction_origin_identifier": 1,
    "transaction_origin_indicator": 1,
    "transaction_place": 13,
    "transaction_source_id": 2,
}
"""Each field and its greatest length."""


class What(StrEnum):
    """What a request asks for."""

    SALE = "sale"
    SALE_AND_TIP = "sale_and_tip"
    MOTO = "moto"
    PREAUTHORIZATION = "preauthorization"
    COMPLETION = "completion"
    CANCELLATION = "cancellation"
    REFUND = "refund"
    REFERENCED_REFUND = "referenced_refund"
    ABORT = "abort"
    STATUS = "status"
    BALANCE = "balance"
    GRATUITY = "gratuity"


KINDS = {
    ("0001", "1", "0"): What.SALE,
    ("0907", "1", "0"): What.SALE_AND_TIP,
    ("0001", "2", "2"): What.MOTO,
    ("0001", "5", "0"): What.PREAUTHORIZATION,
    ("0013", "4", "2"): What.COMPLETION,
    ("0013", "2", "2"): What.CANCELLATION,
    ("0011", "1", "0"): What.REFUND,
    ("0011", "2", "2"): What.REFERENCED_REFUND,
    ("0017", "1", "0"): What.ABORT,
    ("9043", "1", "0"): What.STATUS,
    ("0001", "7", "0"): What.BALANCE,
    ("0009", "2", "2"): What.GRATUITY,
}

CARD_FLOWS = frozenset(
    {What.SALE, What.SALE_AND_TIP, What.PREAUTHORIZATION, What.REFUND, What.BALANCE}
)
"""What asks the customer for a card."""

REFERRING = frozenset({What.COMPLETION, What.CANCELLATION, What.REFERENCED_REFUND, What.GRATUITY})

_TXID = re.compile(r"TXID([0-9]{20})(?:_([0-9]{2})_([0-9A-Za-z]{8}))?", re.ASCII)
_TIP = re.compile(r"TIP=([0-9]{1,11});", re.ASCII)


class BadRequestError(Exception):
    """A request that breaks a rule: answered with HTTP 400 and this code and text."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True, slots=True)
class ValidRequest:
    """A request that keeps the rules."""

    what: What
    fields: dict[str, str]
    amount_minor: int
    tip_minor: int
    original_id: str | None

    @property
    def transaction_id(self) -> str:
        return self.fields["transaction_id"]


def read(raw: object) -> ValidRequest:
    """Check a request, field by field. Raises `BadRequestError`."""
    if not isinstance(raw, dict):
        raise BadRequestError("8999", "NOT AN OBJECT")
    _check_fields(raw)
    fields: dict[str, str] = raw
    key = (
        fields["message_type"],
        fields["transaction_origin_identifier"],
        fields["transaction_origin_indicator"],
    )
    what = KINDS.get(key)
    if what is None:
        raise BadRequestError("8002", "UNKNOWN MESSAGE TYPE")
    _check_ids(fields)
    amount = 0 if what in (What.ABORT, What.STATUS) else _amount(what, fields)
    return ValidRequest(what, fields, amount, _tip(what, fields), _original(what, fields))


def _check_fields(raw: dict[object, object]) -> None:
    for name, most in FIELDS.items():
        value = raw.get(name)
        if value is None and name == "ecr_data":
            raw[name] = ""  # one documented example leaves it out
            continue
        if not isinstance(value, str):
            raise BadRequestError("8999", f"{name} MISSING")
        if len(value) > most:
            raise BadRequestError("8999", f"{name} TOO LONG")
    if len(str(raw["payment_reason"]).encode()) > FIELDS["payment_reason"]:
        raise BadRequestError("8999", "payment_reason TOO LONG")


def _check_ids(fields: dict[str, str]) -> None:
    for name, pattern in (
        ("transaction_id", r"[0-9]{1,20}"),
        ("terminal_number", r"[0-9A-Za-z]{8}"),
        ("transaction_source_id", r"[0-9]{1,2}"),
        ("transaction_date_time", r"[0-9]{14}"),
    ):
        if re.fullmatch(pattern, fields[name], re.ASCII) is None:
            raise BadRequestError("8999", f"{name} WRONG")


def _amount(what: What, fields: dict[str, str]) -> int:
    if re.fullmatch(r"[0-9]{1,11}", fields["amount"], re.ASCII) is None:
        raise BadRequestError("8999", "amount WRONG")
    if re.fullmatch(r"[A-Z]{3}", fields["currency"], re.ASCII) is None:
        raise BadRequestError("8999", "currency WRONG")
    if int(fields["amount"]) == 0 and what is not What.BALANCE:
        raise BadRequestError("13", "AMOUNT ZERO")
    if re.fullmatch(r"[a-z]{2}", fields["language"], re.ASCII) is None:
        raise BadRequestError("8999", "language WRONG")
    return int(fields["amount"])


def _tip(what: What, fields: dict[str, str]) -> int:
    if what is not What.SALE_AND_TIP:
        return 0
    found = _TIP.fullmatch(fields["ecr_data"])
    if not fields["ecr_data"]:
        raise BadRequestError("9029", "TIP MISSING")
    if found is None:
        raise BadRequestError("9019", "BAD ECR DATA")
    return int(found[1])


def _original(what: What, fields: dict[str, str]) -> str | None:
    number = fields["card_number"]
    if what is What.MOTO:
        if not number:
            raise BadRequestError("14", "CARD REFERENCE MISSING")
        return None
    if what not in REFERRING:
        if number:
            raise BadRequestError("8999", "card_number NOT EXPECTED")
        return None
    found = _TXID.fullmatch(number)
    if found is None or (what is What.REFERENCED_REFUND and found[2] is None):
        raise BadRequestError("8999", "card_number IS NO TXID")
    return found[1].lstrip("0")
