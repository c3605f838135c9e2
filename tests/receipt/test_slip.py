"""The slip: what must be printed is on it, and no line is too long."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.fakes import EUR, PLACE
from support.virtual import START

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.money import Money
from kiosk_tui.domain.outcome import Answer
from kiosk_tui.domain.transaction import Operation, Order, Transaction
from kiosk_tui.receipt.slip import slip

SOLD = Transaction(
    id="20261123140102345",
    order=Order(Operation.SALE_AND_TIP, Money(1255, EUR), PLACE, tip=Money(100, EUR)),
    state=State.APPROVED,
    amount_sent=Money(1255, EUR),
    created_at=START,
    updated_at=START,
    answer=Answer(
        "0",
        fields={
            "merchant_name": "MUSEUM",
            "receipt_footer": "PIN VERIFIED\nAID: A0000000031010\nAC: 0123456789ABCDEF",
            "svc": "201",
            "serien_nr": "01",
            "card_number": "411111******1111",
            "authorization_number": "123456",
            "stan": "000007",
        },
    ),
)


@pytest.mark.parametrize("width", [32, 42, 48])
def test_what_must_be_printed_is_printed_at_every_width(width: int) -> None:
    lines = slip(SOLD, width)
    text = "\n".join(lines)
    for words in ("PIN VERIFIED", "AID: A0000000031010", "201", "01", "411111******1111", "123456"):
        assert words in text
    for words in ("12.55 EUR", "1.00 EUR", "13.55 EUR", "APPROVED", "140 102 345"):
        assert words in text
    assert max(map(len, lines)) <= width


@pytest.mark.parametrize("state", [one for one in State if one is not State.APPROVED])
def test_a_slip_never_says_approved_when_it_is_not(state: State) -> None:
    assert "APPROVED" not in "\n".join(slip(replace(SOLD, state=state)))
