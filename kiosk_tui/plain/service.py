"""The service PIN and menu: the only way out of a kiosk."""

from __future__ import annotations

import time

from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.one_line import one_line
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.domain.tries import Tries
from kiosk_tui.payment.flow import NotStarted
from kiosk_tui.plain.session_dialog import Departed, SessionDialog, is_back
from kiosk_tui.session.pins import service_refusal
from kiosk_tui.text.texts import _
from kiosk_tui.text.wording.explanations import explained
from kiosk_tui.text.wording.pins import demo_pin
from kiosk_tui.text.wording.refusals import whole


async def serve(dialog: SessionDialog, tries: Tries) -> None:
    """Let staff in who know the PIN, until they go."""
    dialog.busy = dialog.serving = True
    try:
        with dialog.without_echo():
            let_in = await _let_in(dialog, tries)
        if let_in:
            await _menu(dialog)
    finally:
        dialog.serving = False


async def _let_in(dialog: SessionDialog, tries: Tries) -> bool:
    fits = dialog.settings.pin_fits
    if fits is None:
        dialog.say(_("No service PIN is set in the configuration ([kiosk] service_pin_hash)."))
        return False
    if dialog.settings.demo_pin:
        dialog.say(demo_pin(dialog.settings.demo_pin))
    while True:
        pin = await dialog.ask(_("Service PIN, then Enter; 0 to go back:"))
        if not pin or pin == "0" or is_back(pin):
            return False
        now_s = time.monotonic()
        locked = tries.locked_s(now_s) > 0
        why_not = await service_refusal(tries, fits, pin, now_s)
        if not why_not:
            return True
        dialog.say(why_not)
        if locked:
            return False


async def _menu(dialog: SessionDialog) -> None:
    while True:
        unfinished = await _unfinished(dialog)
        for_staff = [one for one in unfinished if one.state is State.NEEDS_STAFF]
        may_leave = dialog.settings.may_leave
        dialog.say(_("Tasks"))
        if not unfinished:
            dialog.say(_("No cancellation is due, and there are no tasks."))
        for one in unfinished:
            dialog.say(_told(dialog, one))
        if dialog.reload_refused:
            told = _("The old settings stay: {why}")
            dialog.say(told.format(why=dialog.reload_refused))
        answer = await dialog.ask(", ".join(_keys(settling=bool(for_staff), leaving=may_leave)))
        if answer == "9" and may_leave:
            raise Departed
        if answer == "0" or is_back(answer):
            return
        if answer == "1" and dialog.register is not None:
            dialog.register.retry()
            return
        if answer == "5" and for_staff:
            await _settle(dialog, for_staff[0])
        if answer == "7":
            # loaded when staff asks for it
            from kiosk_tui.plain.business_day import show  # noqa: PLC0415

            await show(dialog)


def _keys(*, settling: bool, leaving: bool) -> list[str]:
    keys = {"1": _("try again now")}
    if settling:
        keys["5"] = _("settle")
    keys["7"] = "X/Z"
    if leaving:
        keys["9"] = _("leave the program")
    keys["0"] = _("back")
    return [f"{key}: {text}" for key, text in keys.items()]


def _told(dialog: SessionDialog, one: Transaction) -> str:
    amount, number = dialog.money(one.charged), one.reference
    if one.state is State.NEEDS_STAFF:
        told = _("Task: reference {number}, {amount}.")
    else:
        told = _("Being cancelled: reference {number}, {amount}.")
    return f"{told.format(number=number, amount=amount)} {explained(one.why)}"


async def _settle(dialog: SessionDialog, one: Transaction) -> None:
    dialog.say(_told(dialog, one))
    note = await dialog.ask(_("What was done about it? Enter alone goes back."), text=True)
    if note and dialog.register is not None:
        done = await dialog.register.settle(one.id, one_line(note[:120]))
        if isinstance(done, NotStarted):
            dialog.say(whole(done))


async def _unfinished(dialog: SessionDialog) -> list[Transaction]:
    """Return what needs staff, as far as the journal can be read, and what is due."""
    register = dialog.register
    if register is None:
        return []
    try:
        return [*await register.needs_staff(), *register.due]
    except JournalUnavailableError:
        return list(register.due)
