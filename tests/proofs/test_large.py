"""What is drawn large is read as a person reads it: words in each lettering, amounts in each size."""

from __future__ import annotations

from itertools import product

import pytest

from kiosk_tui.domain.money import Currency, Money
from kiosk_tui.text.amounts import amount_text
from kiosk_tui.ui.shapes import figures, letters
from kiosk_tui.ui.shapes.rows import Rows, beside
from proofs.large import amounts, shows

LOOKS = (True, False)


def in_the_middle(rows: Rows, room: int = 250) -> list[str]:
    return [" " * room, *(f"│   {row}".ljust(room) for row in rows), " " * room]


@pytest.mark.parametrize(("rung", "rich"), product(letters.RUNGS, LOOKS))
@pytest.mark.parametrize("text", ["Pay by card", "Approved", "Przyjęto", "À bientôt", "Français"])
def test_a_word_is_seen_in_every_lettering(text: str, rung: str, *, rich: bool) -> None:
    drawn = letters.word(text, rung, rich=rich)
    assert drawn is not None
    lines = in_the_middle(drawn)
    assert shows(lines, text)
    assert shows(lines, text.upper())
    assert not shows(lines, text + "s")
    assert not shows([line.replace("█", " ", 3) for line in lines], text)


@pytest.mark.parametrize(("rung", "rich"), product(letters.RUNGS, LOOKS))
def test_a_word_is_seen_that_is_broken_at_a_blank(rung: str, *, rich: bool) -> None:
    drawn = letters.lines("Pay by card", rung, 130, rich=rich)
    assert drawn is not None
    assert shows([line for one in drawn for line in in_the_middle(one)], "Pay by card")


@pytest.mark.parametrize(
    "line", ["Out of service", " O U T   O F   S E R V I C E ", "out of service"]
)
def test_plain_and_spaced_words_are_seen(line: str) -> None:
    assert shows(["", line], "Out of service")


def test_the_cap_of_a_key_is_seen() -> None:
    assert shows([" Enter  next   Esc  back"], "[Esc] back")
    assert not shows([" Enter  next   Esc  back"], "[Esc] next")


@pytest.mark.parametrize(("size", "rich"), product(figures.SIZES, LOOKS))
@pytest.mark.parametrize(
    ("money", "locale", "read"),
    [
        (Money(123_456_78, Currency("EUR", 2)), "en", "€123,456.78"),
        (Money(123_456_90, Currency("EUR", 2)), "de", "123.456,90€"),
        (Money(123_450, Currency("EUR", 2)), "fr", "1234,50€"),
        (Money(123_456, Currency("CHF", 2)), "de_CH", "CHF1'234.56"),
        (Money(1_234, Currency("JPY", 0)), "en", "JPY1,234"),
        (Money(12_345_678, Currency("TND", 3)), "pl", "12345,678TND"),
        (Money(5, Currency("USD", 2)), "en", "$0.05"),
    ],
)
def test_an_amount_is_read_in_every_size(
    size: str, money: Money, locale: str, read: str, *, rich: bool
) -> None:
    text = amount_text(money, locale)
    number = figures.number(text.number, size, rich=rich)
    symbol = figures.currency(text.symbol, size, rich=rich)
    assert number is not None
    assert symbol is not None
    pieces = (symbol, number) if text.symbol_first else (number, symbol)
    gap = figures.MEASURES[size].gap
    lines = in_the_middle(beside(pieces, 2 * gap))
    assert amounts(lines) == [read]
    assert shows(lines, read)
    broken = [line.replace("█", " ", 1) for line in lines]
    assert amounts(broken) != [read]


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("from €0.01 to €1,000.00", ["€0.01", "€1,000.00"]),
        ("Betrag 1.234,50 € + 1,00 €", ["1.234,50€", "1,00€"]),
        ("CHF 1'234.50  063 654 530", ["CHF1'234.50"]),
        ("-€5.00 at 12:05", ["-€5.00"]),
        ("1 234,50 €", ["1234,50€"]),
    ],
)
def test_an_amount_in_plain_text_is_read(line: str, read: list[str]) -> None:
    assert amounts(["", line]) == read
