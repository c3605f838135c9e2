"""What ended while nobody watched is shown until somebody presses a key."""

from __future__ import annotations

import pytest
from support.pictures import Gallery
from support.showcase import SETTINGS

from kiosk_tui.ui.screens.meanwhile import Meanwhile
from kiosk_tui.ui.screens.result import SHOWN_S


@pytest.mark.parametrize("name", ["meanwhile", "meanwhile_due"])
async def test_it_stays_however_long_nobody_comes_and_promises_no_end(name: str) -> None:
    async with Gallery((80, 24), SETTINGS).opened() as gallery:
        before = [strip.text for strip in await gallery.show(name)]
        screen = gallery.screen
        assert isinstance(screen, Meanwhile)
        for _ in range(2 * SHOWN_S):
            screen.count_down()
        assert [strip.text for strip in await gallery.redrawn()] == before
        assert gallery.screen is screen
        assert screen.corner() == ""
