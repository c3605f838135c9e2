"""What a customer is told about an outcome, in our words: never TECS's own text."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.payment.flow import NotStarted, Refusal
from kiosk_tui.text.texts import _


@dataclass(frozen=True, slots=True)
class Words:
    """A title, a sentence or two, and the mood: `good`, `no`, `open` or `settled`.

    `money` says that nothing was charged, where that is sure and not said already.
    """

    title: str
    text: str
    mood: str
    money: str = ""


def words(result: Transaction | NotStarted, *, given_up: bool = False) -> Words:
    """Say how a payment ended."""
    if isinstance(result, NotStarted):
        return _not_started(result)
    state = result.state
    if state is State.APPROVED:
        return Words(_("Approved"), _("Thank you"), "good")
    if state is State.DECLINED:
        return _nothing_charged(_declined(result, given_up=given_up))
    if state is State.NOT_SENT:
        return _nothing_charged(_("The payment could not begin. Please try again later."))
    mood = "settled" if state in (State.CANCELLED, State.NOTHING_TO_CANCEL) else "open"
    return Words(_("Not completed"), _refused(result) or _open(state), mood)


def _refused(result: Transaction) -> str:
    """Say that TECS did not accept this register, where that is why; never "declined"."""
    if result.answer is None or not result.answer.refuses_register:
        return ""
    if result.state in (State.NEEDS_STAFF, State.SETTLED):
        return ""
    return _("The payment service refused this register. Not completed, nothing to pay.")


def _open(state: State) -> str:
    if state is State.CANCELLED:
        return _("Nothing to pay. The charge has been reversed.")
    if state is State.NOTHING_TO_CANCEL:
        return _("Nothing to pay. Nothing was charged.")
    if state in (State.NEEDS_STAFF, State.SETTLED):
        return _("Please contact staff and tell them this reference.")
    return _("Nothing to pay. Any charge is being reversed.")


def _declined(result: Transaction, *, given_up: bool) -> str:
    reasons = {
        "funds": _("The card's limit or balance does not allow it."),
        "wrong_pin": _("The PIN was wrong."),
        "pin_tries": _("The PIN was wrong too often. Please use another card."),
        "expired": _("The card has expired. Please use another card."),
        "cancelled": _("The payment was cancelled."),
        "other_card": _("Please use another card."),
        "not_permitted": _("The card cannot be used for this. Please use another card."),
        "busy": _("The terminal is busy. Please try again in a moment."),
        "terminal": _("The terminal read no card. Please try again."),
        "timeout": _("It took too long. Please try again."),
        "host": _("The card's bank cannot be reached. Please try again later."),
    }
    reason = result.answer.reason if result.answer else "other"
    if given_up:  # who gave up knows why, whatever the terminal calls it
        reason = "cancelled"
    return reasons.get(reason, _("The card was declined. Please use another card."))


def _not_started(result: NotStarted) -> Words:
    if result.refusal is Refusal.BUSY:
        return _nothing_charged(_("The terminal is in use. Please try again in a moment."))
    return _nothing_charged(_("The payment could not begin. Please try again later."))


def _nothing_charged(why: str) -> Words:
    return Words(_("Not paid"), why, "no", _("Nothing was charged."))
