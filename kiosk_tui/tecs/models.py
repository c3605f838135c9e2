"""TECS's messages as models: each field once, with its limits, its meaning, examples and reading rule.

Source: TECS's Cloud-iA documentation, its API definition (tecsclientrest 0.14.15) and samples, as
collected in the project's protocol notes; `Field` says of a limit what the definition says. The
checks, and what a technician reads beside a field, come from here.

A request is strict: it is validated when an order is checked. What follows a commit is made by
`model_construct`, so that no stricter rule of today stops a cancellation. An answer is lenient:
reading one never fails, a field that is not what it should be is empty. Whoever takes an answer
looks at `transaction_id`, `message_type` and `response_code`, which are digits or empty.
Invariant: no field of an `Response` holds more of a card than its first six and last four digits.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from functools import cache
from typing import Annotated, Final

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
)

from kiosk_tui.tecs.codes import normal
from kiosk_tui.tecs.redaction import looks_like_id, looks_like_pan, mask_card, mask_text
from kiosk_tui.tecs.spelling import BLANKS, digits, lines, one_line
from kiosk_tui.tecs.txid import PATTERN

_CONFIG: Final = ConfigDict(defer_build=True, frozen=True, hide_input_in_errors=True)

_DIGIT: Final = r"^[0-9]$"
_CARD: Final = rf"^(?:REF[!-~]{{1,37}}|{PATTERN})?$"


def _printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError(UNPRINTABLE)
    return text


UNPRINTABLE: Final = "holds a character that cannot be printed: leave it out"
Plain = Annotated[str, AfterValidator(_printable)]
"""A text of ours: refused where it cannot be printed."""


class Request(BaseModel):
    """What is asked of `makeTransaction`: 22 texts in the documentation's order; unused ones empty."""

    model_config = _CONFIG

    amount: str = Field(
        pattern=r"^[0-9]{1,11}$", description="minor units: 1255 is 12.55", examples=["1255"]
    )
    authorization_number: str = Field(default="", max_length=9, description="unused")
    card_number: str = Field(
        max_length=40,
        pattern=_CARD,
        description="empty, or a reference",
        examples=["", "REF20117_2712_1111_411111", "TXID00020261123140159123"],
    )
    currency: str = Field(pattern=r"^[A-Z]{3}$", description="ISO 4217", examples=["EUR"])
    cvc2: str = Field(default="", max_length=4, description="never sent")
    desired_currency: str = Field(
        pattern=r"^[A-Z]{3}$", description="the same: no conversion", examples=["EUR"]
    )
    ecr_data: str = Field(
        default="", max_length=250, description="with a tip: TIP=minor units", examples=["TIP=150;"]
    )
    language: str = Field(
        default="",
        pattern=r"^(?:[a-z]{2})?$",
        description="two letters, for the PIN pad",
        examples=["en", "de"],
    )
    message_type: str = Field(
        pattern=r"^[0-9]{4}$", description="what is asked for", examples=["0001", "0013"]
    )
    password: str = Field(default="", max_length=8, description="unused")
    payment_reason: Plain = Field(
        default="", max_length=39, description="free text", examples=["Test Sale"]
    )
    payment_reasonAsByte: str = Field(default="", max_length=0, description="unused")  # noqa: N815 - TECS's
    personal_id: Plain = Field(
        default="", max_length=50, description="the cashier's id", examples=["7"]
    )
    receipt_layout: Plain = Field(
        default="", max_length=2, description="as configured", examples=["01"]
    )
    receipt_number: Plain = Field(
        default="", max_length=20, description="free text", examples=["1"]
    )
    terminal_number: str = Field(
        pattern=r"^[0-9A-Za-z]{8}$", description="8 digits", examples=["88091105"]
    )
    transaction_date_time: str = Field(
        pattern=r"^[0-9]{14}$",
        description="the register's local time",
        examples=["20261123140159"],
    )
    transaction_id: str = Field(
        pattern=r"^[0-9]{1,20}$", description="never used twice", examples=["20261123140159123"]
    )
    transaction_origin_identifier: str = Field(
        pattern=_DIGIT, description="2 cancels, 4 completes", examples=["1", "2"]
    )
    transaction_origin_indicator: str = Field(
        pattern=_DIGIT, description="0 card present, 2 not", examples=["0", "2"]
    )
    transaction_place: Plain = Field(
        default="", max_length=13, description="as configured", examples=["1010 Vienna"]
    )
    transaction_source_id: str = Field(
        pattern=r"^[0-9]{1,2}$", description="of this terminal", examples=["1", "01"]
    )


