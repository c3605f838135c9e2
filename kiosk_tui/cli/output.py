"""What commands print. The JSON's names are a promise: they are added to, never changed."""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final, TextIO

from kiosk_tui.cli.exits import CommandError, Exit
from kiosk_tui.domain.conversion import conversion
from kiosk_tui.domain.lifecycle import DUE, State
from kiosk_tui.domain.money import Money, plain
from kiosk_tui.domain.one_line import one_line
from kiosk_tui.domain.transaction import CHARGES, Exchange, Transaction
from kiosk_tui.locales.times import stamp

DEMO: Final = "DEMO - no money moves."


def begin() -> None:
    """Begin a command: somebody reads, and it is not known to be the demo."""
    _Heard.gone = _Demo.told = False


def say(line: str) -> None:
    """Print a line for a person: one, whatever is in it, and whether or not anybody reads it."""
    draw(one_line(line))


def draw(line: str) -> None:
    """Print a line of our own with escape sequences in it."""
    write(f"{line}\n")


def write(text: str) -> None:
    """Print a piece of a line, at once: whoever reads a pipe must not wait for the buffer."""
    with unheard():
        sys.stdout.write(text)
        sys.stdout.flush()


def say_json(value: Any) -> None:
    """Print one JSON value on one line, in ASCII: no text in it ends the line or moves a cursor."""
    draw(json_line(value))


def json_line(value: Any) -> str:
    """Write a JSON value in ASCII; half a character, which is no text, becomes `?`."""
    if _Demo.told and isinstance(value, dict):
        value = {"demo": True} | value
    text = json.dumps(value, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        value = json.loads(text.encode(errors="replace"))
    return json.dumps(value)


def tell_demo(*, quietly: bool, asked: bool) -> None:
    """Say that what follows is the demo's: where a program reads, beside it, and in each object."""
    _Demo.told = True
    why = "" if asked else " There is no configuration: this is the built-in simulator's."
    if not quietly:
        say(f"{DEMO}{why}")
        return
    with unheard(sys.stderr):
        print(f"kiosk-tui: {DEMO}{why}", file=sys.stderr, flush=True)


def export(lines: Iterable[str]) -> None:
    """Print what is meant for a file: in UTF-8, but for a terminal that reads something else.

    It counts for nothing when half of it is there. Raises `CommandError` for a full disk; a reader
    that has seen enough is none.
    """
    if isinstance(sys.stdout, io.TextIOWrapper) and not sys.stdout.isatty():
        sys.stdout.reconfigure(encoding="utf-8", errors="replace", newline="")
    try:
        for line in lines:
            sys.stdout.write(line)
        sys.stdout.flush()
    except BrokenPipeError:
        silence()
    except OSError as error:
        silence()
        told = f"Standard output cannot be written: {error.strerror}."
        raise CommandError(Exit.UNAVAILABLE, told) from error


def cells(described: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is described as the cells of a table: each is one line."""
    return {
        name: one_line(value) if isinstance(value, str) else value
        for name, value in described.items()
    }


@contextlib.contextmanager
def unheard(stream: TextIO | None = None) -> Iterator[None]:
    """Say something, if anybody can hear it: the exit code tells what happened in any case.

    A closed pipe or a full disk behind our output must not turn "approved", or "not whole", into
    another exit code. `stream` is where the block prints to: standard output.
    """
    try:
        yield
    except OSError:
        silence(stream)


def silence(stream: TextIO | None = None) -> None:
    """Say nothing more: what Python cannot flush at the end would become the exit code."""
    _Heard.gone = _Heard.gone or stream in (None, sys.stdout)
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, (stream or sys.stdout).fileno())
        os.close(nowhere)


def nobody_reads() -> bool:
    """Say whether standard output is known to lead nowhere: what never ends by itself ends then."""
    return _Heard.gone


class _Heard:
    gone = False


class _Demo:
    told = False


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


def moment(described: str | None) -> str | None:
    """Return a moment that is described as people read it."""
    return None if described is None else stamp(datetime.fromisoformat(described))


def line(one: Transaction) -> str:
    """Return a transaction as one line for a person."""
    return (
        f"{one.id}  {stamp(one.created_at)}  {one.order.operation:<17}"
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
