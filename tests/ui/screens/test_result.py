"""How a payment ended can be seen from two metres: colour, sign, word and amount, at every size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import pytest
from rich.color import Color
from rich.style import Style
from support.fakes import EUR
from support.pictures import Gallery
from support.showcase import DONE, SETTINGS, Build, in_state
from textual.strip import Strip

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.money import Money
from kiosk_tui.domain.slip import Pending, Printed
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.payment.notifications import TransactionChanged
from kiosk_tui.session.settings import ScreenSettings
from kiosk_tui.text.colours import COLOURS
from kiosk_tui.text.looks import RICH, TRUE, Rendering
from kiosk_tui.text.themes import THEMES, drawn
from kiosk_tui.text.translations import NAMES
from kiosk_tui.ui.screens.result import Result
from kiosk_tui.ui.widgets.figures import Figures
from kiosk_tui.ui.widgets.flood import Flood
from kiosk_tui.ui.widgets.sentence import Sentence
from kiosk_tui.ui.widgets.word import Word

SIZES: Final = ((80, 24), (100, 30), (120, 40), (200, 60))
CONSOLE: Final = Rendering()
GENTLE: Final = Rendering(RICH, TRUE)
GROUNDS: Final = {"approved": "ok", "declined_other": "bad", "stopped": "neutral"}


def _settings(look: Rendering, theme: str = "standard", locale: str = "en") -> ScreenSettings:
    languages = tuple(dict.fromkeys((locale, *NAMES)))
    colours = drawn(THEMES[theme], look)
    return replace(SETTINGS, rendering=look, theme=colours, languages=languages, locale=locale)


def _shows(ended: Transaction) -> Build:
    return lambda settings: Result(settings, ended)


def _cells(row: Strip) -> list[tuple[str, Style]]:
    return [(one, part.style or Style()) for part in row for one in part.text]


def _named(colour: Color | None) -> str:
    """Return a colour as a theme calls it."""
    assert colour is not None
    if colour.triplet is not None:
        return colour.triplet.hex.upper()
    return "default" if colour.number is None else COLOURS[colour.number]


def _grounds(rows: Sequence[Strip]) -> list[set[str]]:
    return [{_named(style.bgcolor) for _, style in _cells(row)} for row in rows]


@pytest.mark.parametrize("look", [CONSOLE, GENTLE])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", GROUNDS)
async def test_a_flood_in_the_states_colour_covers_seven_tenths_the_line_above_included(
    name: str, size: tuple[int, int], look: Rendering
) -> None:
    settings = replace(_settings(look), demo=False)
    async with Gallery(size, settings).opened() as gallery:
        grounds = _grounds(await gallery.show(name))
        flood = int(size[1] * 0.71)
        back = settings.theme[GROUNDS[name]].back
        assert all(one == {back} for one in grounds[:flood]), grounds
        assert all(back not in one for one in grounds[flood : size[1] - 4])
        # and at a size that is no step: it grows with the screen
        rows = size[1] + 5
        grounds = _grounds(await gallery.resized(size[0], rows))
        assert sum(one == {back} for one in grounds) == int(rows * 0.71)


@pytest.mark.parametrize(
    ("theme", "name", "role"),
    [
        ("high-contrast", "approved", "ok"),
        ("high-contrast", "declined_other", "bad"),
        ("high-contrast", "stopped", "page"),
        ("standard", "not_started", "warn"),
        ("standard", "needs_staff", "warn"),
    ],
)
@pytest.mark.parametrize("look", [CONSOLE, GENTLE])
async def test_without_a_flood_a_double_frame_tells_the_state(
    theme: str, name: str, role: str, look: Rendering
) -> None:
    settings = _settings(look, theme)
    async with Gallery((80, 24), settings).opened() as gallery:
        rows = await gallery.show(name)
        cells = [_cells(row) for row in rows]
        top = next(row for row in cells if row[0][0] == "╔")
        assert top[-1][0] == "╗"
        assert _named(top[0][1].color) == settings.theme[role].front
        words = [style for row in cells for one, style in row[30:70] if one in "█▀▄"]
        front = settings.theme["page"].front
        assert {_named(style.color) for style in words} == {front}


@pytest.mark.parametrize("locale", ["en", "de", "pl"])
@pytest.mark.parametrize("look", [CONSOLE, GENTLE])
@pytest.mark.parametrize("minor", [99_999, 999_999])
async def test_an_amount_stands_large_whatever_the_sign_beside_it_needs(
    minor: int, look: Rendering, locale: str
) -> None:
    settings = _settings(look, locale=locale)
    order = replace(DONE.order, amount=Money(minor, EUR))
    async with Gallery((80, 24), settings).opened() as gallery:
        for state in (State.APPROVED, State.DECLINED, State.NOT_SENT):
            ended = replace(in_state(state), order=order, amount_sent=order.amount)
            await gallery.build(_shows(ended))
            amount = gallery.screen.query_one("#flood Figures", Figures)
            assert amount.size.height > 1
            assert not gallery.cut()


@pytest.mark.parametrize("locale", NAMES)
async def test_the_words_of_an_end_are_large(locale: str) -> None:
    async with Gallery((80, 24), _settings(CONSOLE, locale=locale)).opened() as gallery:
        for name in GROUNDS:
            await gallery.show(name)
            assert gallery.screen.query_one("#flood Word", Word).is_large


async def test_while_a_payment_is_open_its_reference_stands_large_and_goes_with_it() -> None:
    async with Gallery((80, 24), _settings(CONSOLE)).opened() as gallery:
        await gallery.show("cancel_due")
        number = gallery.screen.query_one("#number", Figures)
        assert (number.shown, number.size.height) == ("140 102 345", 5)
        assert "being reversed" in gallery.screen.query_one("#line", Sentence).text
        gallery.screen.hear(TransactionChanged(in_state(State.CANCELLED)))
        await gallery.redrawn()
        assert not number.display
        assert "reversed" in gallery.screen.query_one("#text", Sentence).text


@pytest.mark.parametrize("name", ["cancel_due", "declined_again"])
async def test_a_reference_is_not_broken_at_the_end_of_a_line(name: str) -> None:
    async with Gallery((80, 24), _settings(CONSOLE, locale="fr")).opened() as gallery:
        rows = await gallery.show(name)
        assert any("140 102 345" in row.text for row in rows)


async def test_the_slip_or_the_way_to_one_on_a_telephone_is_told() -> None:
    async with Gallery((120, 40), _settings(CONSOLE)).opened() as gallery:
        await gallery.show("approved")
        screen = gallery.screen
        text = screen.query_one("#text", Sentence)
        screen.tell_printed(DONE.id, Pending.NO_PRINTER)
        assert text.text == "Thank you!"  # there is no code to be had
        screen.tell_printed(DONE.id, Printed())
        assert text.text == "Thank you! Please take your receipt."
        await gallery.show("code")
        screen = gallery.screen
        screen.digit(1)  # the code goes, the result comes back
        await gallery.redrawn()
        screen.tell_printed(DONE.id, Pending.NO_PRINTER)
        text = screen.query_one("#text", Sentence)
        assert text.text == "Thank you! Press 1 for the receipt on your phone."


async def test_a_result_stands_at_once_and_only_its_time_moves() -> None:
    async with Gallery((80, 24), _settings(GENTLE)).opened() as gallery:
        before = await gallery.show("approved")
        screen = gallery.screen
        assert isinstance(screen, Result)
        Result.count_down(screen)
        after = await gallery.redrawn()
        changed = [
            y for y, (one, other) in enumerate(zip(before, after, strict=True)) if one != other
        ]
        bar = screen.query_one("#bar").region.y
        assert changed == [bar, 23]
        assert screen.query_one(Flood).region.bottom <= bar
