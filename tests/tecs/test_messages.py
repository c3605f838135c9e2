"""Requests: every row of the protocol's table, and no field beyond its limit."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.money import MAX_MINOR, Currency, Money
from kiosk_tui.domain.transaction import (
    Exchange,
    ExchangeKind,
    Operation,
    Order,
    Original,
    Place,
    Transaction,
)
from kiosk_tui.payment.ports import OrderError
from kiosk_tui.tecs import messages
from kiosk_tui.tecs.messages import Dialect

EUR = Currency("EUR", 2)
HERE, THERE = Place("88091105", "1"), Place("11460019", "2")
NOW = datetime(2026, 11, 23, 14, 1, 2, tzinfo=UTC)
VIENNA = Dialect(ZoneInfo("Europe/Vienna"), place="1010 Vienna", receipt_layout="1")
ORIGINAL = Original("20261101120000123", THERE)
EXCHANGE = Exchange("20261123140102345", "20261123140102345", ExchangeKind.PAYMENT, HERE, NOW)


def _order(operation: Operation, **more: object) -> Order:
    base = Order(operation, Money(1255, EUR), HERE, original=ORIGINAL)
    return replace(base, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("operation", "message_type", "identifier", "indicator", "card_number"),
    [
        (Operation.SALE, "0001", "1", "0", ""),
        (Operation.SALE_AND_TIP, "0907", "1", "0", ""),
        (Operation.MOTO, "0001", "2", "2", "REF123"),
        (Operation.PREAUTHORIZATION, "0001", "5", "0", ""),
        (Operation.COMPLETION, "0013", "4", "2", "TXID00020261101120000123"),
        (Operation.CANCELLATION, "0013", "2", "2", None),
        (Operation.REFUND, "0011", "1", "0", ""),
        (
            Operation.REFERENCED_REFUND,
            "0011",
            "2",
            "2",
            "TXID00020261101120000123_02_11460019",
        ),
        (Operation.BALANCE, "0001", "7", "0", ""),
    ],
)
def test_each_operation_has_its_row_of_the_table(
    operation: Operation, message_type: str, identifier: str, indicator: str, card_number: str
) -> None:
    order = _order(operation, card_reference="REF123", tip=Money(100, EUR))
    fields = messages.payment(order, EXCHANGE, VIENNA)
    assert fields["message_type"] == message_type
    assert fields["transaction_origin_identifier"] == identifier
    assert fields["transaction_origin_indicator"] == indicator
    if card_number is not None:
        assert fields["card_number"] == card_number
    assert tuple(fields) == messages.FIELDS
    assert all(isinstance(value, str) for value in fields.values())


def test_abort_and_status_are_messages_of_their_own() -> None:
    for build, message_type in ((messages.abort, "0017"), (messages.status, "9043")):
        fields = build(EXCHANGE, VIENNA)
        assert fields["message_type"] == message_type
        assert (fields["amount"], fields["card_number"]) == ("", "")
        assert fields["transaction_id"] == EXCHANGE.id


def test_a_completion_and_a_cancellation_differ_only_in_the_identifier() -> None:
    completion = messages.payment(_order(Operation.COMPLETION), EXCHANGE, VIENNA)
    origin = replace(EXCHANGE, place=THERE)
    done = Transaction(
        ORIGINAL.transaction_id,
        replace(_order(Operation.PREAUTHORIZATION), place=THERE, original=None),
        State.CANCEL_DUE,
        Money(1255, EUR),
        NOW,
        NOW,
    )
    cancellation = messages.cancellation(done, origin, VIENNA)
    different = {name for name in messages.FIELDS if completion[name] != cancellation[name]}
    assert different == {"transaction_origin_identifier"}


def test_a_cancellation_repeats_the_original_whatever_is_configured_today() -> None:
    order = Order(Operation.SALE_AND_TIP, Money(1255, EUR), THERE, tip=Money(100, EUR))
    lost = Transaction("20261101120000123", order, State.CANCEL_DUE, Money(1355, EUR), NOW, NOW)
    fields = messages.cancellation(lost, replace(EXCHANGE, place=THERE), VIENNA)
    assert fields["amount"] == "1355"
    assert fields["currency"] == "EUR"
    assert fields["terminal_number"] == "11460019"
    assert fields["transaction_source_id"] == "2"
    assert fields["card_number"] == "TXID00020261101120000123"


def test_another_terminals_transaction_is_cancelled_by_its_long_reference() -> None:
    order = Order(Operation.CANCELLATION, Money(900, EUR), HERE, original=ORIGINAL)
    asked = Transaction("20261123140102999", order, State.CANCEL_DUE, Money(900, EUR), NOW, NOW)
    fields = messages.cancellation(asked, EXCHANGE, VIENNA)
    assert fields["card_number"] == "TXID00020261101120000123_02_11460019"
    assert fields["terminal_number"] == "11460019"


def test_the_tip_goes_into_ecr_data_and_into_the_amount_only_where_configured() -> None:
    order = _order(Operation.SALE_AND_TIP, tip=Money(145, EUR))
    apart = messages.payment(order, EXCHANGE, VIENNA)
    assert (apart["amount"], apart["ecr_data"]) == ("1255", "TIP=145;")
    together = messages.payment(order, EXCHANGE, replace(VIENNA, tip_in_amount=True))
    assert (together["amount"], together["ecr_data"]) == ("1400", "TIP=145;")


def test_the_time_is_the_registers_local_time() -> None:
    assert messages.payment(_order(Operation.SALE), EXCHANGE, VIENNA)["transaction_date_time"] == (
        "20261123150102"
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"place": Place("8809110", "1")}, "8 digits"),
        ({"place": Place("88091105", "123")}, "one or two digits"),
        ({"amount": Money(0, EUR)}, "zero"),
        ({"language": "deutsch"}, "two letters"),
        ({"personal_id": "x" * 51}, "personal_id has 51"),
        ({"receipt_number": "x" * 21}, "receipt_number has 21"),
        ({"receipt_number": "a\nb"}, "cannot be printed"),
        ({"original": Original("12a", THERE)}, "not a transaction id"),
        ({"original": Original("1" * 21, THERE)}, "up to 20 digits"),
        ({"original": Original("1", Place("x", "1"))}, "original: Terminal number 'x'"),
        ({"original": Original("1", Place("11460019", "123"))}, "original: Source id '123'"),
    ],
)
def test_what_breaks_a_limit_is_told_before_anything_is_written(
    change: dict[str, object], words: str
) -> None:
    with pytest.raises(OrderError, match=words):
        messages.check(_order(Operation.SALE, **change), VIENNA)


def test_operations_that_refer_to_another_need_its_reference() -> None:
    for operation in (Operation.COMPLETION, Operation.REFERENCED_REFUND, Operation.CANCELLATION):
        with pytest.raises(OrderError, match="reference"):
            messages.check(_order(operation, original=None), VIENNA)


def test_a_sale_with_a_tip_needs_one() -> None:
    with pytest.raises(OrderError, match="needs a tip"):
        messages.check(_order(Operation.SALE_AND_TIP), VIENNA)


@pytest.mark.parametrize(
    "reference", ["", "x" * 41, "REFä", "4111 1111 1111 1111", "4111111111111111_2712"]
)
def test_a_moto_sale_takes_a_reference_and_never_a_card_number(reference: str) -> None:
    with pytest.raises(OrderError):
        messages.check(_order(Operation.MOTO, card_reference=reference), VIENNA)


texts = st.text(max_size=80)
monies = st.builds(Money, st.integers(0, MAX_MINOR), st.just(EUR))


@given(
    st.builds(
        Order,
        operation=st.sampled_from(Operation),
        amount=monies,
        place=st.builds(Place, texts | st.just("88091105"), texts | st.just("1")),
        tip=st.none() | monies,
        original=st.none() | st.just(ORIGINAL) | st.builds(Original, texts, st.just(THERE)),
        card_reference=texts,
        language=st.just("de") | texts,
        reason=texts,
        receipt_number=texts,
        personal_id=texts,
    )
)
def test_whatever_passes_the_check_keeps_every_limit_of_the_protocol(order: Order) -> None:
    try:
        messages.check(order, VIENNA)
    except OrderError:
        return
    sent = replace(EXCHANGE, place=order.place)
    fields = json.loads(messages.encode(messages.payment(order, sent, VIENNA)))
    limits = {
        "amount": 11,
        "card_number": 40,
        "ecr_data": 250,
        "language": 2,
        "payment_reason": 39,
        "personal_id": 50,
        "receipt_layout": 2,
        "receipt_number": 20,
        "terminal_number": 8,
        "transaction_date_time": 14,
        "transaction_id": 20,
        "transaction_place": 13,
        "transaction_source_id": 2,
    }
    for name, most in limits.items():
        assert len(fields[name]) <= most, name
    assert len(fields["payment_reason"].encode()) <= 39
    assert fields["amount"].isdigit()


@given(st.text())
def test_a_reason_is_cut_at_a_character(text: str) -> None:
    cut = messages.cut(text)
    assert len(cut.encode()) <= 39
    assert cut.isprintable()


def test_a_reason_from_broken_arguments_is_still_text() -> None:
    assert messages.cut("a\udcffb") == "a?b"
