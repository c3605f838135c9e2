"""Where is my money? Somebody types the reference of an earlier payment and hears what became of it."""

from __future__ import annotations

from typing import Final

from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.references import named_in
from kiosk_tui.plain.session_dialog import SessionDialog, is_back
from kiosk_tui.text.texts import _
from kiosk_tui.text.wording.whereabouts import whereabouts

_DIGITS: Final = 9
_TOLD: Final = 2


async def look_up(desk: SessionDialog) -> None:
    """Ask until a reference is known, or somebody goes back."""
    desk.busy = desk.serving = True  # a closed register can still be asked
    try:
        while not await _asked_once(desk):
            pass
    finally:
        desk.serving = False


async def _asked_once(desk: SessionDialog) -> bool:
    desk.say(_("Where is my money?"))
    answer = await desk.ask(_("Type the nine digits of the reference, or 0 to go back."))
    digits = named_in(answer)[-_DIGITS:] or answer.replace(" ", "")  # or a code that was scanned
    if digits == "0" or is_back(answer) or desk.register is None:
        return True
    if len(digits) != _DIGITS or not digits.isascii() or not digits.isdigit():
        desk.say(_("A reference has nine digits."))
        return False
    try:
        found = await desk.register.by_reference(digits)
    except JournalUnavailableError:
        desk.say(_("This cannot be looked up at the moment. Please try again later."))
        return True
    for one in found[:_TOLD]:
        told = whereabouts(one, desk.locale)
        desk.say(f"{told.title}. {told.text}")
        desk.say(told.details)
    if not found:
        desk.say(_("This reference is not known here. Please check the digits."))
    return bool(found)
