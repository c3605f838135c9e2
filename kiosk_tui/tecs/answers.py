"""Answers: any status and any bytes become exactly one outcome, never an exception.

An answer counts only when it is readable, complete and names the transaction that was sent. The
fields that are kept are masked here, before anybody else sees them.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Final

from kiosk_tui.domain.outcome import (
    AbortOutcome,
    AbortVerdict,
    Answer,
    Approved,
    CancelOutcome,
    CancelVerdict,
    Declined,
    OutcomeUnknown,
    PaymentOutcome,
    StatusOutcome,
    TerminalState,
)
from kiosk_tui.tecs.codes import Codes, PaymentVerdict, normal
from kiosk_tui.tecs.redaction import looks_like_id, looks_like_pan, mask_card, mask_text

KEPT: Final = {
    "authorization_number": 9,
    "balance_amount": 20,
    "bonus_point": 100,
    "card_number": 40,
    "credit_card_issuer_and_acquirer_company": 40,
    "ecr_data": 250,
    "ex_fee": 100,
    "exchange_rate": 20,
    "foreign_tx_amount": 20,
    "merchant_address": 50,
    "merchant_name": 25,
    "operator_id": 12,
    "orig_stan": 6,
    "orig_tx_id": 20,
    "receipt_footer": 100,
    "receipt_header": 100,
    "serien_nr": 9,
    "stan": 6,
    "svc": 3,
    "transaction_date_time": 14,
    "transaction_id": 20,
    "transaction_type": 2,
    "vu_number": 15,
}
"""The fields that are kept, with their greatest length (API definition); others are ignored."""

_IDS = ("transaction_id", "orig_tx_id")
_TEXT_LENGTH = 80
_CODE = re.compile(r"[0-9]{1,4}", re.ASCII)
_MOMENT = re.compile(r"20[0-9]{12}", re.ASCII)
_ANSWERED = frozenset({200, 400})
_STATES = {
    "8018": TerminalState.READY,
    "8019": TerminalState.WAITING_FOR_CARD,
    "8020": TerminalState.CARD_READ,
    "8014": TerminalState.BUSY,
}
_UNKNOWN_MESSAGE_TYPE = "8002"
_NOTHING_RUNNING = "8015"


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back over the wire, whole."""

    status: int
    body: bytes


class _UnreadableError(Exception):
    """The reply is not an answer to what was sent; the text says why, without quoting it."""


def payment(reply: Reply, transaction_id: str, codes: Codes) -> PaymentOutcome:
    """Return what a reply says about a payment."""
    try:
        answer = _read(reply, transaction_id, codes)
    except _UnreadableError as trouble:
        return OutcomeUnknown(str(trouble))
    verdict = codes.payment(answer.response_code)
    if reply.status not in _ANSWERED:
        return OutcomeUnknown(f"TECS answered with HTTP status {reply.status}.", answer)
    if verdict is PaymentVerdict.DECLINED:
        return Declined(answer)
    if verdict is PaymentVerdict.APPROVED and reply.status == 200:  # noqa: PLR2004 - HTTP OK
        return Approved(answer)
    return OutcomeUnknown(
        f"TECS answered with code {answer.response_code} and HTTP status {reply.status},"
        " which does not say whether money moved.",
        answer,
    )


def cancellation(reply: Reply, exchange_id: str, codes: Codes) -> CancelOutcome:
    """Return what a reply says about a cancellation."""
    try:
        answer = _read(reply, exchange_id, codes)
    except _UnreadableError as trouble:
        return CancelOutcome(CancelVerdict.UNANSWERED, str(trouble))
    verdict = codes.cancellation(answer.response_code)
    why = f"TECS answered the cancellation with code {answer.response_code}."
    clear = reply.status == 200 or (  # noqa: PLR2004 - HTTP OK
        reply.status in _ANSWERED and verdict is not CancelVerdict.CONFIRMED
    )
    if not clear:
        why = f"TECS answered the cancellation with HTTP status {reply.status}."
        verdict = CancelVerdict.UNANSWERED
    return CancelOutcome(verdict, why, answer)


