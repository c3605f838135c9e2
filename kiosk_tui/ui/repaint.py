"""Whether the screen still paints: asked by whoever tells systemd that the program is alive."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from kiosk_tui.ui.driver.driver import LeanDriver
from kiosk_tui.ui.other_loop import OtherLoop
from kiosk_tui.ui.screens.starting import Starting

if TYPE_CHECKING:
    from textual.app import App
    from textual.driver import Driver


async def repainted(app: App[int], driver: Driver | None) -> bool:
    """Return once the screen has painted anew and the terminal has taken it.

    False while there is only the first picture. Never, where a loop or the terminal stands still.
    """
    real = not isinstance(next(reversed(app.screen_stack), None), Starting | None)
    taken = asyncio.Event()
    tell = partial(OtherLoop.here().soon, taken.set)

    def paint() -> None:
        for screen in app.screen_stack[-1:]:
            screen.query("#head").refresh()
            if isinstance(driver, LeanDriver):
                screen.call_after_refresh(driver.prove, tell)

    app.call_later(paint)
    await taken.wait()
    return real
