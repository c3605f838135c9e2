"""From what a program asks for to an order. Pure but for the list of currencies."""

from __future__ import annotations

from typing import TypedDict

from kiosk_tui.domain.identity import CallerReference, IdentityError, Original, Place
from kiosk_tui.domain.money import MoneyError
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.ordering import OrderTexts, TipRefusedError
from kiosk_tui.domain.references import Wanted, wanted
from kiosk_tui.domain.transaction import Order, Transaction
from kiosk_tui.records import dataclass
from kiosk_tui.remote.api.models import FollowUpRequest, OrderFields, PaymentRequest
from kiosk_tui.remote.api.problems import Problem, ProblemError
from kiosk_tui.text.currencies import currency


@dataclass(frozen=True, slots=True)
class OrderDefaults:
    """What an order does not say: this register's terminal, currency and language."""

    place: Place
    currency: str
    language: str


def order(
    asked: PaymentRequest,
    key: CallerReference,
    defaults: OrderDefaults,
    original: Original | None = None,
) -> Order:
    """Return the order about that original. Raises `ProblemError`."""
    if asked.operation.has_amount and not asked.amount:
        raise ProblemError(Problem.INVALID, "amount is missing.")
    texts = OrderTexts(
        operation=asked.operation,
        amount=asked.amount or None,
        tip=asked.tip or None,
        card_reference=asked.card_reference or None,
        until_goods=asked.until_goods,
        **_common(asked, key, defaults),
    )
    return _order(texts, asked, defaults, original)


def follow_up(
    operation: Operation,
    asked: FollowUpRequest,
    about: Transaction,
    key: CallerReference,
    defaults: OrderDefaults,
) -> Order:
    """Return the order about a transaction of this register. Raises `ProblemError`."""
    texts = OrderTexts(operation=operation, amount=asked.amount, **_common(asked, key, defaults))
    return _order(texts, asked, defaults, Original(about.id, about.order.place))


def original_wanted(asked: PaymentRequest, own: Place) -> Wanted | None:
    """Return what an order says that it is about, if anything. Raises `ProblemError`."""
    if not asked.original:
        return None
    try:
        return wanted(
            asked.original, own, asked.original_terminal or "", asked.original_source_id or ""
        )
    except IdentityError as error:
        raise ProblemError(Problem.INVALID, str(error)) from error


class _Common(TypedDict):
    language: str
    reason: str
    receipt_number: str
    personal_id: str
    caller_reference: CallerReference


def _common(asked: OrderFields, key: CallerReference, defaults: OrderDefaults) -> _Common:
    return {
        "language": asked.language or defaults.language,
        "reason": asked.reason or "",
        "receipt_number": asked.receipt_number or "",
        "personal_id": asked.personal_id or "",
        "caller_reference": key,
    }


def _order(
    texts: OrderTexts, asked: OrderFields, defaults: OrderDefaults, original: Original | None
) -> Order:
    try:
        money = currency(asked.currency or defaults.currency)
        return texts.order(defaults.place, money, original)
    except (MoneyError, IdentityError, TipRefusedError) as error:
        raise ProblemError(Problem.INVALID, str(error)) from error
