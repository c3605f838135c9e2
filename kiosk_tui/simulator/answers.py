"""What this TECS writes into an answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from kiosk_tui.simulator.options import Options
from kiosk_tui.simulator.rules import REFERRING, ValidRequest, What

CARD = "4111111111111111"
"""A well-known test number: the only card that is ever presented here."""
SHORT_CARD = "378282246310005"
"""A test number of fifteen digits, as long as a merchant number may be."""
EXPIRY = "2712"
SECRETS = (CARD, SHORT_CARD, f"_{EXPIRY}", f"={EXPIRY}", "12/27")
"""What no file of a register may hold: the card numbers, and the expiry as these answers write it.
Its four digits alone may stand in an id by chance."""


class Effect(StrEnum):
    """What happens to a reply on the line."""

    SEND = "send"
    DROP = "drop"
    CUT = "cut"
    HANG = "hang"


@dataclass(frozen=True, slots=True)
class HostReply:
    """What goes back over the line, and how far it gets. `cut_at` is for `Effect.CUT`."""

    status: int
    body: bytes
    effect: Effect = Effect.SEND
    content_type: str = "application/json"
    cut_at: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ResponseCode:
    """How a code is worded, and what it means for money."""

    text: str
    meaning: str


_DECLINED = "Declined, no money moved. [list]"

CODES: Final = {
    "0": ResponseCode(
        "APPROVED", "Approved; of a cancellation: cancelled; of an abort: heard. [list]"
    ),
    "5": ResponseCode("DO NOT HONOUR", _DECLINED),
    "10": ResponseCode(
        "PARTIALLY APPROVED", "Charged in part; who asked for all or nothing has to cancel. [list]"
    ),
    "13": ResponseCode(
        "INVALID AMOUNT",
        f"{_DECLINED} Here: zero (HTTP 400), or not the original's amount or currency. [?]",
    ),
    "14": ResponseCode(
        "INVALID CARD NUMBER", f"{_DECLINED} Here: MOTO without a card reference. [?]"
    ),
    "51": ResponseCode("NOT SUFFICIENT FUNDS", _DECLINED),
    "54": ResponseCode("CARD EXPIRED", _DECLINED),
    "55": ResponseCode("WRONG PIN", _DECLINED),
    "75": ResponseCode("PIN TRIES EXCEEDED", _DECLINED),
    "91": ResponseCode("ISSUER NOT AVAILABLE", _DECLINED),
    "8002": ResponseCode(
        "UNKNOWN MESSAGE TYPE", "No such kind of request, or this account does not have it. [list]"
    ),
    "8003": ResponseCode("NO CARD", f"{_DECLINED} Which code it is, is the option `no_card`. [?]"),
    "8004": ResponseCode(
        "CANCELLED AT PIN PAD", f"{_DECLINED} Also a payment that was aborted: `aborted_sale`. [?]"
    ),
    "8014": ResponseCode("TERMINAL BUSY", f"{_DECLINED} As a status: another card flow runs."),
    "8015": ResponseCode("NOTHING TO ABORT", "An abort while no card flow runs. [list]"),
    "8018": ResponseCode("READY", "A status: no card flow runs. [api]"),
    "8019": ResponseCode("WAITING FOR CARD", "A status. [api]"),
    "8020": ResponseCode("CARD READ", "A status: the host is being asked. [api]"),
    "8999": ResponseCode(
        "BAD REQUEST",
        "A field is missing, too long or wrong: `response_text` names it (HTTP 400). As a code of TECS"
        " [list] it says nothing about money.",
    ),
    "9006": ResponseCode(
        "DUPLICATE TRANSACTION ID",
        "Seen before; it says nothing about money: cancel [list]. `duplicate` chooses a second card flow. [?]",
    ),
    "9011": ResponseCode(
        "ALREADY CANCELLED", "It is cancelled [list]. An option: `second_cancellation`. [?]"
    ),
    "9014": ResponseCode("UNKNOWN TERMINAL", f"{_DECLINED} Only with the option `terminals`. [?]"),
    "9019": ResponseCode("BAD ECR DATA", f"{_DECLINED} A tip that is none (HTTP 400)."),
    "9021": ResponseCode("AMOUNT TOO HIGH", "More than is left of the original. [list]"),
    "9023": ResponseCode(
        "ALREADY CLEARED",
        "A cancellation is refused, staff has to refund. [list] Option: `cleared`.",
    ),
    "9027": ResponseCode(
        "ORIGINAL NOT FOUND",
        "Never seen, at another terminal, or its card flow still runs: ask again until it cannot run any"
        " more [list]. Option: `racing_cancellation`. [?]",
    ),
    "9028": ResponseCode("ALREADY REFUNDED", "Nothing of the original is left. [list]"),
    "9029": ResponseCode("TIP MISSING", f"{_DECLINED} 0907 without a tip (HTTP 400)."),
    "9031": ResponseCode(
        "REFUND CANNOT BE CANCELLED", "As it says [list]. Option: `cancel_refund`."
    ),
    "9033": ResponseCode(
        "ORIGINAL WAS DECLINED", "There is nothing to cancel or to refer to. [list]"
    ),
    "9096": ResponseCode("CLOCKS DIFFER", f"{_DECLINED} Only with the option `clock_skew_s`. [?]"),
}
"""Every code that is answered here of its own accord. Faults and options may answer any other."""


@dataclass(frozen=True, slots=True)
class AnswerField:
    """A field of an answer: a text of at most `longest` characters."""

    longest: int
    meaning: str


ANSWER_FIELDS: Final = {
    "message_type": AnswerField(4, "`0002`. [doc]"),
    "transaction_id": AnswerField(
        20, "The request's own: an answer with another one, or none, is no answer to it. [api]"
    ),
    "response_code": AnswerField(4, "Compared without leading zeros; 0 is approved. [list]"),
    "response_text": AnswerField(80, "The code in words, at most 80 bytes. [api]"),
    "authorization_number": AnswerField(9, "The issuer's approval code. [api]"),
    "card_number": AnswerField(
        40,
        "`REF<reference>_<YYMM>_<last 4>_<first 6>`, the card number and its expiry, or the TXID [api]:"
        " the option `card_form` [?]. Keep at most the first six and the last four digits.",
    ),
    "credit_card_issuer_and_acquirer_company": AnswerField(40, "`Acquirer;BRAND`. [api]"),
    "balance_amount": AnswerField(20, "Of a balance: what the card holds, in minor units. [api]"),
    "merchant_address": AnswerField(50, "For the slip. [api]"),
    "merchant_name": AnswerField(25, "For the slip. [api]"),
    "orig_tx_id": AnswerField(20, "The transaction that the request refers to. [api]"),
    "receipt_footer": AnswerField(
        100, "Must be printed: how the customer was verified, `AID:` and `AC:`. [api]"
    ),
    "receipt_header": AnswerField(100, "For the slip. [api]"),
    "serien_nr": AnswerField(9, "Must be printed where it is present. [api]"),
    "stan": AnswerField(6, "The trace number. [api]"),
    "svc": AnswerField(3, "The card's service code. Must be printed. [api]"),
    "terminal_number": AnswerField(
        8, "The request's own; not in the published definition, so do not count on it. [?]"
    ),
    "transaction_date_time": AnswerField(14, "This machine's time as `yyyyMMddHHmmss`. [api]"),
    "transaction_type": AnswerField(2, "`00`; what it may mean is published nowhere. [?]"),
    "vu_number": AnswerField(15, "The merchant's number at the acquirer. [api]"),
}
"""The fields of a whole answer; the first four are in every one. More are to be expected, and ignored."""


def encode(fields: Mapping[str, Any]) -> bytes:
    """Write an answer as JSON."""
    return json.dumps(fields).encode()


def bare(code: str, transaction_id: str, text: str | None = None) -> dict[str, str]:
    """Return an answer that holds only the code and the id."""
    return {
        "message_type": "0002",
        "transaction_id": transaction_id,
        "response_code": code,
        "response_text": text or (CODES[code].text if code in CODES else f"CODE {code}"),
    }


def full(
    request: ValidRequest, code: str, options: Options, stan: int, now: datetime
) -> dict[str, str]:
    """Return an answer as the host writes it for a card that was read."""
    approved = code == "0"
    fields = request.fields
    return bare(code, request.transaction_id) | {
        "authorization_number": f"{stan * 7919 % 1_000_000:06d}" if approved else "",
        "card_number": _card(request, options),
        "credit_card_issuer_and_acquirer_company": "TECS;VISA",
        "balance_amount": "2500" if request.what is What.BALANCE else "",
        "merchant_address": "Museumsplatz 1 1070 Wien",
        "merchant_name": "MUSEUM",
        "orig_tx_id": request.original_id or "",
        "receipt_footer": (
            f"PIN VERIFIED\nAID: A0000000031010\nAC: {stan:08d}C0FFEE01" if approved else ""
        ),
        "receipt_header": "",
        "serien_nr": "01",
        "stan": f"{stan:06d}",
        "svc": "201",
        "terminal_number": fields["terminal_number"],
        "transaction_date_time": f"{now:%Y%m%d%H%M%S}",
        "transaction_type": "00",
        "vu_number": "102003557",
    }


def card_data(answer: Mapping[str, str]) -> dict[str, str]:
    """Return an answer that says far too much about the card, everywhere."""
    track = f"{CARD}={EXPIRY}1010000012345678"
    return dict(answer) | {
        "card_number": f"{CARD}_{EXPIRY}",
        "response_text": f"APPROVED {CARD} EXP 12/27",
        "receipt_footer": f"CARD {CARD[:4]} {CARD[4:8]} {CARD[8:12]} {CARD[12:]} {track}",
        "receipt_header": f"REF77_{EXPIRY}_{CARD[-4:]}_{CARD[:6]}",
        "ecr_data": f"PAN={CARD};EXP={EXPIRY};",
        "merchant_address": CARD,
        "vu_number": SHORT_CARD,
        "orig_tx_id": CARD,
        "track2": track,
        "cvc2": "123",
    }


def _card(request: ValidRequest, options: Options) -> str:
    if request.what in REFERRING:
        return request.fields["card_number"]
    if request.what is What.MOTO:
        return request.fields["card_number"]
    return {
        "ref": f"REF20117_{EXPIRY}_{CARD[-4:]}_{CARD[:6]}",
        "pan": f"{CARD}_{EXPIRY}",
        "txid": f"TXID{request.transaction_id.zfill(20)}",
    }[options.card_form]
