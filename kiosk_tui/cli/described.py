"""A transaction as commands print it. The JSON's names are a promise: they are added to, never changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from kiosk_tui.domain.conversion import conversion
from kiosk_tui.domain.fiscal import EventSignature
from kiosk_tui.domain.lifecycle import DUE, State
from kiosk_tui.domain.money import Money, plain
from kiosk_tui.domain.transaction import Exchange, Transaction


def describe(one: Transaction) -> dict[str, Any]:
    """Return a transaction as the commands' JSON shows it. Amounts are plain text and minor units."""
    order, answer, original = one.order, one.answer, one.order.original
    tip, charged, converted = one.tip, one.charged, conversion(one)
    fields: Mapping[str, str] = answer.fields if answer else {}
    return {
        "id": one.id,
        "reference": one.reference,
        "operation": str(order.operation),
        "state": str(one.state),
        "paid": one.state is State.APPROVED and order.operation.charges,
        "currency": order.amount.currency.code,
        "amount": plain(order.amount),
        "amount_minor": order.amount.minor,
        "tip": _plain(tip),
        "tip_minor": None if tip is None else tip.minor,
        "total": plain(charged),
        "total_minor": charged.minor,
        "terminal": order.place.terminal,
        "source_id": order.place.source_id,
        "original_id": original.transaction_id if original else None,
        "original_terminal": original.place.terminal if original else None,
        "created_at": _time(one.created_at),
        "updated_at": _time(one.updated_at),
        "response_code": answer.response_code if answer else None,
        "response_text": answer.response_text if answer else None,
        "authorization_number": fields.get("authorization_number"),
        "card": fields.get("card_number"),
        "card_brand": fields.get("credit_card_issuer_and_acquirer_company"),
        "stan": fields.get("stan"),
        "foreign_tx_amount": converted.amount if converted else None,
        "exchange_rate": converted.rate if converted else None,
        "ex_fee": converted.fee if converted else None,
        "cancellation_attempts": one.attempts,
        "next_attempt_at": _time(one.next_attempt_at) if one.state in DUE else None,
        "reason": order.reason,
        "receipt_number": order.receipt_number,
        "personal_id": order.personal_id,
        "caller_reference": order.caller_reference,
        "until_goods": order.until_goods,
        "why": one.why,
        "note": one.note,
        "balance_minor": _balance_minor(one),
    }


def describe_exchange(one: Exchange) -> dict[str, Any]:
    """Return one request on the wire as the commands' JSON shows it."""
    answer = one.answer
    return {
        "id": one.id,
        "transaction_id": one.transaction_id,
        "kind": str(one.kind),
        "terminal": one.place.terminal,
        "sent_at": _time(one.sent_at),
        "answered_at": _time(one.answered_at),
        "verdict": one.verdict,
        "why": one.why,
        "http_status": answer.http_status if answer else None,
        "response_code": answer.response_code if answer else None,
        "answer": dict(answer.fields) if answer else None,
    }


def describe_signature(one: EventSignature) -> dict[str, Any]:
    """Return a signer's signature of an event as the commands' JSON shows it; null: it is still owed."""
    given = one.signature
    return {
        "number": one.number,
        "state": str(one.state),
        "signed_at": _time(one.at),
        "text": given.text if given else None,
        "code": given.code if given else None,
    }


def _balance_minor(one: Transaction) -> str | None:
    """Return what a card holds as a text, as TECS tells it."""
    told = one.balance
    return (str(told.minor) if isinstance(told, Money) else told) or None


def _plain(money: Money | None) -> str | None:
    return None if money is None else plain(money)


def _time(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat(timespec="milliseconds")
