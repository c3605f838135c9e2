"""An unfinished transaction as staff reads it: two lines."""

from __future__ import annotations

from datetime import datetime

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.locales.amounts import format_amount
from kiosk_tui.locales.texts import _
from kiosk_tui.wording.ages import age


def lines(one: Transaction, locale: str, now: datetime) -> str:
    """Say which transaction it is and how it stands; below, why it is not finished."""
    amount = format_amount(one.order.charged, locale)
    state = _("needs staff") if one.state is State.NEEDS_STAFF else _("to be cancelled")
    if one.state not in (State.NEEDS_STAFF, State.CANCEL_DUE, State.VOID_DUE):
        state = _("finished")
    told = _("{reference}  {amount}  {age} old, attempts: {attempts}, {state}").format(
        reference=one.reference,
        amount=amount,
        age=age(now - one.created_at),
        attempts=one.attempts,
        state=state,
    )
    return f"{told}\n    {one.why}" if one.why else told
