"""Payments that the whole screen waits for: begun once, and their end told to the app."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from kiosk_tui.domain.progress import TerminalProgress
from kiosk_tui.domain.transaction import Order
from kiosk_tui.ui.journeys.navigator import Navigator
from kiosk_tui.ui.messages import PaymentEnded
from kiosk_tui.ui.register_link import Ended
from kiosk_tui.ui.screens.waiting import Waiting

log = logging.getLogger(__name__)

Payment = asyncio.Future[Ended]


class Payments:
    """Begins them. They belong to the register, and go on when this app ends."""

    def __init__(self, nav: Navigator) -> None:
        self._nav = nav

    def begin(
        self,
        order: Order,
        *,
        rehearsal: bool = False,
        ended: Callable[[Payment], None] | None = None,
    ) -> None:
        """Start a payment and show that it runs; a second press, while one runs, does nothing.

        `ended` hears the end in place of `PaymentEnded`.
        """
        register = self._nav.register
        if register is None or register.running:
            return
        payment = register.pay(order, rehearsal=rehearsal)
        payment.add_done_callback(ended or self.ended)
        settings = self._nav.settings
        progress = TerminalProgress(asked=register.tells_steps)
        self._nav.show(Waiting(settings, order.charged, lambda: register.answer_due_s, progress))

    def ended(self, payment: Payment) -> None:
        """Tell how a payment ended; one that failed ends the app."""
        if not self.failed(payment):
            self._nav.post_message(PaymentEnded(self.outcome(payment)))

    def outcome(self, payment: Payment) -> Ended:
        """Return how a payment that did not fail stands by now."""
        ended, register = payment.result(), self._nav.register
        return ended if register is None else register.as_it_stands(ended)

    def failed(self, payment: Payment) -> bool:
        """Say whether there is no outcome to show, and end the app after a fault of the register's."""
        if payment.cancelled():
            return True
        error = payment.exception()
        if error is None:
            return False
        # the journal has it as open; a new process takes it up
        self._nav.fail(RuntimeError("a payment failed inside the register"))
        log.error("the payment failed", exc_info=error)
        return True
