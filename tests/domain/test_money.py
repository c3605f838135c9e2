"""Money: integers of minor units, exact in every currency."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_tui.domain.money import (
    MAX_MINOR,
    Currency,
    Money,
    MoneyError,
    Total,
    by_currency,
    parse_plain,
    plain,
    take_digit,
    type_digit,
    type_run,
    within_digits,
    zero,
)

EUR, JPY = Currency("EUR", 2), Currency("JPY", 0)
KWD, CLF = Currency("KWD", 3), Currency("CLF", 4)
currencies = st.sampled_from([EUR, JPY, KWD, CLF])
monies = st.builds(Money, st.integers(0, MAX_MINOR), currencies)


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("12.55", EUR, 1255),
        ("12.5", EUR, 1250),
        ("12", EUR, 1200),
        ("500", JPY, 500),
        ("1.250", KWD, 1250),
        ("0.0001", CLF, 1),
    ],
)
def test_plain_amounts_are_read_by_the_iso_exponent(
    text: str, currency: Currency, minor: int
) -> None:
    assert parse_plain(text, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    "text", ["", "-1", "1,50", "1.555", "12.", ".5", "1e3", "NaN", "١٢", "1 000", "+5", "0x10"]
)
def test_what_is_no_amount_is_told_with_an_example(text: str) -> None:
    with pytest.raises(MoneyError, match=r"12\.55"):
        parse_plain(text, EUR)


def test_an_amount_has_at_most_eleven_digits() -> None:
    assert parse_plain("999999999.99", EUR).minor == MAX_MINOR
    with pytest.raises(MoneyError):
        parse_plain("1000000000.00", EUR)
    with pytest.raises(MoneyError):
        Money(-1, EUR)


def test_currencies_are_never_mixed() -> None:
    for mix in (Money.__add__, Money.__lt__, Money.__le__):
        with pytest.raises(MoneyError, match="EUR and JPY"):
            mix(Money(1, EUR), Money(1, JPY))


@pytest.mark.parametrize("code", ["eur", "EURO", "E1R", "", "ÄÖÜ"])
def test_a_currency_is_three_capital_letters(code: str) -> None:
    with pytest.raises(MoneyError, match="EUR"):
        Currency(code, 2)


@given(monies)
def test_what_is_written_plain_is_read_back_exactly(money: Money) -> None:
    assert parse_plain(plain(money), money.currency) == money


@given(monies, st.integers(0, 9))
def test_a_typed_digit_comes_from_the_right_and_can_be_taken_back(money: Money, digit: int) -> None:
    typed = type_digit(money, digit)
    if money.minor * 10 + digit > MAX_MINOR:
        assert typed == money
    else:
        assert typed.minor == money.minor * 10 + digit
        assert take_digit(typed) == money


@pytest.mark.parametrize("code", ["", "EU", "eur", "EURO", "E1R", "ÄUR"])
def test_a_currency_has_three_letters(code: str) -> None:
    with pytest.raises(MoneyError, match="three letters"):
        Currency(code, 2)


def test_an_amount_says_its_currency() -> None:
    assert str(Money(1255, Currency("EUR", 2))) == "12.55 EUR"
    assert str(zero(Currency("JPY", 0))) == "0 JPY"


@pytest.mark.parametrize("exponent", [-1, 5])
def test_a_currency_has_none_to_four_decimals(exponent: int) -> None:
    with pytest.raises(MoneyError, match="0 to 4"):
        Currency("EUR", exponent)


def test_sums_and_comparisons_stay_in_their_currency() -> None:
    assert Money(1, EUR) + Money(2, EUR) == Money(3, EUR)
    assert Money(1, EUR) < Money(2, EUR)
    assert not Money(2, EUR) < Money(2, EUR)
    with pytest.raises(MoneyError, match="100000000000 minor units is out of range"):
        Money(MAX_MINOR, EUR) + Money(1, EUR)


def test_the_largest_amount_can_be_typed() -> None:
    assert type_digit(Money(MAX_MINOR // 10, EUR), 9) == Money(MAX_MINOR, EUR)
    assert type_digit(Money(MAX_MINOR, EUR), 1) == Money(MAX_MINOR, EUR)


@pytest.mark.parametrize(("currency", "example"), [(EUR, "12.55"), (JPY, "12")])
def test_what_is_no_amount_is_answered_with_an_example(currency: Currency, example: str) -> None:
    with pytest.raises(MoneyError, match=f"write it like {example}.$".replace(".", r"\.")):
        parse_plain("a lot", currency)


def test_a_total_has_no_limit_of_a_single_payment_and_may_be_less_than_nothing() -> None:
    euro, dinar, yen = Currency("EUR", 2), Currency("KWD", 3), Currency("JPY", 0)
    sums = by_currency(
        (Money(MAX_MINOR, euro), Money(1, yen), Money(MAX_MINOR, euro), Money(5, dinar))
    )
    assert [str(one) for one in sums.values()] == ["1999999999.98 EUR", "1 JPY", "0.005 KWD"]
    assert list(sums) == [euro, yen, dinar]
    assert plain(Total(-305, euro)) == "-3.05"
    assert plain(Total(-5, dinar)) == "-0.005"
    assert plain(Total(0, euro)) == "0.00"
    assert plain(Total(10**40 + 1, euro)) == f"1{'0' * 38}.01"
    assert by_currency(()) == {}


@pytest.mark.parametrize(
    ("before", "digits", "after"),
    [
        *(
            (0, "1255", 1255),
            (12, "55", 1255),
            (0, "000012", 12),
            (12, "", 12),
            (0, "100000", 100_000),
        ),
        *((0, "999999", 999_999), (1, "23456", 123_456)),  # beyond the limit, but there is room
        *((1, "234567", None), (0, "1234567", None), (0, "4006381333931", None)),
        *((0, "0000000", None), (0, "9" * 5000, None)),
        *(
            (0, "12.55", None),
            (0, "-5", None),
            (0, " 5", None),
            (0, "1e3", None),
            (0, "\u0661", None),
        ),
        *((0, "\u00b2", None), (0, "https://museum.example/r/140102345", None)),
    ],
)
def test_digits_in_one_piece_stand_as_if_typed_or_none_of_them_does(
    before: int, digits: str, after: int | None
) -> None:
    found = type_run(Money(before, EUR), digits, Money(100_000, EUR))
    assert found == (None if after is None else Money(after, EUR))


@given(st.integers(0, MAX_MINOR), st.text("0123456789", max_size=12))
def test_a_run_is_what_its_digits_are_one_by_one(minor: int, digits: str) -> None:
    before = one_by_one = Money(minor, EUR)
    found = type_run(before, digits, Money(MAX_MINOR, EUR))
    if found is not None:
        for digit in digits:
            one_by_one = type_digit(one_by_one, int(digit))
        assert found == one_by_one


def test_a_field_has_room_for_as_many_digits_as_the_largest_amount() -> None:
    most = Money(100_000, EUR)
    assert within_digits(Money(999_999, EUR), most)
    assert not within_digits(Money(1_000_000, EUR), most)
