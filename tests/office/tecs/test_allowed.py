"""One transaction under many spellings is one; what is no identity or no money is refused in a sentence."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_tui.office.tecs.allowed import EntryError, Reading, TecsEntry, read_entry
from kiosk_tui.office.tecs.documents import transactions_in
from kiosk_tui.office.tecs.names import NAMES
from kiosk_tui.office.tecs.values import AmountUnit, amount

VIENNA = ZoneInfo("Europe/Vienna")
ID = "20261127140159123"
NOW = datetime(2026, 11, 29, tzinfo=UTC)
PUSH = Reading("push", VIENNA, now=lambda: NOW)
HISTORY = Reading("history", VIENNA, now=lambda: NOW)
PAN = "4111111111111111"


def entry(fields: dict[str, Any], reading: Reading = HISTORY) -> TecsEntry:
    return read_entry(fields.items(), reading)


LEAST = {"terminalId": "88091105", "transactionId": ID, "amount": "1255", "currency": "EUR"}


@pytest.mark.parametrize(
    "fields",
    [
        {"terminalId": "88091105", "transactionId": ID, "amount": "1255", "currency": "EUR",
         "tipAmount": "145", "sourceId": "1", "tecsengineResponseCode": "0", "traceNumber": "42",
         "transactionType": "SALE", "authorizationCode": "123456", "cardBrand": "VISA",
         "transactionDate": "2026-11-27T13:01:59Z"},
        {"terminal_number": " 88091105 ", "transaction_id": ID.zfill(20), "amount": "00001255",
         "currency": "eur", "tip_amount": "145", "transaction_source_id": "01", "response_code": "0000",
         "stan": "000042", "message_type": "0001", "authorization_number": "123456",
         "credit_card_issuer_and_acquirer_company": "Six;VISA", "transaction_date_time": "20261127140159"},
        {"Terminal-Nr.": "88091105", "Transaktions-ID": f"TXID{ID.zfill(20)}", "Betrag (EUR)": "12,55",
         "Währung": "978", "Trinkgeld": "1,45 €", "Antwortcode": "00", "Trace-Nr": "42", "sourceId": "1",
         "Transaktionsart": "Kauf", "Genehmigungsnummer": "123456", "Kartenmarke": "VISA",
         "Datum": "27.11.2026", "Uhrzeit": "14:01:59"},
    ],
    ids=["camelCase", "snake_case", "an export in German"],
)  # fmt: skip
def test_one_transaction_under_three_spellings_is_one(fields: dict[str, Any]) -> None:
    found = entry(fields)
    assert found.model_dump() == entry(
        LEAST
        | {
            "tip": "145", "source": "", "sourceId": "1", "responseCode": "0", "stan": "42", "type": "sale",
            "authcode": "123456", "brand": "VISA", "transactionDate": "2026-11-27 14:01:59",
        }
    ).model_dump()  # fmt: skip
    assert found.at == datetime(2026, 11, 27, 13, 1, 59, tzinfo=UTC)
    assert (found.minor, found.tip_minor, found.kind, found.verdict) == (
        1255,
        145,
        "charge",
        "approved",
    )


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"transactionId": ""}, "names no transaction"),
        ({"transactionId": "A1"}, "1 to 20 digits"),
        ({"transactionId": "1" * 21}, "1 to 20 digits"),
        ({"transactionId": "٣"}, "1 to 20 digits"),
        ({"transactionId": True}, "1 to 20 digits"),
        ({"transactionId": ["1"]}, "1 to 20 digits"),
        ({"transactionId": PAN}, "looks like a card number"),
        ({"transactionId": f"{PAN}2712"}, "looks like a card number"),
        ({"originalTransactionId": PAN}, "looks like a card number"),
        ({"terminalId": None}, "names no terminal"),
        ({"terminalId": "880911055"}, "up to 8 digits"),
        ({"amount": "12.5x"}, "no amount"),
        ({"amount": "1,234.567"}, "more decimals"),
        ({"amount": "1.234"}, "thousands or have three decimals"),
        ({"amount": PAN}, "higher than any"),
        ({"amount": "1e3"}, "no amount"),
        ({"amount": "12.55", "currency": ""}, "no currency"),
        ({"currency": "XYZ"}, "ISO 4217"),
        ({"transactionDate": "yesterday"}, "time cannot be read"),
        ({"terminal_number": "11460019"}, "two different"),
        ({"transaction_amount": "1300"}, "two different"),
    ],
)
def test_what_is_not_clear_is_refused_and_never_quoted(change: dict[str, Any], why: str) -> None:
    with pytest.raises(EntryError, match=why) as refused:
        entry(LEAST | change)
    for value in change.values():
        assert not value or str(value) not in str(refused.value)


@pytest.mark.parametrize(
    ("written", "code", "minor"),
    [
        ("12,55", "EUR", 1255),
        ("12.5", "EUR", 1250),
        ("1.234,50", "EUR", 123450),
        ("1,234.50", "EUR", 123450),
        ("1'234.50", "CHF", 123450),
        ("1 234,50", "EUR", 123450),
        ("12.5500", "EUR", 1255),
        ("EUR 12,55", "EUR", 1255),
        ("-12,55", "EUR", -1255),
        ("12,55-", "EUR", -1255),
        ("500", "JPY", 500),
        ("1.250", "KWD", 1250),
        ("1255", "EUR", 1255),
        ("", "EUR", None),
    ],
)
def test_amounts_as_people_and_programs_write_them(
    written: str, code: str, minor: int | None
) -> None:
    assert amount(written, code, AmountUnit.MINOR) == minor


def test_whole_numbers_count_what_the_source_says() -> None:
    assert amount("12", "EUR", AmountUnit.MAJOR) == 1200
    assert amount("12", "EUR", AmountUnit.MINOR) == 12
    assert amount("12", "JPY", AmountUnit.MAJOR) == 12


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"transactionType": "SALE REVERSAL"}, {"kind": "cancellation"}),
        ({"transactionType": "Preauth Completion"}, {"kind": "charge"}),
        ({"transactionType": "PREAUTHORIZATION"}, {"kind": "reserve"}),
        ({"transactionType": "Gutschrift"}, {"kind": "refund"}),
        ({"transactionType": "07"}, {"kind": ""}),
        ({"message_type": "0013", "transaction_origin_identifier": "2"}, {"kind": "cancellation"}),
        ({"message_type": "0013", "transaction_origin_identifier": "4"}, {"kind": "charge"}),
        ({"message_type": "0013"}, {"kind": ""}),
        ({"message_type": "9043"}, {"kind": "other"}),
        ({"amount": "-12,55"}, {"kind": "refund", "minor": 1255}),
        ({"tecsengineResponseCode": 51, "responseCode": "0"}, {"verdict": "declined"}),
        ({"tecsengineResponseCode": None, "responseCode": "0"}, {"response_code": ""}),
        ({"responseCode": "4711"}, {"verdict": "unknown"}),
        ({"status": "DECLINED"}, {"verdict": "declined"}),
        ({"status": "REVERSED"}, {"cancelled": True, "verdict": "approved"}),
        ({"status": "odd"}, {"verdict": "unknown"}),
        ({"storniert": "ja"}, {"cancelled": True}),
        ({"cancelled": False}, {"cancelled": False}),
        ({"clearingStatus": "CLEARED"}, {"cleared": True}),
        ({"clearingStatus": "NOT CLEARED"}, {"cleared": False}),
        ({"clearingStatus": "0"}, {"cleared": False, "clearing_status": "0"}),
        ({"clearingDate": "20261128"}, {"cleared": True}),
        ({"clearingAmount": "0"}, {"clearing_minor": None}),
        ({"clearingBatchId": "B-7"}, {"clearing_batch": "B-7"}),
        ({"clearingBatchId": f"B{PAN}"}, {"clearing_batch": ""}),
        ({"originalTransactionId": "0"}, {"original_id": None}),
        ({"originalTransactionId": "00017"}, {"original_id": "17"}),
        ({"transactionSeqNumber": PAN}, {"sequence": 0}),
        ({"cardBrand": f"Visa {PAN}"}, {"brand": ""}),
        ({"terminalId": "1460019"}, {"terminal": "01460019"}),
        ({"transactionDate": "20991231235959"}, {"at": NOW}),
    ],
)
def test_what_a_field_means(fields: dict[str, Any], expected: dict[str, Any]) -> None:
    given_fields = {
        name: str(value) if isinstance(value, int) and not isinstance(value, bool) else value
        for name, value in fields.items()
    }
    found = entry(LEAST | given_fields).model_dump()
    assert {name: found[name] for name in expected} == expected


def test_clearing_tells_what_was_cleared() -> None:
    found = entry(LEAST, Reading("clearing", VIENNA, now=lambda: NOW))
    assert (found.cleared, found.clearing_minor) == (True, 1255)


def test_without_a_time_the_id_tells_it() -> None:
    assert entry(LEAST).at == datetime(2026, 11, 27, 13, 1, 59, tzinfo=UTC)
    assert entry(LEAST | {"transactionId": "17"}).at == NOW


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ('{"transactionId": 17, "terminalId": 88091105}', 1),
        ('[{"transactionId": 17}, {"transactionId": 18}]', 2),
        (
            '{"responseCode": 0, "transactionId": null, "transactionHistories": [{"transactionId": 1}]}',
            1,
        ),
        ('{"data": {"transaction": {"transaction_id": "17"}}}', 1),
        ('\ufeff{"transactionId": 17}\0', 1),
        ('[{"transactionId": 17}, {"nothing": 1}]', 2),
    ],
)
def test_transactions_are_found_wherever_they_stand(body: str, count: int) -> None:
    assert len(list(transactions_in(body.encode()))) == count
    if "\0" not in body:
        assert len(list(transactions_in(body.encode("utf-16"), "application/json"))) == count


@pytest.mark.parametrize(
    "body", ["", "<html>", "[]", "{}", '"x"', "[[[[[[[[[[]]]]]]]]]]", "[" * 100_000]
)
def test_what_holds_no_transaction_is_refused(body: str) -> None:
    with pytest.raises(EntryError):
        list(transactions_in(body.encode()))


def test_a_field_that_stands_twice_must_say_the_same() -> None:
    (fields,) = transactions_in(
        b'{"transactionId": 1, "terminalId": 1, "amount": 1, "amount": 100}'
    )
    with pytest.raises(EntryError, match="two different"):
        read_entry(fields, PUSH)


def test_a_form_is_read_too() -> None:
    for body in (
        b"transaction_id=17&terminal_number=88091105&amount=1255&currency=EUR",
        b"payload=%7B%22transactionId%22%3A17%2C%22terminalId%22%3A88091105%7D",
    ):
        (fields,) = transactions_in(body, "application/x-www-form-urlencoded; charset=utf-8")
        assert read_entry(fields, PUSH).transaction_id == "17"


PANS = (
    PAN,
    "5500005555555559",
    "378282246310005",
    "4111 1111 1111 1111",
    f"{PAN}_2712",
    f"{PAN}=27121010",
)
ANYTHING = st.one_of(st.sampled_from(PANS), st.text(max_size=30), st.integers().map(str), st.none())
NAMES_OF_ALL = [
    *(one for names in NAMES.values() for one in names),
    "cardNumber",
    "cardExpiration",
    "name",
]


@given(st.dictionaries(st.sampled_from(NAMES_OF_ALL), ANYTHING, max_size=12), st.sampled_from(PANS))
def test_whatever_comes_no_card_number_is_kept(fields: dict[str, Any], pan: str) -> None:
    digits = "".join(one for one in pan if one.isdigit())[:15]
    for told_by in ("push", "history", "clearing"):
        reading = Reading(told_by, VIENNA)
        for more in ({}, {"terminalId": "88091105", "transactionId": ID}):
            said = _said(fields | more, reading)
            assert digits not in "".join(one for one in said if one.isalnum())


def _said(fields: dict[str, Any], reading: Reading) -> str:
    try:
        return read_entry(fields.items(), reading).model_dump_json()
    except EntryError as error:
        return str(error)