_LOOKED_AT: Final = 1024
"""So much of a field is read: far beyond what any of them may hold."""
_LONGEST_RUN: Final = 200
"""More than the digits of a card take, with whatever signs between them."""
_SHORT_CODE: Final = 4
_LONGEST_CODE: Final = 9
_MOMENT: Final = re.compile(r"20[0-9]{12}", re.ASCII)
_LONGEST_FACT: Final = 80
_TOKEN: Final = re.compile(r"[!-~]+", re.ASCII)
_LONGEST_LIFETIME_S: Final = 10 * 365 * 86400.0


def _text(value: object, info: ValidationInfo) -> str:
    return _masked(value, one_line, info.context or ())[: _most(info.field_name)].rstrip()


def _receipt(value: object, info: ValidationInfo) -> str:
    return _masked(value, lines, info.context or ())[: _most(info.field_name)].rstrip()


def _masked(value: object, written: Callable[[str], str], known: Collection[str]) -> str:
    text = value.strip("\0") if isinstance(value, str) else ""
    if len(text) <= _LOOKED_AT:
        return mask_text(written(text), known)
    # the end goes after masking: it may be half a card number, which does not look like one
    return mask_text(written(text.lstrip(BLANKS)[:_LOOKED_AT]), known)[:-_LONGEST_RUN]


def _card(value: object) -> str:
    text = value.strip(BLANKS) if isinstance(value, str) else ""
    # of one that would have to be cut nobody knows which digits are its last
    return mask_card(one_line(text)) if len(text) <= _LOOKED_AT else ""


def _code(value: object) -> str:
    found = digits(value)
    if len(found) <= _SHORT_CODE:
        return found
    return plain if len(plain := normal(found)) <= _LONGEST_CODE else ""


def _message_type(value: object) -> str:
    found = digits(value)
    return found if len(found) <= _SHORT_CODE else normal(found)[:_SHORT_CODE].zfill(_SHORT_CODE)


def _id(value: object, info: ValidationInfo) -> str:
    found, most = digits(value), _most(info.field_name)
    plain = found.lstrip("0")
    known = plain in {one.lstrip("0") for one in info.context or () if one}
    if not plain or len(plain) > most or not (known or looks_like_id(found)):
        return ""
    return found if len(found) <= most else plain


def _moment(value: object) -> str:
    found = digits(value)
    return found if _MOMENT.fullmatch(found) else ""


def _merchant(value: object, info: ValidationInfo) -> str:
    found = digits(value)
    if found and len(found) <= _most(info.field_name):
        # as long as a card number, but printed on every slip
        return "" if looks_like_pan(found.lstrip("0")) else found
    return _text(value, info)


def _fact(value: object) -> str:
    return _masked(value, one_line, ())[:_LONGEST_FACT]


def _secret(value: object) -> str:
    text = value.strip(BLANKS) if isinstance(value, str) else ""
    return text if _TOKEN.fullmatch(text) else ""


