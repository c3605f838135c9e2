"""Masking: at most first six and last four, no expiry, and nothing harmless destroyed."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_tui.tecs.redaction import looks_like_pan, mask_card, mask_text

PAN = "4111111111111111"
ID = "20261123140102345"


@pytest.mark.parametrize(
    ("raw", "masked"),
    [
        (f"{PAN}_2712", "411111******1111"),
        (PAN, "411111******1111"),
        ("REFabc123_2712_1111_411111", "411111******1111"),
        (f"TXID{ID.zfill(20)}", f"TXID{ID.zfill(20)}"),
        ("411111******1111", "411111******1111"),
        (f"{PAN} 2712", "411111******1111"),
        (f"{PAN}/2712", "411111******1111"),
        (f"{PAN}2712", "******"),
        ("4111 1111 1111 1111 2712", "******"),
        ("3782822463100052712", "******"),
        ("4111 1111 1111 1111", "411111******1111"),
        ("6304000000000000000", "630400******0000"),
        ("", ""),
        ("1234", "******"),
        ("REFodd", ""),
    ],
)
def test_the_card_number_field_is_masked_in_each_of_its_forms(raw: str, masked: str) -> None:
    assert mask_card(raw) == masked


@pytest.mark.parametrize(
    "text",
    [
        PAN,
        f"PAN{PAN}",
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        f"Track2 {PAN}=27121010000012345678?",
        f"card {PAN}_2712 ok",
        f"VISA {PAN} EXP 12/27",
        f"VISA {PAN} 12/27",
        f"gültig bis: 12/27 {PAN}",
        "REFabc_2712_1111_411111",
        f"AC: {PAN}",
        f"AID:{PAN}",
    ],
)
def test_no_card_number_or_expiry_is_left_in_free_text(text: str) -> None:
    masked = mask_text(text)
    plain = masked.replace(" ", "").replace("-", "")
    assert PAN not in plain
    assert PAN[:7] not in plain
    for expiry in ("12/27", "2712"):
        assert expiry not in masked


@pytest.mark.parametrize(
    "text",
    [
        "AID: A0000000041010",
        "AC: 1234567890ABCDEF",
        f"TXID {ID}",
        f"TXID{ID.zfill(20)}",
        "PIN VERIFIED",
        "merchant 102003557",
        "23/11/2026 15:01",
    ],
)
def test_what_a_slip_must_show_stays(text: str) -> None:
    assert mask_text(text, [ID]) == text


@given(st.integers(10**12, 10**19 - 1), st.text(max_size=5), st.text(max_size=5))
def test_no_long_number_survives_whole(number: int, before: str, after: str) -> None:
    assert str(number) not in mask_text(f"{before} {number} {after}")


def test_a_typed_card_number_is_told_from_a_reference() -> None:
    assert looks_like_pan("4111 1111 1111 1111")
    assert looks_like_pan(f"{PAN}_2712")
    assert not looks_like_pan("4111111111111112")
    assert not looks_like_pan("REF123456789012")


@pytest.mark.parametrize(
    "text",
    [
        "000 4111111111111111",
        "000-4111 1111 1111 1111",
        "0004111111111111111",
        "00004111111111111111",
    ],
)
def test_a_card_after_zeros_is_hidden_like_any_other(text: str) -> None:
    assert "4111111111111111" not in re.sub(r"[ -]", "", mask_text(text))
