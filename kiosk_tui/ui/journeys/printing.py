"""Slips: printed beside everything else. What goes wrong with one is told, and costs nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kiosk_tui.ui.journeys.path import Path

if TYPE_CHECKING:
    from kiosk_tui.domain.slip import PrinterState
    from kiosk_tui.domain.transaction import Transaction
    from kiosk_tui.receipt.receipts import Receipts
    from kiosk_tui.ui.messages import ReprintAsked

LOOK_S: Final = 30.0


class PrintingPath(Path):
    """What the app does about receipts."""

    receipts: Receipts | None = None
    _printer: PrinterState | None = None

    @property
    def printer_trouble(self) -> str:
        """What a customer must know before he pays: that there will be no slip."""
        from kiosk_tui.text.wording.printing import trouble  # noqa: PLC0415

        return "" if self._printer is None else trouble(self._printer)

    def watch_printer(self) -> None:
        """Look at the printer now and then: paper that ran out is told before a payment."""
        if self.receipts is not None:
            self.look_at_printer()
            self.set_interval(LOOK_S, self.look_at_printer)

    def look_at_printer(self) -> None:
        """Ask the printer how it is, without waiting for it."""
        if self.receipts is not None:
            self.run_worker(self._look(self.receipts), group="printer", exclusive=True)

    async def _look(self, receipts: Receipts) -> None:
        self._printer = await receipts.state()
        self.frame.tell_printer(self.printer_trouble)

    def print_slip(self, one: Transaction) -> None:
        """Print what is printed of a payment by itself."""
        from kiosk_tui.domain.slip import Pending  # noqa: PLC0415

        if self.receipts is None:
            self.frame.tell_printed(one.id, Pending.NO_PRINTER)
        elif self.receipts.wanted(one):
            self.frame.tell_printed(one.id, Pending.PRINTING)
            self.run_worker(self._print_now(self.receipts, one))

    async def _print_now(self, receipts: Receipts, one: Transaction) -> None:
        from kiosk_tui.domain.slip import Printed  # noqa: PLC0415

        outcome = await receipts.print(one)
        self.slip_done(one, outcome)
        self.frame.tell_printed(one.id, outcome)
        if isinstance(outcome, Printed) == bool(self.printer_trouble):
            self.look_at_printer()  # what is said of the printer must not belie the slip

    async def on_reprint_asked(self, event: ReprintAsked) -> None:
        """Print a slip again, marked as a duplicate, and say whether that worked."""
        from kiosk_tui.domain.slip import NotPrinted  # noqa: PLC0415
        from kiosk_tui.text.wording.printing import no_printer, printed, why  # noqa: PLC0415

        if self.receipts is None:
            said = no_printer()
        else:
            outcome = await self.receipts.print(event.transaction, duplicate=True)
            said = why(outcome.condition) if isinstance(outcome, NotPrinted) else printed()
        self.frame.say(said)
