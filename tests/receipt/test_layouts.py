"""Whole slips as they are printed, for people to look at: each width and language, in a printer's letters.

`UPDATE_SLIPS=1` writes them anew.
"""

from __future__ import annotations

import os
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.fakes import EUR, PLACE

from kiosk_tui.domain.identity import TransactionId
from kiosk_tui.domain.language import Language
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.money import Money
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.outcome import Answer
from kiosk_tui.domain.transaction import Order, Transaction
from kiosk_tui.receipt.code_pages import code_page
from kiosk_tui.receipt.lines import Large, Paper
from kiosk_tui.receipt.slip import COLUMNS, Copy, slip
from kiosk_tui.receipt.spelling import Spelling
from kiosk_tui.text.translations import NAMES

SLIPS = Path(__file__).parent / "slips"
AT = datetime(2026, 11, 23, 13, 1, 2, tzinfo=UTC)
SOLD = Transaction(
    id=TransactionId("20261123140102345"),
    order=Order(Operation.SALE_AND_TIP, Money(123_450, EUR), PLACE, tip=Money(12_345, EUR)),
    state=State.APPROVED,
    amount_sent=Money(123_450, EUR),
    created_at=AT,
    updated_at=AT,
    answer=Answer(
        "0",
        "APPROVED",
        fields={
            "merchant_name": "Café Łódź zur großen Straße am Museumsquartier, 北京烤鸭店",
            "merchant_address": "Museumsplatz 1\n1070 Wien",
            "credit_card_issuer_and_acquirer_company": "TECS;VISA",
            "receipt_footer": "PIN VERIFIED\nAID: A0000000031010\nAC: 0123456789ABCDEF\nSIGNATURE",
            "svc": "201",
            "serien_nr": "01",
            "card_number": "411111******1111",
            "authorization_number": "123456",
            "stan": "000007",
            "vu_number": "102003557",
        },
    ),
)


def _drawn(lines: list[str], columns: int) -> str:
    """Return lines between the edges of the paper; `#` stands before what is large, in half the columns."""
    drawn = []
    for line in lines:
        assert len(line) <= columns
        text = " ".join(line.half) if isinstance(line, Large) else line
        drawn.append(f"{'#' if isinstance(line, Large) else '|'}{text:<{columns}}|")
    return "\n".join((*drawn, ""))


@pytest.mark.parametrize("columns", COLUMNS)
@pytest.mark.parametrize("language", sorted(NAMES))
def test_a_slip_looks_as_it_did(
    columns: int, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    paper = Paper(columns, Spelling(code_page("cp858").has))
    one = replace(SOLD, order=replace(SOLD.order, language=Language(language)))
    copy = Copy.MERCHANT if language == "de" else Copy.CUSTOMER
    drawn = _drawn(slip(one, paper, copy=copy, duplicate=language == "fr"), columns)
    file = SLIPS / f"{language}-{columns}.txt"
    if os.environ.get("UPDATE_SLIPS"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(drawn, "utf-8")
    assert file.read_text("utf-8") == drawn
