"""What came of a request, as values.

Owns: the outcomes of a payment, a cancellation, an abort, a status query and a probe, and the masked
facts of an answer. The one question that divides them: *could money have moved?*
Invariant: an `Answer` holds at most the first six and last four digits of a card, never an expiry.
"""

from __future__ import annotations

from dataclasses import field
from datetime import datetime
from enum import StrEnum
from typing import Final

from kiosk_tui.domain.lifecycle import Event
from kiosk_tui.records import dataclass

_UNAUTHORIZED: Final = 401


@dataclass(frozen=True, slots=True)
class Answer:
    """What TECS answered, already masked. `fields` are TECS's own names, empty ones left out."""

    response_code: str
    response_text: str = ""
    http_status: int = 200
    reason: str = "other"
    fields: dict[str, str] = field(default_factory=dict)

    @property
    def refuses_register(self) -> bool:
        """Whether the service did not accept who we are (HTTP 401), which proves nothing of money."""
        return self.http_status == _UNAUTHORIZED

    @property
    def card(self) -> str:
        """The masked card, or nothing."""
        return self.fields.get("card_number", "")

    @property
    def authorization_number(self) -> str:
        """The issuer's approval code, or nothing."""
        return self.fields.get("authorization_number", "")


@dataclass(frozen=True, slots=True)
class Approved:
    """TECS said yes, to this transaction."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class Declined:
    """TECS said no, with a code that means that no money moved."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class NotSent:
    """Proven: no byte of the request left this machine."""

    why: str


@dataclass(frozen=True, slots=True)
class OutcomeUnknown:
    """Anything else: the card may have been charged."""

    why: str
    answer: Answer | None = None


PaymentOutcome = Approved | Declined | NotSent | OutcomeUnknown

PAYMENT_EVENTS: dict[type[PaymentOutcome], Event] = {
    Approved: Event.APPROVED,
    Declined: Event.DECLINED,
    NotSent: Event.NOT_SENT,
    OutcomeUnknown: Event.OUTCOME_UNKNOWN,
}


class CancelVerdict(StrEnum):
    """How TECS answered a cancellation. `UNANSWERED` covers every answer that settles nothing."""

    CONFIRMED = "confirmed"
    ORIGINAL_DECLINED = "original_declined"
    ORIGINAL_NOT_FOUND = "original_not_found"
    REFUSED = "refused"
    UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True)
class CancelOutcome:
    """What came of one cancellation attempt; `why` is for staff."""

    verdict: CancelVerdict
    why: str
    answer: Answer | None = None


class AbortVerdict(StrEnum):
    """How TECS answered an abort. None of these says anything about the payment's own outcome."""

    ACCEPTED = "accepted"
    NOTHING_RUNNING = "nothing_running"
    UNSUPPORTED = "unsupported"
    UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True)
class AbortOutcome:
    """What came of an abort."""

    verdict: AbortVerdict
    why: str
    answer: Answer | None = None


class TerminalState(StrEnum):
    """What the terminal says that it is doing."""

    READY = "ready"
    WAITING_FOR_CARD = "waiting_for_card"
    CARD_READ = "card_read"
    BUSY = "busy"
    UNKNOWN = "unknown"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class StatusOutcome:
    """What came of a status query."""

    state: TerminalState
    why: str
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class Probe:
    """What a free look at the server told, without touching a terminal.

    `server_time` is the server's `Date`, for the clock check; None when it sent none.
    """

    reachable: bool
    why: str
    server_time: datetime | None = None
    app_name: str = ""
    version: str = ""
    build_date: str = ""
