"""One value for each thing, however it is spelled; what is no such thing is refused with a sentence."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_tui.domain.identity import (
    CallerReference,
    CardReference,
    IdentityError,
    Name,
    Original,
    Place,
    TransactionId,
    caller_key,
    read_name,
)
from kiosk_tui.domain.language import Language

ID = "20261123064420724"
WHOLE = Name(TransactionId(ID))


@pytest.mark.parametrize(
    "text",
    [
        ID,
        f"000{ID}",
        f"TXID000{ID}",
        f"txid000{ID}",
        f" {ID}\n",
        f"{ID}\0",
        "2026 1123 0644 20724",
        "2026-11-23-064420724",
        "2026\u00a01123\u2009064420724",
    ],
)
def test_an_id_is_the_same_padded_or_not_with_txid_or_not_in_groups_or_not(text: str) -> None:
    assert TransactionId(text) == ID
    assert read_name(text) == WHOLE


@given(st.integers(1, 10**20 - 1), st.integers(0, 20), st.booleans(), st.booleans())
def test_every_spelling_of_an_id_is_the_plainest_one(
    number: int, zeros: int, txid: bool, grouped: bool
) -> None:
    text = "0" * zeros + str(number)
    if grouped:
        text = " ".join(text[at : at + 3] for at in range(0, len(text), 3))
    assert TransactionId("TXID" * txid + text) == str(number)
    assert TransactionId(TransactionId("TXID" * txid + text)) == str(number)


@pytest.mark.parametrize(
    "text", ["", "0", "000", "TXID", "12x", "1" * 21, "-5", "1.5", "\u0661\u0662", "1e5", "TXID0"]
)
def test_what_is_no_id_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(IdentityError, match="is not a transaction id"):
        TransactionId(text)


def test_the_long_form_names_the_terminal_too() -> None:
    long = f"TXID000{ID}_01_88091105"
    assert read_name(long) == Name(TransactionId(ID), "", "88091105", "01")
    assert read_name(f"{ID}_1_88091105") == Name(TransactionId(ID), "", "88091105", "1")
    with pytest.raises(IdentityError):
        TransactionId(long)  # a place is not lost by chance


@pytest.mark.parametrize("text", ["064 420 724", "064420724", "064-420-724", "64420724"])
def test_up_to_nine_digits_may_be_the_reference_of_a_slip_or_a_whole_id(text: str) -> None:
    assert read_name(text) == Name(TransactionId("64420724"), "064420724")


def test_what_says_that_it_is_whole_is_no_reference() -> None:
    assert read_name("TXID00000000000064420724").reference == ""
    assert read_name("0064420724").reference == ""


def test_a_reference_of_midnight_is_one_and_no_id() -> None:
    assert read_name("000 000 000") == Name(None, "000000000")
    for text in ("0000000000", "TXID000", "000000000_01_88091105"):
        with pytest.raises(IdentityError):
            read_name(text)


@pytest.mark.parametrize("text", ["", "12x", "1" * 21, "20261123_01", f"{ID}_1_8809", "TXID"])
def test_what_names_nothing_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(IdentityError, match="or the reference on its slip"):
        read_name(text)


def test_a_terminal_is_the_same_whether_its_source_id_is_padded_and_keeps_the_spelling() -> None:
    plain, padded = Place("88091105", "1"), Place(" 88091105", "01 ")
    assert plain == padded
    assert hash(plain) == hash(padded)
    assert (padded.terminal, padded.source_id) == ("88091105", "01")
    assert Original(TransactionId(ID), plain) == Original(TransactionId(f"TXID{ID}"), padded)
    assert plain not in (Place("88091105", "2"), Place("11460019", "1"), Place("88091105", "10"))
    assert Place("88091105", "00") == Place("88091105", "0") != plain


@pytest.mark.parametrize(
    ("place", "what"),
    [
        (Place("8809110", "1"), "Terminal number '8809110'"),
        (Place("8809110\u0665", "1"), "Terminal number"),
        (Place("88091105", ""), "Source id ''"),
        (Place("88091105", "001"), "Source id '001'"),
        (Place("88091105", "x"), "Source id 'x'"),
    ],
)
def test_what_is_no_terminal_is_refused_with_a_sentence(place: Place, what: str) -> None:
    with pytest.raises(IdentityError, match=f"The original: {what}"):
        place.checked("The original: ")


def test_a_terminal_that_can_be_one_is_returned() -> None:
    assert Place("88091105", "01").checked() == Place("88091105", "1")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("till 1", " till 1\t"),
        ("caf\u00e9", "cafe\u0301"),
        ("till 1", "till 1\0"),
        ("\u212b-7", "\u00c5-7"),
    ],
)
def test_a_callers_reference_is_one_in_every_spelling(one: str, other: str) -> None:
    assert CallerReference(one) == CallerReference(other)
    assert caller_key(one) == caller_key(other) == CallerReference(one)


@given(st.text(max_size=70))
def test_a_callers_reference_is_refused_or_canonical(text: str) -> None:
    try:
        found = CallerReference(text)
    except IdentityError:
        return
    assert found == caller_key(found) == CallerReference(found)
    assert 1 <= len(found) <= 64
    assert found.isprintable()
    assert unicodedata.is_normalized("NFC", found)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "is empty"),
        (" \t", "is empty"),
        ("x" * 65, "has 65 characters: at most 64 fit"),
        ("a\nb", "cannot be printed"),
        ("\ud800", "cannot be printed"),
    ],
)
def test_what_is_no_callers_reference_is_refused_with_a_sentence(text: str, why: str) -> None:
    with pytest.raises(IdentityError, match=why):
        CallerReference(text)


def test_a_reference_differs_by_its_case_and_its_inner_blanks() -> None:
    assert len({CallerReference(one) for one in ("till 1", "Till 1", "till  1", "till1")}) == 4


def test_a_card_reference_begins_with_ref() -> None:
    assert CardReference(" ref20117_2712_1111_411111 ") == "REF20117_2712_1111_411111"
    assert CardReference(CardReference("REF1")) == "REF1"


@pytest.mark.parametrize(
    "text",
    [
        *("abc", "4111111111111111", "TXID00020261123140159123", "", "RE", "XREF1"),
        *("REF", "REF 1", "REF" + "1" * 38, "REF\u0661", "REF\n1"),
    ],
)
def test_anything_else_is_no_card_reference_and_is_never_repeated(text: str) -> None:
    with pytest.raises(IdentityError) as caught:
        CardReference(text)
    assert len(text) < 5 or text not in str(caught.value)


@pytest.mark.parametrize(
    "text", ["de", "DE", " de ", "de_AT", "de-AT", "de_AT.ISO-8859-1", "de.UTF-8"]
)
def test_a_language_is_its_two_letters(text: str) -> None:
    assert Language(text) == Language(Language(text)) == "de"


@pytest.mark.parametrize("text", ["", "xx", "deu", "german", "d", "12", "C", "d\u0435"])
def test_what_is_no_language_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(IdentityError, match="is not a language: give two letters such as en"):
        Language(text)


def test_what_a_journal_holds_is_taken_as_it_stands() -> None:
    assert Language.stored("xx") == "xx"
    assert TransactionId.stored("007") == "007"
    assert CallerReference.stored("till 1 ") == "till 1 "
    assert CardReference.stored("") == ""


@pytest.mark.parametrize("kind", [TransactionId, Language, CallerReference, CardReference])
def test_what_a_damaged_journal_gives_is_no_name(kind: type[TransactionId]) -> None:
    with pytest.raises(TypeError, match="None is no text"):
        kind.stored(None)  # type: ignore[arg-type]
    for terminal, source_id in ((None, "1"), ("88091105", None), ("88091105", 1)):
        with pytest.raises(TypeError, match="is no text"):
            Place(terminal, source_id)  # type: ignore[arg-type]
