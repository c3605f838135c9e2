"""Where is my money? Somebody types the reference of an earlier payment and hears what became of it."""

from __future__ import annotations

from typing import Final

from kiosk_tui.domain.identity import REFERENCE_DIGITS
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.references import reference_in
from kiosk_tui.plain.session_dialog import SessionDialog, is_back
from kiosk_tui.text.texts import _
from kiosk_tui.text.wording.whereabouts import whereabouts

_TOLD: Final = 2


async def look_up(dialog: SessionDialog) -> None:
    """Ask until a reference is known, or somebody goes back."""
    dialog.busy = dialog.serving = True  # a closed register can still be asked
    try:
        while not await _asked_once(dialog):
            pass
    finally:
        dialog.serving = False


async def _asked_once(dialog: SessionDialog) -> bool:
    dialog.say(_("Where is my money?"))
    answer = await dialog.ask(_("Type the nine digits of the reference, or 0 to go back."))
    digits = reference_in(answer) or answer.replace(" ", "")  # or a code that was scanned
    if digits == "0" or is_back(answer) or dialog.register is None:
        return True
    if len(digits) != REFERENCE_DIGITS or not digits.isascii() or not digits.isdigit():
        dialog.say(_("A reference has nine digits."))
        return False
    try:
        found = await dialog.register.by_reference(digits)
    except JournalUnavailableError:
        dialog.say(_("This cannot be looked up at the moment. Please try again later."))
        return True
    for one in found[:_TOLD]:
        told = whereabouts(one, dialog.locale)
        dialog.say(f"{told.title}. {told.text}")
        dialog.say(told.details)
    if not found:
        dialog.say(_("This reference is not known here. Please check the digits."))
    return bool(found)
