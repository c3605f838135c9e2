"""What became of an earlier payment, in words for whoever asks: never more than the slip said."""

from __future__ import annotations

from kiosk_tui.domain.lifecycle import RUNNING, State
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.records import dataclass
from kiosk_tui.text.amounts import format_amount
from kiosk_tui.text.texts import _, ngettext
from kiosk_tui.text.times import format_day, format_day_time, format_time


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """A title, what happened, and which payment it was; the mood as in the outcome's words."""

    title: str
    text: str
    details: str
    mood: str


def whereabouts(one: Transaction, locale: str) -> Whereabouts:
    """Say where the money of a transaction is."""
    amount = format_amount(one.charged, locale)
    day, time = format_day(one.created_at, locale), format_time(one.created_at, locale)
    reference = _("Reference {number}").format(number=one.reference)
    details = f"{amount}   {day} {time}   {reference}"
    at = format_day_time(one.updated_at, locale)
    title, text, mood = _told(one)
    return Whereabouts(title, text.format(time=at, amount=amount), details, mood)


def _told(one: Transaction) -> tuple[str, str, str]:
    state = one.state
    if state is State.APPROVED:
        if one.order.operation.charges:
            return _("Paid"), _("{amount} approved: {time}."), "ok"
        return _("Approved"), _("{amount} approved: {time}."), "ok"
    if state is State.CANCELLED:
        return _("Reversed"), _("{amount} was reversed. Confirmed: {time}."), "neutral"
    if state in (State.CANCEL_DUE, State.VOID_DUE):
        told = ngettext(
            "Nothing to pay: it is being reversed. {count} attempt so far.",
            "Nothing to pay: it is being reversed. {count} attempts so far.",
            one.attempts,
        )
        return _("Not completed"), told.replace("{count}", str(one.attempts)), "warn"
    if state in RUNNING:
        return _("Please wait"), _("This payment is still under way."), "warn"
    if state is State.NEEDS_STAFF:
        return _("Not completed"), _("Please contact staff and tell them this reference."), "warn"
    if state is State.SETTLED:
        return _("Settled"), _("Staff has settled it: {time}."), "neutral"
    if state is State.NOTHING_TO_CANCEL:
        return _("Not completed"), _("Nothing to pay. No charge was found: {time}."), "neutral"
    return _("Not charged"), _("Nothing was charged: {time}."), "neutral"
