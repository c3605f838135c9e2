"""One transaction without a screen: every operation by its command."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from kiosk_tui.cli import described, output
from kiosk_tui.cli.choose import choose, need
from kiosk_tui.cli.exits import CommandError, Exit, session_exits
from kiosk_tui.cli.idempotency import pay_once
from kiosk_tui.cli.json_output import say_json
from kiosk_tui.cli.orders import AskedOrder, asked
from kiosk_tui.cli.override import overridden_by
from kiosk_tui.cli.payment_progress import shown
from kiosk_tui.cli.transactions import line
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.lifecycle import DUE, State
from kiosk_tui.domain.transaction import Order, Transaction
from kiosk_tui.payment.flow import NotStarted, Refusal
from kiosk_tui.payment.register import Register
from kiosk_tui.session.command import use
from kiosk_tui.session.errors import SessionError
from kiosk_tui.session.launch import Launch
from kiosk_tui.session.register import signs

_PAYMENT_EXITS: Final[Mapping[State, Exit]] = {
    State.APPROVED: Exit.OK,
    State.DECLINED: Exit.DECLINED,
    State.NOT_SENT: Exit.UNAVAILABLE,
}
"""Every other end of a payment is: unknown, and being cancelled or already cancelled (75)."""

_CANCEL_EXITS: Final[Mapping[State, Exit]] = {
    State.CANCELLED: Exit.OK,
    State.NOTHING_TO_CANCEL: Exit.DECLINED,
    State.NEEDS_STAFF: Exit.DECLINED,
}

Ended = Transaction | NotStarted

NO_COMMAND: Final = (
    "goods.command: it is not set, so nobody could say that the goods were handed over. Set it, or take the"
    " payment through `kiosk-tui serve`."
)
DEMO: Final = "--until-goods: the demo takes no money, and hands no goods over."


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked; return the exit code."""
    launch = need(choose(arguments))
    wish = asked(arguments, launch)
    if wish.order.until_goods and not launch.hands_over:
        raise CommandError(Exit.CONFIG, DEMO if launch.demo else NO_COMMAND)
    if wish.order.operation.takes_back:
        given = arguments.amount is not None
        with session_exits(Exit.UNAVAILABLE):
            ended = use(launch, lambda register: _cancel(register, wish, amount_given=given))
        return _told(launch, _report(ended, _CANCEL_EXITS, json=arguments.json))
    who = overridden_by(arguments, launch, wish.order)
    if who and arguments.second_person:
        wish = replace(wish, order=replace(wish.order, personal_id=who))
    ended = _paid(launch, wish, who)
    return _told(launch, _report(ended, _PAYMENT_EXITS, json=arguments.json))


def _told(launch: Launch, code: int) -> int:
    """Ask for the signatures that are owed, now that it is told how the payment ended; return the exit code.

    What is not signed within `fiscal.slip_s`, or is held by another process, is left to the next one.
    """
    if signs(launch):
        with contextlib.suppress(SessionError, JournalUnavailableError):
            use(launch, lambda register: register.signing.catch_up())
    return code


def _paid(launch: Launch, wish: AskedOrder, who: str) -> Ended:
    if wish.order.caller_reference:
        return pay_once(launch, wish, lambda register, order: _pay(register, order, who))

    async def pay(register: Register) -> Ended:
        return await _pay(register, await wish.whole(register), who)

    with session_exits(Exit.UNAVAILABLE):
        return use(launch, pay)


async def _pay(register: Register, order: Order, who: str) -> Ended:
    async with shown(register):
        # what an earlier process left due goes first: it may be all that keeps the register closed
        await register.replay()
        ended = await register.pay(order, overridden_by=who)
        if isinstance(ended, Transaction) and ended.state in DUE:
            return await register.due_once(ended.id) or ended
        return ended


async def _cancel(register: Register, wish: AskedOrder, *, amount_given: bool) -> Ended:
    async with shown(register):
        known = await wish.known(register)
        if known is not None:  # ours, however it was named: the whole amount, whatever was given
            ended = await register.cancel(known.id)
        elif not amount_given:
            raise CommandError(
                Exit.USAGE,
                f"Transaction {wish.name} is not in this journal: give --amount, and --terminal"
                " and --source-id where they are not this register's.",
            )
        else:
            ended = await register.cancel_elsewhere(await wish.whole(register))
        if isinstance(ended, NotStarted):
            return ended
        return await register.due_once(ended.id) or ended


def _report(ended: Ended, exits: Mapping[State, Exit], *, json: bool) -> int:
    if isinstance(ended, NotStarted):
        if json:
            nothing = {"state": "NOT_STARTED", "paid": False}
            say_json(nothing | {"refusal": ended.refusal, "why": ended.why})
        code = Exit.USAGE if ended.refusal is Refusal.INVALID else Exit.UNAVAILABLE
        raise CommandError(code, ended.why)
    if json:
        say_json(described.describe(ended))
    else:
        output.draw(line(ended))
    return exits.get(ended.state, Exit.TRY_AGAIN)
