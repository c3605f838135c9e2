"""A one-time code is read as people type it and as scanners send it."""

from __future__ import annotations

import math

import pytest

from kiosk_tui.fleet import code

FINGERPRINT = "ab" * 32


def test_a_new_code_has_enough_bits_and_is_read_back() -> None:
    made = code.made("https://kiosks.office.example/", FINGERPRINT)
    assert math.log2(len(code.ALPHABET)) * code.LENGTH >= 75
    assert code.read(str(made)) == made
    assert code.made("https://kiosks.office.example") != code.made("https://kiosks.office.example")


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("ABCD-EFGH-JKMN-PQR0", ""),
        ("abcdefghjkmnpqro", ""),
        (" AbCd efgh jkmn pqrO\n", ""),
        ("https://kiosks.office.example/#ABCD-EFGH-JKMN-PQR0", "https://kiosks.office.example"),
        ("HTTPS://10.0.0.7:8443/kiosks#abcd-efgh-jkmn-pqr0", "HTTPS://10.0.0.7:8443/kiosks"),
    ],
)
def test_one_code_under_many_spellings_is_one(typed: str, url: str) -> None:
    read = code.read(typed)
    assert (read.code, read.url) == ("ABCDEFGHJKMNPQR0", url)
    assert read.digest() == code.read("ABCD-EFGH-JKMN-PQR0").digest()


def test_letters_that_are_misread_are_what_they_look_like() -> None:
    assert code.read("1111-0000-1111-0000") == code.read("lIlI-OoOo-iiii-0000")


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "no code"),
        ("WXYZ-WXYZ", "no code"),
        ("WXYZ-WXYZ-WXYZ-WXYU", "no code"),
        ("nowhere#ABCD-EFGH-JKMN-PQRS", "no address"),
        ("file:///etc#ABCD-EFGH-JKMN-PQRS", "no address"),
        ("https://office#ABCD-EFGH-JKMN-PQRS.abcd", "64 hex digits"),
    ],
)
def test_what_is_no_code_is_told_without_repeating_it(typed: str, why: str) -> None:
    with pytest.raises(code.CodeError, match=why) as told:
        code.read(typed)
    assert typed == "" or typed not in str(told.value)
