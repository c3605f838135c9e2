"""One transaction without a screen: sale, moto, preauth, complete, refund, cancel."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from typing import Final, TypeVar

from kiosk_tui.cli import output
from kiosk_tui.cli.choose import choose, need
from kiosk_tui.cli.exits import CommandError, Exit
from kiosk_tui.cli.headless import with_register
from kiosk_tui.cli.once import pay_once
from kiosk_tui.domain.identity import Original, Place
from kiosk_tui.domain.lifecycle import DUE, State
from kiosk_tui.domain.money import Currency, Money, MoneyError, parse_plain
from kiosk_tui.domain.transaction import Operation, Order, Transaction
from kiosk_tui.locales.currencies import currency
from kiosk_tui.payment.flow import NotStarted, Refusal
from kiosk_tui.payment.register import Register
from kiosk_tui.wiring.choice import Choice, place

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
T = TypeVar("T")


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked; return the exit code."""
    choice = need(choose(arguments))
    if arguments.command == "cancel":
        ended = with_register(
            choice, Exit.UNAVAILABLE, lambda register: _cancel(register, choice, arguments)
        )
        return _report(ended, _CANCEL_EXITS, json=arguments.json)
    build = _ORDERS[arguments.command]
    order = _usage(lambda: build(arguments, choice))
    ended = _paid(choice, order)
    return _report(ended, _PAYMENT_EXITS, json=arguments.json)


def _paid(choice: Choice, order: Order) -> Ended:
    if order.caller_reference:
        return pay_once(choice, order, lambda register: _pay(register, order))
    return with_register(choice, Exit.UNAVAILABLE, lambda register: _pay(register, order))


async def _pay(register: Register, order: Order) -> Ended:
    # what an earlier process left due goes first: it may be all that keeps the register closed
    await register.recovery.replay(register.flow)
    ended = await register.pay(order)
    if isinstance(ended, Transaction) and ended.state in DUE:
        return await register.due_once(ended.id) or ended
    return ended


async def _cancel(register: Register, choice: Choice, arguments: argparse.Namespace) -> Ended:
    transaction_id = _id(arguments.reference)
    known = None if arguments.terminal else await register.find(transaction_id)
    if known is not None:
        ended = await register.cancel(known.id)
    elif arguments.amount is None:
        raise CommandError(
            Exit.USAGE,
            f"Transaction {transaction_id} is not in this journal: give --amount, and --terminal"
            " and --source-id where they are not this register's.",
        )
    else:
        order = _usage(lambda: _cancellation(arguments, choice))
        ended = await register.cancel_elsewhere(order)
    if isinstance(ended, NotStarted):
        return ended
    return await register.due_once(ended.id) or ended


def _report(ended: Ended, exits: Mapping[State, Exit], *, json: bool) -> int:
    if isinstance(ended, NotStarted):
        if json:
            nothing = {"state": "NOT_STARTED", "paid": False}
            with output.unheard():
                output.say_json(nothing | {"refusal": ended.refusal, "why": ended.why})
        code = Exit.USAGE if ended.refusal is Refusal.INVALID else Exit.UNAVAILABLE
        raise CommandError(code, ended.why)
    with output.unheard():
        if json:
            output.say_json(output.describe(ended))
        else:
            output.say(output.line(ended))
    return exits.get(ended.state, Exit.TRY_AGAIN)


# -- orders ------------------------------------------------------------------------------------


def _sale(arguments: argparse.Namespace, choice: Choice) -> Order:
    tip = (
        None if arguments.tip is None else parse_plain(arguments.tip, _currency(arguments, choice))
    )
    operation = Operation.SALE_AND_TIP if tip else Operation.SALE
    return _order(operation, arguments, choice, tip=tip or None)


def _moto(arguments: argparse.Namespace, choice: Choice) -> Order:
    return _order(Operation.MOTO, arguments, choice, card_reference=arguments.card_reference)


def _preauth(arguments: argparse.Namespace, choice: Choice) -> Order:
    return _order(Operation.PREAUTHORIZATION, arguments, choice)


def _complete(arguments: argparse.Namespace, choice: Choice) -> Order:
    original = _original(arguments, choice)
    return _order(Operation.COMPLETION, arguments, choice, original=original)


def _refund(arguments: argparse.Namespace, choice: Choice) -> Order:
    if arguments.reference is None:
        return _order(Operation.REFUND, arguments, choice)
    original = _original(arguments, choice)
    return _order(Operation.REFERENCED_REFUND, arguments, choice, original=original)


def _cancellation(arguments: argparse.Namespace, choice: Choice) -> Order:
    original = _original(arguments, choice)
    return _order(Operation.CANCELLATION, arguments, choice, original=original)


_ORDERS: Final[Mapping[str, Callable[[argparse.Namespace, Choice], Order]]] = {
    "sale": _sale,
    "moto": _moto,
    "preauth": _preauth,
    "complete": _complete,
    "refund": _refund,
}


def _order(
    operation: Operation,
    arguments: argparse.Namespace,
    choice: Choice,
    *,
    tip: Money | None = None,
    original: Original | None = None,
    card_reference: str = "",
) -> Order:
    return Order(
        operation=operation,
        amount=parse_plain(arguments.amount, _currency(arguments, choice)),
        place=place(choice),
        tip=tip,
        original=original,
        card_reference=card_reference,
        language=(arguments.language or choice.config.kiosk.languages[0])[:2],
        reason=arguments.reason,
        receipt_number=arguments.receipt_number,
        personal_id=arguments.personal_id,
        caller_reference=getattr(arguments, "caller_reference", None) or "",
    )


def _currency(arguments: argparse.Namespace, choice: Choice) -> Currency:
    return currency(arguments.currency or choice.config.terminal.currency)


def _original(arguments: argparse.Namespace, choice: Choice) -> Original:
    own = place(choice)
    where = Place(arguments.terminal or own.terminal, arguments.source_id or own.source_id)
    return Original(_id(arguments.reference), where)


def _id(text: str) -> str:
    """Read a reference as people copy it: padded or not, with or without TECS's `TXID`."""
    digits = text.removeprefix("TXID").replace(" ", "").lstrip("0")
    if not digits.isascii() or not digits.isdigit() or len(digits) > 20:  # noqa: PLR2004
        raise CommandError(
            Exit.USAGE,
            f"'{text}' is not a transaction id: give its digits, like 20261123140159123.",
        )
    return digits


def _usage(work: Callable[[], T]) -> T:
    try:
        return work()
    except MoneyError as error:
        raise CommandError(Exit.USAGE, str(error)) from error
