"""Signs commands at head office, and at the kiosk believes none that is not exactly as it was signed.

Ed25519 (RFC 8032) over the very bytes that are sent; they are read only once the signature is right.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import ValidationError

from kiosk_tui.fleet.orders.order import LONGEST, VERBS, OfficeOrder, Strict
from kiosk_tui.fleet.wire import SignedCommand
from kiosk_tui.fleet.wire_enrolment import CommandKey

MOST_BYTES: Final = 32 * 1024
"""The longest order that is signed or read."""

SKEW: Final = timedelta(minutes=15)
"""So far the two clocks may be apart."""


class CommandRefusedError(ValueError):
    """A command that is not done; its text is a sentence. `n` is None where nobody knows whose it is."""

    def __init__(self, sentence: str, n: int | None = None) -> None:
        super().__init__(sentence)
        self.n = n


def key_id(public: bytes) -> str:
    """Return the name of a public key: the first 16 hex digits of its SHA-256."""
    return hashlib.sha256(public).hexdigest()[:16]


def sign(order: OfficeOrder, key: Ed25519PrivateKey) -> SignedCommand:
    """Sign an order. Raises `CommandRefusedError` for one that no kiosk would take."""
    payload = order.model_dump_json().encode()
    _body(_read(payload))
    public = key.public_key().public_bytes_raw()
    return SignedCommand(
        payload=base64.b64encode(payload).decode("ascii"),
        signature=base64.b64encode(key.sign(payload)).decode("ascii"),
        key_id=key_id(public),
    )


def verify(
    command: SignedCommand, keys: Sequence[CommandKey], kiosk: str, counter: int, now: datetime
) -> OfficeOrder:
    """Return the order of a command for this kiosk, newer than `counter`.

    Raises `CommandRefusedError` for every other.
    """
    payload = _genuine(command, keys)
    order = _read(payload)
    if order.kiosk != kiosk:
        raise CommandRefusedError(f"It is for another kiosk ({order.kiosk}).")
    if order.n <= counter:
        raise CommandRefusedError(f"It was taken before: command {counter} is done.", order.n)
    if not timedelta(0) < order.expires_at - order.issued_at <= LONGEST:
        raise CommandRefusedError("It does not expire within a day of its issuing.", order.n)
    if order.issued_at - now > SKEW:
        raise CommandRefusedError("It was issued in the future: the clocks differ.", order.n)
    if now >= order.expires_at:
        raise CommandRefusedError("It has expired.", order.n)
    _body(order)
    return order


def body_of(order: OfficeOrder) -> Strict:
    """Return the body of an order that was verified."""
    return VERBS[order.verb].model_validate_json(json.dumps(order.body))


def _genuine(command: SignedCommand, keys: Sequence[CommandKey]) -> bytes:
    payload, signature = _bytes(command.payload), _bytes(command.signature)
    if len(payload) > MOST_BYTES:
        raise CommandRefusedError(f"It is longer than {MOST_BYTES} bytes.")
    public = next((one.public for one in keys if one.key_id == command.key_id), None)
    if public is None:
        raise CommandRefusedError("It is signed with a key that this kiosk does not know.")
    try:
        Ed25519PublicKey.from_public_bytes(_bytes(public)).verify(signature, payload)
    except (InvalidSignature, ValueError):
        raise CommandRefusedError("Its signature is wrong.") from None
    return payload


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise CommandRefusedError("It is not written in base64.") from None


def _read(payload: bytes) -> OfficeOrder:
    """Read an order's bytes: JSON in which nothing stands twice."""
    try:
        json.loads(payload.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_number)
        return OfficeOrder.model_validate_json(payload)
    except (ValidationError, RecursionError, ValueError) as error:
        raise CommandRefusedError(f"It is no order: {_why(error)}.") from None


def _body(order: OfficeOrder) -> None:
    if order.verb not in VERBS:
        raise CommandRefusedError(f"'{order.verb}' is nothing that a kiosk does.", order.n)
    try:
        body_of(order)
    except ValidationError as error:
        raise CommandRefusedError(f"{order.verb}: {_why(error)}.", order.n) from None


def _why(error: Exception) -> str:
    """Say what is wrong, and never the value: it may be anything."""
    if not isinstance(error, ValidationError):
        return str(error).rstrip(".") or "it is nested too deeply"
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(map(str, first["loc"][:3]))
    told = str(first["ctx"]["error"]) if first["type"] == "value_error" else first["msg"]
    return f"{where}: {told}".rstrip(".")[:200]


def _once(pairs: Iterable[tuple[str, Any]]) -> Mapping[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"{name[:40]} stands in it twice")
        found[name] = value
    return found


def _no_number(_name: str) -> None:
    raise ValueError("it holds something that is no number")
