"""Whatever old journals hold, it is one line and moves no cursor."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_tui.domain.one_line import one_line

BREAKS = "\n\r\t\v\f\x1c\x1d\x1e\x85\u2028\u2029"


@pytest.mark.parametrize("one", BREAKS)
def test_what_ends_or_shifts_a_line_is_a_blank(one: str) -> None:
    assert one_line(f"a{one}b") == "a b"


@pytest.mark.parametrize("one", "\u202a\u202e\u2066\u2069\u200e\u200f\u061c\u200b\ufeff\u00ad")
def test_what_turns_or_hides_letters_is_left_out(one: str) -> None:
    assert one_line(f"12{one}34") == "1234"


@pytest.mark.parametrize("one", ["\x1b", "\x9b", "\x07", "\x08", "\x00", "\x7f"])
def test_no_control_reaches_a_terminal(one: str) -> None:
    assert one_line(f"a{one}[2Jb") == "a [2Jb"


def test_half_a_character_can_be_written() -> None:
    assert one_line("a\ud800b") == "a?b"


@pytest.mark.parametrize("text", ["", "Grüße aus Łódź", "日本", "e\u0301", "a\u00a0b", "👍"])
def test_words_stay_as_they_are(text: str) -> None:
    assert one_line(text) == text


@given(st.text())
def test_it_is_one_line_whatever_it_was(text: str) -> None:
    shown = one_line(text)
    assert len(shown.splitlines()) <= 1
    assert not {unicodedata.category(one) for one in shown} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    shown.encode()
    assert one_line(shown) == shown
