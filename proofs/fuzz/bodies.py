"""Bodies of the HTTP API's orders, and the rule that each is judged by, written down in another way."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from kiosk_tui.domain.identity import CallerReference, Place
from kiosk_tui.domain.transaction import Order
from kiosk_tui.remote.api.app import body_of
from kiosk_tui.remote.api.models import PaymentRequest
from kiosk_tui.remote.api.orders import OrderDefaults, order
from kiosk_tui.remote.api.problems import ProblemError

KEY: Final = CallerReference("till-7/4711")
_DEFAULTS: Final = OrderDefaults(Place("88091105", "1"), "EUR", "en")
_AMOUNT: Final = frozenset("0123456789.")
_NO: Final = range(400, 500)


class OtherOrderError(AssertionError):
    """A body was taken for another order than it is."""


def ordered(data: bytes) -> None:
    """Take a body for an order as the API does, or refuse it with a problem."""
    try:
        asked = body_of(data, PaymentRequest)
        found = order(asked, KEY, _DEFAULTS)
    except ProblemError as problem:
        if problem.problem.status not in _NO or not str(problem).strip():
            raise OtherOrderError("a refusal that helps nobody") from None
        told = _told(data)
        if told is not None and _is_plain(told):
            raise OtherOrderError("a clear order was not understood") from None
        return
    _judge(found, data)


def hurried(data: bytes) -> None:
    """Take a body as a hurried server would: the last of two amounts, numbers for texts."""
    try:
        told = json.loads(data)
        amount = Decimal(str(told["amount"]))
    except (ValueError, ArithmeticError, KeyError, TypeError, RecursionError):
        return
    strictly = _told(data)
    if strictly is None or str(strictly.get("amount")) != str(amount):
        raise OtherOrderError("an amount that nobody has asked for")


def _judge(found: Order, data: bytes) -> None:
    told = _told(data)
    if told is None:
        raise OtherOrderError("an order out of what is no object")
    if told.keys() - PaymentRequest.model_fields.keys():
        raise OtherOrderError("a field was passed over that may have changed what is paid")
    exponent = found.amount.currency.exponent
    if found.amount.currency.code != (told.get("currency") or "EUR"):
        raise OtherOrderError("another currency")
    for money, name in ((found.amount, "amount"), (found.tip, "tip")):
        if (0 if money is None else money.minor) != _minor(told.get(name), exponent):
            raise OtherOrderError(f"another {name}")
    asked = told.get("operation", "sale")
    expected = {asked, "sale_and_tip"} if asked == "sale" and found.tip else {asked}
    if found.operation not in expected:
        raise OtherOrderError("another operation")
    if found.until_goods is not told.get("until_goods", False):
        raise OtherOrderError("goods that nobody has spoken of")


def _minor(text: object, exponent: int) -> Decimal | int:
    if not text:
        return 0
    if not isinstance(text, str) or set(text) - _AMOUNT:
        raise OtherOrderError("an amount that is no plain number")
    return Decimal(text).scaleb(exponent)


def _is_plain(told: Mapping[str, Any]) -> bool:
    """Say whether it is an order that nobody can misunderstand: an amount of EUR, perhaps its operation."""
    amount = told.get("amount")
    if not isinstance(amount, str) or told.get("operation", "sale") not in ("sale", "refund"):
        return False
    whole, point, part = amount.partition(".")
    digits = whole.isascii() and whole.isdecimal() and part.isascii() and part.isdecimal()
    return (
        told.keys() <= {"amount", "operation"}
        and digits
        and bool(point)
        and len(whole) <= 5
        and len(part) == 2
    )


def _told(data: bytes) -> Mapping[str, Any] | None:
    """Read one object in UTF-8 in which each name stands once, numbers as they are written; or None."""
    try:
        text = data.removeprefix(b"\xef\xbb\xbf").decode("utf-8")
        found = json.loads(text, object_pairs_hook=_pairs, parse_int=_number, parse_float=_number)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _number(token: str) -> tuple[str, str]:
    return "number", token


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found
