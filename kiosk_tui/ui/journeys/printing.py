"""Slips: printed beside everything else. What goes wrong with one is told, and costs nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from kiosk_tui.domain.slip import NotPrinted, Pending, Printed, PrinterState, Slip
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.receipt.receipts import Receipts
from kiosk_tui.text.texts import _
from kiosk_tui.text.times import format_day_time
from kiosk_tui.text.wording.printing import no_printer, printed, trouble, why
from kiosk_tui.ui.journeys.navigator import Navigator
from kiosk_tui.ui.messages import ReprintAsked, TestSlipAsked
from kiosk_tui.ui.register_link import RegisterLink

LOOK_S: Final = 30.0


class Printing:
    """What the app does about slips. `on_printed` hears the id of a transaction whose slip is printed."""

    def __init__(self, nav: Navigator) -> None:
        self.receipts: Receipts | None = None
        self.on_printed: Callable[[str], None] = _nobody
        self._nav = nav
        self._printer: PrinterState | None = None

    @property
    def state(self) -> PrinterState | None:
        """How the printer is; None where there is none, or before it was looked at."""
        return self._printer

    @property
    def trouble(self) -> str:
        """What a customer must know before he pays: that there will be no slip."""
        return "" if self._printer is None else trouble(self._printer)

    def watch(self) -> None:
        """Look at the printer now and then: paper that ran out is told before a payment."""
        if self.receipts is not None:
            self.look()
            self._nav.set_interval(LOOK_S, self.look)

    def look(self) -> None:
        """Ask the printer how it is, without waiting for it."""
        if self.receipts is not None:
            self._nav.run_worker(self._look(self.receipts), group="printer", exclusive=True)

    async def _look(self, receipts: Receipts) -> None:
        self._printer = await receipts.state()
        frame = self._nav.frame
        frame.call_later(frame.tell_printer, self.trouble)
        frame.call_later(frame.tell_condition, self._printer)

    def print_slip(self, one: Transaction) -> None:
        """Print what is printed of a payment by itself, and show what a signer says of it."""
        register = self._nav.register
        if register is not None and register.signs:
            self._nav.run_worker(self._show_signed(register, one))
        if self.receipts is None:
            self._tell_printed(one.id, Pending.NO_PRINTER)
        elif self.receipts.wanted(one):
            self._tell_printed(one.id, Pending.PRINTING)
            self._nav.run_worker(self._print_now(self.receipts, one))

    async def _show_signed(self, register: RegisterLink, one: Transaction) -> None:
        for patient in (False, True):
            found = await register.on_slip(one, patient=patient)
            if found is not None:
                frame = self._nav.frame
                frame.call_later(frame.tell_signed, one.id, found)
            if found is None or found.signature is not None:
                return

    async def _print_now(self, receipts: Receipts, one: Transaction) -> None:
        outcome = await receipts.print(one)
        is_printed = isinstance(outcome, Printed)
        if is_printed:
            self.on_printed(one.id)
        self._tell_printed(one.id, outcome)
        if is_printed == bool(self.trouble):
            self.look()  # what is said of the printer must not belie the slip

    async def reprint_asked(self, message: ReprintAsked) -> None:
        """Print a slip again, marked as a duplicate where there was a first, and say whether that worked."""
        if self.receipts is None:
            said = no_printer()
        else:
            outcome = await self.receipts.print(message.transaction, again=True)
            said = why(outcome.condition) if isinstance(outcome, NotPrinted) else printed()
        self._nav.say(said)

    async def slip_test_asked(self, _message: TestSlipAsked) -> None:
        """Print a few lines, and say whether that worked."""
        if self.receipts is None:
            said = no_printer()
        else:
            settings = self._nav.settings
            written = format_day_time(settings.now(), settings.locale)
            lines = tuple(filter(None, (settings.name, _("Print test"), written)))
            outcome = await self.receipts.print_lines("test-slip", lambda _paper: lines)
            said = why(outcome.condition) if isinstance(outcome, NotPrinted) else printed()
        self._nav.say(said)

    def _tell_printed(self, transaction_id: str, slip: Slip) -> None:
        frame = self._nav.frame
        frame.call_later(frame.tell_printed, transaction_id, slip)


def _nobody(_transaction_id: str) -> None:
    """Tell nobody."""
