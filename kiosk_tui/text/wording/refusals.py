"""Why something was not even begun, in words: the kind in the reader's language, the detail for staff."""

from __future__ import annotations

from kiosk_tui.payment.flow import NotStarted, Refusal
from kiosk_tui.text.texts import _
from kiosk_tui.text.wording.explanations import explained


def refused(result: NotStarted) -> str:
    """Say why nothing was begun."""
    if result.refusal is Refusal.BUSY:
        return _("The terminal is in use. Please try again in a moment.")
    if result.refusal is Refusal.GIVEN_UP:
        return " ".join((_("The payment was cancelled."), _("Nothing was charged.")))
    if result.refusal in (Refusal.CLOSED, Refusal.FISCAL):
        return _("The register takes no payment at the moment.")
    if result.refusal is Refusal.JOURNAL:
        return _("This machine cannot keep records at the moment.")
    return _("This is not possible like that.")


def detail(result: NotStarted) -> str:
    """Say what exactly, as it stands in the log."""
    return _("For staff: {why}").format(why=explained(result.why))


def whole(result: NotStarted) -> str:
    """Say both."""
    return f"{refused(result)} {detail(result)}"
