"""The forms of a lane: which fields each has, and what it says of them."""

from __future__ import annotations

from typing import Final

from kiosk_tui.domain.lane import Draft
from kiosk_tui.domain.rights import LONGEST_ID, Approval
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.session.settings import ScreenSettings
from kiosk_tui.text.amounts import format_amount
from kiosk_tui.text.texts import _
from kiosk_tui.text.wording.pins import demo_pin
from kiosk_tui.ui.screens.lane.form import Content, Form, FormField

LONGEST_REASON = 39
LONGEST_RECEIPT = 20
LONGEST_REFERENCE = 40
LONGEST_NUMBER = 32
LONGEST_NOTE = 90
LONGEST_PIN = 12

ELSEWHERE: Final = "elsewhere"
CARD_REFERENCE: Final = "card_reference"
DETAILS: Final = "details"
SETTLE: Final = "settle"
SIGN_ON: Final = "sign_on"
"""What a form is for; one that asks for an approval bears that one's name."""


def elsewhere(settings: ScreenSettings) -> Form:
    """Ask which earlier payment, and where it was made."""
    own = settings.place
    fields = (
        FormField("number", _("TXID or reference"), LONGEST_NUMBER, reference=True),
        FormField("terminal", _("Terminal number"), 8, digits=True, needed=False),
        FormField("source_id", _("Source id"), 2, digits=True, needed=False),
    )
    call = _("Leave terminal and source empty for this terminal ({terminal}, {source}).")
    told = call.format(terminal=own.terminal, source=own.source_id)
    return Form(settings, Content(ELSEWHERE, _("Which payment?"), fields, told))


def card_reference(settings: ScreenSettings) -> Form:
    """Ask for the reference of a card that is not present."""
    fields = (FormField("reference", _("Card reference"), LONGEST_REFERENCE, secret=True),)
    what = _("The reference that TECS gave for the card: it begins with REF.")
    never = _("Never type a card number.")
    return Form(settings, Content(CARD_REFERENCE, _("No card"), fields, f"{what}\n{never}"))


def details(settings: ScreenSettings, draft: Draft) -> Form:
    """Ask for what the receipt shall say beside the amount."""
    fields = (
        FormField(
            "receipt_number",
            _("Receipt number"),
            LONGEST_RECEIPT,
            value=draft.receipt_number,
            needed=False,
        ),
        FormField("reason", _("Reason"), LONGEST_REASON, value=draft.reason, needed=False),
    )
    return Form(settings, Content(DETAILS, _("Details of this entry"), fields))


def note(settings: ScreenSettings, one: Transaction) -> Form:
    """Ask what was done about a task."""
    which = f"{one.reference}   {format_amount(one.charged, settings.locale)}"
    fields = (FormField("note", _("Note"), LONGEST_NOTE),)
    return Form(settings, Content(SETTLE, _("What was done about it?"), fields, which))


def sign_on(settings: ScreenSettings) -> Form:
    """Ask who is at the lane."""
    call = _("Sign on with your id and your PIN.")
    return Form(settings, Content(SIGN_ON, _("Who is there?"), _person(), call, is_door=True))


def question(settings: ScreenSettings, approval: Approval) -> Form:
    """Ask for what an act needs."""
    if approval is Approval.SERVICE_PIN:
        call, said = _("This needs the service PIN."), demo_pin(settings.demo_pin)
        return Form(settings, Content(approval, _("Service PIN"), (_pin(),), call, said))
    call = _("This needs a second person: let somebody else type id and PIN.")
    return Form(settings, Content(approval, _("A second person"), _person(), call))


def _person() -> tuple[FormField, FormField]:
    return FormField("person", _("Cashier's id"), LONGEST_ID), _pin()


def _pin() -> FormField:
    return FormField("pin", _("PIN"), LONGEST_PIN, digits=True, pin=True)
