"""The service PIN and menu: the only way out of a kiosk."""

from __future__ import annotations

import asyncio
import math
import time

from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.one_line import one_line
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.domain.tries import Tries
from kiosk_tui.payment.flow import NotStarted
from kiosk_tui.plain.session_dialog import Departed, SessionDialog, is_back
from kiosk_tui.text.texts import _
from kiosk_tui.text.wording.pins import demo_pin, wait_for_pin
from kiosk_tui.text.wording.refusals import whole


async def serve(desk: SessionDialog, tries: Tries) -> None:
    """Let staff in who know the PIN, until they go."""
    desk.busy = desk.serving = True
    try:
        with desk.unseen():
            let_in = await _let_in(desk, tries)
        if let_in:
            await _menu(desk)
    finally:
        desk.serving = False


async def _let_in(desk: SessionDialog, tries: Tries) -> bool:
    fits = desk.settings.pin_fits
    if fits is None:
        desk.say(_("No service PIN is set in the configuration ([kiosk] service_pin_hash)."))
        return False
    if desk.settings.demo_pin:
        desk.say(demo_pin(desk.settings.demo_pin))
    while True:
        pin = await desk.ask(_("Service PIN, then Enter; 0 to go back:"))
        if not pin or pin == "0" or is_back(pin):
            return False
        seconds = math.ceil(tries.locked_s(time.monotonic()))
        if seconds:
            desk.say(wait_for_pin(seconds))
            return False
        tries.tried(time.monotonic())
        if await asyncio.to_thread(fits, pin):
            tries.right()
            return True
        desk.say(_("That PIN is wrong."))


async def _menu(desk: SessionDialog) -> None:
    while True:
        unfinished = await _unfinished(desk)
        for_staff = [one for one in unfinished if one.state is State.NEEDS_STAFF]
        may_leave = desk.settings.may_leave
        desk.say(_("Unfinished transactions"))
        if not unfinished:
            desk.say(_("No cancellation is due, and nothing needs staff."))
        for one in unfinished:
            desk.say(_told(desk, one))
        if desk.reload_refused:
            desk.say(desk.reload_refused)
        answer = await desk.ask(", ".join(_keys(settling=bool(for_staff), leaving=may_leave)))
        if answer == "9" and may_leave:
            raise Departed
        if answer == "0" or is_back(answer):
            return
        if answer == "1" and desk.register is not None:
            desk.register.retry()
            return
        if answer == "2" and for_staff:
            await _settle(desk, for_staff[0])


def _keys(*, settling: bool, leaving: bool) -> list[str]:
    keys = {"1": _("try again now")}
    if settling:
        keys["2"] = _("settle")
    if leaving:
        keys["9"] = _("leave the program")
    keys["0"] = _("back")
    return [f"{key}: {text}" for key, text in keys.items()]


def _told(desk: SessionDialog, one: Transaction) -> str:
    amount, number = desk.money(one.charged), one.reference
    if one.state is State.NEEDS_STAFF:
        told = _("Reference {number}, {amount}, needs staff.")
    else:
        told = _("Reference {number}, {amount}, to be cancelled.")
    return f"{told.format(number=number, amount=amount)} {one.why}"


async def _settle(desk: SessionDialog, one: Transaction) -> None:
    desk.say(_told(desk, one))
    note = await desk.ask(_("What was done about it? Enter alone goes back."), text=True)
    if note and desk.register is not None:
        done = await desk.register.settle(one.id, one_line(note[:120]))
        if isinstance(done, NotStarted):
            desk.say(whole(done))


async def _unfinished(desk: SessionDialog) -> list[Transaction]:
    """Return what needs staff, as far as the journal can be read, and what is due."""
    register = desk.register
    if register is None:
        return []
    try:
        return [*await register.needs_staff(), *register.due]
    except JournalUnavailableError:
        return list(register.due)
