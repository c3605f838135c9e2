"""How a customer's payment ended, as everything that a screen draws of it. Never TECS's own text.

Invariant: "nothing was charged" is only said of what TECS declined and of what never left this machine;
while a charge may stand, it is said that it is being reversed, with the reference.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final, Literal, NamedTuple

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.money import Money
from kiosk_tui.domain.one_line import one_line
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.payment.flow import NotStarted, Refusal
from kiosk_tui.records import dataclass
from kiosk_tui.text.amounts import format_amount
from kiosk_tui.text.texts import _

Ground = Literal["ok", "bad", "neutral", "warn"]
"""Approved; declined; stopped or reversed; not completed, or this register cannot."""

BETWEEN: Final = "  •  "
_CARD_DIGITS: Final = 4
"""What a receipt may show of a card's number, and more says nothing to its owner."""


@dataclass(frozen=True, slots=True)
class ResultWords:
    """A result screen: the one big word, the amount and a line below it, what to do, the details.

    `dim` are the details, with `advice` before them where something may help. `amount` is None where none
    is shown; `reference` is empty where there is no transaction, and stands
    large while the payment is open. `again` says that Enter begins the same payment anew; `enter` is
    that key with what it does.
    """

    ground: Ground
    word: str
    text: str
    line: str = ""
    dim: str = ""
    advice: str = ""
    amount: Money | None = None
    reference: str = ""
    reference_large: bool = False
    again: bool = False
    enter: str = ""


def words(
    result: Transaction | NotStarted,
    locale: str,
    *,
    given_up: bool = False,
    again: bool = False,
    without_goods: bool = False,
) -> ResultWords:
    """Say how a payment ended; `again` allows the offer of another try, where the outcome does.

    `without_goods`, as `ended_without_goods` says: it was approved, and they were not handed over.
    """
    if isinstance(result, NotStarted):
        return replace(_not_started(result), enter=_("[Enter] done"))
    told = _BY_STATE[result.state](result, locale, given_up)
    if without_goods and not given_up and result.state in _WITHOUT_GOODS:
        told = _without_goods(told, result)
    again = again and told.again
    return replace(
        told,
        amount=None if told.reference_large else result.charged,
        reference=result.reference,
        again=again,
        enter=_again(told, format_amount(result.charged, locale)) if again else _("[Enter] done"),
    )


def declined(one: Transaction) -> str:
    """Say why a payment was declined, and what may help."""
    reason = _reason(one, given_up=False)
    return " ".join(part for part in (reason.why, reason.advice) if part)


def ended_without_goods(result: Transaction | NotStarted) -> bool:
    """Say so of a payment that has just ended: one that staff cancels later had its goods."""
    if isinstance(result, NotStarted):
        return False
    return result.order.until_goods and result.state in _WITHOUT_GOODS


def handing_over() -> str:
    """Say that the card was charged, but that this stays so only with the goods."""
    return _("Your goods are being handed over. Without them you pay nothing.")


# -- by state --------------------------------------------------------------------------------------


def _approved(one: Transaction, locale: str, _given_up: bool) -> ResultWords:  # noqa: FBT001 - a table's
    tip = one.tip
    line = ""
    if tip:
        told = _("Amount {amount} + tip {tip}")
        amount = format_amount(one.order.amount, locale)
        line = told.format(amount=amount, tip=format_amount(tip, locale))
    return ResultWords("ok", _("Approved"), _("Thank you!"), line, _details(one))


def _handing_over(one: Transaction, _locale: str, _given_up: bool) -> ResultWords:  # noqa: FBT001
    return ResultWords("neutral", _("Please wait"), handing_over(), dim=_details(one))


def _without_goods(told: ResultWords, one: Transaction) -> ResultWords:
    then = told.text
    if one.state is State.VOID_DUE:
        reversing = _("Nothing to pay: the charge is being reversed, reference {number}.")
        then = reversing.format(number=one.reference)
    return replace(told, text=" ".join((_("The goods were not handed over."), then)))


def _declined(one: Transaction, _locale: str, given_up: bool) -> ResultWords:  # noqa: FBT001
    reason = _reason(one, given_up=given_up)
    return ResultWords(
        reason.ground,
        reason.word,
        " ".join((reason.why, _("Nothing was charged."))),
        _nothing_charged(),
        BETWEEN.join(part for part in (reason.advice, _reference(one)) if part),
        reason.advice,
        again=reason.again,
    )


def _not_sent(one: Transaction, _locale: str, given_up: bool) -> ResultWords:  # noqa: FBT001
    if given_up:
        return replace(_stopped(), dim=_reference(one))
    dim = BETWEEN.join((_later(), _reference(one)))
    return replace(_cannot(_("The payment could not begin."), _later()), dim=dim)


def _reversed(one: Transaction, _locale: str, given_up: bool) -> ResultWords:  # noqa: FBT001
    text = " ".join((_("Your payment was reversed."), _("Nothing to pay.")))
    return ResultWords("neutral", _("Reversed"), text, dim=_reference(one), again=given_up)


def _not_found(one: Transaction, _locale: str, given_up: bool) -> ResultWords:  # noqa: FBT001
    """Say that TECS knows of no charge: an approval may still come in late, and is reversed then."""
    word = _("Stopped") if given_up else _("Not completed")
    text = " ".join((_("Nothing to pay."), _("No charge was found.")))
    return ResultWords("neutral", word, text, dim=_reference(one))


