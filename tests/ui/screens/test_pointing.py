"""The mouse is asked for where something can be pointed at, and nowhere else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.pictures import Gallery
from support.showcase import SETTINGS, SHOWCASE

from kiosk_tui.session.settings import Mode
from kiosk_tui.ui.driver import driver
from kiosk_tui.ui.screens.frame import Frame


@pytest.mark.journey
async def test_a_screen_that_can_be_pointed_at_says_so_and_no_other() -> None:
    async with Gallery((80, 24), replace(SETTINGS)).opened() as gallery:
        for name in SHOWCASE:
            await gallery.show(name)
            screen = gallery.screen
            ours = [
                one for one in screen.query("*") if type(one).__module__.startswith("kiosk_tui.")
            ]
            points = any(hasattr(one, "on_click") for one in (screen, *ours))
            assert (name, screen.POINTED) == (name, points)


def test_the_mouse_is_a_technicians_own_who_copies_with_it() -> None:
    assert [one for one in Mode if one.pointed] == [Mode.KIOSK, Mode.LANE]


def test_nowhere_the_mouse_is_asked_for_its_motion() -> None:
    assert not Frame.POINTED
    asked = driver._MOUSE_ON
    assert "?1000h" in asked
    assert not any(mode in asked for mode in ("?1002h", "?1003h"))
