"""What the register tells whoever listens: facts in the past tense."""

from __future__ import annotations

import logging
from collections.abc import Callable

from kiosk_tui.domain.outcome import TerminalState
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.payment.readiness import Readiness
from kiosk_tui.records import dataclass

log = logging.getLogger(__name__)


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


Notification = TransactionChanged | ReadinessChanged | TerminalTold


class Listeners:
    """Who is told. A listener that fails is logged and stops nothing."""

    def __init__(self) -> None:
        self._all: list[Callable[[Notification], None]] = []

    def add(self, listener: Callable[[Notification], None]) -> Callable[[], None]:
        """Tell this one, too; the returned function ends it."""
        self._all.append(listener)
        return lambda: self._all.remove(listener)

    def tell(self, notification: Notification) -> None:
        """Tell everybody; a listener that fails is logged."""
        for listener in tuple(self._all):
            try:
                listener(notification)
            except Exception:
                log.exception("somebody could not be told of a %s", type(notification).__name__)
