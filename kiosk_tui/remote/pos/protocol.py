"""What a line means, and how an answer is written. Pure: any bytes give a request or a complaint.

Unknown fields are ignored, so that a newer POS can talk to an older register.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from kiosk_tui.domain.identity import (
    NO_REFERENCE,
    CallerReference,
    IdentityError,
    read_name,
)
from kiosk_tui.domain.operations import Operation
from kiosk_tui.records import dataclass
from kiosk_tui.remote.sockets.objects import NotAnObjectError, TwiceError, read_object

PROTOCOL: Final = 1
LONGEST_TEXT: Final = 400
LONGEST_TAG: Final = 64

Tag = str | int | None
"""What a caller calls his line (`id`): each answer to it carries it again."""


@dataclass(frozen=True, slots=True)
class Hello:
    """Say who you are. A `token` is needed over TCP."""

    token: str


@dataclass(frozen=True, slots=True)
class Pay:
    """Do this once, and tell how it goes."""

    operation: Operation
    caller_reference: CallerReference
    amount: str
    tip: str
    currency: str
    language: str
    card_reference: str
    original: str
    original_terminal: str
    original_source_id: str
    reason: str
    receipt_number: str
    personal_id: str


@dataclass(frozen=True, slots=True)
class Follow:
    """Tell how this payment goes."""

    caller_reference: CallerReference


@dataclass(frozen=True, slots=True)
class GiveUp:
    """The customer does not want to wait any longer."""

    caller_reference: CallerReference


@dataclass(frozen=True, slots=True)
class TransactionKey:
    """Names a transaction: by its caller's reference, or by a `name` in any spelling."""

    caller_reference: CallerReference = NO_REFERENCE
    name: str = ""


@dataclass(frozen=True, slots=True)
class Cancel:
    """Cancel an approved transaction of this register."""

    key: TransactionKey


@dataclass(frozen=True, slots=True)
class LookUp:
    """Tell what became of it."""

    key: TransactionKey


@dataclass(frozen=True, slots=True)
class TotalsRequest:
    """What was taken on a day; None is today."""

    day: date | None


@dataclass(frozen=True, slots=True)
class ReadinessRequest:
    """Tell whether a payment may start."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Tell everything that happens from now on."""


Request = Hello | Pay | Follow | GiveUp | Cancel | LookUp | TotalsRequest | ReadinessRequest | Watch


@dataclass(frozen=True, slots=True)
class Complaint:
    """A line that means nothing; `why` is one sentence."""

    code: str
    why: str


class _BadError(Exception):
    """A field that is missing or wrong."""


def parse(line: bytes) -> tuple[Tag, Request | Complaint]:
    """Read a line."""
    try:
        value = read_object(line)
    except NotAnObjectError as error:
        return None, Complaint("bad_json", str(error))
    except TwiceError as error:
        tag = error.rest.get("id")
        return tag if _is_tag(tag) else None, Complaint("bad_request", str(error))
    tag = value.get("id")
    if not _is_tag(tag):
        why = f"id is no text of up to {LONGEST_TAG} characters and no whole number: leave it out."
        return None, Complaint("bad_request", why)
    do = value.get("do")
    build = _REQUESTS.get(do) if isinstance(do, str) else None
    if build is None:
        why = f"do is missing or none of {', '.join(_REQUESTS)}."
        return tag, Complaint("unknown_request", why)
    try:
        return tag, build(_Fields(value))
    except _BadError as error:
        return tag, Complaint("bad_request", str(error))


def _is_tag(tag: object) -> bool:
    if isinstance(tag, str):
        return len(tag) <= LONGEST_TAG
    return tag is None or (type(tag) is int and abs(tag) < 2**53)


def answer(kind: str, tag: Tag, **facts: Any) -> bytes:
    """Write an answer. ASCII only: nothing that a caller sent can spoil it."""
    told = {"answer": kind} if tag is None else {"answer": kind, "id": tag}
    return json.dumps(told | facts).encode("ascii") + b"\n"


def farewell(why: str) -> bytes:
    """Write the last line of a connection that is closed by us."""
    return answer("bye", None, why=why)


class _Fields:
    """The fields of one line."""

    def __init__(self, values: Mapping[str, object]) -> None:
        self._values = values

    def text(self, name: str, *, needed: bool = False) -> str:
        value = self._values.get(name)
        if value is None:
            value = ""
        if not isinstance(value, str):
            raise _BadError(f'{name} is no text: put it between quotes, such as "12.55".')
        if len(value) > LONGEST_TEXT or not value.isprintable():
            raise _BadError(f"{name} is too long, or holds what cannot be printed.")
        if needed and not value:
            raise _BadError(f"{name} is missing.")
        return value

    def caller_reference(self) -> CallerReference:
        try:
            return CallerReference(self.text("caller_reference"))
        except IdentityError as error:
            raise _BadError(f"caller_reference: {error}") from None

    def key(self) -> TransactionKey:
        given = {
            name: self.text(name) for name in ("caller_reference", "transaction_id", "reference")
        }
        if sum(map(bool, given.values())) != 1:
            raise _BadError(f"Exactly one of {', '.join(given)} is needed.")
        if given["caller_reference"]:
            return TransactionKey(self.caller_reference())
        name, text = next((name, text) for name, text in given.items() if text)
        try:
            read_name(text)
        except IdentityError as error:
            raise _BadError(f"{name}: {error}") from None
        return TransactionKey(name=text)


def _pay(fields: _Fields) -> Pay:
    name = fields.text("operation", needed=True)
    try:
        operation = Operation(name)
    except ValueError:
        raise _BadError(f"operation is none of {', '.join(Operation)}.") from None
    return Pay(
        operation=operation,
        caller_reference=fields.caller_reference(),
        amount=fields.text("amount", needed=operation.has_amount),
        tip=fields.text("tip"),
        currency=fields.text("currency"),
        language=fields.text("language"),
        card_reference=fields.text("card_reference"),
        original=fields.text("original"),
        original_terminal=fields.text("original_terminal"),
        original_source_id=fields.text("original_source_id"),
        reason=fields.text("reason"),
        receipt_number=fields.text("receipt_number"),
        personal_id=fields.text("personal_id"),
    )


def _totals(fields: _Fields) -> TotalsRequest:
    text = fields.text("date")
    try:
        return TotalsRequest(date.fromisoformat(text) if text else None)
    except ValueError:
        raise _BadError("date is no day: write it like 2026-11-23.") from None


_REQUESTS: Final[Mapping[str, Callable[[_Fields], Request]]] = {
    "hello": lambda fields: Hello(fields.text("token")),
    "pay": _pay,
    "follow": lambda fields: Follow(fields.caller_reference()),
    "give_up": lambda fields: GiveUp(fields.caller_reference()),
    "cancel": lambda fields: Cancel(fields.key()),
    "look_up": lambda fields: LookUp(fields.key()),
    "totals": _totals,
    "register": lambda _: ReadinessRequest(),
    "watch": lambda _: Watch(),
}
