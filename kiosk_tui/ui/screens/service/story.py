"""All that is known of a transaction, as lines for staff. TECS's own words are for them."""

from __future__ import annotations

from collections.abc import Iterator

from kiosk_tui.domain.conversion import conversion
from kiosk_tui.domain.one_line import one_line
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.text.amounts import format_amount
from kiosk_tui.text.texts import _
from kiosk_tui.text.times import format_day_time
from kiosk_tui.text.wording.explanations import explained
from kiosk_tui.text.wording.operations import kind
from kiosk_tui.text.wording.states import standing

_NAME = 18


def story(one: Transaction, locale: str) -> list[str]:
    """Return a line for each fact that there is."""
    return [f"{name:<{_NAME}}{value}" for name, value in facts(one, locale)]


def facts(one: Transaction, locale: str) -> list[tuple[str, str]]:
    """Return each fact that there is with its name, in one line."""
    return [(name, one_line(value)) for name, value in _facts(one, locale) if value]


def _facts(one: Transaction, locale: str) -> Iterator[tuple[str, str]]:
    order, answer = one.order, one.answer
    yield _("State"), standing(one.state).word
    yield _("Operation"), kind(order.operation)
    yield _("Amount"), format_amount(order.amount, locale)
    tip, converted = one.tip, conversion(one)
    if tip is not None:
        yield _("Tip"), format_amount(tip, locale)
    if converted is not None:
        yield _("Exchange rate"), converted.rate
        yield _("Conversion fee"), converted.fee
        yield _("Converted"), converted.amount
    yield _("Begun"), format_day_time(one.created_at, locale)
    yield _("Last change"), format_day_time(one.updated_at, locale)
    yield _("Transaction id"), one.id
    yield _("Terminal"), order.place.terminal
    if one.attempts:
        yield _("Attempts"), str(one.attempts)
    if answer is not None:
        yield _("Card"), answer.card
        yield _("Approval"), answer.authorization_number
        yield _("Code"), f"{answer.response_code} {answer.response_text}".strip()
        yield _("STAN"), answer.fields.get("stan", "")
    yield _("Why"), explained(one.why)
    yield _("Note"), one.note
