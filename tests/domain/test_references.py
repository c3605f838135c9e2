"""From a name to the transaction that is meant: a whole id wins, and nothing is taken by chance."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from support.fakes import PLACE, order

from kiosk_tui.domain.identity import IdentityError, Original, Place, TransactionId
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.references import (
    AmbiguousError,
    candidates,
    chosen,
    name_of,
    named_in,
    original,
    reference_in,
    wanted,
)
from kiosk_tui.domain.transaction import Transaction

OTHER = Place("11460019", "2")


def _sold(number: str, minor: int = 1255, place: Place = PLACE) -> Transaction:
    at = datetime(2026, 11, int(number[6:8]), tzinfo=UTC)
    asked = replace(order(minor), place=place)
    return Transaction(TransactionId(number), asked, State.APPROVED, asked.amount, at, at)


MONDAY = _sold("20261123064420724")
TUESDAY = _sold("20261124064420724", 990)


def test_one_that_is_known_is_named_by_its_whole_id_or_its_reference() -> None:
    for text in (MONDAY.id, f"TXID000{MONDAY.id}", f"TXID000{MONDAY.id}_01_88091105"):
        asked = wanted(text, PLACE)
        assert candidates(asked, MONDAY, ()) == (MONDAY,)
        assert original(asked, (MONDAY,)) == Original(MONDAY.id, PLACE)
    asked = wanted("064 420 724", PLACE)
    assert candidates(asked, None, (MONDAY,)) == (MONDAY,)
    assert original(asked, (MONDAY,)) == Original(MONDAY.id, PLACE)


def test_a_whole_id_wins_over_a_reference() -> None:
    short = _sold("20261125000000000")
    short = replace(short, id=TransactionId("64420724"))
    assert candidates(wanted("064420724", PLACE), short, (MONDAY, TUESDAY)) == (short,)


def test_a_reference_of_several_days_takes_none_and_lists_each_with_day_and_amount() -> None:
    asked = wanted("064 420 724", PLACE)
    for choose in (chosen, original):
        with pytest.raises(AmbiguousError) as caught:
            choose(asked, (TUESDAY, MONDAY))
        told = str(caught.value)
        assert "20261123064420724 over 12.55 EUR" in told
        assert "20261124064420724 over 9.90 EUR" in told
        assert caught.value.found == (TUESDAY, MONDAY)


def test_a_long_list_is_cut() -> None:
    many = [_sold(f"202611{day:02}064420724") for day in range(1, 12)]
    with pytest.raises(AmbiguousError, match=r"of 11 transactions .*, \.\.\.\)"):
        chosen(wanted("064420724", PLACE), many)


def test_another_terminals_transaction_with_our_id_is_another_one() -> None:
    asked = wanted(MONDAY.id, PLACE, OTHER.terminal, OTHER.source_id)
    assert candidates(asked, MONDAY, ()) == ()
    assert original(asked, ()) == Original(MONDAY.id, OTHER)
    long = wanted(f"TXID000{MONDAY.id}_02_11460019", PLACE)
    assert original(long, ()) == Original(MONDAY.id, OTHER)


def test_our_own_terminal_and_the_one_of_its_own_request_both_mean_ours() -> None:
    older = _sold("20261101120000123", place=Place("11460019", "02"))
    for terminal, source in (("11460019", "2"), ("88091105", "01"), ("", "1"), ("", "")):
        asked = wanted(older.id, PLACE, terminal, source)
        assert candidates(asked, older, ()) == (older,)
        found = original(asked, (older,))
        assert found.place.source_id == "02"  # as its own request spelled it


def test_what_is_not_known_goes_to_tecs_by_its_whole_id_only() -> None:
    assert original(wanted("20251123064420724", PLACE), ()).place == PLACE
    assert original(wanted("TXID17", PLACE), ()) == Original(TransactionId("17"), PLACE)
    assert original(wanted("17", PLACE, "11460019"), ()).transaction_id == "17"
    assert chosen(wanted("17", PLACE), ()) is None
    for text, terminal in (("064420724", ""), ("17", "88091105"), ("000000000", "11460019")):
        with pytest.raises(IdentityError, match="the reference of no transaction"):
            original(wanted(text, PLACE, terminal), ())


def test_two_different_terminals_in_one_name_are_refused() -> None:
    text = f"TXID000{MONDAY.id}_02_11460019"
    with pytest.raises(IdentityError, match="leave one of them out"):
        wanted(text, PLACE, "88091105")
    assert wanted(text, PLACE, "11460019", "02").place == OTHER


@pytest.mark.parametrize(("terminal", "source"), [("8809110", ""), ("", "x1"), ("88091105", "001")])
def test_a_terminal_that_cannot_be_is_refused(terminal: str, source: str) -> None:
    with pytest.raises(IdentityError, match="The original: "):
        wanted(MONDAY.id, PLACE, terminal, source)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        *(("140102345", "140102345"), ("064 420 724", "064420724"), ("064-420-724", "064420724")),
        ("https://museum.example/r/140102345", "140102345"),
        ("https://museum.example/?id=20261123140102345", "20261123140102345"),
        ("https://museum.example/140102345?id=20261123140102345&x=1", "20261123140102345"),
        ("2026-11-23 14:01 12.55 EUR APPROVED 140102345", "140102345"),
        ("2026-11-23 14:01 123456789.00 EUR APPROVED 140102345", "140102345"),
        ("TXID00020261123140102345_1_88091105", "20261123140102345"),
        ("Reference 064 420 724.", "064420724"),
        # what names none, or several
        *(("", ""), ("4006381333931", ""), ("00012345678905", ""), ("100000", ""), ("4711", "")),
        *(("140102345 140102346", ""), ("123.456.789", ""), ("+43 664 123 456 789", "")),
        *(("1 234 567 890", ""), ("140102345.00", ""), ("REF9876543210_2712_0006_411111", "")),
    ],
)
def test_a_code_names_the_payment_whose_reference_or_id_is_in_it(text: str, name: str) -> None:
    assert named_in(text) == name
    assert reference_in(text) == name[-9:]


def test_what_is_a_name_already_stays_as_it_is() -> None:
    for text in ("TXID20261123140102345_1_88091105", "4006381333931", "12", "064 420 724"):
        assert name_of(text) == text
    assert name_of("https://museum.example/r/140102345") == "140102345"
    assert name_of("https://museum.example/") == ""
