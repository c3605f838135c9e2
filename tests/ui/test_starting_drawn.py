"""The first picture of a forked lane is its login command's: Textual does not draw it again while it stands."""

from __future__ import annotations

import os

import pytest
from textual._compositor import Compositor
from textual.screen import Screen

from kiosk_tui.start import early
from kiosk_tui.ui.app import KioskApp
from kiosk_tui.ui.driver.driver import LeanDriver
from kiosk_tui.ui.screens.starting import Starting


def test_textual_draws_in_the_method_that_is_passed_over() -> None:
    """Starting overrides these; another Textual might draw elsewhere, or keep what changed elsewhere."""
    assert callable(Screen._compositor_refresh)
    assert isinstance(Screen()._dirty_widgets, set)


async def test_it_is_drawn_as_soon_as_it_does_not_stand_any_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drawn: list[object] = []
    render = Compositor.render_update

    def noted(self: Compositor, *arguments: object, **named: object) -> object:
        made = render(self, *arguments, **named)  # type: ignore[arg-type]
        drawn.append(made)
        return made

    monkeypatch.setattr(Compositor, "render_update", noted)
    app = KioskApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert isinstance(app.screen, Starting)
        assert drawn
        drawn.clear()
        monkeypatch.setattr(app._driver, "shows_start", True, raising=False)
        app.refresh(layout=True)
        await pilot.pause()
        assert not drawn
        monkeypatch.setattr(app._driver, "shows_start", False)
        app.refresh(layout=True)
        await pilot.pause()
        assert any(one is not None for one in drawn)


async def test_it_stands_until_the_driver_knows_nothing_of_it() -> None:
    app = KioskApp()
    async with app.run_test(size=(80, 24)):
        driver = LeanDriver(app)
        told = [driver.shows_start]
        driver._handed_on = True
        driver._shadow.seed(early.Early([], (80, 24), dict(os.environ)).stretches())
        told.append(driver.shows_start)
        driver._shadow.forget()
        told.append(driver.shows_start)
    assert told == [False, True, False]
