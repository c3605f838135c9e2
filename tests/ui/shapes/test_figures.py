"""Figures: one family at every height, each figure as wide as the others, each read as what it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_tui.domain.money import Currency, Money, type_digit, zero
from kiosk_tui.text.amounts import AmountText, amount_text
from kiosk_tui.ui.driver.shadow import Shadow
from kiosk_tui.ui.shapes.figures import MEASURES, SIZES, S, currency, number
from kiosk_tui.ui.widgets.figures import _pieces

EUR = Currency("EUR", 2)
DEAREST = 240
"""Bytes, of any digit: three figures change when the third one is typed. Usually it is 80."""

BOTH = pytest.mark.parametrize("rich", [False, True])
EVERY = pytest.mark.parametrize("size", SIZES)


def _drawn(money: Money, *, rich: bool) -> str:
    pieces = _pieces(amount_text(money, "en"), S, 2, rich=rich, still=True) or []
    rows = ["  ".join(row) for row in zip(*(rows for rows, _ in pieces), strict=True)]
    return "".join(
        f"\x1b[{10 + y};8H\x1b[97;40m{line.ljust(70)}\x1b[0m" for y, line in enumerate(rows)
    )


@BOTH
@given(digits=st.lists(st.integers(0, 9), max_size=6))
def test_no_digit_costs_more_than_a_slow_line_bears(digits: list[int], *, rich: bool) -> None:
    shadow = Shadow()
    shadow.columns, shadow.turns = 80, True
    money = zero(EUR)
    shadow.reduce(_drawn(money, rich=rich))
    for digit in digits:
        money = type_digit(money, digit)
        assert len(shadow.reduce(_drawn(money, rich=rich)).encode()) <= DEAREST


@BOTH
@EVERY
def test_every_figure_has_a_shape_of_its_own_and_all_are_of_one_size(
    size: str, *, rich: bool
) -> None:
    shapes = [number(str(one), size, rich=rich) for one in range(10)]
    assert len(set(shapes)) == len(shapes)
    measure = MEASURES[size]
    for shape in shapes:
        assert shape is not None
        assert len(shape) == measure.rows + 1
        assert {len(row) for row in shape} == {measure.columns}


@BOTH
@EVERY
@pytest.mark.parametrize("text", ["12.55", "1,234.50", "1.234,50", "1'234.50", "1 234,50", "-0.01"])
def test_every_separator_has_a_cell_of_its_own(text: str, size: str, *, rich: bool) -> None:
    drawn = number(text, size, rich=rich)
    bare = number("".join(one for one in text if one.isdigit()), size, rich=rich)
    assert drawn is not None
    assert bare is not None
    assert len(drawn[0]) > len(bare[0])
    assert {len(row) for row in drawn} == {len(drawn[0])}


@BOTH
@EVERY
@pytest.mark.parametrize("name", ["€", "$", "£", "CHF", "PLN", "CZK"])
def test_every_currency_is_drawn_as_high_as_its_figures(
    name: str, size: str, *, rich: bool
) -> None:
    drawn = currency(name, size, rich=rich)
    assert drawn is not None
    assert len(drawn) == MEASURES[size].rows + 1


@BOTH
@given(st.integers(100, 99_999), st.integers(0, 9))
def test_figures_that_are_typed_stand_still_while_more_follow(
    rich: bool, minor: int, digit: int
) -> None:
    """Only separators move: what is lit of the figures stays lit."""
    before, after = (
        (
            _pieces(AmountText("", str(one), "€", symbol_first=True), S, 2, rich=rich, still=True)
            or []
        )
        for one in (minor, minor * 10 + digit)
    )
    assert all(new.startswith(old) for old, new in zip(before[1][0], after[1][0], strict=True))
