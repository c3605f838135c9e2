"""What this TECS writes into an answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

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


TEXTS = {
    "0": "APPROVED",
    "5": "DO NOT HONOUR",
    "10": "PARTIALLY APPROVED",
    "13": "INVALID AMOUNT",
    "51": "NOT SUFFICIENT FUNDS",
    "54": "CARD EXPIRED",
    "55": "WRONG PIN",
    "75": "PIN TRIES EXCEEDED",
    "91": "ISSUER NOT AVAILABLE",
    "8002": "UNKNOWN MESSAGE TYPE",
    "8003": "NO CARD",
    "8004": "CANCELLED AT PIN PAD",
    "8014": "TERMINAL BUSY",
    "8015": "NOTHING TO ABORT",
    "8018": "READY",
    "8019": "WAITING FOR CARD",
    "8020": "CARD READ",
    "9006": "DUPLICATE TRANSACTION ID",
    "9011": "ALREADY CANCELLED",
    "9021": "AMOUNT TOO HIGH",
    "9023": "ALREADY CLEARED",
    "9027": "ORIGINAL NOT FOUND",
    "9028": "ALREADY REFUNDED",
    "9031": "REFUND CANNOT BE CANCELLED",
    "9033": "ORIGINAL WAS DECLINED",
    "9096": "CLOCKS DIFFER",
}


def encode(fields: Mapping[str, Any]) -> bytes:
    """Write an answer as JSON."""
    return json.dumps(fields).encode()


def bare(code: str, transaction_id: str, text: str | None = None) -> dict[str, str]:
    """Return an answer that holds only the code and the id."""
    return {
        "message_type": "0002",
        "transaction_id": transaction_id,
        "response_code": code,
        "response_text": text or TEXTS.get(code, f"CODE {code}"),
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
