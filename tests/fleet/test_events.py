"""What leaves a kiosk: the facts on the list, whatever else its journal holds."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.fakes import EUR, order
from support.office_line import FakeOffice, talking
from support.shipping import Shop, shipper
from support.virtual import START, virtual_time

from kiosk_tui.domain.identity import CallerReference, Original, Place, TransactionId
from kiosk_tui.domain.lifecycle import Event, State
from kiosk_tui.domain.money import MAX_MINOR, Money
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.outcome import Answer
from kiosk_tui.domain.transaction import Exchange, ExchangeKind, Order, Transaction
from kiosk_tui.fleet.events import journal_event
from kiosk_tui.journal.outbox_reader import ToldEvent
from kiosk_tui.journal.reader import LoggedEvent

CARDS = (
    "4111111111111111",
    "5413330089604111",
    "378282246310005",
    "6759649826438453",
    "4111 1111 1111 1111",
    "4111-1111-1111-1111",
    "411111******1111",
    "541333XXXXXX4111",
    "4111111111111111_2712",
    "4111111111111111=27121011000",
    "REFabc_2712_1111_411111",
    "٤١١١١١١١١١١١١١١١",
)
PEOPLE = ("Maxima Mustermann", "maxima@beispiel.org", "M. Mustermann hat angerufen", "Zimmer 12")
TEXTS = (*CARDS, *PEOPLE)
FIELDS = (
    *("authorization_number", "balance_amount", "bonus_point", "card_number", "ecr_data", "ex_fee"),
    *(
        "credit_card_issuer_and_acquirer_company",
        "exchange_rate",
        "foreign_tx_amount",
        "operator_id",
    ),
    *("merchant_address", "merchant_name", "orig_stan", "orig_tx_id", "receipt_footer", "stan"),
    *("receipt_header", "response_text", "serien_nr", "svc", "transaction_date_time", "vu_number"),
    *("customer_receipt", "merchant_receipt", "expiry", "cvc2", "anything_new"),
)


def _full_of(text: str, *, as_brand: str = "") -> Answer:
    fields = dict.fromkeys(FIELDS, text)
    fields["credit_card_issuer_and_acquirer_company"] = as_brand or text
    return Answer(text, text, 200, text, fields)


def _order(text: str, number: int) -> Order:
    whole = re.fullmatch(r"[0-9 =_-]+", text)
    digits = re.sub(r"\D", "", text, flags=re.ASCII) if whole else ""
    original = Original(TransactionId(digits[:20] or "7"), Place("88091105", "1"))
    return replace(
        order(operation=Operation.REFERENCED_REFUND),
        original=original,
        reason=text,
        receipt_number=text,
        personal_id=text,
        caller_reference=CallerReference(f"{text} {number}"),
    )


@pytest.mark.parametrize("as_brand", ["", "Acquirer;{}", "{};VISA", "{}"])
@virtual_time
async def test_no_card_number_and_no_word_of_a_person_leaves(tmp_path: Path, as_brand: str) -> None:
    shop, office = Shop(tmp_path), FakeOffice()
    ids = []
    for number, text in enumerate(TEXTS):
        at = START + timedelta(minutes=number)
        begun, exchange = shop.store.begin(_order(text, number), 1255, at, text)
        ids.append(begun.id)
        # brands of letters only are let through: a person's name there is none of TECS's
        brand = as_brand.format(text) if text in CARDS else ""
        answer = _full_of(text, as_brand=brand or "12;34")
        after, _ = begun.after(Event.OUTCOME_UNKNOWN, at)
        closed = replace(
            exchange, answered_at=at, verdict="outcome_unknown", why=text, answer=answer
        )
        shop.store.record(
            begun.state, replace(after, why=text, answer=answer), Event.OUTCOME_UNKNOWN, closed
        )
        cancelling = shop.store.open_exchange(
            ExchangeKind.CANCELLATION, begun.order.place, begun.id, at
        )
        ids.append(cancelling.id)
        refused, _ = after.after(Event.CANCEL_REFUSED, at)
        closed = replace(cancelling, answered_at=at, verdict="refused", why=text, answer=answer)
        shop.store.record(after.state, replace(refused, why=text), Event.CANCEL_REFUSED, closed)
        settled, _ = refused.after(Event.SETTLED_BY_STAFF, at)
        shop.store.record(refused.state, replace(settled, note=text), Event.SETTLED_BY_STAFF)
    async with talking(office, tmp_path) as line:
        assert await shipper(shop, line).settle() is None
    assert len(office.events) == 4 * len(TEXTS)
    left = b"".join(office.heard).decode("utf-8")
    for text in TEXTS:
        assert text not in left
        for word in re.findall(r"[^\W\d_]{5,}", text):
            assert word not in left
    # no number as long as a card's but the transactions' own ids; a journal's identity is drawn by lot
    numbers = re.sub(r'"epoch":"[0-9a-f]{16}"', "", left)
    assert set(re.findall(r"[0-9]{12,}", numbers)) <= set(ids)
    for masked in re.findall(r"[0-9]{6}[^0-9]{1,6}[0-9]{4}\b", left):
        assert not masked.startswith(("411111", "541333"))


ANSWERS = st.builds(
    Answer,
    response_code=st.text(max_size=50),
    response_text=st.text(max_size=50),
    fields=st.dictionaries(st.sampled_from(FIELDS), st.text(max_size=60), max_size=6),
)
PLACES = st.builds(Place, st.text(max_size=12), st.text(max_size=4))


@given(
    answer=st.none() | ANSWERS,
    place=PLACES,
    original=st.none()
    | st.builds(Original, st.text(max_size=25).map(TransactionId.stored), PLACES),
    verdict=st.text(max_size=60),
    event=st.text(max_size=60),
)
def test_no_value_keeps_an_event_from_being_told(
    answer: Answer | None,
    place: Place,
    original: Original | None,
    verdict: str,
    event: str,
) -> None:
    number = TransactionId("20261123140000000")
    amount = Money(MAX_MINOR, EUR)
    asked = Order(Operation.SALE_AND_TIP, amount, place, tip=amount, original=original)
    one = Transaction(number, asked, State.APPROVED, amount, START, START, answer=answer)
    exchange = Exchange(
        number, number, ExchangeKind.PAYMENT, place, START, START, verdict, "", answer
    )
    logged = LoggedEvent(2, number, START.replace(tzinfo=None), event, None, event, None, "")
    told = journal_event(7, ToldEvent(logged, one, exchange))
    assert (told.seq, told.transaction_id, told.number) == (7, number, 2)
    assert journal_event(8, ToldEvent(logged, one, exchange)).fingerprint() == told.fingerprint()


@pytest.mark.parametrize(
    ("company", "brand"),
    [
        ("Card Complete;VISA", "VISA"),
        ("HOBEX;American Express", "American Express"),
        ("A;V PAY", "V PAY"),
        ("Maestro", "Maestro"),
        ("A;", ""),
        ("", ""),
        ("A;VISA 4111", ""),
        ("A;4111111111111111", ""),
        ("VISA;411111******1111", ""),
        ("A;one two three four five words", ""),
        ("A;" + "x" * 25, ""),
    ],
)
def test_of_acquirer_and_brand_a_brand_is_told(company: str, brand: str) -> None:
    number = TransactionId("20261123140000000")
    asked = order()
    answer = Answer("0", fields={"credit_card_issuer_and_acquirer_company": company})
    one = Transaction(number, asked, State.APPROVED, asked.amount, START, START)
    closed = Exchange(
        number, number, ExchangeKind.PAYMENT, asked.place, START, START, "approved", "", answer
    )
    logged = LoggedEvent(2, number, START, "APPROVED", "AUTHORIZING", "APPROVED", number, "")
    assert journal_event(1, ToldEvent(logged, one, closed)).brand == brand


def test_the_tip_of_the_answer_is_told() -> None:
    number = TransactionId("20261123140000000")
    asked = order(1000)
    answer = Answer("A1", fields={"ecr_data": "TIP=150;", "stan": "000123"})
    one = Transaction(number, asked, State.APPROVED, Money(1000, EUR), START, START, answer=answer)
    closed = Exchange(
        number, number, ExchangeKind.PAYMENT, asked.place, START, START, "approved", "", answer
    )
    logged = LoggedEvent(2, number, START, "APPROVED", "AUTHORIZING", "APPROVED", number, "")
    told = journal_event(1, ToldEvent(logged, one, closed))
    assert (told.minor, told.tip_minor, told.sent_minor) == (1150, 150, 1000)
    assert (told.response_code, told.stan, told.exchange) == ("A1", "000123", "payment")
