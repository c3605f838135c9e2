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
from kiosk_tui.text.wording.obstacles import reason, since
from kiosk_tui.text.wording.pins import demo_pin


async def converse(desk: SessionDialog) -> None:
    """Serve customers until somebody leaves who may, or nobody is there any more."""
    tries = Tries()
    desk.say(_("One moment, please."))
    await desk.judged.wait()  # what was typed so early is kept until then
    try:
        while True:
            _begin_anew(desk)
            try:
                await _open(desk)
                await _customer(desk)
            except ServiceRequested:
                await _aside(serve(desk, tries))
            except LookupRequested:
                await _aside(look_up(desk))
            except WalkedAway:
                desk.say(_("Back to the beginning. Nothing was charged."))
            except Closed:
                if desk.busy:
                    desk.say(_("Your payment was not started. Nothing was charged."))
    except Departed:
        desk.say(_("The program ends."))


def _begin_anew(desk: SessionDialog) -> None:
    desk.busy = False
    desk.speak(desk.settings.languages[0])


async def _open(desk: SessionDialog) -> None:
    """Return when payments may start; until then say why not, once a reason, and when asked."""
    said: tuple[Obstacle | None, str] | None = None
    while not desk.readiness.open:
        now = (desk.readiness.obstacle, desk.readiness.why)
        if now != said and now[0] is not Obstacle.STARTING:
            said = now
            _say_closed(desk)
        heard = await desk.hear(None)
        if isinstance(heard, Gone):
            raise Departed
        if isinstance(heard, Interrupted) and not desk.unattended:
            raise Departed
        if isinstance(heard, Typed):
            desk.obey(heard.text)
            said = None
    if said is not None:
        desk.say(_("Open again."))


def _say_closed(desk: SessionDialog) -> None:
    now = desk.readiness
    desk.say(" ".join(one for one in (_("Out of service") + ".", since(now, desk.locale)) if one))
    desk.say(" ".join((reason(now.obstacle), _("Trying again. It opens again by itself."))))
    if now.why:
        desk.say(_("For staff: {why}").format(why=now.why))


async def _customer(desk: SessionDialog) -> None:
    if desk.settings.demo:
        desk.say(_("DEMO - no money moves"))
    due = len(desk.readiness.due)
    if due:
        desk.say(_("Cancellations not yet answered: {count}").format(count=due))
    desk.say(_("Pay by card"))
    # keys by their names: a speech synthesizer may leave signs out
    desk.say(_("Where is my money? Type a star (*), then Enter."))
    if not desk.unattended:
        desk.say(_("{key}, then Enter, leaves the program.").format(key=LEAVE))
    elif desk.settings.demo_pin:
        told = _("For staff: type two stars (**), then Enter. {hint}")
        desk.say(told.format(hint=demo_pin(desk.settings.demo_pin)))
    order = await ask_order(desk)
    if desk.register is not None:
        await PaymentWait(desk, desk.register, order).run()


async def _aside(what: Awaitable[None]) -> None:
    """Do what no payment comes of; whoever walks away from it is not told that nothing was paid."""
    with contextlib.suppress(WalkedAway):
        await what
