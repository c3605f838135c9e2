"""While the terminal asks for the card."""

from __future__ import annotations

import asyncio
import logging
from typing import Final

from kiosk_tui.domain.attempt import Attempt
from kiosk_tui.domain.giving_up import GivingUp
from kiosk_tui.domain.lifecycle import AWAITING_GOODS
from kiosk_tui.domain.outcome import TerminalState
from kiosk_tui.domain.transaction import Order, Transaction
from kiosk_tui.payment.flow import NotStarted
from kiosk_tui.payment.notifications import Notification, TerminalTold, TransactionChanged
from kiosk_tui.payment.register import Register
from kiosk_tui.plain.ended import EndedDialog
from kiosk_tui.plain.input import (
    Failed,
    InputEvent,
    Interrupted,
    Notified,
    OutcomeCommitted,
    Typed,
    in_s,
    now_s,
)
from kiosk_tui.plain.session_dialog import BACK, SessionDialog, is_back
from kiosk_tui.text.texts import _
from kiosk_tui.text.times import minutes
from kiosk_tui.text.wording.lane import under_way
from kiosk_tui.text.wording.outcomes import handing_over
from kiosk_tui.text.wording.refusals import detail

log = logging.getLogger(__name__)

STILL_S: Final = 10.0
"""So often somebody who waits is told that it goes on."""

WITHIN_S: Final = 20.0
"""So long the question whether to give up stands: it may be read aloud."""


class PaymentWait:
    """One payment, from the order to the words about its outcome; begun anew where that is offered."""

    def __init__(self, dialog: SessionDialog, register: Register, order: Order) -> None:
        self._dialog = dialog
        self._register = register
        self._attempt = Attempt(order)
        self._state: TerminalState | None = None
        self._giving_up = GivingUp(within_s=WITHIN_S)
        self._still_at = 0.0
        self._goods: Transaction | None = None
        """The payment, while it waits for its goods."""

    async def run(self) -> None:
        """Pay, and tell how it ended. A customer who goes away leaves the payment running."""
        while True:
            result = await self._pay()
            ended = EndedDialog(
                self._dialog, given_up=self._giving_up.done, again=not self._attempt.is_last
            )
            if not await ended.tell(result):
                return
            self._attempt = self._attempt.next()

    async def _pay(self) -> Transaction | NotStarted:
        self._state, self._giving_up = None, GivingUp(within_s=WITHIN_S)
        self._goods = None
        order = self._attempt.order
        self._say(" ".join((self._word(), _("Hold your card to the reader, or insert it."))))
        told = _("To pay: {amount}. To stop the payment, type 0, then Enter.")
        self._say(told.format(amount=self._dialog.money(order.charged)))
        self._register.pay(order).add_done_callback(self._done)
        return await self._result()

    def _done(self, payment: asyncio.Task[Transaction | NotStarted]) -> None:
        if payment.cancelled():
            return
        error = payment.exception()
        self._dialog.take(OutcomeCommitted(payment.result()) if error is None else Failed(error))

    async def _result(self) -> Transaction | NotStarted:
        while True:
            heard = await self._dialog.hear(self._still_at)
            if isinstance(heard, OutcomeCommitted):
                return heard.result
            if isinstance(heard, Failed):
                raise heard.error
            await self._hear(heard)

    async def _hear(self, heard: InputEvent | None) -> None:
        if heard is None:
            self._still()
        elif isinstance(heard, Notified):
            self._notified(heard.notification)
        elif self._goods is not None and self._dialog.unattended:
            return  # it is paid: only its goods, or staff, can end it
        elif isinstance(heard, Interrupted):
            await self._become(self._giving_up.at_once())  # no line sends a Ctrl-C by itself
        elif isinstance(heard, Typed) and self._goods is not None and heard.text.strip() == "+":
            await self._tell(self._goods, handed_over=True)
        elif isinstance(heard, Typed):
            await self._become(self._after(heard.text.strip()))

    def _after(self, answer: str) -> GivingUp:
        """Return what a line makes of giving up: an Enter that is held down answers nothing."""
        if answer == "0" or is_back(answer) or BACK in answer:
            return self._giving_up.ask(now_s())
        return self._giving_up.answer(now_s()) if answer == "1" else self._giving_up.void()

    async def _become(self, now: GivingUp) -> None:
        before, self._giving_up = self._giving_up, now
        if now.done and not before.done:
            if self._goods is None:
                self._register.give_up_soon()
            else:
                await self._tell(self._goods, handed_over=False)
        self._still()

    async def _tell(self, one: Transaction, *, handed_over: bool) -> None:
        """Tell the register what became of the goods; say why that is not possible."""
        told = await self._register.goods(one.id, handed_over=handed_over)
        if isinstance(told, NotStarted):
            self._say(detail(told))

    def _notified(self, notification: Notification) -> None:
        goods = _due(notification)
        if goods is not None:
            self._goods, self._giving_up = goods, GivingUp(within_s=WITHIN_S)
            self._still()
        if (
            self._goods is not None
            or not isinstance(notification, TerminalTold)
            or self._giving_up.done
            or notification.state is self._state
        ):
            return
        self._state = notification.state
        if notification.state is TerminalState.CARD_READ:
            self._say(" ".join((self._word(), _("Leave your card where it is."))))
        elif notification.state is TerminalState.WAITING_FOR_CARD:
            self._say(_("Insert, tap or swipe your card there."))

    def _word(self) -> str:
        """Say whose turn it is: the customer's until the card is read."""
        if self._state is TerminalState.CARD_READ:
            return _("One moment, please.")
        return _("Card please") + "."

    def _still(self) -> None:
        if self._giving_up.done:
            self._say(_("Stopping the payment. Please wait."))
            return
        if self._giving_up.asks(now_s()):
            told = _("Stop this payment? Type 1, then Enter, within {seconds} seconds.")
            self._say(told.format(seconds=round(WITHIN_S)))
            return
        left = self._register.answer_due_s
        parts = [self._word(), _("0 stops the payment.")]
        if self._goods is not None and self._dialog.unattended:
            parts = [handing_over()]
        elif self._goods is not None:
            handed = ": ".join(("+", _("handed over")))
            parts = [under_way(self._goods.state), f"{handed}.", _("0 stops the payment.")]
        if left is not None:
            parts.insert(1, _("{time} left.").format(time=minutes(left)))
        self._say(" ".join(parts))

    def _say(self, text: str) -> None:
        self._dialog.say(text)
        lapses_at = self._giving_up.asked_until_s or 0.0
        self._still_at = max(in_s(STILL_S), lapses_at + 0.1)  # never in the middle of a question


def _due(notification: Notification) -> Transaction | None:
    """Return the payment that waits for its goods from now on."""
    if not isinstance(notification, TransactionChanged):
        return None
    one = notification.transaction
    return one if one.state in AWAITING_GOODS else None
