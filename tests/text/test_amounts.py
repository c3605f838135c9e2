"""Amounts: ISO's decimals, a locale's way, a console's characters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_tui.domain.money import MAX_MINOR, Money, MoneyError, Total
from kiosk_tui.text.amounts import (
    check_locale,
    format_amount,
    format_number,
    parse_amount,
    read_pasted,
)
from kiosk_tui.text.conventions import LocaleError
from kiosk_tui.text.currencies import currency

LOCALES = ["en", "en_GB", "de", "de_AT", "de_CH", "fr", "fr_CH", "it", "es", "nl", "pl", "cs", "hi"]


@pytest.mark.parametrize(
    ("code", "exponent"),
    [
        ("EUR", 2),
        ("JPY", 0),
        ("KWD", 3),
        ("CLF", 4),
        ("UYW", 4),
        # CLDR shows these otherwise; ISO decides
        ("HUF", 2),
        ("ISK", 0),
        ("IQD", 3),
        ("LBP", 2),
        ("UYI", 0),
    ],
)
def test_the_exponent_is_isos(code: str, exponent: int) -> None:
    assert currency(code).exponent == exponent


@pytest.mark.parametrize("code", ["EURO", "XXX", "XAU", "eur", "", "ABC"])
def test_what_is_no_currency_to_pay_with_is_told(code: str) -> None:
    with pytest.raises(MoneyError, match="EUR"):
        currency(code)


@pytest.mark.parametrize(
    ("minor", "code", "locale", "text"),
    [
        (123450, "EUR", "de", "1.234,50 €"),
        (123450, "EUR", "en", "€1,234.50"),
        (123450, "EUR", "de_AT", "€ 1.234,50".replace("€ ", "€")),
        (123450, "CHF", "de_CH", "CHF 1'234.50"),
        (500, "JPY", "en", "JPY 500"),
        (1250, "KWD", "en", "KWD 1.250"),
        (100000, "HUF", "fr", "1 000,00 HUF"),
        (999, "GBP", "en_GB", "£9.99"),
    ],
)
def test_amounts_are_written_as_the_locale_does(
    minor: int, code: str, locale: str, text: str
) -> None:
    assert format_amount(Money(minor, currency(code)), locale) == text


@given(
    st.integers(0, MAX_MINOR),
    st.sampled_from(["EUR", "JPY", "KWD", "CLF", "CHF", "HUF"]),
    st.sampled_from(LOCALES),
)
def test_what_is_written_is_read_back_and_every_console_can_show_it(
    minor: int, code: str, locale: str
) -> None:
    money = Money(minor, currency(code))
    assert parse_amount(format_number(money, locale), money.currency, locale) == money
    assert all(one.isascii() or one in "€£" for one in format_amount(money, locale))


@pytest.mark.parametrize("text", ["", "12.50", "1,5,5", "12,555", "abc", "-1", "1.23,50"])
def test_an_amount_in_another_countrys_way_is_not_guessed(text: str) -> None:
    with pytest.raises(MoneyError, match="12,55"):
        parse_amount(text, currency("EUR"), "de")


def test_a_locale_that_does_not_exist_is_told() -> None:
    for name in ("xx_XX", "", "klingon", "../../etc"):
        with pytest.raises(LocaleError):
            check_locale(name)


def test_a_total_is_written_whole_and_its_sign_stands_in_front() -> None:
    euro, krone = currency("EUR"), currency("SEK")
    assert format_amount(Total(120_000_000_000, euro), "en") == "€1,200,000,000.00"
    assert format_amount(Total(120_000_000_000, euro), "de") == "1.200.000.000,00 €"
    assert format_amount(Total(-305, euro), "en") == "-€3.05"
    assert format_amount(Total(-305, euro), "de") == "-3,05 €"
    assert format_amount(Total(-305, krone), "en") == "-SEK 3.05"
    assert format_number(Total(-123_456, krone), "sv") == "-1 234,56"


@pytest.mark.parametrize(
    ("text", "code", "minor"),
    [
        *(("12,55", "EUR", 1255), ("12.55", "EUR", 1255), ("\u20ac 12,55", "EUR", 1255)),
        *(("1.234,50", "EUR", 123_450), ("1,234.50", "EUR", 123_450), ("1234,50", "EUR", 123_450)),
        *(("1 234,50 \u20ac", "EUR", 123_450), ("1\u202f234,50 EUR", "EUR", 123_450)),
        *(("1'234.50", "CHF", 123_450), ("CHF 1\u2019234.50", "CHF", 123_450)),
        *(("\u200e12,5\n", "EUR", 1250), ("0,00", "EUR", 0), ("eur12.55", "EUR", 1255)),
        *(("1.234", "JPY", 1234), ("1,234", "JPY", 1234), ("1234", "JPY", 1234)),
        *(("1.234,567", "KWD", 1_234_567), ("12.55", "KWD", 12_550), ("$12.55", "USD", 1255)),
    ],
)
def test_a_pasted_amount_is_read_however_its_country_writes_it(
    text: str, code: str, minor: int
) -> None:
    assert read_pasted(text, currency(code), "de_AT") == Money(minor, currency(code))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *(("1.234", "EUR"), ("1,234", "EUR"), ("1.234", "KWD"), ("1,234", "KWD")),
        *(("1234", "EUR"), ("12", "EUR"), ("\u20ac 12", "EUR"), ("12,", "EUR"), (",55", "EUR")),
        *(("12,555", "EUR"), ("12,55", "JPY"), ("$12.55", "EUR"), ("CHF 12.55", "EUR")),
        *(("-12,55", "EUR"), ("12,55-", "EUR"), ("+12,55", "EUR"), ("1e2,00", "EUR")),
        *(("12,55\n13,00", "EUR"), ("12,55 13,00", "EUR"), ("1.2.3,45", "EUR"), ("", "EUR")),
        *(
            ("\u0661\u0662,\u0665\u0665", "EUR"),
            ("EUR 12,55 EUR", "EUR"),
            ("9" * 12 + ",00", "EUR"),
        ),
    ],
)
def test_a_paste_that_may_be_another_amount_or_none_is_refused(text: str, code: str) -> None:
    with pytest.raises(MoneyError):
        read_pasted(text, currency(code), "de_AT")


@given(
    st.integers(0, MAX_MINOR),
    st.sampled_from(["EUR", "JPY", "KWD", "CLF", "CHF", "HUF"]),
    st.sampled_from(LOCALES),
    st.sampled_from(LOCALES),
)
def test_what_one_country_writes_is_never_pasted_as_another_amount(
    minor: int, code: str, there: str, here: str
) -> None:
    money = Money(minor, currency(code))
    try:
        found = read_pasted(format_number(money, there), money.currency, here)
    except MoneyError:
        assert money.currency.exponent > 2
    else:
        assert found == money
