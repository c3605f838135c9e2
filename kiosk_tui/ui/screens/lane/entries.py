"""A transaction as one line of a lane's list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from typing import Final

from kiosk_tui.domain.lifecycle import DUE, State
from kiosk_tui.domain.one_line import one_line
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.text.amounts import format_amount
from kiosk_tui.text.times import format_time
from kiosk_tui.text.wording.operations import kind
from kiosk_tui.text.wording.states import standing
from kiosk_tui.ui.widgets.rows import Row

_ALERT: Final = DUE | {State.NEEDS_STAFF}


def row(one: Transaction, locale: str, zone: tzinfo | None, *, number: int | None = None) -> Row:
    """Return an entry's line: when, which, what, how much, how it stands, whose it is."""
    at = format_time(one.created_at, locale, zone)
    amount = format_amount(one.charged, locale)
    mark = "" if number is None else f"{number} "
    state = str(standing(one.state))
    text = (
        f"{mark}{at:>8}  {one.reference:<11}  {kind(one.order.operation):<17} {amount:>11}"
        f"  {state:<18}"
    )
    return Row(
        text + one_line(one.order.personal_id),
        alert=one.state in _ALERT,
        least=len(text.rstrip()),
        short=f"{mark}{one.reference}  {amount}  {state}",
    )


def rows(found: Sequence[Transaction], locale: str, zone: tzinfo | None) -> list[Row]:
    """Return the lines of a list."""
    return [row(one, locale, zone) for one in found]
