"""Whether customers may begin, and which screen is shown where nobody is in the middle of anything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from kiosk_tui.payment.notifications import Notification, ReadinessChanged
from kiosk_tui.payment.readiness import Obstacle, Readiness
from kiosk_tui.ui.journeys.navigator import Appearance, Navigator
from kiosk_tui.ui.journeys.payments import Payments
from kiosk_tui.ui.journeys.printing import Printing
from kiosk_tui.ui.journeys.unread import UnreadPayment
from kiosk_tui.ui.screens.out_of_service import OutOfService
from kiosk_tui.ui.screens.welcome import Welcome

RECOVER_S: Final = 10.0
"""So long a screen that failed stays out of service, and at least until a running payment has ended."""


class Availability:
    """Opens and closes for customers as the register says.

    `show_lane` shows a cashier's lane and `show_bench` a technician's bench, where there is one.
    """

    def __init__(
        self,
        nav: Navigator,
        appearance: Appearance,
        printing: Printing,
        unread: UnreadPayment,
        show_lane: Callable[[], None] | None,
    ) -> None:
        self.show_bench: Callable[[], bool] = lambda: False
        self.readiness: Readiness | None = None
        """None before the first look."""
        self._nav = nav
        self._appearance = appearance
        self._printing = printing
        self._unread = unread
        self._show_lane = show_lane
        self._after_fault = False

    @property
    def open(self) -> bool:
        """Whether a payment may start."""
        return self.readiness is not None and self.readiness.open

    def rest(self, *, interrupted: bool = False) -> None:
        """Show where nobody is in the middle of anything, in the kiosk's own language and colours.

        `interrupted`: somebody was, and had not paid yet.
        """
        if self.show_bench() or self.readiness is None or self._unread.show():
            return
        settings = self._nav.settings
        self._appearance.configure(replace(settings, locale=settings.languages[0]))
        settings = self._nav.settings
        if self._show_lane is not None:
            self._show_lane()
        elif self.readiness.open:
            due = len(self.readiness.due)
            self._nav.show(Welcome(settings, due, self._printing.trouble))
            self._nav.call_later(self._printing.look)
        else:
            self._nav.show(OutOfService(settings, self.readiness, interrupted=interrupted))

    def hear(self, notification: Notification) -> None:
        """Open or close as the register says; the screen that is shown hears the rest."""
        screen = self._nav.frame
        if isinstance(notification, ReadinessChanged):
            before, now = self.readiness, notification.readiness
            if now.obstacle is Obstacle.STARTING:
                return
            self.readiness = now
            if self._after_fault:
                return
            changed = before is None or before.open != now.open
            closing = screen.IDLE and screen.SERVICE and not now.open  # before anybody has paid
            if changed and (screen.RESTING or closing):
                self.rest(interrupted=closing)
                return
        screen.call_later(screen.hear, notification)  # once it is mounted, however slow the machine

    # -- after a fault of the app before this one ------------------------------------------------------

    def close_after_fault(self, payments: Payments) -> None:
        """Be out of service for a while; how a running payment ends is shown."""
        register = self._nav.register
        if register is None:
            return
        self._after_fault = True
        self.readiness = register.readiness
        why = "The screen had a fault; the log has it (journalctl, or beside the journal)."
        told = Readiness(Obstacle.FAULT, why, register.now(), RECOVER_S)
        self._nav.show(OutOfService(self._nav.settings, told))
        payment = register.under_way()
        if payment is not None:
            payment.add_done_callback(payments.ended)
        self._nav.set_timer(RECOVER_S, self._open_after_fault)

    def _open_after_fault(self) -> None:
        self._after_fault = False
        register = self._nav.register
        if self._nav.frame.RESTING and register is not None and not register.running:
            self._nav.rest()
