"""What the first screen keeps, and who gets it: only a screen whose digits are an amount."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from support.showcase import SETTINGS, SHOWCASE

from kiosk_tui.payment.readiness import Obstacle, Readiness
from kiosk_tui.ui.app import KioskApp
from kiosk_tui.ui.driver.typed import Burst
from kiosk_tui.ui.screens.frame import Frame
from kiosk_tui.ui.screens.out_of_service import OutOfService
from kiosk_tui.ui.screens.service.pin import Pin
from kiosk_tui.ui.screens.welcome import Welcome

CLOSED = Readiness(Obstacle.UNREACHABLE, "no route")


async def begun(app: KioskApp, typed: str) -> None:
    """Type at the first picture."""
    app.configure(SETTINGS)
    for key in typed:
        app.frame.press(key)


async def _never(_pin: str) -> str:
    raise AssertionError


@pytest.mark.parametrize(
    "first",
    [
        lambda: OutOfService(SETTINGS, CLOSED),
        lambda: Pin(SETTINGS, _never),
        lambda: SHOWCASE["held"](SETTINGS),
    ],
    ids=("closed", "PIN", "held"),
)
async def test_digits_go_nowhere_but_into_an_amount(
    first: Callable[[], Frame], monkeypatch: pytest.MonkeyPatch
) -> None:
    app = KioskApp()
    told: list[Burst] = []
    async with app.run_test() as pilot:
        await begun(app, "1255")
        screen = first()
        monkeypatch.setattr(screen, "take_burst", told.append)
        app.show(screen)
        await pilot.pause()
        welcome = Welcome(SETTINGS)
        monkeypatch.setattr(welcome, "take_burst", told.append)
        app.show(welcome)  # minutes later, for somebody else
        await pilot.pause()
    assert told == []
