"""What screens and the register tell the app: facts in the past tense.

Owns: the Textual messages. Refuses to know: what follows from them; the app decides.
"""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message

from kiosk_tui.domain.money import Money
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.payment.flow import NotStarted
from kiosk_tui.payment.register import News


@dataclass
class RegisterTold(Message):
    """The register has news."""

    news: News


@dataclass
class Approached(Message):
    """Somebody began at the welcome screen, perhaps with a digit of the amount."""

    digit: int | None = None


@dataclass
class AmountGiven(Message):
    """The customer confirmed an amount."""

    amount: Money


@dataclass
class TipGiven(Message):
    """The customer chose a tip, or none."""

    amount: Money
    tip: Money | None


@dataclass
class GaveUp(Message):
    """The customer does not want to wait any longer."""


@dataclass
class PaymentEnded(Message):
    """The payment has its outcome, and that is on disk."""

    result: Transaction | NotStarted


@dataclass
class Left(Message):
    """The customer has finished, gone back to the beginning, or walked away."""


@dataclass
class AmountReconsidered(Message):
    """The customer went back from the tip to the amount."""

    amount: Money


@dataclass
class ServiceAsked(Message):
    """Somebody pressed the service key."""


@dataclass
class PinAccepted(Message):
    """The service PIN was right."""


@dataclass
class LeaveAsked(Message):
    """Somebody who may do so wants to leave the program."""


@dataclass
class TipTypingAsked(Message):
    """The customer wants to type a tip of his own."""

    amount: Money


@dataclass
class SettlingAsked(Message):
    """Staff wants to close what no machine can settle."""


@dataclass
class Settled(Message):
    """Staff wrote down what was done about a transaction."""

    transaction: Transaction
    note: str


@dataclass
class RetryAsked(Message):
    """Staff wants due cancellations and the look at the chain to happen now."""
