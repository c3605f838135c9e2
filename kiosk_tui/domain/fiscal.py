"""What fiscal law adds to a payment: a signer that is asked before it, and signs it after it.

Owns: the signer's answers as values, and which events are signed. A signer is a program or service beside
the register (Austria: RKSV, Germany: a TSE); what it makes of it is its own matter.
Invariant: before a payment a signer may refuse it; after that nothing that it says changes what happened
to money.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from kiosk_tui.domain.lifecycle import OPEN, State
from kiosk_tui.domain.transaction import Order, Transaction
from kiosk_tui.records import dataclass

TOKEN_BYTES: Final = 1024
"""The longest token that a signer may give with its `begin`."""


@dataclass(frozen=True, slots=True)
class SignerBegun:
    """The signer has taken note. Its `token` is given back to it with each `finish`; it may be empty."""

    token: str = ""


@dataclass(frozen=True, slots=True)
class SigningRefused:
    """The signer forbids the payment; `why` is a sentence."""

    why: str


@dataclass(frozen=True, slots=True)
class SignerUnavailable:
    """No answer that can be used; `why` is a sentence."""

    why: str


@dataclass(frozen=True, slots=True)
class Signature:
    """What the signer wants on the slip: lines of text, and what its QR code says. Either may be empty."""

    text: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class EventSignature:
    """The signature of one event of a transaction, given at `at`; None of both: it is still owed."""

    number: int
    state: State
    signature: Signature | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OwedSignature:
    """An event that is still to be signed; the transaction is as that event left it.

    `token` is None where the signer was not asked before the payment, or did not answer then.
    """

    transaction: Transaction
    number: int
    event: str
    token: str | None = None

    @property
    def key(self) -> str:
        """The idempotency key: the same for each time that this signature is asked for."""
        return f"{self.transaction.id}-{self.number}"


@dataclass(frozen=True, slots=True)
class SignatureBacklog:
    """How many signatures are owed, and since when the oldest is."""

    count: int = 0
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class SlipSignature:
    """What a slip says of the signature: the `signature`, or a `mark` in its place."""

    signature: Signature | None = None
    out_of_order: bool = False
    mark: str = ""
    """The configured words for a signer that is out of order; empty: ours."""


def wants_signer(order: Order) -> bool:
    """Say whether a signer is told of such an order: one that is about an amount."""
    return order.operation.has_amount


def is_signed(before: State | None, after: Transaction) -> bool:
    """Say whether the event that led there is signed: it ended the transaction, in one way or another."""
    return after.state not in OPEN and after.state is not before and wants_signer(after.order)
