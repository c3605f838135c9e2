"""A console's font that lacks a letter gets one that it has, never a question mark."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kiosk_tui.domain.money import Currency, Money
from kiosk_tui.text.amounts import format_amount
from kiosk_tui.text.glyphs import ASCII, LETTERS, SAFE, draw_with, drawable
from kiosk_tui.ui.driver.shadow import Shadow

PRICE = Money(1255, Currency("EUR", 2))


@pytest.fixture(autouse=True)
def whole_font() -> Iterator[None]:
    yield
    draw_with(None)


def test_a_font_that_nobody_knows_is_believed_to_have_everything() -> None:
    draw_with(None)
    assert all(drawable(one) == one for one in SAFE)


def test_a_font_of_western_europe_shows_polish_and_czech_without_their_marks() -> None:
    draw_with(ASCII | set("€─│") | set(LETTERS["de"]) | set(LETTERS["fr"]))
    assert drawable("Jaką kwotę zapłacić?") == "Jaka kwote zaplacic?"
    assert drawable("Čeština") == "Ceština".replace("š", "s")
    assert drawable("Grüße, Ça va") == "Grüße, Ça va"


def test_a_font_of_letters_alone_still_shows_every_text_in_its_length() -> None:
    draw_with(ASCII)
    for one in SAFE:
        assert drawable(one) in ASCII
        assert len(drawable(one)) == 1
        assert one in "¿?" or drawable(one) != "?"


def test_a_font_without_the_sign_of_a_currency_gets_its_code() -> None:
    assert format_amount(PRICE, "en") == "€12.55"
    draw_with(ASCII)
    assert format_amount(PRICE, "en") == "EUR 12.55"
    assert format_amount(PRICE, "de") == "12,55 EUR"


def test_what_is_drawn_is_what_the_font_has() -> None:
    draw_with(ASCII)
    shadow = Shadow()
    shadow.columns = 80
    assert shadow.reduce("\x1b[3;4H┌─ Wąż ─┐\x1b[0m").endswith("+- Waz -+")
    assert shadow.reduce("\x1b[3;4H+- Waz -+\x1b[0m") == ""
