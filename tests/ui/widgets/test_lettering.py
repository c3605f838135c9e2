"""Large words: drawn where they can be, written in plain where not."""

from __future__ import annotations

import unicodedata

import pytest

from kiosk_tui.ui.widgets.lettering import HEIGHT, rows


@pytest.mark.parametrize(
    "text", ["Pay by card", "Not completed", "Out of service", "Card please", "Stopping"]
)
def test_our_words_fit_the_smallest_terminal(text: str) -> None:
    drawn = rows(text, 80)
    assert len(drawn) == HEIGHT
    assert {len(row) for row in drawn} == {len(drawn[0])}
    assert "█" in drawn[1]


def test_a_word_is_twice_as_wide_where_there_is_room() -> None:
    assert len(rows("Approved", 80)[0]) == 2 * len(rows("Approved", 60)[0])


@pytest.mark.parametrize("text", ["Ωpen", "Bitte die Karte am Terminal benutzen"])
def test_what_cannot_be_drawn_is_written(text: str) -> None:
    assert [row for row in rows(text, 80) if row] == [text]


@pytest.mark.parametrize("text", ["Geöffnet", "Płać kartą", "Číslo", "Refusé", "Señal", "Ça"])
def test_accents_stand_above_and_tails_below(text: str) -> None:
    assert "█" in rows(text, 80)[4]
    plain = unicodedata.normalize("NFD", text).encode("ascii", "ignore").decode()
    assert rows(text, 80) != rows(plain, 80)


@pytest.mark.parametrize("text", ["Accepté", "Płatność kartą", "Außer Betrieb", "Pay by card"])
def test_no_word_touches_the_edge_of_its_band(text: str) -> None:
    first, *_, last = rows(text, 80)
    assert "█" not in first
    tails = "█" in last
    assert not tails or "ą" in text


def test_every_letter_has_a_shape_of_its_own() -> None:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    shapes = {tuple(rows(one, 5)) for one in letters}
    assert len(shapes) == len(letters)
