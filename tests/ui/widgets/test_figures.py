"""Big figures: a separator stands in a gap, and no digit is dear on a slow line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_tui.domain.money import Currency, Money, type_digit, zero
from kiosk_tui.text.amounts import format_number
from kiosk_tui.ui.driver.shadow import Shadow
from kiosk_tui.ui.widgets.figures import HEIGHT, rows

EUR = Currency("EUR", 2)
DEAREST = 170


def _drawn(money: Money) -> str:
    lines = rows(format_number(money, "en"), typed=True)
    return "".join(
        f"\x1b[{10 + y};20H\x1b[97;40m{line.ljust(60)}\x1b[0m" for y, line in enumerate(lines)
    )


@given(st.lists(st.integers(0, 9), max_size=7))
def test_no_digit_costs_more_than_a_slow_line_bears(digits: list[int]) -> None:
    shadow = Shadow()
    shadow.columns = 80
    money = zero(EUR)
    shadow.reduce(_drawn(money))
    for digit in digits:
        money = type_digit(money, digit)
        assert len(shadow.reduce(_drawn(money)).encode()) <= DEAREST


@given(st.integers(100, 99_999), st.integers(0, 9))
def test_figures_stand_still_while_more_are_typed(minor: int, digit: int) -> None:
    """Only separators move: what is lit of the figures stays lit."""
    before = rows(str(minor), typed=True)
    after = rows(str(minor * 10 + digit), typed=True)
    assert all(new.startswith(old) for old, new in zip(before, after, strict=True))


@pytest.mark.parametrize("text", ["12.55", "1,234.50", "1.234,50", "1'234.50", "1 234,50"])
def test_every_separator_leaves_the_figures_where_they_are(text: str) -> None:
    bare = rows("".join(one for one in text if one.isdigit()), typed=True)
    drawn = rows(text, typed=True)
    assert len(drawn) == HEIGHT
    assert [len(row) for row in drawn] == [len(row) for row in bare]
    for old, new in zip(bare, drawn, strict=True):
        assert all(b == "█" for a, b in zip(old, new, strict=True) if a == "█")


@pytest.mark.parametrize("text", ["12.55", "1,234.50", "1'234.50", "1 234,50"])
def test_a_number_that_is_only_shown_has_room_around_its_separators(text: str) -> None:
    """Two figures of one group are closer than two with a separator between them."""
    bare = rows("".join(one for one in text if one.isdigit()))
    parted = sum(not one.isdigit() for one in text)
    assert len(rows(text)[0]) == len(bare[0]) + 2 * parted


@pytest.mark.parametrize("typed", [False, True])
def test_every_figure_has_a_shape_of_its_own_and_all_are_of_one_size(*, typed: bool) -> None:
    shapes = [tuple(rows(str(one), typed=typed)) for one in range(10)]
    assert len(set(shapes)) == len(shapes)
    assert {len(row) for shape in shapes for row in shape} == {len(shapes[0][0])}
