"""A payment that the terminal converted: told as TECS tells it, and only when something was."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from support.fakes import transaction

from kiosk_tui.domain.conversion import Conversion, conversion
from kiosk_tui.domain.money import Currency, Money
from kiosk_tui.domain.outcome import Answer
from kiosk_tui.domain.transaction import Transaction

AMOUNT, NOW = Money(1255, Currency("EUR", 2)), datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


def _answered(**fields: str) -> Transaction:
    return transaction(answer=Answer("0", fields=fields))


def test_amount_rate_and_fee_are_told_as_they_came() -> None:
    one = _answered(foreign_tx_amount=" USD 13,57", exchange_rate="1,0812", ex_fee="3,00 %")
    assert conversion(one) == Conversion("USD 13,57", "1,0812", "3,00 %")


def test_a_part_of_it_is_told_too() -> None:
    assert conversion(_answered(foreign_tx_amount="1357")) == Conversion("1357", "", "")
    assert conversion(_answered(exchange_rate="0,9")) == Conversion("", "0,9", "")


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"foreign_tx_amount": "0", "exchange_rate": "0,0000", "ex_fee": "0"},
        {"foreign_tx_amount": "", "exchange_rate": " ", "ex_fee": "0,00 %"},
        {"foreign_tx_amount": "EUR 0,00"},
        {"ex_fee": "3,00 %"},
    ],
)
def test_zeros_and_blanks_are_no_conversion(fields: dict[str, str]) -> None:
    assert conversion(_answered(**fields)) is None
