"""Other software's own references: which texts are ones, and when an order is the same again."""

from __future__ import annotations

import pytest

from kiosk_tui.domain.caller import LONGEST, why_no_reference


@pytest.mark.parametrize("text", ["4", "till 7/4711", "Kassa-ü-1", "x" * LONGEST])
def test_a_printable_text_of_1_to_64_characters_is_one(text: str) -> None:
    assert why_no_reference(text) == ""


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "is empty"),
        ("x" * (LONGEST + 1), "has 65 characters: at most 64 fit"),
        ("a\nb", "cannot be printed"),
        ("\ud800", "cannot be printed"),
    ],
)
def test_anything_else_is_refused_with_a_sentence(text: str, why: str) -> None:
    assert why in why_no_reference(text)