def _lifetime(value: object) -> float | None:
    """Read `expires_in`, written as a number or as text; what cannot be is as if it were not told."""
    try:
        seconds = float(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return None if seconds is None or not seconds < _LONGEST_LIFETIME_S else max(0.0, seconds)


@cache
def _most(name: str | None) -> int:
    """Return the greatest length of an answer's field, where its model says it."""
    found = Response.model_fields[name or ""].metadata
    return int(next(one.max_length for one in found if hasattr(one, "max_length")))


Text = Annotated[str, BeforeValidator(_text)]
Receipt = Annotated[str, BeforeValidator(_receipt)]
Id = Annotated[str, BeforeValidator(_id)]


class Response(BaseModel):
    """What `makeTransaction` answers. Longer fields are cut, every card number is masked.

    No field is required, others than these are ignored, and none is refused.

    The validation's context holds the transaction ids that may be shown whole: the one that was
    sent, and the original's.
    """

    model_config = _CONFIG

    authorization_number: Text = Field(
        default="", max_length=9, description="the issuer's approval code", examples=["123456"]
    )
    balance_amount: Text = Field(
        default="", max_length=20, description="what is on the card", examples=["2500"]
    )
    bonus_point: Text = Field(default="", max_length=100, description="points of a bonus card")
    card_number: Annotated[str, BeforeValidator(_card)] = Field(
        default="", max_length=40, description="first six, last four", examples=["411111******1111"]
    )
    credit_card_issuer_and_acquirer_company: Text = Field(
        default="", max_length=40, description="acquirer;brand", examples=["TECS;VISA"]
    )
    ecr_data: Text = Field(
        default="", max_length=250, description="as sent, or more", examples=["TIP=150;"]
    )
    ex_fee: Text = Field(default="", max_length=100, description="the fee of a conversion")
    exchange_rate: Text = Field(
        default="", max_length=20, description="of a conversion, decimal comma", examples=["1,0825"]
    )
    foreign_tx_amount: Text = Field(
        default="", max_length=20, description="in the card's currency", examples=["1359"]
    )
    merchant_address: Text = Field(
        default="", max_length=50, description="for the slip", examples=["Museumsplatz 1 1070 Wien"]
    )
    merchant_name: Text = Field(
        default="", max_length=25, description="for the slip", examples=["MUSEUM"]
    )
    message_type: Annotated[str, BeforeValidator(_message_type)] = Field(
        default="", max_length=4, description="0002 is an answer", examples=["0002"]
    )
    operator_id: Text = Field(default="", max_length=12, description="the cashier's id")
    orig_stan: Text = Field(default="", max_length=6, description="the original's running number")
    orig_tx_id: Id = Field(
        default="",
        max_length=20,
        description="what this one refers to",
        examples=["20261123140159123"],
    )
    receipt_footer: Receipt = Field(
        default="",
        max_length=100,
        description="must be printed",
        examples=["PIN VERIFIED\nAID: A0000000031010\nAC: 1234567890ABCDEF"],
    )
    receipt_header: Receipt = Field(default="", max_length=100, description="must be printed")
    response_code: Annotated[str, BeforeValidator(_code)] = Field(
        default="", max_length=9, description="decides", examples=["0", "00", "51"]
    )
    response_text: Text = Field(
        default="", max_length=80, description="TECS's words", examples=["APPROVED"]
    )
    serien_nr: Text = Field(
        default="", max_length=9, description="must be printed", examples=["01"]
    )
    stan: Text = Field(
        default="", max_length=6, description="a running number", examples=["000042"]
    )
    svc: Text = Field(default="", max_length=3, description="must be printed", examples=["201"])
    transaction_date_time: Annotated[str, BeforeValidator(_moment)] = Field(
        default="",
        max_length=14,
        description="the terminal's local time",
        examples=["20261123140159"],
    )
    transaction_id: Id = Field(
        default="",
        max_length=20,
        description="must be the one sent",
        examples=["20261123140159123"],
    )
    transaction_type: Text = Field(
        default="", max_length=2, description="not documented", examples=["00"]
    )
    vu_number: Annotated[str, BeforeValidator(_merchant)] = Field(
        default="", max_length=15, description="the merchant's id", examples=["102003557"]
    )


Fact = Annotated[str, BeforeValidator(_fact)]


class Version(BaseModel):
    """What `GET version` answers."""

    model_config = _CONFIG

    appName: Fact = Field(default="", description="the service behind this address")  # noqa: N815 - TECS's
    version: Fact = Field(default="", description="of that service", examples=["0.14.15"])
    buildDate: Fact = Field(default="", description="of that service")  # noqa: N815 - TECS's name


class TokenAnswer(BaseModel):
    """What the CAS login answers to a password grant."""

    model_config = _CONFIG

    access_token: Annotated[str, BeforeValidator(_secret)] = Field(
        default="",
        repr=False,
        description="a bearer token; empty: there is none that a header can carry",
    )
    expires_in: Annotated[float | None, BeforeValidator(_lifetime)] = Field(
        default=None, description="seconds from now; none: until it is refused", examples=[3600]
    )


def build() -> None:
    """Build what the first request would build: some 25 ms, for a thread that nobody waits for."""
    for model in (Request, Response, Version):
        model.model_rebuild()
