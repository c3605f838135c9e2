"""What is said about slips."""

from __future__ import annotations

from kiosk_tui.locales.texts import _
from kiosk_tui.receipt.printer import NotPrinted, PrinterState, PrintOutcome


def trouble(state: PrinterState) -> str:
    """Say before a payment that there will be no slip; nothing when there will be one."""
    return "" if state.prints else _("No receipts at the moment: note the reference, please.")


def told(outcome: PrintOutcome) -> str:
    """Say after a payment where the slip is."""
    if isinstance(outcome, NotPrinted):
        return _("No receipt was printed: please note the reference.")
    return printed()


def printed() -> str:
    """Say that there is a slip."""
    return _("Please take your receipt.")


def no_printer() -> str:
    """Say to staff why nothing can be printed."""
    return _("No printer is configured.")
