"""The protocol's words: any bytes give a request or one clear complaint, never a fault."""

from __future__ import annotations

import contextlib
import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_tui.domain.identity import CallerReference, Place
from kiosk_tui.domain.operations import Operation
from kiosk_tui.remote.pos.orders import OrderDefaults, OrderRefusedError, order, original_wanted
from kiosk_tui.remote.pos.protocol import (
    Cancel,
    Complaint,
    Follow,
    GiveUp,
    Hello,
    LookUp,
    Pay,
    ReadinessRequest,
    TotalsRequest,
    TransactionKey,
    Watch,
    answer,
    parse,
)

DEFAULTS = OrderDefaults(Place("88091105", "1"), "EUR", "de_AT")
SALE = {"do": "pay", "operation": "sale", "amount": "12.55", "caller_reference": "4711"}
WORDS = st.sampled_from(
    [
        *("do", "id", "pay", "hello", "look_up", "cancel", "totals", "watch", "register", "follow"),
        *("operation", "amount", "tip", "caller_reference", "transaction_id", "reference", "date"),
        *("sale", "refund", "12.55", "1e9", "4711", "2026-11-23", "EUR", "currency", "original"),
    ]
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS | st.text(), inner),
    max_leaves=12,
)


def _answered(line: bytes) -> None:
    tag, request = parse(line)
    if isinstance(request, Complaint):
        told = answer("error", tag, code=request.code, why=request.why)
        assert request.why.endswith(".")
    else:
        told = answer("understood", tag)
        if isinstance(request, Pay):
            with contextlib.suppress(OrderRefusedError):
                order(request, DEFAULTS)
    assert told.count(b"\n") == 1
    assert told.isascii()
    assert json.loads(told)["answer"] in {"error", "understood"}


@given(st.binary(max_size=300))
def test_any_bytes_are_answered_with_one_line(line: bytes) -> None:
    _answered(line)


@given(st.text(max_size=300))
def test_any_text_is_answered_with_one_line(line: str) -> None:
    _answered(line.encode("utf-8", "surrogatepass"))


@given(ANYTHING)
def test_any_json_is_answered_with_one_line(value: object) -> None:
    _answered(json.dumps(value).encode())


@given(st.dictionaries(WORDS, ANYTHING), st.sampled_from(["pay", "cancel", "totals", "look_up"]))
def test_any_fields_of_a_request_are_answered_with_one_line(
    fields: dict[str, object], do: str
) -> None:
    _answered(json.dumps(fields | {"do": do}).encode())
    _answered(json.dumps(SALE | fields | {"do": "pay"}).encode())


def test_what_nests_deeper_than_anybody_reads_is_not_json() -> None:
    assert parse(b"[" * 100_000) == (
        None,
        Complaint("bad_json", "The line is not JSON: send one object on each line."),
    )


@pytest.mark.parametrize(
    ("request_", "meant"),
    [
        ({"do": "hello"}, Hello("")),
        ({"do": "hello", "token": "t", "future": {"is": "ignored"}}, Hello("t")),
        ({"do": "follow", "caller_reference": "a"}, Follow(CallerReference("a"))),
        ({"do": "give_up", "caller_reference": "a"}, GiveUp(CallerReference("a"))),
        ({"do": "cancel", "transaction_id": "0017"}, Cancel(TransactionKey(name="0017"))),
        (
            {"do": "look_up", "reference": "023 152 528"},
            LookUp(TransactionKey(name="023 152 528")),
        ),
        ({"do": "totals"}, TotalsRequest(None)),
        ({"do": "totals", "date": "2026-11-23"}, TotalsRequest(date(2026, 11, 23))),
        ({"do": "register"}, ReadinessRequest()),
        ({"do": "watch"}, Watch()),
    ],
)
def test_each_request_is_understood(request_: dict[str, object], meant: object) -> None:
    assert parse(json.dumps(request_ | {"id": 7}).encode()) == (7, meant)


@pytest.mark.parametrize(
    ("request_", "code", "why"),
    [
        ([], "bad_json", "no object"),
        ({"do": "fly"}, "unknown_request", "none of hello, pay"),
        ({"do": ["pay"]}, "unknown_request", "do is missing"),
        ({"do": "hello", "id": 1.5}, "bad_request", "id is no text"),
        ({"do": "hello", "id": True}, "bad_request", "id is no text"),
        (SALE | {"amount": 12.55}, "bad_request", "amount is no text"),
        (SALE | {"amount": None}, "bad_request", "amount is missing"),
        (SALE | {"operation": "gift"}, "bad_request", "operation is none of sale"),
        (SALE | {"caller_reference": ""}, "bad_request", "caller_reference: A caller's reference"),
        (SALE | {"reason": "a\nb"}, "bad_request", "reason is too long, or"),
        ({"do": "totals", "date": "today"}, "bad_request", "write it like 2026-11-23"),
        ({"do": "look_up"}, "bad_request", "Exactly one of"),
        ({"do": "cancel", "transaction_id": "x"}, "bad_request", "not a transaction id"),
    ],
)
def test_what_is_wrong_is_told_in_one_sentence(request_: object, code: str, why: str) -> None:
    _, complaint = parse(json.dumps(request_).encode())
    assert isinstance(complaint, Complaint)
    assert complaint.code == code
    assert why in complaint.why