def abort(reply: Reply, exchange_id: str, codes: Codes) -> AbortOutcome:
    """Return what a reply says about an abort."""
    try:
        answer = _read(reply, exchange_id, codes)
    except _UnreadableError as trouble:
        return AbortOutcome(AbortVerdict.UNANSWERED, str(trouble))
    code = normal(answer.response_code)
    verdict = {
        "0": AbortVerdict.ACCEPTED,
        _NOTHING_RUNNING: AbortVerdict.NOTHING_RUNNING,
        _UNKNOWN_MESSAGE_TYPE: AbortVerdict.UNSUPPORTED,
    }.get(code, AbortVerdict.UNANSWERED)
    return AbortOutcome(verdict, f"TECS answered the abort with code {code}.", answer)


def status(reply: Reply, exchange_id: str, codes: Codes) -> StatusOutcome:
    """Return what a reply says about the terminal."""
    try:
        answer = _read(reply, exchange_id, codes)
    except _UnreadableError as trouble:
        return StatusOutcome(TerminalState.UNKNOWN, str(trouble))
    code = normal(answer.response_code)
    if code == _UNKNOWN_MESSAGE_TYPE:
        return StatusOutcome(TerminalState.UNSUPPORTED, "TECS does not know the question.", answer)
    state = _STATES.get(code, TerminalState.UNKNOWN)
    return StatusOutcome(state, f"TECS answered the status query with code {code}.", answer)


def _read(reply: Reply, transaction_id: str, codes: Codes) -> Answer:
    fields = _object(reply)
    if fields.get("message_type", "0002") != "0002":
        raise _UnreadableError("What came back is not an answer (its message type is another one).")
    named = fields.get("transaction_id")
    if not isinstance(named, str) or not _same_id(named, transaction_id):
        raise _UnreadableError("What came back does not name this transaction.")
    code = fields.get("response_code")
    if not isinstance(code, str) or _CODE.fullmatch(code) is None:
        raise _UnreadableError("What came back has no response code.")
    original = _text(fields, "orig_tx_id")
    ids = (transaction_id, original if looks_like_id(original) else "")
    return Answer(
        response_code=code,
        response_text=mask_text(_text(fields, "response_text"), ids)[:_TEXT_LENGTH],
        http_status=reply.status,
        reason=codes.reason(code),
        fields={name: value for name in KEPT if (value := kept(fields, name, ids))},
    )


def _object(reply: Reply) -> dict[str, Any]:
    try:
        found = json.loads(reply.body.decode("utf-8"), object_pairs_hook=_no_twice)
    except (ValueError, RecursionError):
        # never quoted: what cannot be read may hold anything
        raise _UnreadableError(
            f"What came back (HTTP status {reply.status}, {len(reply.body)} bytes) cannot be read."
        ) from None
    if not isinstance(found, dict):
        raise _UnreadableError(f"What came back (HTTP status {reply.status}) is not an answer.")
    return found


def _no_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a field stands twice")
    return found


def _same_id(named: str, sent: str) -> bool:
    digits = named.isascii() and named.isdigit()
    return digits and named.lstrip("0") == sent.lstrip("0")


def kept(fields: dict[str, Any], name: str, ids: tuple[str, ...]) -> str:
    """Return a field of `KEPT`, masked; empty where it is not what it should be."""
    text = _text(fields, name)
    if name == "card_number":
        return mask_card(text)
    if name in _IDS:
        return text if looks_like_id(text) and len(text) <= KEPT[name] else ""
    if name == "transaction_date_time":
        return text if _MOMENT.fullmatch(text) else ""
    if name == "vu_number" and text.isascii() and text.isdigit() and len(text) <= KEPT[name]:
        # as long as a card number, but printed on every slip
        return "" if looks_like_pan(text.lstrip("0")) else text
    return mask_text(text, ids)[: KEPT[name]]


def _text(fields: dict[str, Any], name: str) -> str:
    """Return a field as text that can be shown, printed and stored: JSON can hold what is none."""
    value = fields.get(name)
    if not isinstance(value, str):
        return ""
    if value.isprintable():
        return value
    return "".join(one if one.isprintable() or one == "\n" else " " for one in value)
