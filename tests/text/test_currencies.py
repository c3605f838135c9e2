"""The table of currencies is ISO's own list, and nothing of what it was made from is loaded."""

from __future__ import annotations

import iso4217
import pytest
from support.tables import tables

from kiosk_tui.domain.money import Currency, MoneyError
from kiosk_tui.text.currencies import currency, numbered


def test_tables_are_what_their_libraries_say() -> None:
    for file, content in tables().items():
        assert file.read_text("utf-8") == content, "call scripts/tables"


@pytest.mark.parametrize("one", iso4217.Currency, ids=lambda one: one.value)
def test_each_currency_is_found_by_its_letters_and_its_number(one: iso4217.Currency) -> None:
    if one.exponent is None:
        with pytest.raises(MoneyError, match="no money that a customer can pay with"):
            currency(one.value)
    else:
        assert currency(one.value) == Currency(one.value, one.exponent)
        assert numbered(str(one.number)) == currency(one.value)
        assert numbered(f"{one.number:03}") == currency(one.value)


@pytest.mark.parametrize("code", ["eur", "EURO", "", "XYZ", "978"])
def test_what_is_none_is_refused(code: str) -> None:
    with pytest.raises(MoneyError, match="is not an ISO 4217 currency"):
        currency(code)


@pytest.mark.parametrize("number", ["000", "1", "EUR", ""])
def test_what_is_no_number_of_one_is_refused(number: str) -> None:
    with pytest.raises(MoneyError, match="is no number of an ISO 4217 currency"):
        numbered(number)
