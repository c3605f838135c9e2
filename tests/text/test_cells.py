"""Columns stand in line, whatever letters are in them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import wcswidth

from kiosk_tui.text.cells import centre, cut, ljust, rjust, split, width, wrap

FOREIGN = [
    "שלום עולם",
    "مقهى القدس",
    "中文商店",
    "ハンカク ﾊﾝｶｸ",
    "한국어",
    "한국",
    "e\u0301a\u0308 ñ",
    "🙂 ☕ ❤\ufe0f",
    "👍🏽",
    "１２",
    "ไทย กำลัง",
    "Ćevapčići",
    "a\u200bb",
]


@pytest.mark.parametrize("text", FOREIGN)
def test_a_width_is_the_one_that_terminals_give_it(text: str) -> None:
    assert width(text) == wcswidth(text)


@pytest.mark.parametrize("text", FOREIGN)
def test_a_column_is_as_wide_as_it_is_for_other_letters(text: str) -> None:
    assert wcswidth(ljust(text, 20)) == wcswidth(rjust(text, 20)) == 20
    assert wcswidth(centre(text, 20)) <= 20
    for cells in range(12):
        assert wcswidth(cut(text, cells)) <= cells


WORDS = st.lists(st.sampled_from([*FOREIGN, "Gasse 12", "(kein)", "x" * 30]), max_size=8)


@given(WORDS.map(" ".join), st.integers(2, 40))
def test_lines_that_are_broken_fit_and_lose_no_letter(text: str, cells: int) -> None:
    lines = wrap(text, cells)
    assert all(0 < width(line) <= cells for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


@given(st.text(), st.integers(0, 20))
def test_a_text_that_is_parted_is_whole(text: str, cells: int) -> None:
    first, rest = split(text, cells)
    assert first + rest == text
    assert width(first) <= cells


def test_blanks_that_line_up_a_footer_stay() -> None:
    assert wrap("  Summe:     12,00", 42) == ["  Summe:     12,00"]
    assert wrap("總計:     12,00", 42) == ["總計:     12,00"]
