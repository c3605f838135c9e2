"""The wait: what the terminal told and nothing else, a way to stop at each step, and few bytes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from support.fakes import EUR
from support.large import amounts, shows
from support.pictures import Gallery
from support.showcase import SETTINGS, UNTIL_GOODS
from textual.strip import Strip

from kiosk_tui.domain.money import Money
from kiosk_tui.domain.outcome import TerminalState
from kiosk_tui.payment.notifications import TerminalTold, TransactionChanged
from kiosk_tui.session.settings import ScreenSettings
from kiosk_tui.text.looks import RICH, TRUE, Rendering
from kiosk_tui.ui.screens.base import QUICK_S, SLOW_S
from kiosk_tui.ui.screens.waiting import Waiting
from kiosk_tui.ui.screens.welcome import Welcome
from kiosk_tui.ui.widgets.waves import Waves


def _lines(strips: list[Strip]) -> list[str]:
    return [strip.text for strip in strips]


def _told(*states: TerminalState) -> Callable[[ScreenSettings], Waiting]:
    def build(settings: ScreenSettings) -> Waiting:
        screen = Waiting(settings, Money(1381, EUR), lambda: 129.0)
        for state in states:
            screen.call_later(screen.hear, TerminalTold(state))
        return screen

    return build


@pytest.mark.parametrize("state", [one for one in TerminalState if one != "card_read"])
async def test_no_step_is_shown_that_the_terminal_did_not_tell(state: TerminalState) -> None:
    async with Gallery((80, 24), SETTINGS).opened() as gallery:
        lines = _lines(await gallery.build(_told(state)))
    assert shows(lines, "Card please")
    assert not shows(lines, "Your bank")
    assert shows(lines, "[Esc] stop the payment")


async def test_once_the_card_is_read_the_bank_is_still_nobodys_word() -> None:
    async with Gallery((80, 24), SETTINGS).opened() as gallery:
        lines = _lines(await gallery.build(_told(TerminalState.CARD_READ)))
    assert shows(lines, "One moment")
    assert "€13.81" in amounts(lines)
    assert shows(lines, "[Esc] stop the payment")
    told = next(line for line in lines if "at work" in line)
    assert told.split()[-2:] == ["│", "│"]  # nothing stands in the bank's box


async def test_the_question_shows_the_amount_and_is_no_success() -> None:
    async with Gallery((80, 24), SETTINGS).opened() as gallery:
        lines = _lines(await gallery.show("waiting_asked"))
        sign = gallery.screen.query_one("#stop Sign")
        assert sign.has_class("warn")
    assert shows(lines, "Stop?")
    assert "€1,234.56" in amounts(lines)


async def test_who_gave_up_reads_no_amount_to_pay() -> None:
    async with Gallery((80, 24), SETTINGS).opened() as gallery:
        lines = _lines(await gallery.show("waiting_given_up"))
    assert shows(lines, "Stopping")
    assert amounts(lines) == []


@pytest.mark.parametrize(
    ("changed", "pace"),
    [
        ({"motion": False}, (0.0, 0.0)),
        ({"motion": True}, (SLOW_S, 0.0)),
        ({"motion": True, "rendering": Rendering(RICH, TRUE)}, (QUICK_S, 2 * QUICK_S)),
        ({"motion": True, "rendering": Rendering(RICH, TRUE), "remote": True}, (SLOW_S, 0.0)),
    ],
)
def test_what_moves_moves_once_a_second_on_consoles_and_lines(
    changed: dict[str, object], pace: tuple[float, float]
) -> None:
    settings = replace(SETTINGS, **changed)  # type: ignore[arg-type]
    assert Welcome(settings).pace == pace


async def test_a_wave_that_is_lit_changes_its_own_cells_alone() -> None:
    async with Gallery((80, 24), SETTINGS).opened() as gallery:
        before = await gallery.show("waiting_usual")
        waves = gallery.screen.query_one(Waves)
        waves.light(2)
        after = await gallery.redrawn()
        left, right = waves.region.x, waves.region.right
        assert before != after
        for old, new in zip(before, after, strict=True):
            assert old.crop(0, left) == new.crop(0, left)
            assert old.crop(right) == new.crop(right)


def test_at_rest_nothing_moves_where_motion_costs_bytes() -> None:
    still = Welcome(replace(SETTINGS, motion=True, motion_at_rest=False))
    moving = Welcome(replace(SETTINGS, motion=True, motion_at_rest=True))
    assert not still.moves
    assert moving.moves


async def test_while_goods_are_handed_over_it_is_said_and_nothing_stops_the_payment() -> None:
    async with Gallery((80, 24), SETTINGS).opened() as gallery:
        lines = _lines(await gallery.show("waiting_goods"))
        assert shows(lines, "Your goods are being handed over. Without them you pay nothing.")
        assert shows(lines, "0:52")
        assert not shows(lines, "[Esc]")
        screen = gallery.screen
        assert isinstance(screen, Waiting)
        for key in ("escape", "enter"):
            screen.press(key)
        assert _lines(await gallery.redrawn()) == lines
        assert not screen.given_up


async def test_goods_take_the_question_back_and_its_answer_too() -> None:
    def build(settings: ScreenSettings) -> Waiting:
        screen = Waiting(settings, Money(1381, EUR), lambda: 60.0)
        for key in ("escape", "enter"):
            screen.call_later(screen.press, key)
        screen.call_later(screen.hear, TransactionChanged(UNTIL_GOODS))
        return screen

    async with Gallery((80, 24), SETTINGS).opened() as gallery:
        lines = _lines(await gallery.build(build))
        screen = gallery.screen
        assert isinstance(screen, Waiting)
        assert not screen.given_up
    assert shows(lines, "Your goods are being handed over.")
    assert not shows(lines, "Stopping")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("void_due", "Nothing to pay: the charge is being"),
        ("cancelled", "Your payment was reversed. Nothing to pay."),
        ("needs_staff", "Please contact staff"),
    ],
)
async def test_without_goods_the_customer_reads_why_the_money_goes_back(
    name: str, told: str
) -> None:
    async with Gallery((120, 40), SETTINGS).opened() as gallery:
        said = " ".join(" ".join(_lines(await gallery.show(f"without_goods_{name}"))).split())
    assert "The goods were not handed over." in said
    assert told in said