@pytest.mark.parametrize(
    "line",
    [
        b'{"do": "pay", "operation": "sale", "amount": "100.00", "amount": "1.00",'
        b' "caller_reference": "1", "id": 7}',
        b'{"do": "pay", "operation": "sale", "amount": "100.00", "am\\u006funt": "100.00",'
        b' "caller_reference": "1", "id": 7}',
        b'{"do": "hello", "id": 7, "future": {"amount": 1, "amount": 2}}',
        b'{"do": "hello", "id": 7, "future": [{"amount": 1}, {"amount": 1, "amount": 1}]}',
    ],
)
def test_a_line_in_which_a_name_stands_twice_is_refused(line: bytes) -> None:
    why = 'The name "amount" stands twice in one object: send it once.'
    assert parse(line) == (7, Complaint("bad_request", why))


def test_an_id_that_stands_twice_is_not_answered_with() -> None:
    tag, complaint = parse(b'{"do": "hello", "id": 1, "id": 2}')
    assert tag is None
    assert isinstance(complaint, Complaint)
    assert (complaint.code, "stands twice" in complaint.why) == ("bad_request", True)
    tag, complaint = parse(b'{"do": "hello", "id": 1.5, "a": 1, "a": 2}')
    assert (tag, type(complaint)) == (None, Complaint)


@pytest.mark.parametrize(
    "amount",
    ["12.55", "1255", "1e2", "true", "[]", "{}", "9" * 400, "-1"],
)
def test_money_that_is_no_text_is_refused_because_floats_lie(amount: str) -> None:
    for name in ("amount", "tip"):
        line = json.dumps(SALE | {name: "?"}).replace('"?"', amount)
        _, complaint = parse(line.encode())
        why = f'{name} is no text: put it between quotes, such as "12.55".'
        assert complaint == Complaint("bad_request", why)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_numbers_that_json_does_not_have_are_refused_wherever_they_stand(number: str) -> None:
    for name in ("amount", "id", "future"):
        line = json.dumps(SALE | {name: "?"}).replace('"?"', number)
        _, complaint = parse(line.encode())
        assert isinstance(complaint, Complaint)
        assert complaint.code == "bad_json"


@pytest.mark.parametrize("escape", ["\\ud800", "\\udc00\\ud800", "\\u0000", "\\ufeff", "\\u202e"])
@pytest.mark.parametrize("name", ["amount", "caller_reference", "reason", "original", "currency"])
def test_characters_that_nobody_can_print_are_refused(name: str, escape: str) -> None:
    line = json.dumps(SALE | {name: "1?"}).replace("?", escape)
    _, complaint = parse(line.encode())
    why = f"{name} is too long, or holds what cannot be printed."
    assert complaint == Complaint("bad_request", why)


@pytest.mark.parametrize("around", [b"\xef\xbb\xbf%s\n", b"%s\r\n", b" \t%s \n", b"%s"])
def test_a_byte_order_mark_and_the_end_of_a_line_mean_nothing(around: bytes) -> None:
    assert parse(around % b'{"do": "hello", "id": 7}') == (7, Hello(""))


def _order(**fields: str) -> object:
    _, request = parse(json.dumps(SALE | fields).encode())
    assert isinstance(request, Pay)
    return order(request, DEFAULTS)


def test_an_order_takes_what_it_does_not_say_from_the_register() -> None:
    _, request = parse(json.dumps(SALE | {"tip": "1.25"}).encode())
    assert isinstance(request, Pay)
    made = order(request, DEFAULTS)
    assert made.operation is Operation.SALE_AND_TIP
    assert (made.place, made.language, str(made.charged)) == (DEFAULTS.place, "de", "13.80 EUR")


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"amount": "12,55"}, "write it like 12.55"),
        ({"amount": "1.555"}, "3 decimals"),
        ({"currency": "XXXX"}, "not an ISO 4217 currency"),
        ({"operation": "refund", "tip": "1.00"}, "has no tip"),
        ({"language": "xx"}, "not a language"),
        ({"operation": "moto", "card_reference": "abc"}, "begins with REF"),
    ],
)
def test_an_order_that_makes_no_sense_is_refused_with_a_sentence(
    fields: dict[str, str], why: str
) -> None:
    with pytest.raises(OrderRefusedError, match=why):
        _order(**fields)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"original": "x1"}, "not a transaction id"),
        ({"original": "17", "original_terminal": "8809"}, "Terminal number '8809'"),
        ({"original": "TXID17_01_11460019", "original_terminal": "88091105"}, "leave one of them"),
    ],
)
def test_an_original_that_cannot_be_one_is_refused_with_a_sentence(
    fields: dict[str, str], why: str
) -> None:
    _, request = parse(json.dumps(SALE | fields).encode())
    assert isinstance(request, Pay)
    with pytest.raises(OrderRefusedError, match=why):
        original_wanted(request, DEFAULTS.place)
