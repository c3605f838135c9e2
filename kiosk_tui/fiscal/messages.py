"""What is said to a signer, and what it answers: JSON, without any data of a card.

A request that knows no answer in time is asked again with the same `key`; a signer gives the same
signature for the same key.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Final, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

import kiosk_tui.libraries  # noqa: F401 - before a model is built
from kiosk_tui.domain.fiscal import (
    TOKEN_BYTES,
    OwedSignature,
    Signature,
    SignerBegun,
    SignerUnavailable,
    SigningRefused,
)
from kiosk_tui.domain.money import plain
from kiosk_tui.domain.transaction import Order

M = TypeVar("M", bound="_Message")

ANSWER_BYTES: Final = 16 * 1024
"""The longest answer that is read."""


class _Message(BaseModel):
    model_config = ConfigDict(defer_build=True, frozen=True, extra="forbid")


class SaleFacts(_Message):
    """What is sold, or paid back. Amounts are in major units, with the currency's decimals."""

    operation: str = Field(description="sale, refund, cancellation, …", examples=["sale"])
    amount: str = Field(description="Without the tip", examples=["12.55"])
    tip: str = Field(default="0", description="The tip", examples=["1.25"])
    currency: str = Field(description="ISO 4217", examples=["EUR"])
    register_id: str = Field(description="`kiosk.id`", examples=["museum-1"])
    terminal: str = Field(description="The card terminal's number", examples=["88091105"])
    cashier: str = Field(default="", description="The cashier's number, where one is known")
    receipt_number: str = Field(default="", description="Empty before the register gave one")
    caller_reference: str = Field(default="", description="The POS software's own reference")
    reason: str = Field(default="", description="The payment reason")
    original: str = Field(default="", description="The transaction that it refers to")


class BeginRequest(_Message):
    """Asked before a payment, before anything is on disk or sent."""

    request: Literal["begin"] = "begin"
    at: str = Field(description="When, UTC, ISO 8601")
    sale: SaleFacts


class FinishRequest(_Message):
    """Asked after something ended: an approval, later its cancellation, each as an event of its own."""

    request: Literal["finish"] = "finish"
    key: str = Field(description="The idempotency key: the transaction's id and the event's number")
    transaction: str = Field(description="The transaction's id")
    event: str = Field(description="What happened", examples=["APPROVED"])
    state: str = Field(description="How it stands since then", examples=["APPROVED"])
    at: str = Field(description="When it happened, UTC, ISO 8601")
    total: str = Field(description="Amount and tip, as charged, or to be charged")
    token: str | None = Field(description="What `begin` answered; null where it was not begun")
    sale: SaleFacts


class BeginAnswer(_Message):
    """The answer to `begin`."""

    model_config = ConfigDict(extra="ignore")

    answer: Literal["begun", "refused"]
    token: str = Field(default="", max_length=TOKEN_BYTES, description="Given back with `finish`")
    why: str = Field(default="", max_length=200, description="Why it is refused, in a sentence")


class FinishAnswer(_Message):
    """The answer to `finish`."""

    model_config = ConfigDict(extra="ignore")

    answer: Literal["signed"]
    key: str = Field(description="The request's")
    text: str = Field(default="", max_length=2000, description="Lines for the slip")
    code: str = Field(default="", max_length=2000, description="What the slip's QR code says")


def begin_request(order: Order, at: datetime, register_id: str) -> bytes:
    """Write the question before a payment."""
    told = BeginRequest(at=_time(at), sale=_sale(order, register_id))
    return told.model_dump_json().encode()


def finish_request(owed: OwedSignature, register_id: str) -> bytes:
    """Write the question after something ended."""
    one = owed.transaction
    told = FinishRequest(
        key=owed.key,
        transaction=one.id,
        event=owed.event,
        state=one.state,
        at=_time(one.updated_at),
        total=plain(one.charged),
        token=owed.token,
        sale=_sale(one.order, register_id),
    )
    return told.model_dump_json().encode()


def read_begun(answer: bytes) -> SignerBegun | SigningRefused | SignerUnavailable:
    """Read the answer to `begin`."""
    found = _read(BeginAnswer, answer)
    if isinstance(found, str):
        return SignerUnavailable(found)
    if len(found.token.encode("utf-8", "replace")) > TOKEN_BYTES:
        return SignerUnavailable(f"The signer's token is longer than {TOKEN_BYTES} bytes.")
    return (
        SigningRefused(_line(found.why)) if found.answer == "refused" else SignerBegun(found.token)
    )


def read_signed(answer: bytes, owed: OwedSignature) -> Signature | SignerUnavailable:
    """Read the answer to `finish`."""
    found = _read(FinishAnswer, answer)
    if isinstance(found, str):
        return SignerUnavailable(found)
    if found.key != owed.key:
        return SignerUnavailable(f"The signer answered for another key than {owed.key}.")
    lines = (_line(line) for line in found.text.splitlines())
    return Signature("\n".join(lines), _line(found.code))


def _read(model: type[M], answer: bytes) -> M | str:
    if len(answer) > ANSWER_BYTES:
        return f"The signer's answer is longer than {ANSWER_BYTES // 1024} kB."
    try:
        return model.model_validate(json.loads(answer.decode()))
    except UnicodeDecodeError:
        return "The signer's answer is no UTF-8."
    except RecursionError:
        return "The signer's answer is no JSON that can be read."
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or "the answer"
        return f"The signer's answer is not as documented: {where}: {first['msg']}."
    except ValueError:
        return "The signer's answer is no JSON."


def _sale(order: Order, register_id: str) -> SaleFacts:
    return SaleFacts(
        operation=order.operation,
        amount=plain(order.amount),
        tip="0" if order.tip is None else plain(order.tip),
        currency=order.amount.currency.code,
        register_id=register_id,
        terminal=order.place.terminal,
        cashier=order.personal_id,
        receipt_number=order.receipt_number,
        caller_reference=order.caller_reference,
        reason=order.reason,
        original="" if order.original is None else order.original.transaction_id,
    )


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds")


def _line(text: str) -> str:
    """Return what can be printed of a text: a signer must not steer a printer or a screen."""
    return "".join(one for one in text if one.isprintable())
