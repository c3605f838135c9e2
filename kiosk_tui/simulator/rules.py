"""The request table, as this simulator reads it: what it checks, and what its OpenAPI document says.

Both are made from these tables. Sources in the texts: [doc] TECS's documentation of the Cloud-iA mode, [api] TECS's
published definition (tecsclientrest 0.14.15), [sample] sample code, [list] a list of response codes that an acquirer
passes on, [?] published nowhere: this simulator's choice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

BAD: Final = "8999"
"""The code of a request that breaks a rule which has no code of its own. [?]"""
UNKNOWN_TYPE: Final = "8002"


@dataclass(frozen=True, slots=True)
class RequestField:
    """A field of every request: a text of at most `longest` characters.

    `pattern` is what the whole text must be, in every kind of request. `octets`: the most in UTF-8, 0 for any.
    `optional`: it may be left out, which means "".
    """

    longest: int
    meaning: str
    pattern: str = ""
    octets: int = 0
    optional: bool = False


FIELDS: Final = {
    "amount": RequestField(
        11,
        "Minor units by the currency's ISO 4217 exponent: EUR 12.55 is `1255`, JPY 500 is `500`."
        ' Not read in an abort and a status query, where `""` will do here. [api]',
    ),
    "authorization_number": RequestField(9, "Not read here. [api]"),
    "card_number": RequestField(
        40,
        "Empty where the terminal reads the card, a card reference in MOTO, or `TXID` and 20 digits: the"
        " original's transaction id, padded with zeros. Another terminal's: `TXID<20>_<source id, 2"
        " digits>_<terminal, 8>`. [doc] [api]",
    ),
    "currency": RequestField(3, "ISO 4217 letters. [doc]"),
    "cvc2": RequestField(4, "Not read here. [api]"),
    "desired_currency": RequestField(
        3, "The same as `currency` in every documented example; not read here. [doc]"
    ),
    "ecr_data": RequestField(
        250,
        "A tip as `TIP=<minor units>;` [sample]. Whether `amount` holds it, too, is the option"
        " `tip_in_amount` [?]. May be left out: one documented example does so. [doc]",
        optional=True,
    ),
    "language": RequestField(2, "ISO 639-1, small letters: what the PIN pad speaks. [api]"),
    "message_type": RequestField(
        4, "Says with origin identifier and indicator what is asked. [doc]"
    ),
    "password": RequestField(8, "Not read here. [api]"),
    "payment_reason": RequestField(
        39, "Free text, at most 39 bytes in UTF-8, too; not read further here. [api]", octets=39
    ),
    "payment_reasonAsByte": RequestField(
        0, "Empty [doc]; an array in the definition [api], which is refused here."
    ),
    "personal_id": RequestField(50, "Not read here. [api]"),
    "receipt_layout": RequestField(2, "`01` in every documented example; not read here. [doc]"),
    "receipt_number": RequestField(20, "Not read here. [api]"),
    "terminal_number": RequestField(
        8,
        "The terminal; in a cancellation or completion the original's. [api]",
        pattern="[0-9A-Za-z]{8}",
    ),
    "transaction_date_time": RequestField(
        14,
        "The register's local time as `yyyyMMddHHmmss`. [sample] How much it may differ from this"
        " machine's is the option `clock_skew_s` (9096). [?]",
        pattern="[0-9]{14}",
    ),
    "transaction_id": RequestField(
        20,
        "New for every request, also for a cancellation; unique per terminal [api]. Digits only [list].",
        pattern="[0-9]{1,20}",
    ),
    "transaction_origin_identifier": RequestField(1, "See `message_type`. [doc]"),
    "transaction_origin_indicator": RequestField(1, "See `message_type`. [doc]"),
    "transaction_place": RequestField(13, "Postcode and place; not read here. [api]"),
    "transaction_source_id": RequestField(
        2, "`1` in every documented example. [doc]", pattern="[0-9]{1,2}"
    ),
}
"""Each field, in the order of the documentation."""


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


@dataclass(frozen=True, slots=True)
class FieldRule:
    """What the whole of a field must be in one kind of request, and how a breach is answered."""

    name: str
    pattern: str
    text: str
    code: str = BAD


_TXID = r"TXID[0-9]{20}"
_ELSEWHERE = r"_[0-9]{2}_[0-9A-Za-z]{8}"
_MONEY = (
    FieldRule("amount", "[0-9]{1,11}", "amount WRONG"),
    FieldRule("currency", "[A-Z]{3}", "currency WRONG"),
)
_CHARGE = (*_MONEY, FieldRule("amount", "0*[1-9][0-9]*", "AMOUNT ZERO", "13"))
_LANGUAGE = FieldRule("language", "[a-z]{2}", "language WRONG")
_NO_CARD = FieldRule("card_number", "", "card_number NOT EXPECTED")
_REFERENCE = FieldRule("card_number", f"{_TXID}(?:{_ELSEWHERE})?", "card_number IS NO TXID")
_WHOLE_REFERENCE = FieldRule("card_number", _TXID + _ELSEWHERE, "card_number IS NO TXID")
_CARD = FieldRule("card_number", r"[\s\S]+", "CARD REFERENCE MISSING", "14")
_TIP = (
    FieldRule("ecr_data", r"[\s\S]+", "TIP MISSING", "9029"),
    FieldRule("ecr_data", "TIP=[0-9]{1,11};", "BAD ECR DATA", "9019"),
)


@dataclass(frozen=True, slots=True)
class RequestForm:
    """One kind of request: message type, origin identifier and indicator, and its own rules in order."""

    key: tuple[str, str, str]
    meaning: str
    rules: tuple[FieldRule, ...]


FORMS: Final = {
    What.SALE: RequestForm(
        ("0001", "1", "0"),
        "A payment; the terminal reads the card. [doc]",
        (*_CHARGE, _LANGUAGE, _NO_CARD),
    ),
    What.SALE_AND_TIP: RequestForm(
        ("0907", "1", "0"),
        "A payment and its tip, in one charge. [doc] [sample]",
        (*_CHARGE, _LANGUAGE, *_TIP, _NO_CARD),
    ),
    What.MOTO: RequestForm(
        ("0001", "2", "2"),
        "A payment of somebody who is not there, by a card reference; no card flow. [doc]",
        (*_CHARGE, _LANGUAGE, _CARD),
    ),
    What.PREAUTHORIZATION: RequestForm(
        ("0001", "5", "0"),
        "Reserves; a completion charges. [api] [sample]",
        (*_CHARGE, _LANGUAGE, _NO_CARD),
    ),
    What.COMPLETION: RequestForm(
        ("0013", "4", "2"),
        "Charges what was reserved. Differs from a cancellation only in the identifier. [api] [sample]",
        (*_CHARGE, _LANGUAGE, _REFERENCE),
    ),
    What.CANCELLATION: RequestForm(
        ("0013", "2", "2"),
        "Takes a whole transaction back, with its amount, currency and terminal. [doc]",
        (*_CHARGE, _LANGUAGE, _REFERENCE),
    ),
    What.REFUND: RequestForm(
        ("0011", "1", "0"),
        "Pays back to the card that the customer presents. [sample]",
        (*_CHARGE, _LANGUAGE, _NO_CARD),
    ),
    What.REFERENCED_REFUND: RequestForm(
        ("0011", "2", "2"),
        "Pays back, wholly or in part, to the card of an earlier payment. [doc]",
        (*_CHARGE, _LANGUAGE, _WHOLE_REFERENCE),
    ),
    What.ABORT: RequestForm(
        ("0017", "1", "0"),
        "Stops the card flow that runs, on a second connection; the payment's own answer decides. [api]"
        " Whether an account has it is the option `abort_enabled`. [?]",
        (_NO_CARD,),
    ),
    What.STATUS: RequestForm(
        ("9043", "1", "0"),
        "What the terminal does: 8018 ready, 8019 waiting for a card, 8020 card read. [api]"
        " Whether an account has it is the option `status_enabled`. [?]",
        (_NO_CARD,),
    ),
    What.BALANCE: RequestForm(
        ("0001", "7", "0"),
        "What a card holds, as `balance_amount`; the amount may be zero. [api]",
        (*_MONEY, _LANGUAGE, _NO_CARD),
    ),
    What.GRATUITY: RequestForm(
        ("0009", "2", "2"),
        "Charges a tip on an earlier payment of the same terminal. [api] [?]",
        (*_CHARGE, _LANGUAGE, _REFERENCE),
    ),
}
"""One row per kind of request."""

KINDS: Final = {form.key: what for what, form in FORMS.items()}

CARD_FLOWS = frozenset(
    {What.SALE, What.SALE_AND_TIP, What.PREAUTHORIZATION, What.REFUND, What.BALANCE}
)
"""What asks the customer for a card."""

REFERRING = frozenset(
    what for what, form in FORMS.items() if {_REFERENCE, _WHOLE_REFERENCE} & {*form.rules}
)
"""What names an earlier transaction."""


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
        raise BadRequestError(BAD, "NOT AN OBJECT")
    _check_fields(raw)
    fields: dict[str, str] = raw
    key = (
        fields["message_type"],
        fields["transaction_origin_identifier"],
        fields["transaction_origin_indicator"],
    )
    what = KINDS.get(key)
    if what is None:
        raise BadRequestError(UNKNOWN_TYPE, "UNKNOWN MESSAGE TYPE")
    for rule in rules_of(what):
        if re.fullmatch(rule.pattern, fields[rule.name], re.ASCII) is None:
            raise BadRequestError(rule.code, rule.text)
    amount = 0 if what in (What.ABORT, What.STATUS) else int(fields["amount"])
    tip = int(fields["ecr_data"][len("TIP=") : -1]) if what is What.SALE_AND_TIP else 0
    original = fields["card_number"][len("TXID") :][:20].lstrip("0") if what in REFERRING else None
    return ValidRequest(what, fields, amount, tip, original)


@cache
def rules_of(what: What) -> tuple[FieldRule, ...]:
    """Return every rule of a kind of request, in the order in which they are checked."""
    everywhere = (
        FieldRule(name, field.pattern, f"{name} WRONG")
        for name, field in FIELDS.items()
        if field.pattern
    )
    return (*everywhere, *FORMS[what].rules)


def _check_fields(raw: dict[object, object]) -> None:
    for name, field in FIELDS.items():
        value = raw.get(name)
        if value is None and field.optional:
            raw[name] = value = ""
        if not isinstance(value, str):
            raise BadRequestError(BAD, f"{name} MISSING")
        if len(value) > field.longest or (field.octets and len(value.encode()) > field.octets):
            raise BadRequestError(BAD, f"{name} TOO LONG")
