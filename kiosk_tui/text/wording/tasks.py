"""What a person has to do about what no machine can settle, in plain words."""

from __future__ import annotations

from collections.abc import Sequence

from kiosk_tui.domain.task import Task
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.text.amounts import format_amount
from kiosk_tui.text.texts import _


def heading(task: Task) -> str:
    """Say in a few words what is the matter."""
    return {
        Task.REFUND_LOST: _("A refund whose answer is missing"),
        Task.REFUSED: _("TECS refuses the cancellation"),
        Task.CONTRADICTION: _("Approved, but TECS knows of no charge"),
        Task.LATE: _("Approved after it was settled"),
    }[task]


def steps(task: Task, one: Transaction, locale: str) -> Sequence[str]:
    """Say what to do, a sentence each, the first thing first."""
    amount = format_amount(one.charged, locale)
    look = _("Look for {amount}, reference {number}, in the TECS portal, or ask TECS.").format(
        amount=amount, number=one.reference
    )
    if task is Task.REFUND_LOST:
        return (
            look,
            _("If it was paid back: settle it. If not: pay it back again (F3 or F4), then settle."),
            _("Do not pay it back again before you have looked."),
        )
    if task is Task.CONTRADICTION:
        return (
            look,
            _("If there is a charge: pay it back (F3), then settle. If there is none: settle."),
        )
    if task is Task.LATE:
        return (
            _("The charge of {amount} exists after all.").format(amount=amount),
            _("If nobody has paid it back: do so (F3), then settle."),
        )
    if one.order.operation.reserves:
        return (look, _("Ask TECS to release the reservation, then settle."))
    return (
        _("The charge of {amount} has been cleared and cannot be cancelled.").format(amount=amount),
        _("If the customer must not pay it: pay it back by hand (F3 with the card), then settle."),
        _("If he has to pay it after all: settle with a note that says so."),
    )
