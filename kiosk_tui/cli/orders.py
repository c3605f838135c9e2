"""From the arguments of a command to an order, and to what it refers to."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from kiosk_tui.cli.exits import CommandError, Exit
from kiosk_tui.cli.secret_input import given
from kiosk_tui.domain import references
from kiosk_tui.domain.identity import NO_REFERENCE, CallerReference, IdentityError
from kiosk_tui.domain.money import MoneyError
from kiosk_tui.domain.operations import called
from kiosk_tui.domain.ordering import OrderTexts
from kiosk_tui.domain.references import Wanted
from kiosk_tui.domain.transaction import Order, Transaction
from kiosk_tui.journal.reader import Reader
from kiosk_tui.payment.register import Register
from kiosk_tui.records import dataclass
from kiosk_tui.session.launch import Launch, place
from kiosk_tui.text.currencies import currency

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class AskedOrder:
    """An order as far as the arguments tell it; `wanted` is what it refers to, yet to be looked up."""

    order: Order
    wanted: Wanted | None = None

    @property
    def name(self) -> str:
        """What the order refers to, as it was given."""
        return "" if self.wanted is None else self.wanted.text.strip()

    async def known(self, register: Register) -> Transaction | None:
        """Return what the order refers to where that is ours. Raises `CommandError`."""
        if self.wanted is None:
            return None
        try:
            return await register.named(self.wanted)
        except IdentityError as error:
            raise CommandError(Exit.USAGE, str(error)) from error

    async def whole(self, register: Register) -> Order:
        """Return the order with what it refers to. Raises `CommandError`."""
        if self.wanted is None:
            return self.order
        try:
            return replace(self.order, original=await register.original(self.wanted))
        except IdentityError as error:
            raise CommandError(Exit.USAGE, str(error)) from error

    def beside(self, reader: Reader) -> Order:
        """Return the same while another process holds the journal. Raises `CommandError`."""
        if self.wanted is None:
            return self.order
        try:
            found = candidates(reader, self.wanted)
            return replace(self.order, original=references.original(self.wanted, found))
        except IdentityError as error:
            raise CommandError(Exit.USAGE, str(error)) from error


def asked(arguments: argparse.Namespace, launch: Launch) -> AskedOrder:
    """Read what a command asks for. Raises `CommandError`."""
    return usage(lambda: _asked(arguments, launch))


def wanted(text: str, launch: Launch, terminal: str = "", source_id: str = "") -> Wanted:
    """Read what names a transaction. Raises `CommandError`."""
    return usage(lambda: references.wanted(text, place(launch), terminal, source_id))


def candidates(reader: Reader, asked_for: Wanted) -> tuple[Transaction, ...]:
    """Return the transactions of a journal that a name may mean."""
    name = asked_for.name
    whole = None if name.id is None else reader.transaction(name.id)
    short = reader.by_reference(name.reference) if name.reference else ()
    return references.candidates(asked_for, whole, short)


def usage(work: Callable[[], T]) -> T:
    """Let what cannot be read end the command. Raises `CommandError`."""
    try:
        return work()
    except (MoneyError, IdentityError) as error:
        raise CommandError(Exit.USAGE, str(error)) from error


def _asked(arguments: argparse.Namespace, launch: Launch) -> AskedOrder:
    reference = getattr(arguments, "reference", None)
    order = OrderTexts(
        operation=called(arguments.command, follows_up=reference is not None),
        language=arguments.language or launch.config.kiosk.languages[0],
        amount=getattr(arguments, "amount", None),
        tip=getattr(arguments, "tip", None),
        card_reference=_card_reference(arguments),
        reason=arguments.reason,
        receipt_number=arguments.receipt_number,
        personal_id=arguments.personal_id,
        caller_reference=_caller_reference(arguments),
        until_goods=getattr(arguments, "until_goods", False),
    ).order(place(launch), currency(arguments.currency or launch.config.terminal.currency))
    if reference is None:
        return AskedOrder(order)
    told = references.wanted(
        reference, order.place, arguments.terminal or "", arguments.source_id or ""
    )
    return AskedOrder(order, told)


def _caller_reference(arguments: argparse.Namespace) -> CallerReference:
    told = getattr(arguments, "caller_reference", None)
    return NO_REFERENCE if told is None else CallerReference(told)


def _card_reference(arguments: argparse.Namespace) -> str | None:
    told = getattr(arguments, "card_reference", None)
    return None if told is None else given(told, "The card reference")
