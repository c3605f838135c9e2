"""What the lane's own screen says of an entry in the making and of one that is under way."""

from __future__ import annotations

from kiosk_tui.domain.lane import Draft
from kiosk_tui.domain.operations import CardUse, Operation
from kiosk_tui.domain.outcome import TerminalState
from kiosk_tui.domain.transaction import Order, reference_of
from kiosk_tui.text.amounts import format_amount
from kiosk_tui.text.texts import _
from kiosk_tui.text.wording.lane import Band, is_beyond
from kiosk_tui.text.wording.operations import kind
from kiosk_tui.ui.screens.giving_up import how_to_answer, question


def facts(draft: Draft, locale: str) -> str:
    """Say beside the amount what it is for."""
    told = []
    if draft.original is not None:
        told.append(reference_of(draft.original.transaction_id))
    if draft.tip_base is not None:
        told.append(_("Tip on {amount}").format(amount=format_amount(draft.tip_base, locale)))
    elif draft.possible is not None:
        left = format_amount(draft.possible, locale)
        told.append(_("Still possible: {amount}").format(amount=left))
    if draft.tipping:
        told.append(_("Total {total}").format(total=format_amount(draft.charged, locale)))
    elif draft.possible is None and draft.tip_base is None and draft.operation.has_amount:
        told.append(_("Amount in {currency}").format(currency=draft.amount.currency.code))
    return "\n".join(told)


def fixed(operation: Operation) -> str:
    """Say that an entry's amount cannot be typed."""
    if not operation.has_amount:
        return _("A balance has no amount: press Enter.")
    return _("It is cancelled as a whole: press Enter.")


def details(draft: Draft) -> str:
    """Say what was typed beside the amount."""
    told = []
    if draft.receipt_number:
        told.append(_("Receipt no. {number}").format(number=draft.receipt_number))
    if draft.reason:
        told.append(draft.reason)
    if draft.beyond:
        told.append(is_beyond())
    return "   ".join(told)


def busy(
    order: Order,
    locale: str,
    *,
    given_up: bool,
    asked: bool,
    terminal: TerminalState,
    left_s: float | None,
) -> Band:
    """Say what an entry that is under way waits for, and for how long."""
    if given_up:
        title = _("Stopping the payment. Please wait.")
    elif asked:
        title = f"{question()} {how_to_answer()}"
    elif terminal is TerminalState.CARD_READ:
        title = _("Card read. Please wait and follow the terminal.")
    elif order.operation.rules.card is not CardUse.PRESENTED:
        title = _("Asking TECS. Please wait.")
    else:
        title = _("The customer uses the card terminal now.")
    which = f"{kind(order.operation)}   {format_amount(order.charged, locale)}"
    seconds = "" if left_s is None else f"{left_s:3.0f}"
    return Band(title, which, _("Seconds left: {seconds}").format(seconds=seconds), "open")


def above_list(count: int) -> str:
    """Say how many entries today's list has, and how to go there."""
    return "   ".join((_("Today: {count}").format(count=count), _("[Down] look, print again")))


def lines(told: Band | None) -> str:
    """Return the three lines of a band."""
    return "" if told is None else f"{told.title}\n{told.details}\n{told.then}"
