"""The real screens show the amount that is paid: at every size, in both looks, in every currency."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import product

import pytest
from support.large import amounts
from support.pictures import Gallery
from support.showcase import DONE, SETTINGS, _lane, _Still
from support.snapshots import RENDERINGS

from kiosk_tui.domain.lane import Draft
from kiosk_tui.domain.money import Currency, Money
from kiosk_tui.domain.operations import Operation
from kiosk_tui.session.settings import ScreenSettings
from kiosk_tui.text.amounts import amount_text
from kiosk_tui.text.looks import CONSOLE, RICH
from kiosk_tui.ui.screens.amount import Amount
from kiosk_tui.ui.screens.frame import Frame
from kiosk_tui.ui.screens.waiting import Waiting

SIZES = ((40, 12), (60, 20), (80, 24), (100, 30), (120, 40), (200, 60))
QUICK = (SIZES[0], CONSOLE), (SIZES[2], CONSOLE)
LIMIT = 10_000_000
EDGES = (1, 111_111, LIMIT)
MONEY = (
    (Currency("EUR", 2), "en"),
    (Currency("EUR", 2), "fr"),
    (Currency("GBP", 2), "de"),
    (Currency("USD", 2), "en"),
    (Currency("CHF", 2), "de_CH"),
    (Currency("JPY", 0), "en"),
    (Currency("TND", 3), "pl"),
)


def _approved(settings: ScreenSettings, money: Money) -> Frame:
    return _Still(
        settings, replace(DONE, order=replace(DONE.order, amount=money), amount_sent=money)
    )


def _running(settings: ScreenSettings, money: Money) -> Frame:
    return _lane(settings, running=replace(DONE.order, amount=money), due=False)


def _typed(settings: ScreenSettings, money: Money) -> Frame:
    return _lane(settings, Draft(Operation.SALE, money), due=False)


SCREENS: dict[str, Callable[[ScreenSettings, Money], Frame]] = {
    "amount": Amount,
    "waiting": lambda settings, money: Waiting(settings, money, lambda: 179.0),
    "approved": _approved,
    "lane": _typed,
    "lane_running": _running,
}


@pytest.mark.parametrize(
    ("size", "look"),
    [
        pytest.param(size, look, marks=[] if (size, look) in QUICK else pytest.mark.journey)
        for size, look in product(SIZES, (CONSOLE, RICH))
    ],
    ids=str,
)
async def test_every_screen_shows_the_whole_amount_with_its_currency(
    size: tuple[int, int], look: str
) -> None:
    faults = []
    settings = replace(SETTINGS, rendering=RENDERINGS[look])
    async with Gallery(size, settings).opened() as gallery:
        for (name, build), (currency, locale) in product(SCREENS.items(), MONEY):
            for minor in EDGES:
                money = Money(minor, currency)
                strips = await gallery.build(
                    lambda settings, money=money, build=build: build(settings, money),  # type: ignore[misc]
                    amount_max=Money(LIMIT, currency),
                    amount_min=Money(1, currency),
                    locale=locale,
                    languages=(locale,),
                )
                lines = [strip.text for strip in strips]
                wanted = str(amount_text(money, locale)).replace(" ", "")
                if wanted not in amounts(lines):
                    faults.append("\n".join((f"{name}: {wanted} is not read:", *lines)))
    assert not faults, "\n".join((*faults[:3], f"... {len(faults)} in all"))
