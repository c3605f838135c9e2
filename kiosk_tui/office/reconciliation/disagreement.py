"""A disagreement as a value: what differs, whose money it is, who says so, and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from kiosk_tui.domain.identity import REFERENCE_DIGITS


class DisagreementKind(StrEnum):
    """What differs, the gravest first. The values stand in JSON and in metrics: never rename one."""

    CHARGED_WITHOUT_RECORD = "charged_without_record"
    CHARGED_TWICE = "charged_twice"
    CANCELLED_HERE_CLEARED_THERE = "cancelled_here_cleared_there"
    STATE_DIFFERS = "state_differs"
    CURRENCY_DIFFERS = "currency_differs"
    AMOUNT_DIFFERS = "amount_differs"
    UNKNOWN_AT_TECS = "unknown_at_tecs"
    RECORDED_TWICE = "recorded_twice"


_K = DisagreementKind

SUPERSEDES: Final[Mapping[DisagreementKind, frozenset[DisagreementKind]]] = {
    _K.CHARGED_TWICE: frozenset({_K.CHARGED_WITHOUT_RECORD}),
    _K.CANCELLED_HERE_CLEARED_THERE: frozenset({_K.STATE_DIFFERS}),
    _K.CURRENCY_DIFFERS: frozenset({_K.AMOUNT_DIFFERS}),
}
"""Where both hold for one transaction, only the first is told: it is the same money."""

_TODO: Final[Mapping[DisagreementKind, str]] = {
    _K.CHARGED_WITHOUT_RECORD: "Look for the sale in the kiosk's own journal; if it has none, refund the"
    " customer at TECS's portal.",
    _K.CHARGED_TWICE: "Compare both at TECS's portal, and refund the one that nobody ordered.",
    _K.CANCELLED_HERE_CLEARED_THERE: "The customer has paid for what was cancelled: refund it at TECS's"
    " portal, and tell TECS.",
    _K.STATE_DIFFERS: "Look at the transaction at TECS's portal and in the kiosk's journal: refund what"
    " should not be charged, and write off what was never paid.",
    _K.CURRENCY_DIFFERS: "Ask TECS which currency was charged, and look at the terminal's currency.",
    _K.AMOUNT_DIFFERS: "Ask TECS which amount was charged, and refund what is too much.",
    _K.UNKNOWN_AT_TECS: "Ask TECS for the transaction: without it nobody pays for what was handed over.",
    _K.RECORDED_TWICE: "Two kiosks share a terminal or a copied disk: stop one of them, and look at both"
    " journals.",
}
_UNSHIPPED: Final = (
    "The kiosk has not sent its journal since then: wait for it, or look at it there."
)
_UNCONFIRMED: Final = (
    "Only a push says so, and a push can be forged: import TECS's history, or ask TECS."
)


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One thing that journal, TECS and clearing do not agree on.

    `kiosk_id` is empty where no kiosk is known for the terminal. `minor` is the money at stake, in minor
    units of `currency`. `said_by` names who says so: journal, push, history, clearing. One that is not
    `confirmed` is a question. `here` and `there` say in a few words what each side has; `waiting` is a
    kiosk that may still have the record unsent; `other_id` is the other one of a double.
    """

    kind: DisagreementKind
    kiosk_id: str
    terminal: str
    transaction_id: str
    at: datetime
    age: timedelta
    minor: int
    currency: str
    exponent: int
    said_by: tuple[str, ...]
    confirmed: bool
    here: str = ""
    there: str = ""
    other_id: str = ""
    waiting: bool = False

    @property
    def reference(self) -> str:
        """The last nine digits of its id, as screens and slips show it."""
        return self.transaction_id.zfill(REFERENCE_DIGITS)[-REFERENCE_DIGITS:]

    @property
    def what(self) -> str:
        """What differs, in a few words."""
        both = ", ".join(
            f"{name}: {said}" for name, said in (("here", self.here), ("TECS", self.there)) if said
        )
        return f"{self.kind.replace('_', ' ')}{f' ({both})' if both else ''}"

    @property
    def todo(self) -> str:
        """One sentence: what to do."""
        if self.waiting:
            return _UNSHIPPED
        return _TODO[self.kind] if self.confirmed else _UNCONFIRMED
