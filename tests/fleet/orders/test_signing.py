"""A kiosk does what head office signed for it, once, and nothing that anybody else or any other way says."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk_tui.config.models import fields
from kiosk_tui.fleet.orders.order import VERBS, OfficeOrder
from kiosk_tui.fleet.orders.signing import (
    MOST_BYTES,
    CommandRefusedError,
    body_of,
    key_id,
    sign,
    verify,
)
from kiosk_tui.fleet.wire import SignedCommand
from kiosk_tui.fleet.wire_enrolment import CommandKey

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
OTHER = Ed25519PrivateKey.from_private_bytes(b"o" * 32)
NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
COUNTER = 6


def _command_key(key: Ed25519PrivateKey) -> CommandKey:
    public = key.public_key().public_bytes_raw()
    return CommandKey(key_id=key_id(public), public=base64.b64encode(public).decode())


KEYS = (_command_key(KEY),)
FACTS: dict[str, Any] = {
    "v": 1,
    "kiosk": "lobby-1",
    "n": COUNTER + 1,
    "verb": "open",
    "body": {},
    "issued_at": "2026-05-01T11:59:00.000+00:00",
    "expires_at": "2026-05-01T13:00:00.000+00:00",
}


def _signed(payload: bytes, key: Ed25519PrivateKey = KEY) -> SignedCommand:
    return SignedCommand(
        payload=base64.b64encode(payload).decode(),
        signature=base64.b64encode(key.sign(payload)).decode(),
        key_id=_command_key(key).key_id,
    )


def _facts(**changed: Any) -> SignedCommand:
    return _signed(json.dumps(FACTS | changed).encode())


def _verify(command: SignedCommand, counter: int = COUNTER) -> OfficeOrder:
    return verify(command, KEYS, "lobby-1", counter, NOW)


def test_what_the_office_signs_is_what_the_kiosk_reads() -> None:
    order = OfficeOrder.model_validate_json(json.dumps(FACTS))
    assert _verify(sign(order, KEY)) == order
    assert body_of(order) == VERBS["open"]()


BODIES: dict[str, dict[str, Any]] = {
    "close": {"sentence": "Back at noon.", "by_language": {"de": "Wieder ab zwölf."}},
    "open": {},
    "configuration": {"settings": {"kiosk.name": "Museum", "tip.percent": [5, 10]}},
    "restart": {},
    "bundle": {},
    "ship-again": {"days": ["20260430"]},
    "ask-terminal": {},
}


def test_each_verb_is_taken_with_its_body() -> None:
    assert BODIES.keys() == VERBS.keys()
    for verb, body in BODIES.items():
        assert _verify(_facts(verb=verb, body=body)).verb == verb


def _altered(command: SignedCommand) -> SignedCommand:
    payload = base64.b64decode(command.payload).replace(b'"open"', b'"shut"')
    return command.model_copy(update={"payload": base64.b64encode(payload).decode()})


def _twice() -> SignedCommand:
    return _signed(json.dumps(FACTS).replace('"n": 7', '"n": 3, "n": 7').encode())


def _huge() -> SignedCommand:
    return _facts(verb="close", body={"sentence": "x", "more": "y" * MOST_BYTES})


def _body(verb: str, body: Any) -> Callable[[], SignedCommand]:
    return lambda: _facts(verb=verb, body=body)


ATTACKS: dict[str, Callable[[], SignedCommand]] = {
    "an altered byte": lambda: _altered(_facts()),
    "another key": lambda: _signed(json.dumps(FACTS).encode(), OTHER),
    "another key under this one's name": lambda: _signed(
        json.dumps(FACTS).encode(), OTHER
    ).model_copy(update={"key_id": KEYS[0].key_id}),
    "no signature": lambda: _facts().model_copy(update={"signature": ""}),
    "no base64": lambda: _facts().model_copy(update={"payload": "{}"}),
    "a space in the base64": lambda: _facts().model_copy(
        update={"payload": f" {_facts().payload}"}
    ),
    "another kiosk": lambda: _facts(kiosk="lobby-2"),
    "replay": lambda: _facts(n=COUNTER),
    "an older one": lambda: _facts(n=1),
    "counter zero": lambda: _facts(n=0),
    "counter below zero": lambda: _facts(n=-1),
    "a float counter": lambda: _facts(n=7.0),
    "a counter in quotes": lambda: _facts(n="7"),
    "a counter that is true": lambda: _facts(n=True),
    "a counter without end": lambda: _facts(n=2**64),
    "another version": lambda: _facts(v=2),
    "a version that is true": lambda: _facts(v=True),
    "expired": lambda: _facts(expires_at="2026-05-01T12:00:00.000+00:00"),
    "expiry too far": lambda: _facts(expires_at="2026-05-02T11:59:00.001+00:00"),
    "issued in the future": lambda: _facts(
        issued_at="2026-05-01T12:16:00+00:00", expires_at="2026-05-02T12:16:00+00:00"
    ),
    "expired before it was issued": lambda: _facts(
        issued_at="2026-05-01T13:01:00+00:00", expires_at="2026-05-01T13:00:00+00:00"
    ),
    "no time zone": lambda: _facts(expires_at="2026-05-01T13:00:00"),
    "a time that is a number": lambda: _facts(expires_at=1777640400),
    "unknown verb": lambda: _facts(verb="shut"),
    "a verb in capitals": lambda: _facts(verb="Open"),
    "a field too much": lambda: _facts(amount="1.00"),
    "no body": lambda: _signed(json.dumps(FACTS | {"body": None}).encode()),
    "a body with more": _body("open", {"sale": "1.00"}),
    "no sentence": _body("close", {}),
    "a sentence of two lines": _body("close", {"sentence": "a\nb"}),
    "a sentence that turns the writing": _body("close", {"sentence": "a\u202eb"}),
    "a sentence with an escape": _body("close", {"sentence": "a\x1b[2Jb"}),
    "a sentence that is blank": _body("close", {"sentence": " "}),
    "a sentence without end": _body("close", {"sentence": "x" * 201}),
    "a sentence that is a number": _body("close", {"sentence": 1}),
    "settings that are no table": _body("configuration", {"settings": ["tip.ask"]}),
    "too many days": _body("ship-again", {"days": ["20260101"] * 401}),
    "no day": _body("ship-again", {"days": []}),
    "a day that is none": _body("ship-again", {"days": ["20260230"]}),
    "a day that is a path": _body("ship-again", {"days": ["../../etc"]}),
    "huge": _huge,
    "not UTF-8": lambda: _signed(json.dumps(FACTS).encode("utf-16")),
    "half a character": lambda: _facts(verb="close", body={"sentence": "\ud800"}),
    "no JSON": lambda: _signed(b"open"),
    "a list": lambda: _signed(b"[]"),
    "duplicate keys": _twice,
    "duplicate keys in the body": lambda: _signed(
        json.dumps(FACTS | {"verb": "close"})
        .replace('"body": {}', '"body": {"sentence": "a", "sentence": "b"}')
        .encode()
    ),
    "nested without end": lambda: _signed(b'{"body":' + b"[" * 15_000 + b"]" * 15_000 + b"}"),
    "not a number": lambda: _signed(
        json.dumps(FACTS).replace('"body": {}', '"body": {"a": NaN}').encode()
    ),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_is_refused_in_a_sentence(attack: str) -> None:
    with pytest.raises(CommandRefusedError, match=r"^.{8,290}\.$"):
        _verify(ATTACKS[attack]())


def test_a_counter_that_jumped_back_lets_an_old_command_be_refused_by_its_expiry() -> None:
    old = _facts(issued_at="2026-04-30T00:00:00+00:00", expires_at="2026-04-30T23:00:00+00:00")
    with pytest.raises(CommandRefusedError, match="expired"):
        _verify(old, counter=0)


MONEY = [
    "sale", "moto", "refund", "cancel", "preauth", "complete", "settle", "gratuity", "pay", "abort",
    "recover", "journal", "shell", "run", "update", "__class__",
]  # fmt: skip


@pytest.mark.parametrize("verb", MONEY)
def test_no_verb_moves_money(verb: str) -> None:
    assert verb not in VERBS
    with pytest.raises(CommandRefusedError, match="nothing that a kiosk does"):
        _verify(_facts(verb=verb, body={}))


def test_no_verb_can_be_added() -> None:
    with pytest.raises(TypeError):
        VERBS["sale"] = VERBS["open"]  # type: ignore[index]
    assert not [key for key, _ in fields() if "verb" in key or "fleet" in key]


FORBIDDEN = [
    "terminal.url", "terminal.number", "terminal.proxy", "terminal.ca_file", "auth.key_file",
    "codes.payment", "timeouts.settle_s", "journal.path", "kiosk.exposure_count", "api.tcp",
    "alert.command", "receipt.printer", "receipt.qr_url", "fleet.office", "kiosk.service_pin_hash",
    "kiosk.theme", "kiosk.mode", "lane.people", "metrics.file",
]  # fmt: skip


@pytest.mark.parametrize("key", FORBIDDEN)
def test_a_setting_that_is_not_for_the_office_is_refused_by_name(key: str) -> None:
    body = {"settings": {"kiosk.name": "Museum", key: ""}}
    with pytest.raises(CommandRefusedError, match=f"{key} is not for head office to set"):
        _verify(_facts(verb="configuration", body=body))


def test_who_refuses_says_whose_number_it_was_once_that_is_known() -> None:
    told = {}
    for name in ("an altered byte", "another kiosk", "expired", "unknown verb"):
        with pytest.raises(CommandRefusedError) as refused:
            _verify(ATTACKS[name]())
        told[name] = refused.value.n
    assert told == {"an altered byte": None, "another kiosk": None, "expired": 7, "unknown verb": 7}


def test_the_office_signs_nothing_that_no_kiosk_takes() -> None:
    order = OfficeOrder.model_validate_json(json.dumps(FACTS | {"verb": "sale"}))
    with pytest.raises(CommandRefusedError, match="nothing that a kiosk does"):
        sign(order, KEY)


def test_a_clock_that_is_a_little_slow_takes_it() -> None:
    late = _facts(issued_at="2026-05-01T12:14:00+00:00", expires_at="2026-05-02T12:14:00+00:00")
    assert _verify(late).n == COUNTER + 1
