"""What is said about slips, to customers and to cashiers: from one fact, so that it is one truth."""

from __future__ import annotations

from kiosk_tui.domain.slip import Condition, NotPrinted, Pending, Printed, PrinterState, Slip
from kiosk_tui.text.texts import _


def trouble(state: PrinterState) -> str:
    """Say before a payment that there will be no slip; nothing when there will be one."""
    return "" if state.prints else _("No receipts at the moment: note the reference, please.")


def told(slip: Slip, *, on_phone: bool = False) -> str:
    """Say to a customer after a payment where the slip is; nothing until that is known.

    `on_phone` says that the receipt may be had as a code instead, where there is no printer.
    """
    if slip is Pending.NO_PRINTER and on_phone:
        return _("Press 1 for the receipt on your phone.")
    if isinstance(slip, NotPrinted):
        return _("No receipt was printed: please note the reference.")
    return printed() if isinstance(slip, Printed) else ""


def for_cashier(slip: Slip | None) -> str:
    """Say to a cashier where the slip is, and why there is none; nothing where nobody knows."""
    if slip is None:
        return ""
    if isinstance(slip, NotPrinted):
        return _("No slip was printed: {why}").format(why=why(slip.condition))
    if isinstance(slip, Printed):
        return _("Give the customer the slip.")
    if slip is Pending.NO_PRINTER:
        return no_printer()
    return _("The slip is being printed.")


def why(condition: Condition) -> str:
    """Say how a printer is. What the printer or the system said of it stands in the log."""
    told_of = {
        Condition.READY: _("The printer is ready."),
        Condition.PAPER_LOW: _("The printer's paper is near its end."),
        Condition.PAPER_OUT: _("The printer is out of paper."),
        Condition.COVER_OPEN: _("The printer's cover is open."),
        Condition.OFFLINE: _("The printer cannot be reached."),
        Condition.UNKNOWN: _("The printer does not say how it is."),
    }
    return told_of[condition]


def printed() -> str:
    """Say that there is a slip."""
    return _("Please take your receipt.")


def no_printer() -> str:
    """Say to staff why nothing can be printed."""
    return _("No printer is configured.")
