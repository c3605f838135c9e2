"""Which question follows which, one customer after the other."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable

from kiosk_tui.domain.tries import Tries
from kiosk_tui.payment.readiness import Obstacle
from kiosk_tui.plain.input import Gone, Interrupted, Typed
from kiosk_tui.plain.lookup import look_up
from kiosk_tui.plain.sale import ask_order
from kiosk_tui.plain.service import serve
from kiosk_tui.plain.session_dialog import (
    LEAVE,
    Closed,
    Departed,
    LookupRequested,
    ServiceRequested,
    SessionDialog,
    WalkedAway,
)
from kiosk_tui.plain.waiting import PaymentWait
from kiosk_tui.text.texts import _
from kiosk_tui.text.wording.explanations import explained
from kiosk_tui.text.wording.obstacles import notice, reason, since
from kiosk_tui.text.wording.pins import demo_pin


async def converse(dialog: SessionDialog) -> None:
    """Serve customers until somebody leaves who may, or nobody is there any more."""
    tries = Tries()
    dialog.say(_("One moment, please."))
    await dialog.readiness_known.wait()  # what was typed so early is kept until then
    try:
        while True:
            _begin_anew(dialog)
            try:
                await _open(dialog)
                await _customer(dialog)
            except ServiceRequested:
                await _aside(serve(dialog, tries))
            except LookupRequested:
                await _aside(look_up(dialog))
            except WalkedAway:
                dialog.say(_("Back to the beginning. Nothing was charged."))
            except Closed:
                if dialog.busy:
                    dialog.say(_("Your payment was not started. Nothing was charged."))
    except Departed:
        dialog.say(_("The program ends."))


def _begin_anew(dialog: SessionDialog) -> None:
    dialog.busy = False
    dialog.speak(dialog.settings.languages[0])


async def _open(dialog: SessionDialog) -> None:
    """Return when payments may start; until then say why not, once a reason, and when asked."""
    said: tuple[Obstacle | None, str] | None = None
    while not dialog.readiness.open:
        now = (dialog.readiness.obstacle, dialog.readiness.why)
        if now != said and now[0] is not Obstacle.STARTING:
            said = now
            _say_closed(dialog)
        heard = await dialog.hear(None)
        if isinstance(heard, Gone):
            raise Departed
        if isinstance(heard, Interrupted) and not dialog.unattended:
            raise Departed
        if isinstance(heard, Typed):
            dialog.interpret(heard.text)
            said = None
    if said is not None:
        dialog.say(_("Open again."))


def _say_closed(dialog: SessionDialog) -> None:
    now = dialog.readiness
    by_office = notice(now, dialog.locale)
    elsewhere = by_office or (_("Please pay at the cash desk.") if dialog.unattended else "")
    _say_together(dialog, _("Out of service") + ".", elsewhere)
    chosen = now.obstacle is Obstacle.CLOSED_BY_OFFICE
    why = "" if chosen and by_office else reason(now.obstacle)
    again = "" if chosen else _("Trying again. It opens again by itself.")
    _say_together(dialog, why, since(now, dialog.locale), again)
    if now.why:
        dialog.say(_("For staff: {why}").format(why=explained(now.why)))


def _say_together(dialog: SessionDialog, *sentences: str) -> None:
    dialog.say(" ".join(sentence for sentence in sentences if sentence))


async def _customer(dialog: SessionDialog) -> None:
    if dialog.settings.demo:
        dialog.say(_("DEMO - no money moves"))
    due = len(dialog.readiness.due)
    if due:
        dialog.say(_("Cancellations not yet answered: {count}").format(count=due))
    if dialog.settings.name:
        dialog.say(dialog.settings.name)
    dialog.say(_("Pay by card"))
    # keys by their names: a speech synthesizer may leave signs out
    dialog.say(_("Where is my money? Type a star (*), then Enter."))
    if not dialog.unattended:
        dialog.say(_("{key}, then Enter, leaves the program.").format(key=LEAVE))
    elif dialog.settings.demo_pin:
        told = _("For staff: type two stars (**), then Enter. {hint}")
        dialog.say(told.format(hint=demo_pin(dialog.settings.demo_pin)))
    order = await ask_order(dialog)
    if dialog.register is not None:
        await PaymentWait(dialog, dialog.register, order).run()


async def _aside(what: Awaitable[None]) -> None:
    """Do what is no payment; whoever walks away from it is not told that nothing was charged."""
    with contextlib.suppress(WalkedAway):
        await what
