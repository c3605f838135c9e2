"""A day agrees with TECS to the cent, or each difference is named."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_tui.domain.days import DayReport
from kiosk_tui.domain.money import Currency, MoneyError, Total
from kiosk_tui.domain.totals import CurrencyTotals, Sum
from kiosk_tui.domain.turnover import Turnover, TurnoverDifference, differences, parse_total

EUR, CHF = Currency("EUR", 2), Currency("CHF", 2)


def _day(brands: dict[str, Sum], currency: Currency = EUR) -> DayReport:
    net = Sum()
    for one in brands.values():
        net = net.with_(one)
    sheet = CurrencyTotals(currency, {}, {}, Sum(), Sum(), Sum(), {}, brands, net)
    return DayReport(
        number=1, day=date(2026, 11, 30), opened_at=None, at=datetime(2026, 11, 30, tzinfo=UTC),
        after=0, last=9, currencies=(sheet,), late=(), running={}, disagreements=(),
    )  # fmt: skip


DAY = _day({"VISA": Sum(2, 3000), "MASTERCARD": Sum(1, 500), "": Sum(1, 100)})


def _eur(minor: int, count: int | None = None, brand: str = "") -> Turnover:
    return Turnover(Total(minor, EUR), count, brand)


def test_the_same_to_the_cent_is_no_difference() -> None:
    assert differences(DAY, [_eur(3600, 4)]) == ()
    assert differences(DAY, [_eur(3600)]) == ()


def test_a_cent_is_a_difference_and_so_is_a_count() -> None:
    (cent,) = differences(DAY, [_eur(3601, 4)])
    assert (cent.brand, cent.minor) == ("", 1)
    (count,) = differences(DAY, [_eur(3600, 5)])
    assert (count.minor, count.ours, count.theirs) == (0, Sum(4, 3600), _eur(3600, 5))


def test_brands_are_compared_in_any_spelling_and_lines_of_one_are_added_up() -> None:
    told = [
        _eur(1000, 1, "Visa"),
        _eur(2000, 1, "Acquirer;VISA"),
        _eur(500, 1, "Master Card"),
        _eur(3600),
    ]
    assert differences(DAY, told) == ()
    assert [(one.brand, one.minor) for one in differences(DAY, told[:3])] == [("", -100)]
    missing = differences(DAY, [_eur(3000, 2, "VISA"), _eur(7, 1, "AMEX"), _eur(3600)])
    assert [(one.brand, one.minor) for one in missing] == [
        ("AMERICAN EXPRESS", 7),
        ("MASTERCARD", -500),
    ]


def test_a_currency_that_only_one_side_has_is_a_difference() -> None:
    found = differences(DAY, [Turnover(Total(900, CHF))])
    assert [(one.currency, one.minor) for one in found] == [(CHF, 900), (EUR, -3600)]
    assert differences(_day({}), []) == ()
    assert differences(_day({}), [_eur(1), _eur(-1)]) == ()


def test_one_line_that_tells_no_count_leaves_the_sum_without_one() -> None:
    assert differences(DAY, [_eur(3000, 2), _eur(600)]) == ()


@given(
    st.dictionaries(
        st.sampled_from(("VISA", "MASTERCARD", "")),
        st.tuples(st.integers(1, 9), st.integers(-999, 999)),
    ),
    st.integers(-5, 5),
)
def test_what_is_told_as_it_is_agrees_and_anything_else_is_named(
    brands: dict[str, tuple[int, int]], off: int
) -> None:
    day = _day({name: Sum(*one) for name, one in brands.items()})
    net = day.currencies[0].net
    found = differences(day, [_eur(net.minor + off, net.count)])
    assert [one.minor for one in found] == ([off] if off else [])
    assert all(isinstance(one, TurnoverDifference) for one in found)


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("1255.00", 125500),
        ("-12,55", -1255),
        ("\u2212 12.5", -1250),
        ("1.255,00", 125500),
        ("1'255.00", 125500),
        ("1,234,567.89", 123456789),
        ("+7", 700),
    ],
)
def test_a_sum_is_read_as_people_write_it(text: str, minor: int) -> None:
    assert parse_total(text, EUR) == Total(minor, EUR)


@pytest.mark.parametrize(
    "text", ["", "1.255", "1,250", "12.5500", "1.2.3", "EUR 1", "1e3", "\u0661"]
)
def test_what_is_not_clearly_a_sum_is_refused(text: str) -> None:
    with pytest.raises(MoneyError):
        parse_total(text, EUR)
