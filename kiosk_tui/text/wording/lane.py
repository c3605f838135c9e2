"""What a cashier is told: kinds of entry, how one stands, what is missing, what to do next.

Invariant: "approved" and "declined" only for what TECS said; a cashier reads what is sure, and what to
do about the rest.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Final

from kiosk_tui.domain.lane import Draft, Lack
from kiosk_tui.domain.lifecycle import AWAITING_GOODS, DUE, RUNNING, State
from kiosk_tui.domain.limits import Limits
from kiosk_tui.domain.money import by_currency
from kiosk_tui.domain.one_line import one_line
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.slip import NotPrinted, Slip
from kiosk_tui.domain.tip import highest
from kiosk_tui.domain.totals import brand
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.payment.flow import NotStarted, Refusal
from kiosk_tui.payment.readiness import Obstacle, Readiness
from kiosk_tui.records import dataclass
from kiosk_tui.text.amounts import format_amount
from kiosk_tui.text.glyphs import drawable
from kiosk_tui.text.signature import needs_signature
from kiosk_tui.text.texts import _, capital, ngettext
from kiosk_tui.text.times import format_day, format_time
from kiosk_tui.text.wording.ages import age
from kiosk_tui.text.wording.obstacles import told
from kiosk_tui.text.wording.operations import balance, kind
from kiosk_tui.text.wording.outcomes import declined
from kiosk_tui.text.wording.printing import for_cashier
from kiosk_tui.text.wording.refusals import detail, refused
from kiosk_tui.text.wording.states import standing

_DOT: Final = "\u2022"
"""Stands for a digit of a card that nobody has to see."""
_MOODS: Final = {
    State.APPROVED: "ok",
    State.DECLINED: "bad",
    State.NOT_SENT: "neutral",
    State.CANCELLED: "neutral",
    State.NOTHING_TO_CANCEL: "neutral",
    State.SETTLED: "neutral",
}


@dataclass(frozen=True, slots=True)
class Band:
    """What is said of an entry that ended or stands: a word, what it was, facts, what to do.

    `mood` is `ok`, `bad`, `neutral`, or `look` where somebody should look at it.
    """

    title: str
    what: str
    facts: Sequence[str]
    then: str
    mood: str


def band(
    result: Transaction | NotStarted, locale: str, zone: tzinfo | None, slip: Slip | None = None
) -> Band:
    """Say how an entry ended or stands, which one it is, how it stands with its slip, what to do."""
    if isinstance(result, NotStarted):
        title, kind_of = _("Not started: nothing was sent."), refused(result)
        # what is wrong says more than its kind
        what = "" if result.refusal is Refusal.INVALID else kind_of
        return Band(title, what, (), detail(result), "look")
    title = capital(standing(result.state).word)
    what = f"{kind(result.order.operation)}  {format_time(result.created_at, locale, zone)}"
    mood = _MOODS.get(result.state, "look")
    return Band(title, what, _facts(result), _then(result, locale, slip), mood)


def _facts(one: Transaction) -> Sequence[str]:
    told = [card(one), one.reference]
    if one.answer is not None and one.answer.authorization_number:
        number = one_line(one.answer.authorization_number)
        told.append(_("Approval {number}").format(number=number))
    return [text for text in told if text]


def card(one: Transaction) -> str:
    """Say which card it was: its brand and its last digits; nothing where nobody told."""
    masked = one_line(one.answer.card if one.answer else "")
    digits = re.sub(r"[^0-9]", "", masked)[-4:]
    ends = f"{drawable(_DOT) * 4} {digits}" if digits else masked
    return one_line(f"{brand(one)} {ends}".strip())


def _then(one: Transaction, locale: str, slip: Slip | None) -> str:
    state, operation = one.state, one.order.operation
    if state is State.APPROVED:
        return _after_approval(one, locale, slip)
    if state is State.DECLINED:
        return declined(one)
    if state is State.NOT_SENT:
        return _("Nothing left this machine. Please try again.")
    if state in DUE and one.answer is not None and one.answer.refuses_register:
        return _("The payment service refused this register. Not completed, nothing to pay.")
    if state in DUE:
        return _("Tried until TECS confirms it. The customer owes nothing for it.")
    if state is State.NEEDS_STAFF:
        return _("Somebody has to look: see the tasks (F10).")
    if state is State.SETTLED:
        return one_line(one.note)
    if state in RUNNING:
        return under_way(state)
    if operation.pays_back:
        return _("Nothing was paid back by it.")
    return _("The customer owes nothing for it.")


def under_way(state: State) -> str:
    """Say what is waited for."""
    goods = _("It stays charged only when the goods are handed over.")
    return goods if state in AWAITING_GOODS else _("Wait for the terminal.")


def _after_approval(one: Transaction, locale: str, slip: Slip | None) -> str:
    operation, where = one.order.operation, for_cashier(slip)
    if needs_signature(one) and isinstance(slip, NotPrinted):
        return " ".join((_("The customer has to sign."), where))
    if needs_signature(one):
        return _("Have the customer sign the merchant's copy.")
    if operation.pays_back:
        return " ".join((_("Paid back."), where)).rstrip()
    if operation.reserves:
        return _("Reserved, not charged. It is charged with F7.")
    if not operation.has_amount:
        told = balance(one, locale) or _("unknown")
        return _("Balance of the card: {balance}").format(balance=told)
    return " ".join((_("Paid."), where)).rstrip()


def lacking(lack: Lack, draft: Draft, limits: Limits, locale: str) -> str:
    """Say what an entry still needs, in one sentence."""
    if lack is Lack.ORIGINAL:
        return _("Choose the earlier payment first.")
    if lack is Lack.AMOUNT:
        return _("Type an amount first.")
    if lack is Lack.TOO_LITTLE:
        least = format_amount(limits.least, locale)
        return _("At least {amount} can be entered here.").format(amount=least)
    if lack is Lack.TOO_MUCH:
        most = format_amount(limits.most, locale)
        return _("At most {amount} can be entered here.").format(amount=most)
    if lack is Lack.NOT_POSSIBLE and draft.possible is not None:
        most = format_amount(draft.possible, locale)
        return _("At most {amount} of that payment is left.").format(amount=most)
    if lack is Lack.TIP_TOO_HIGH:
        most = format_amount(highest(limits.tip, draft.tip_base or draft.amount), locale)
        return _("The highest tip is {most}").format(most=most)
    return _("Type what is missing.")


def beyond_key() -> str:
    """Say how staff goes beyond a limit."""
    return _("[+] goes beyond the limit.")


def is_beyond() -> str:
    """Say that an entry may go beyond the limits."""
    return _("Beyond the limits: this is kept in the log.")


def several(found: Sequence[Transaction], text: str, locale: str) -> str:
    """Say that a reference fits several transactions: each with its day and amount."""
    listed = ", ".join(
        f"{one.id} ({format_day(one.created_at, locale)}, {format_amount(one.charged, locale)})"
        for one in found
    )
    told = _("'{text}' fits several payments: {listed}. Type the whole TXID.")
    return told.format(text=text, listed=listed)


def card_number_typed() -> str:
    """Say that a card number was typed where free text belongs."""
    return _("That holds a card number: card numbers are never stored.")


def no_card_reference() -> str:
    """Say what a card reference is."""
    return _("A card reference begins with REF, as TECS gave it.")


def cannot(one: Transaction) -> str:
    """Say why a follow-up cannot be about a transaction."""
    if one.state is State.APPROVED:
        return _("{reference} ({kind}): that is not possible for it.").format(
            reference=one.reference, kind=kind(one.order.operation)
        )
    return _("{reference} is not approved, but: {state}.").format(
        reference=one.reference, state=standing(one.state).word
    )


def nothing_left(operation: Operation, one: Transaction) -> str:
    """Say that an original has been used up."""
    if operation.is_tip:
        return _("{reference} carries a tip already.").format(reference=one.reference)
    return _("Nothing of {reference} is left: it has been refunded or captured wholly.").format(
        reference=one.reference
    )


def not_offered(operation: Operation) -> str:
    """Say that an operation is not offered here, and which setting offers it."""
    told = _("{operation}: not allowed here ([lane] {setting}).")
    return told.format(operation=kind(operation), setting=operation)


def no_digit(character: str) -> str:
    """Say that an amount has no letters."""
    return _("'{character}' is no digit: type amounts in digits.").format(character=character)


def no_number(text: str) -> str:
    """Say that what was typed is no transaction's number."""
    return _("'{text}' is no TXID: it has up to 20 digits.").format(text=text)


def not_known(digits: str) -> str:
    """Say that a number is not in this journal."""
    return _("{number} is not known here: give its terminal.").format(number=digits)


def closing(readiness: Readiness, now: datetime, locale: str) -> str:
    """Say what keeps the lane closed, or which cancellations are due; nothing where nothing does."""
    owed = due(readiness.due, now, locale) if readiness.due else ""
    if readiness.obstacle is None:
        return owed
    if readiness.obstacle is Obstacle.CANCELLATION_DUE:
        return _("CLOSED: {why}").format(why=owed)
    return _("CLOSED: {why}").format(why=told(readiness, locale))


def due(found: Sequence[Transaction], now: datetime, locale: str) -> str:
    """Say how many cancellations are due, how much money is in them, and how old the oldest is."""
    sums = by_currency(one.charged for one in found)
    text = ngettext(
        "{count} cancellation is due: {sum}, since {age}",
        "{count} cancellations are due: {sum}, since {age}",
        len(found),
    )
    return text.format(
        count=len(found),
        sum=" + ".join(format_amount(one, locale) for one in sums.values()),
        age=age(now - min(one.created_at for one in found)),
    )
