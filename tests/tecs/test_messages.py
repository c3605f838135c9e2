"""Requests: every row of the protocol's table, and no field beyond its limit."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_tui.domain.identity import Original, Place, TransactionId
from kiosk_tui.domain.language import Language
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.money import MAX_MINOR, Currency, Money
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.transaction import Exchange, ExchangeKind, Order, OrderError, Transaction
from kiosk_tui.tecs import messages
from kiosk_tui.tecs.messages import Dialect

EUR = Currency("EUR", 2)
HERE, THERE = Place("88091105", "1"), Place("11460019", "2")
NOW = datetime(2026, 11, 23, 14, 1, 2, tzinfo=UTC)
VIENNA = Dialect(ZoneInfo("Europe/Vienna"), currency="EUR", place="1010 Vienna", receipt_layout="1")
ORIGINAL = Original(TransactionId("20261101120000123"), THERE)
ID = TransactionId("20261123140102345")
EXCHANGE = Exchange(ID, ID, ExchangeKind.PAYMENT, HERE, NOW)


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
        (Operation.GRATUITY, "0009", "2", "2", "TXID00020261101120000123"),
    ],
)
def test_each_operation_has_its_row_of_the_table(
    operation: Operation, message_type: str, identifier: str, indicator: str, card_number: str
) -> None:
    order = _order(operation, card_reference="REF123", tip=Money(100, EUR))
    fields = dict(messages.payment(order, EXCHANGE, VIENNA))
    assert fields["message_type"] == message_type
    assert fields["transaction_origin_identifier"] == identifier
    assert fields["transaction_origin_indicator"] == indicator
    if card_number is not None:
        assert fields["card_number"] == card_number
    assert tuple(fields) == tuple(MOST)
    assert all(isinstance(value, str) for value in fields.values())


def test_an_abort_names_the_amount_of_the_payment_that_it_stops() -> None:
    running = Transaction(
        EXCHANGE.id, _order(Operation.SALE), State.AUTHORIZING, Money(1355, EUR), NOW, NOW
    )
    built = messages.abort(running, EXCHANGE, replace(VIENNA, currency="CHF"))
    assert built.message_type == "0017"
    assert (built.amount, built.card_number) == ("1355", "")
    assert (built.currency, built.desired_currency) == ("EUR", "EUR")
    assert built.transaction_id == EXCHANGE.id


def test_a_status_query_is_about_no_money_in_the_terminals_currency() -> None:
    built = messages.status(EXCHANGE, replace(VIENNA, currency="CHF"))
    assert built.message_type == "9043"
    assert (built.amount, built.card_number) == ("0", "")
    assert (built.currency, built.desired_currency) == ("CHF", "CHF")
    assert built.transaction_id == EXCHANGE.id


def test_a_completion_and_a_cancellation_differ_only_in_the_identifier() -> None:
    texts = {"reason": "Room 12", "receipt_number": "7"}
    completion = dict(messages.payment(_order(Operation.COMPLETION, **texts), EXCHANGE, VIENNA))
    origin = replace(EXCHANGE, place=THERE)
    done = Transaction(
        ORIGINAL.transaction_id,
        _order(Operation.PREAUTHORIZATION, place=THERE, original=None, **texts),
        State.CANCEL_DUE,
        Money(1255, EUR),
        NOW,
        NOW,
    )
    cancellation = dict(messages.cancellation(done, origin, VIENNA))
    different = {name for name in MOST if completion[name] != cancellation[name]}
    assert different == {"transaction_origin_identifier"}


def test_a_cancellation_repeats_the_original_whatever_is_configured_today() -> None:
    order = Order(
        Operation.SALE_AND_TIP,
        Money(1255, EUR),
        THERE,
        tip=Money(100, EUR),
        reason="Room 12",
        receipt_number="7",
    )
    lost = Transaction(
        TransactionId("20261101120000123"), order, State.CANCEL_DUE, Money(1355, EUR), NOW, NOW
    )
    today = replace(VIENNA, currency="CHF")
    built = messages.cancellation(lost, replace(EXCHANGE, place=THERE), today)
    assert built.amount == "1355"
    assert (built.currency, built.desired_currency) == ("EUR", "EUR")
    assert (built.payment_reason, built.receipt_number) == ("Room 12", "7")
    assert built.terminal_number == "11460019"
    assert built.transaction_source_id == "2"
    assert built.card_number == "TXID00020261101120000123"


def test_another_terminals_transaction_is_cancelled_by_its_long_reference() -> None:
    order = Order(
        Operation.CANCELLATION,
        Money(900, EUR),
        HERE,
        original=ORIGINAL,
        reason="Wrong table",
        receipt_number="8",
    )
    asked = Transaction(
        TransactionId("20261123140102999"), order, State.CANCEL_DUE, Money(900, EUR), NOW, NOW
    )
    built = messages.cancellation(asked, EXCHANGE, VIENNA)
    assert built.card_number == "TXID00020261101120000123_02_11460019"
    assert built.terminal_number == "11460019"
    assert (built.payment_reason, built.receipt_number) == ("Wrong table", "8")


def test_an_original_is_referred_to_in_the_spelling_that_it_was_sent_with() -> None:
    padded = Original(ORIGINAL.transaction_id, Place("11460019", "02"))
    completion = messages.payment(_order(Operation.COMPLETION, original=padded), EXCHANGE, VIENNA)
    assert completion.transaction_source_id == "02"
    order = Order(Operation.SALE, Money(1255, EUR), Place("88091105", "01"))
    lost = Transaction(EXCHANGE.id, order, State.CANCEL_DUE, Money(1255, EUR), NOW, NOW)
    cancellation = messages.cancellation(lost, EXCHANGE, VIENNA)
    assert cancellation.transaction_source_id == "01"
    assert cancellation.card_number == "TXID00020261123140102345"


def test_an_old_order_that_no_rule_of_today_takes_is_cancelled_word_for_word() -> None:
    order = Order(
        Operation.SALE,
        Money(1255, EUR),
        Place("old-1", "123"),
        language=Language.stored("deutsch"),
        reason="x" * 39,
        receipt_number="receipt\n4111 1111 1111 1111 " + "9" * 30,
    )
    with pytest.raises(OrderError):
        messages.check(order, VIENNA)
    lost = Transaction(
        TransactionId.stored("id-12a"), order, State.CANCEL_DUE, Money(1255, EUR), NOW, NOW
    )
    exchange = replace(EXCHANGE, place=order.place)
    sent = json.loads(messages.encode(messages.cancellation(lost, exchange, VIENNA)))
    assert sent["card_number"] == "TXID00000000000000id-12a"
    assert (sent["terminal_number"], sent["transaction_source_id"]) == ("old-1", "123")
    assert (sent["language"], sent["payment_reason"]) == ("deutsch", "x" * 39)
    assert sent["receipt_number"] == order.receipt_number
    for late in (messages.abort(lost, exchange, VIENNA), messages.status(exchange, VIENNA)):
        assert json.loads(messages.encode(late))["terminal_number"] == "old-1"


def test_the_tip_goes_into_ecr_data_and_into_the_amount_only_where_configured() -> None:
    order = _order(Operation.SALE_AND_TIP, tip=Money(145, EUR))
    apart = messages.payment(order, EXCHANGE, VIENNA)
    assert (apart.amount, apart.ecr_data) == ("1255", "TIP=145;")
    together = messages.payment(order, EXCHANGE, replace(VIENNA, tip_in_amount=True))
    assert (together.amount, together.ecr_data) == ("1400", "TIP=145;")


def test_the_time_is_the_registers_local_time() -> None:
    built = messages.payment(_order(Operation.SALE), EXCHANGE, VIENNA)
    assert built.transaction_date_time == "20261123150102"


@pytest.mark.parametrize(
    "change",
    [
        {"receipt_number": "4111 1111 1111 1111 x"},
        {"personal_id": "4111111111111111\n"},
        {"place": Place("4111111111111111", "1")},
        {"original": Original(TransactionId.stored("4111111111111111x"), THERE)},
        {"original": Original(TransactionId("1"), Place("4111111111111111", "1"))},
        {"language": "4111111111111111"},
        {"operation": Operation.MOTO, "card_reference": "4111111111111111"},
        {"operation": Operation.MOTO, "card_reference": "REF4111111111111111_" + "1" * 40},
    ],
)
def test_what_is_refused_is_not_repeated(change: dict[str, object]) -> None:
    with pytest.raises(OrderError) as refused:
        messages.check(replace(_order(Operation.SALE), **change), VIENNA)  # type: ignore[arg-type]
    assert "4111111" not in str(refused.value).replace(" ", "")
    assert str(refused.value).endswith(".")


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
        ({"original": Original(TransactionId.stored("12a"), THERE)}, "not a transaction id"),
        ({"original": Original(TransactionId.stored("1" * 21), THERE)}, "up to 20 digits"),
        (
            {"original": Original(TransactionId("1"), Place("x", "1"))},
            "original: Terminal number 'x'",
        ),
        (
            {"original": Original(TransactionId("1"), Place("11460019", "123"))},
            "original: Source id '123'",
        ),
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


MOST = {
    "amount": 11,
    "authorization_number": 9,
    "card_number": 40,
    "currency": 3,
    "cvc2": 4,
    "desired_currency": 3,
    "ecr_data": 250,
    "language": 2,
    "message_type": 4,
    "password": 8,
    "payment_reason": 39,
    "payment_reasonAsByte": 0,
    "personal_id": 50,
    "receipt_layout": 2,
    "receipt_number": 20,
    "terminal_number": 8,
    "transaction_date_time": 14,
    "transaction_id": 20,
    "transaction_origin_identifier": 1,
    "transaction_origin_indicator": 1,
    "transaction_place": 13,
    "transaction_source_id": 2,
}
"""What fits into each field, by TECS's definition, written down a second time."""

