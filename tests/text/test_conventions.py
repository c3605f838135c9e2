"""What the table of locales makes people read is, letter for letter, what Babel would make."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from babel import Locale
from babel.dates import format_skeleton
from babel.dates import format_time as babel_time
from babel.numbers import format_decimal, get_currency_symbol
from babel.numbers import format_percent as babel_percent
from hypothesis import given
from hypothesis import strategies as some
from support.tables import locale_names

from kiosk_tui.domain.money import MAX_MINOR, Money, MoneyError, Total
from kiosk_tui.text.amounts import amount_text, format_number, format_percent, plain
from kiosk_tui.text.currencies import currency
from kiosk_tui.text.iso4217 import CURRENCIES
from kiosk_tui.text.times import format_day, format_day_time, format_time, tell_times_in

LOCALES = locale_names()
AMOUNTS = [0, 1, 9, 10, 99, 100, 1255, 99_999, 100_000, 123_456_789, MAX_MINOR]
CODES = ("EUR", "JPY", "KWD", "CLF")
"""Two decimals, none, three and four."""


@pytest.fixture(autouse=True)
def _zone() -> Iterator[None]:
    yield
    tell_times_in(None)


def _number(decimal: Decimal, exponent: int, locale: str) -> str:
    pattern = f"#,##0.{'0' * exponent}" if exponent else "#,##0"
    return plain(format_decimal(decimal, pattern, locale, numbering_system="latn"))


@pytest.mark.parametrize("locale", LOCALES)
def test_numbers_are_babels(locale: str) -> None:
    for code in CODES:
        money = currency(code)
        for minor in AMOUNTS:
            one = Money(minor, money)
            assert format_number(one, locale) == _number(one.decimal, money.exponent, locale)
        large = Total(-(10**23) - 7, money)
        assert format_number(large, locale) == "-" + _number(-large.decimal, money.exponent, locale)
    for percent in range(201):
        told = babel_percent(Decimal(percent) / 100, locale=locale, numbering_system="latn")
        assert format_percent(percent, locale) == plain(told)


@given(some.integers(0, MAX_MINOR), some.sampled_from(CODES), some.sampled_from(LOCALES))
def test_any_number_is_babels(minor: int, code: str, locale: str) -> None:
    money = currency(code)
    one = Money(minor, money)
    assert format_number(one, locale) == _number(one.decimal, money.exponent, locale)


@pytest.mark.parametrize("locale", LOCALES)
def test_signs_and_their_places_are_babels(locale: str) -> None:
    pattern = Locale.parse(locale).currency_formats["standard"].pattern.split(";")[0]
    first = pattern.index("¤") < pattern.index("0")
    for code in CURRENCIES:
        try:
            told = amount_text(Money(1, currency(code)), locale)
        except MoneyError:
            continue
        sign = get_currency_symbol(code, locale)
        assert told.symbol == (sign if sign in ("€", "£", "$") else code)
        assert told.symbol_first is first


@pytest.mark.parametrize("locale", LOCALES)
def test_days_and_times_are_babels(locale: str) -> None:
    for euro in (True, False):
        tell_times_in(UTC, euro=euro)
        where = "en_150" if locale == "en" and euro else locale
        for days in range(0, 366, 3):
            at = datetime(2026, 1, 1, days % 24, days % 60, tzinfo=UTC) + timedelta(days=days)
            day = plain(format_skeleton("yMMMEd", at, tzinfo=UTC, locale=where)).replace(",", "", 1)
            assert format_day(at, locale) == day
            short = plain(format_skeleton("MMMEd", at, tzinfo=UTC, locale=where)).replace(
                ",", "", 1
            )
            assert format_day_time(at, locale) == f"{short} {format_time(at, locale)}"
            clock = plain(babel_time(at, "short", tzinfo=UTC, locale=where))
            assert format_time(at, locale) == (f"{at:%H:%M}" if euro else clock)