def _due(one: Transaction, _locale: str, given_up: bool) -> ResultWords:  # noqa: FBT001
    reversing = _("Any charge is being reversed, reference {number}.").format(number=one.reference)
    if given_up:
        text = " ".join((_("You stopped this payment."), reversing))
        return ResultWords("neutral", _("Stopped"), text, reference_large=True)
    refused = one.answer is not None and one.answer.refuses_register
    why = _("The payment service refused this register.") if refused else _("Nothing to pay.")
    text = f"{why} {reversing}"
    return ResultWords("warn", _("Not completed"), text, reference_large=True)


def _needs_staff(_one: Transaction, _locale: str, _given_up: bool) -> ResultWords:  # noqa: FBT001
    text = _("Please contact staff and tell them this reference.")
    return ResultWords("warn", _("Not completed"), text, reference_large=True)


_WITHOUT_GOODS: Final = frozenset({State.VOID_DUE, State.CANCELLED, State.NEEDS_STAFF})
_BY_STATE: Final[Mapping[State, Callable[[Transaction, str, bool], ResultWords]]] = {
    State.APPROVED: _approved,
    State.DECLINED: _declined,
    State.NOT_SENT: _not_sent,
    State.CANCELLED: _reversed,
    State.NOTHING_TO_CANCEL: _not_found,
    State.GOODS_DUE: _handing_over,
    State.GOODS_DUE_AGAIN: _handing_over,
    State.AUTHORIZING: _due,
    State.GIVEN_UP: _due,
    State.CANCEL_DUE: _due,
    State.VOID_DUE: _due,
    State.NEEDS_STAFF: _needs_staff,
    State.SETTLED: _needs_staff,
}


# -- what never left this machine ------------------------------------------------------------------


def _not_started(result: NotStarted) -> ResultWords:
    if result.refusal is Refusal.BUSY:
        return _cannot(_("The terminal is in use."), _in_a_moment())
    if result.refusal is Refusal.GIVEN_UP:
        return _stopped()
    return _cannot(_("The payment could not begin."), _later())


def _cannot(why: str, advice: str) -> ResultWords:
    text = " ".join((why, _("Nothing was charged.")))
    return ResultWords("warn", _("Not paid"), text, _nothing_charged(), advice, advice)


def _stopped() -> ResultWords:
    text = " ".join((_("You stopped this payment."), _("Nothing was charged.")))
    return ResultWords("neutral", _("Stopped"), text, _nothing_charged())


# -- why it was declined ---------------------------------------------------------------------------


class _Reason(NamedTuple):
    """Why, and what may help. `again`: whoever stands here can mend it with another try."""

    why: str
    advice: str
    ground: Ground = "bad"
    word: str = ""
    again: bool = True


def _reason(one: Transaction, *, given_up: bool) -> _Reason:
    if given_up:  # who gave up knows why, whatever the terminal calls it
        return _Reason(_("You stopped this payment."), "", "neutral", _("Stopped"))
    other_card = _("Please use another card.")
    bank = _("Use another card, or ask your bank.")
    not_paid = _("Not paid")
    card = _("The card was declined.")
    reasons = {
        "funds": _Reason(_("The card's limit or balance does not allow it."), bank),
        "wrong_pin": _Reason(_("The PIN was wrong."), ""),
        "pin_tries": _Reason(_("The PIN was wrong too often."), other_card),
        "expired": _Reason(_("The card has expired."), other_card),
        "cancelled": _Reason(_("The payment was cancelled."), "", "neutral", _("Stopped")),
        "other_card": _Reason(card, other_card),
        "not_permitted": _Reason(_("The card cannot be used for this."), other_card),
        "terminal": _Reason(
            _("The terminal read no card."), _("Please try again."), "warn", not_paid
        ),
        "timeout": _Reason(_("It took too long."), _("Please try again."), "warn", not_paid),
        "busy": _Reason(_("The terminal is busy."), _in_a_moment(), "warn", not_paid, again=False),
        "host": _Reason(
            _("The card's bank cannot be reached."), _later(), "warn", not_paid, again=False
        ),
    }
    reason = one.answer.reason if one.answer else "other"
    found = reasons.get(reason, _Reason(card, bank))
    return found if found.word else found._replace(word=_("Declined"))


# -- parts -----------------------------------------------------------------------------------------


def _again(told: ResultWords, amount: str) -> str:
    stopped = told.ground == "neutral"
    key = _("[Enter] pay {amount} after all") if stopped else _("[Enter] try again with {amount}")
    return key.format(amount=amount)


def _nothing_charged() -> str:
    return BETWEEN.join((_("not paid"), _("nothing was charged")))


def _in_a_moment() -> str:
    return _("Please try again in a moment.")


def _later() -> str:
    return _("Please try again later.")


def _reference(one: Transaction) -> str:
    return _("Reference {number}").format(number=one.reference)


def _details(one: Transaction) -> str:
    told = []
    if one.answer is not None:
        last = one.answer.card[-_CARD_DIGITS:]
        if len(last) == _CARD_DIGITS and last.isascii() and last.isdigit():
            told.append(_("Card {digits}").format(digits=f"•••• {last}"))
        if one.answer.authorization_number:
            told.append(_("Approval {number}").format(number=one.answer.authorization_number))
    return one_line(BETWEEN.join((*told, _reference(one))))
