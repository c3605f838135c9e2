"""What commands print. The JSON's names are a promise: they are added to, never changed."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, TextIO

from kiosk_tui.domain.conversion import conversion
from kiosk_tui.domain.lifecycle import DUE, State
from kiosk_tui.domain.money import Money, plain
from kiosk_tui.domain.one_line import one_line
from kiosk_tui.domain.transaction import CHARGES, Exchange, Transaction


class ReaderGoneError(BrokenPipeError):
    """Whoever read our output has seen enough. Any other broken pipe is a fault."""


def say(line: str) -> None:
    """Print a line for a person: one, whatever is in it. Raises `ReaderGoneError`."""
    draw(one_line(line))


def draw(line: str) -> None:
    """Print a line of our own with escape sequences in it. Raises `ReaderGoneError`."""
    with read():
        print(line, flush=True)  # whoever reads a pipe must not wait for the buffer


def say_json(value: Any) -> None:
    """Print one JSON value on one line, in ASCII: no text in it ends the line or moves a cursor.

    Raises `ReaderGoneError`.
    """
    say(json.dumps(value))


def cells(described: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is described as the cells of a table: each is one line."""
    return {
        name: one_line(value) if isinstance(value, str) else value
        for name, value in described.items()
    }


@contextlib.contextmanager
def read() -> Iterator[None]:
    """Write to standard output. Raises `ReaderGoneError` when nobody reads it any more."""
    try:
        yield
    except BrokenPipeError as error:
        raise ReaderGoneError from error


@contextlib.contextmanager
def unheard(stream: TextIO | None = None) -> Iterator[None]:
    """Print what money did, if anybody can hear it; the exit code tells it in any case.

    A closed pipe or a full disk behind our output must not turn "approved" into another exit code.
    `stream` is where the block prints to: standard output.
    """
    try:
        yield
    except OSError:
        silence(stream)


def silence(stream: TextIO | None = None) -> None:
    """Say nothing more: what Python cannot flush at the end would become the exit code."""
    with contextlib.suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), (stream or sys.stdout).fileno())


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
        "paid": one.state is State.APPROVED and order.operation in CHARGES,
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
        "why": one.why,
        "note": one.note,
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


def line(one: Transaction) -> str:
    """Return a transaction as one line for a person."""
    when = one.created_at.astimezone()
    return (
        f"{one.id}  {when:%Y-%m-%d %H:%M:%S}  {one.order.operation:<17}"
        f" {one.charged!s:>16}  {one.state}{_more(one)}"
    )


def _more(one: Transaction) -> str:
    if one.state in DUE:
        return f"  ({one.attempts} attempts; {one.why})"
    return f"  ({one.note or one.why})" if one.note or one.why else ""


def _plain(money: Money | None) -> str | None:
    return None if money is None else plain(money)


def _time(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat(timespec="milliseconds")
