"""What kind of transaction a word of TECS is about, and whether TECS approved it."""

from __future__ import annotations

import re
from typing import Final

from kiosk_tui.domain.outcome import CancelVerdict
from kiosk_tui.tecs.codes import CodeTable, PaymentVerdict

CHARGE, RESERVE, REFUND, CANCELLATION, OTHER = (
    "charge",
    "reserve",
    "refund",
    "cancellation",
    "other",
)

# The first that fits counts: a "preauth completion" charges, a "sale reversal" takes back.
_WORDS: Final = (
    (CANCELLATION, r"cancel|void|revers|storn|annul"),
    (OTHER, r"abort|status|balance|keepalive|endofday|logon|login|tagesabschluss|diagnos"),
    (REFUND, r"refund|credit|gutschrift|r(?:ü|ue)ckerstattung|erstattung|return"),
    (CHARGE, r"complet|capture|advice|buchung"),
    (RESERVE, r"pre.?auth|reserv"),
    (CHARGE, r"sale|purchase|kauf|zahlung|payment|debit|moto|tip|gratuity|charge|umsatz"),
)
_MESSAGES: Final = {
    ("0001", "5"): RESERVE,
    ("0001", "7"): OTHER,
    ("0001", ""): CHARGE,
    ("0907", ""): CHARGE,
    ("0009", ""): CHARGE,
    ("0011", ""): REFUND,
    ("0013", "2"): CANCELLATION,
    ("0013", "4"): CHARGE,
    ("0017", ""): OTHER,
    ("9043", ""): OTHER,
}
"""Message type and origin identifier (empty: any other) of the client REST API."""
_APPROVED: Final = re.compile(
    r"approv|success|genehmigt|erfolg|ok|authoris|authoriz|cleared|settled", re.IGNORECASE
)
_DECLINED: Final = re.compile(r"declin|reject|refus|fail|abgelehnt|fehl|error", re.IGNORECASE)
_TAKEN_BACK: Final = re.compile(r"revers|cancel|void|storn", re.IGNORECASE)
_NOT: Final = re.compile(r"\b(?:not|un|nicht|no)[ _-]?\w", re.IGNORECASE)
_CLEARED: Final = re.compile(
    r"(?:cleared|settled|processed|verrechnet|abgerechnet|eingereicht)", re.IGNORECASE
)
_CODES: Final = CodeTable()


def kind_of(kind: str, message_type: str, identifier: str) -> str:
    """Return what kind it is; empty where that is not told, or told in a way that we do not know.

    TECS's `transaction_type` of two characters is published nowhere: it tells nothing.
    """
    for name, pattern in _WORDS:
        if re.search(pattern, kind, re.IGNORECASE):
            return name
    message = (kind if kind.isdigit() and len(kind) == 4 else message_type).zfill(4)  # noqa: PLR2004
    identifier = identifier.lstrip("0")
    return _MESSAGES.get((message, identifier)) or _MESSAGES.get((message, ""), "")


def verdict_of(code: str, status: str, kind: str) -> str:
    """Return approved, declined or unknown. Without code and status it is what histories list: approved."""
    if code:
        if kind == CANCELLATION:
            confirmed = _CODES.cancellation(code) is CancelVerdict.CONFIRMED
            return "approved" if confirmed else "declined"
        return str(_CODES.payment(code)) if code.isdigit() else str(PaymentVerdict.UNKNOWN)
    if _DECLINED.search(status):
        return "declined"
    known = not status or _APPROVED.search(status) or _TAKEN_BACK.search(status)
    return "approved" if known else "unknown"


def taken_back(status: str) -> bool | None:
    """Say whether a status says that the transaction was cancelled; None where it says nothing."""
    return True if _TAKEN_BACK.search(status) and not _NOT.search(status) else None


def is_cleared(status: str) -> bool:
    """Say whether a clearing status, in words, says that the money has gone to clearing."""
    return _CLEARED.search(status) is not None and _NOT.search(status) is None
