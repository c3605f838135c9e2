"""Answers: any status and any bytes become exactly one outcome, never an exception.

An answer counts only when it is readable, complete and names the transaction that was sent. The
fields that are kept are masked here, before anybody else sees them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Final

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
from kiosk_tui.records import dataclass
from kiosk_tui.tecs import models
from kiosk_tui.tecs.codes import CodeTable, PaymentVerdict, normal
from kiosk_tui.tecs.reading import UnreadableError, fields_of
from kiosk_tui.tecs.redaction import looks_like_id
from kiosk_tui.tecs.spelling import digits

_STATES: Final = {
    "8018": TerminalState.READY,
    "8019": TerminalState.WAITING_FOR_CARD,
    "8020": TerminalState.CARD_READ,
    "8014": TerminalState.BUSY,
}
_ANSWER: Final = "2"
"""The message type, without its zeros."""
_UNKNOWN_MESSAGE_TYPE: Final = "8002"
_NOTHING_RUNNING: Final = "8015"
_REFUSED: Final = "The payment service refused this register (HTTP status 401)."
_TOLD_APART: Final = frozenset({"message_type", "response_code", "response_text"})
"""What a domain answer holds beside its fields, or not at all."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back over the wire, unpacked.

    `trouble` is why there is no whole body, as the end of a sentence; it is empty where there is one.
    """

    status: int
    body: bytes
    content_type: str = ""
    trouble: str = ""
    server_time: datetime | None = None

    @property
    def read_by_its_body(self) -> bool:
        """Whether the status says that the service did its part: any 2xx does."""
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES

    @property
    def may_refuse(self) -> bool:
        """Whether a "no" in the body counts: 400 is "some error, explained in the text"."""
        return self.read_by_its_body or self.status == HTTPStatus.BAD_REQUEST


def payment(reply: Reply, transaction_id: str, codes: CodeTable) -> PaymentOutcome:
    """Return what a reply says about a payment."""
    try:
        answer = _read(reply, transaction_id, codes)
    except UnreadableError as trouble:
        if reply.status == HTTPStatus.UNAUTHORIZED:
            return OutcomeUnknown(_REFUSED, Answer("", http_status=reply.status))
        return OutcomeUnknown(str(trouble))
    if answer.refuses_register:
        return OutcomeUnknown(_REFUSED, answer)
    verdict = codes.payment(answer.response_code)
    if not reply.may_refuse:
        return OutcomeUnknown(f"TECS answered with HTTP status {reply.status}.", answer)
    if verdict is PaymentVerdict.DECLINED:
        return Declined(answer)
    if verdict is PaymentVerdict.APPROVED and reply.read_by_its_body:
        return Approved(answer)
    return OutcomeUnknown(
        f"TECS answered with code {answer.response_code} and HTTP status {reply.status},"
        " which does not say whether money moved.",
        answer,
    )


def cancellation(reply: Reply, exchange_id: str, codes: CodeTable) -> CancelOutcome:
    """Return what a reply says about a cancellation."""
    try:
        answer = _read(reply, exchange_id, codes)
    except UnreadableError as trouble:
        return CancelOutcome(CancelVerdict.UNANSWERED, str(trouble))
    verdict = codes.cancellation(answer.response_code)
    why = f"TECS answered the cancellation with code {answer.response_code}."
    clear = reply.read_by_its_body or (reply.may_refuse and verdict is not CancelVerdict.CONFIRMED)
    if not clear:
        why = f"TECS answered the cancellation with HTTP status {reply.status}."
        verdict = CancelVerdict.UNANSWERED
    return CancelOutcome(verdict, why, answer)


def abort(reply: Reply, exchange_id: str, codes: CodeTable) -> AbortOutcome:
    """Return what a reply says about an abort."""
    try:
        answer = _read(reply, exchange_id, codes)
    except UnreadableError as trouble:
        return AbortOutcome(AbortVerdict.UNANSWERED, str(trouble))
    code = normal(answer.response_code)
    verdict = {
        "0": AbortVerdict.ACCEPTED,
        _NOTHING_RUNNING: AbortVerdict.NOTHING_RUNNING,
        _UNKNOWN_MESSAGE_TYPE: AbortVerdict.UNSUPPORTED,
    }.get(code, AbortVerdict.UNANSWERED)
    return AbortOutcome(verdict, f"TECS answered the abort with code {code}.", answer)


def status(reply: Reply, exchange_id: str, codes: CodeTable) -> StatusOutcome:
    """Return what a reply says about the terminal."""
    try:
        answer = _read(reply, exchange_id, codes)
    except UnreadableError as trouble:
        return StatusOutcome(TerminalState.UNKNOWN, str(trouble))
    code = normal(answer.response_code)
    if code == _UNKNOWN_MESSAGE_TYPE:
        return StatusOutcome(TerminalState.UNSUPPORTED, "TECS does not know the question.", answer)
    state = _STATES.get(code, TerminalState.UNKNOWN)
    return StatusOutcome(state, f"TECS answered the status query with code {code}.", answer)


def read(reply_fields: Mapping[str, object], known_ids: Collection[str]) -> models.Response:
    """Read the fields of an answer, masked. `known_ids` may be shown whole, beside the original's."""
    original = digits(reply_fields.get("orig_tx_id"))
    ids = (*known_ids, original if looks_like_id(original) else "")
    return models.Response.model_validate(reply_fields, context=ids)


def _read(reply: Reply, transaction_id: str, codes: CodeTable) -> Answer:
    if reply.trouble:
        raise UnreadableError(f"What came back (HTTP status {reply.status}) {reply.trouble}.")
    try:
        found = fields_of(reply.body, reply.content_type)
    except UnreadableError as trouble:
        # never quoted: what cannot be read may hold anything
        what = f"HTTP status {reply.status}, {len(reply.body)} bytes"
        raise UnreadableError(f"What came back ({what}) {trouble}.") from None
    answer = read(found, (transaction_id,))
    if answer.message_type and normal(answer.message_type) != _ANSWER:
        raise UnreadableError("What came back is not an answer (its message type is another one).")
    named = answer.transaction_id
    if not named or named.lstrip("0") != transaction_id.lstrip("0"):
        raise UnreadableError("What came back does not name this transaction.")
    if not answer.response_code:
        raise UnreadableError("What came back has no response code.")
    return Answer(
        response_code=answer.response_code,
        response_text=answer.response_text,
        http_status=reply.status,
        reason=codes.reason(answer.response_code),
        fields={name: value for name, value in answer if value and name not in _TOLD_APART},
    )
