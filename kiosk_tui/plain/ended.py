"""How a payment ended, in lines; its reversal is followed for as long as somebody listens."""

from __future__ import annotations

import time
from typing import Final

from kiosk_tui.domain.attempt import STOOD_S
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.payment.flow import NotStarted
from kiosk_tui.payment.notifications import Notification, TransactionChanged
from kiosk_tui.plain.input import Gone, Interrupted, Notified, Typed, in_s
from kiosk_tui.plain.session_dialog import Departed, SessionDialog
from kiosk_tui.text.texts import _
from kiosk_tui.text.wording.outcomes import ResultWords, ended_without_goods, words

RESULT_S: Final = 20.0
"""How long a result is left alone: it may be read aloud."""

AGAIN: Final = "1"
"""More than Enter: one that is held down must not begin a payment."""


class EndedDialog:
    """Tells a result. `again` allows that the same payment is begun anew, where the outcome does."""

    def __init__(self, dialog: SessionDialog, *, given_up: bool, again: bool) -> None:
        self._dialog = dialog
        self._given_up = given_up
        self._again = again
        self._without_goods = False

    async def tell(self, result: Transaction | NotStarted) -> bool:
        """Say how it ended; return whether the same payment is to be begun anew."""
        self._without_goods = ended_without_goods(result)
        dialog, said = self._dialog, self._words(result)
        self._say(said, result)
        if isinstance(result, Transaction):
            dialog.print_slip(result)
        if dialog.gone:
            raise Departed
        while True:
            self._offer(said)
            answer = await self._answer(result, said)
            if isinstance(answer, bool):
                return answer
            if answer is not None:
                said = self._words(answer)
                self._say(said, answer)

    async def _answer(
        self, result: Transaction | NotStarted, said: ResultWords
    ) -> bool | Transaction | None:
        """Return what somebody wants, or how the payment stands now; None where that was too soon."""
        asked_at, until = time.monotonic(), in_s(RESULT_S)
        while True:
            heard = await self._dialog.hear(until)
            if heard is None or isinstance(heard, Interrupted):
                return False
            if isinstance(heard, Gone):
                raise Departed
            if isinstance(heard, Typed):
                return self._typed(heard, said, asked_at)
            now = _news(heard.notification, result) if isinstance(heard, Notified) else None
            if now is not None and self._words(now) != said:
                return now

    def _typed(self, heard: Typed, said: ResultWords, asked_at: float) -> bool | None:
        dialog = self._dialog
        if dialog.interpret(heard.text) != AGAIN or not said.again:
            return False
        if dialog.too_soon(heard, asked_at, STOOD_S):
            return None
        return dialog.readiness.open and not dialog.readiness.due

    def _words(self, result: Transaction | NotStarted) -> ResultWords:
        locale = self._dialog.locale
        return words(
            result,
            locale,
            given_up=self._given_up,
            again=self._again,
            without_goods=self._without_goods,
        )

    def _offer(self, said: ResultWords) -> None:
        if said.again and said.amount is not None:
            told = _("To pay {amount} again, type 1, then Enter.")
            self._dialog.say(told.format(amount=self._dialog.money(said.amount)))
        self._dialog.say(_("Enter for the next payment."))

    def _say(self, said: ResultWords, result: Transaction | NotStarted) -> None:
        dialog = self._dialog
        if isinstance(result, Transaction) and result.state is State.APPROVED:
            dialog.say(f"{said.word}: {dialog.money(result.charged)}. {said.text}")
            if result.tip:
                told = _("Amount {amount} + tip {tip}")
                amount, tip = dialog.money(result.order.amount), dialog.money(result.tip)
                dialog.say(told.format(amount=amount, tip=tip) + ".")
            dialog.say(_details(result))
            return
        word = said.word if said.amount is None else f"{said.word}: {dialog.money(said.amount)}"
        dialog.say(" ".join(one for one in (f"{word}.", said.text, said.advice) if one))
        if isinstance(result, Transaction):
            dialog.say(_reference(result))


def _news(notification: Notification, result: Transaction | NotStarted) -> Transaction | None:
    """Return how the payment stands now, where that is what the register tells."""
    if not isinstance(notification, TransactionChanged) or isinstance(result, NotStarted):
        return None
    now = notification.transaction
    return now if now.id == result.id else None


def _details(result: Transaction) -> str:
    parts = []
    if result.answer is not None:
        last = result.answer.card[-4:]
        if last.isdigit():
            parts.append(_("Card ending in {digits}.").format(digits=last))
        number = result.answer.authorization_number
        if number:
            parts.append(_("Approval {number}").format(number=number) + ".")
    parts.append(_reference(result))
    return " ".join(parts)


def _reference(result: Transaction) -> str:
    return _("Reference {number}").format(number=result.reference) + "."
