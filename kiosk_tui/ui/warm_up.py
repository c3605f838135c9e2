"""Draws a lane once, for nobody: what Textual works out about styles and classes is then there for others.

The parent of lanes does this before it forks: each lane has the parsed stylesheets, and the interpreter's
own notes about code that has run, in memory that it shares with all others. Nothing is configured, no
register is opened, no terminal is touched, and no thread is left.
"""

from __future__ import annotations

import asyncio
import os
from typing import Final

from kiosk_tui.domain.identity import Place
from kiosk_tui.domain.lane import Draft
from kiosk_tui.domain.money import Currency, Money
from kiosk_tui.domain.tip import TipPolicy
from kiosk_tui.payment.readiness import Readiness
from kiosk_tui.session.settings import Mode, ScreenSettings
from kiosk_tui.text.themes import THEMES, drawn
from kiosk_tui.ui.app import KioskApp
from kiosk_tui.ui.screens.lane.lane import LaneScreen
from kiosk_tui.ui.screens.lane.shift import Shift

TERMINAL: Final = "xterm-256color"
"""What SSH comes from. Each picture more leaves holes in the memory that lanes then copy: half a megabyte."""


def draw_a_lane() -> None:
    """Draw a lane as most of them are."""
    before = os.environ.get("TERM")
    os.environ["TERM"] = TERMINAL
    asyncio.run(_draw())
    os.environ.pop("TERM")
    if before is not None:
        os.environ["TERM"] = before


async def _draw() -> None:
    app = KioskApp()
    settings = _settings(app)
    async with app.run_test(size=(80, 24)) as pilot:
        app.configure(settings)
        shift = Shift("", Readiness(None), {}, set())
        empty = Draft.empty(settings.amount_max.currency)
        app.show(LaneScreen(settings, empty, shift, lambda: None))
        await pilot.pause()


def _settings(app: KioskApp) -> ScreenSettings:
    euro = Currency("EUR", 2)
    return ScreenSettings(
        mode=Mode.LANE,
        demo=False,
        remote=True,  # they come over SSH
        place=Place("00000000", "1"),
        amount_min=Money(1, euro),
        amount_max=Money(100_000, euro),
        tip=TipPolicy(),
        languages=("en",),
        idle_s=60,
        pin_fits=None,
        rendering=app.rendering,
        theme=drawn(THEMES["standard"], app.rendering),
    )
