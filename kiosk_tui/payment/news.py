"""What the register tells whoever listens: facts in the past tense."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk_tui.domain.outcome import TerminalState
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.payment.readiness import Readiness


@dataclass(frozen=True, slots=True)
class TransactionChanged:
    """A transaction is in a new state, and that is on disk."""

    transaction: Transaction


@dataclass(frozen=True, slots=True)
class ReadinessChanged:
    """Payments may start, or no longer, or for another reason."""

    readiness: Readiness


@dataclass(frozen=True, slots=True)
class TerminalTold:
    """The terminal said what it is doing."""

    state: TerminalState


News = TransactionChanged | ReadinessChanged | TerminalTold