anything = st.builds(str.__mul__, st.text(st.characters(), max_size=9), st.integers(0, 12))
"""Every character there is, halves of pairs as well; often longer than any field."""

ordinary = st.builds(
    Order,
    operation=st.sampled_from(Operation),
    amount=st.builds(Money, st.integers(1, MAX_MINOR // 2), st.just(EUR)),
    place=st.sampled_from([HERE, THERE]),
    tip=st.builds(Money, st.integers(1, MAX_MINOR // 2), st.just(EUR)),
    original=st.builds(
        Original, st.from_regex(r"[1-9][0-9]{0,19}", fullmatch=True), st.sampled_from([HERE, THERE])
    ),
    card_reference=st.from_regex(r"REF[A-Za-z0-9]{1,37}", fullmatch=True),
    language=st.from_regex(r"[a-z]{2}", fullmatch=True),
    reason=anything,
    receipt_number=st.text(max_size=20).filter(str.isprintable),
    personal_id=st.text(max_size=50).filter(str.isprintable),
)
"""Orders that the register has to take, whatever the reason says."""

strange = st.fixed_dictionaries(
    {},
    optional={
        "amount": st.builds(Money, st.integers(0, MAX_MINOR), st.just(EUR)),
        "place": st.builds(Place, anything, anything),
        "tip": st.none() | st.builds(Money, st.integers(0, MAX_MINOR), st.just(EUR)),
        "original": st.none() | st.builds(Original, anything, st.builds(Place, anything, anything)),
        "card_reference": anything,
        "language": anything,
        "receipt_number": anything,
        "personal_id": anything,
    },
).filter(lambda changes: len(changes) <= 2)


def requests(order: Order, dialect: Dialect) -> list[dict[str, str]]:
    """Build all that can be asked about an order, as it leaves."""
    exchange = replace(EXCHANGE, place=order.place)
    sent = Money(messages.amount_sent(order, dialect), EUR)
    begun = Transaction(EXCHANGE.id, order, State.CANCEL_DUE, sent, NOW, NOW)
    built = [
        messages.payment(order, exchange, dialect),
        messages.cancellation(begun, exchange, dialect),
        messages.abort(begun, exchange, dialect),
        messages.status(exchange, dialect),
    ]
    return [json.loads(messages.encode(fields)) for fields in built]


def keeps_every_limit(fields: dict[str, str]) -> None:
    assert fields.keys() == MOST.keys()
    for name, value in fields.items():
        assert len(value) <= MOST[name], name
        assert value.isprintable(), name
    assert len(fields["payment_reason"].encode()) <= 39
    assert len(fields["terminal_number"]) == 8
    for name in ("message_type", "transaction_id", "transaction_date_time"):
        assert fields[name].isdigit(), name
    assert fields["amount"].isdigit()
    assert fields["currency"] == fields["desired_currency"] == "EUR"


@given(order=ordinary, together=st.booleans())
def test_every_request_keeps_every_limit_of_the_protocol(order: Order, *, together: bool) -> None:
    dialect = replace(VIENNA, tip_in_amount=together)
    messages.check(order, dialect)
    for fields in requests(order, dialect):
        keeps_every_limit(fields)


@given(ordinary, strange, anything | st.just(""), anything | st.just(""))
def test_whatever_passes_the_check_keeps_every_limit_of_the_protocol(
    order: Order, changes: dict[str, Any], place: str, layout: str
) -> None:
    order = replace(order, **changes)
    dialect = replace(VIENNA, place=place, receipt_layout=layout)
    try:
        messages.check(order, dialect)
    except OrderError:
        return
    for fields in requests(order, dialect):
        keeps_every_limit(fields)


@given(st.text())
def test_a_reason_is_cut_at_a_character(text: str) -> None:
    cut = messages.cut(text)
    assert len(cut.encode()) <= 39
    assert cut.isprintable()


def test_a_reason_from_broken_arguments_is_still_text() -> None:
    assert messages.cut("a\udcffb") == "a?b"
