"""An unfinished transaction as staff reads it: two lines."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.text.amounts import format_amount
from kiosk_tui.text.cells import shortened
from kiosk_tui.text.texts import _
from kiosk_tui.text.wording.ages import age
from kiosk_tui.text.wording.explanations import explained

_INDENT: Final = "    "


def lines(
    one: Transaction, locale: str, now: datetime, *, width: int = 0, rich: bool = False
) -> str:
    """Say which transaction it is and how it stands; below, why it is not finished.

    With a width the reason is cut, so that there are two lines: the journal has all of it.
    """
    amount = format_amount(one.charged, locale)
    state = _("task") if one.state is State.NEEDS_STAFF else _("being cancelled")
    if one.state not in (State.NEEDS_STAFF, State.CANCEL_DUE, State.VOID_DUE):
        state = _("finished")
    told = _("{reference}  {amount}  {age} old, attempts: {attempts}, {state}").format(
        reference=one.reference,
        amount=amount,
        age=age(now - one.created_at),
        attempts=one.attempts,
        state=state,
    )
    why = explained(one.why)
    why = shortened(why, width - len(_INDENT), rich=rich) if width else why
    return f"{told}\n{_INDENT}{why}" if why else told
