"""What is said first to a cashier who comes back: how the last payment ended."""

from __future__ import annotations

from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.plain.session_dialog import SessionDialog
from kiosk_tui.text.texts import _
from kiosk_tui.text.wording.whereabouts import whereabouts


def tell_meanwhile(dialog: SessionDialog, one: Transaction) -> None:
    """Say how a payment ended, or stands, that nobody has seen the end of."""
    told = whereabouts(one, dialog.locale)
    dialog.say(_("The last payment ended while nobody was here."))
    dialog.say(f"{told.title}. {told.text}")
    dialog.say(told.details)
