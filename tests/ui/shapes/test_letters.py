"""Large words: drawn where they can be, written in plain where not."""

from __future__ import annotations

import unicodedata

import pytest

from kiosk_tui.ui.shapes.letters import BOLD, CONDENSED, DOUBLE, RUNGS, lines, word
from kiosk_tui.ui.shapes.rows import width


@pytest.mark.parametrize("rich", [False, True])
@pytest.mark.parametrize("rung", RUNGS)
@pytest.mark.parametrize("text", ["Geöffnet", "Płać kartą", "Číslo", "Refusé", "Señal", "Ça", "ß"])
def test_accents_stand_above_and_tails_below(text: str, rung: str, *, rich: bool) -> None:
    drawn = word(text, rung, rich=rich)
    plain = unicodedata.normalize("NFD", text).encode("ascii", "ignore").decode() or "s"
    assert drawn is not None
    assert drawn != word(plain, rung, rich=rich)
    assert {len(row) for row in drawn} == {len(drawn[0])}


@pytest.mark.parametrize("text", ["Ωpen", "日本"])
def test_a_word_with_a_letter_that_has_no_shape_is_not_drawn_at_all(text: str) -> None:
    assert all(word(text, rung, rich=rich) is None for rung in RUNGS for rich in (False, True))


def test_a_heading_that_does_not_fit_breaks_at_its_last_blank() -> None:
    whole = word("PAY BY CARD", BOLD, rich=False)
    assert whole is not None
    assert lines("PAY BY CARD", BOLD, width(whole), rich=False) == [whole]
    assert lines("PAY BY CARD", BOLD, width(whole) - 1, rich=False) == [
        word("PAY BY", BOLD, rich=False),
        word("CARD", BOLD, rich=False),
    ]
    assert lines("PAY BY CARD", BOLD, 20, rich=False) is None


@pytest.mark.parametrize("rich", [False, True])
@pytest.mark.parametrize("rung", [BOLD, CONDENSED])
def test_every_letter_has_a_shape_of_its_own(rung: str, *, rich: bool) -> None:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZŁ0123456789" if rung == CONDENSED else "ABCDEFGHIJKLMNŁ"
    shapes = {word(one, rung, rich=rich) for one in letters}
    assert None not in shapes
    assert len(shapes) >= len(letters) - 2  # O and 0, I and 1 may be one
    assert DOUBLE in RUNGS


def test_no_word_is_wider_in_one_look_than_in_the_other() -> None:
    for rung in RUNGS:
        for text in ("APPROVED", "GENEHMIGT", "AUSSER BETRIEB", "PŁATNOŚĆ KARTĄ"):
            sizes = [word(text, rung, rich=rich) for rich in (False, True)]
            assert width(sizes[0] or ()) == width(sizes[1] or ())
