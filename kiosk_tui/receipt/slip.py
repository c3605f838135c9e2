"""The customer's slip as lines of text. Source of its content: TECS's own sample slip."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Final

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.money import Money
from kiosk_tui.domain.transaction import Operation, Transaction

WIDTH: Final = 42

_TITLES: Final = {
    Operation.SALE: "SALE",
    Operation.SALE_AND_TIP: "SALE",
    Operation.MOTO: "SALE, CARD NOT PRESENT",
    Operation.PREAUTHORIZATION: "PREAUTHORIZATION",
    Operation.COMPLETION: "COMPLETION",
    Operation.REFUND: "REFUND",
    Operation.REFERENCED_REFUND: "REFUND",
    Operation.CANCELLATION: "CANCELLATION",
    Operation.BALANCE: "BALANCE",
}

_RESULTS: Final = {
    State.APPROVED: "APPROVED",
    State.DECLINED: "DECLINED - NOT CHARGED",
    State.NOT_SENT: "NOT SENT - NOT CHARGED",
    State.CANCELLED: "CANCELLED - NOT CHARGED",
    State.NOTHING_TO_CANCEL: "NOT COMPLETED - NOT CHARGED",
    State.NEEDS_STAFF: "NOT COMPLETED - PLEASE ASK STAFF",
    State.SETTLED: "SETTLED BY STAFF",
}
_OPEN: Final = "NOT COMPLETED - BEING REVERSED"


def slip(one: Transaction, width: int = WIDTH) -> list[str]:
    """Return the slip's lines, none longer than `width`."""
    return [
        piece
        for line in _lines(one, width)
        for piece in (textwrap.wrap(line, width, drop_whitespace=False) or [""])
    ]


def _lines(one: Transaction, width: int) -> Iterator[str]:
    order, fields = one.order, one.answer.fields if one.answer else {}
    when = one.created_at.astimezone()
    yield from _centred(fields.get("merchant_name"), width)
    yield from _centred(fields.get("merchant_address"), width)
    yield from _centred(fields.get("receipt_header"), width)
    yield "CUSTOMER RECEIPT".center(width).rstrip()
    yield from _pair("Terminal", order.place.terminal, width)
    yield from _pair("Merchant", fields.get("vu_number"), width)
    yield from _pair(f"{when:%d/%m/%Y}", f"{when:%H:%M}", width)
    yield _TITLES[order.operation]
    yield from _pair("Card", fields.get("credit_card_issuer_and_acquirer_company"), width)
    yield from _pair("", fields.get("card_number"), width)
    yield from _pair("Card sequence", fields.get("serien_nr"), width)
    yield from _pair("Service code", fields.get("svc"), width)
    yield from _pair("STAN", fields.get("stan"), width)
    yield f"TXID {one.id}"
    if order.original is not None:
        yield f"Original TXID {order.original.transaction_id}"
    yield from _pair("Approval code", fields.get("authorization_number"), width)
    yield from _pair("Invoice", order.receipt_number, width)
    yield from (fields.get("receipt_footer") or "").splitlines()
    yield from _amounts(order.amount, order.tip, width)
    yield _RESULTS.get(one.state, _OPEN).center(width).rstrip()
    yield f"Reference {one.reference}".center(width).rstrip()


def _amounts(amount: Money, tip: Money | None, width: int) -> Iterator[str]:
    if tip is not None:
        yield from _pair("Amount", str(amount), width)
        yield from _pair("Tip", str(tip), width)
        amount += tip
    yield from _pair("TOTAL", str(amount), width)


def _centred(text: str | None, width: int) -> Iterator[str]:
    for line in (text or "").splitlines():
        yield line.center(width).rstrip()


def _pair(name: str, value: str | None, width: int) -> Iterator[str]:
    if value:
        yield f"{name}{value:>{max(1, width - len(name))}}"
