"""A kiosk in a hall: the real app and register, a terminal that does as told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from support.attached import attach
from support.fakes import EUR, PLACE, Bench
from support.large import shows
from support.pictures import unsent
from support.virtual import START
from textual.pilot import Pilot

from kiosk_tui.domain.money import Money
from kiosk_tui.domain.tip import TipPolicy
from kiosk_tui.payment.fiscal import FiscalSigner
from kiosk_tui.payment.policy import Exposure
from kiosk_tui.session.settings import LaneSettings, Mode, ScreenSettings
from kiosk_tui.ui.app import KioskApp
from kiosk_tui.ui.screens.lane.form import Form
from kiosk_tui.ui.screens.lane.lane import LaneScreen
from kiosk_tui.ui.screens.lane.panel import LanePanel
from kiosk_tui.ui.screens.welcome import Welcome

SETTINGS = ScreenSettings(
    mode=Mode.KIOSK,
    demo=True,
    place=PLACE,
    amount_min=Money(100, EUR),
    amount_max=Money(50_000, EUR),
    tip=TipPolicy(),
    languages=("en",),
    idle_s=60,
    pin_fits="0000".__eq__,
    demo_pin="0000",
)


class Hall:
    """The app at rest, with its register."""

    def __init__(self, pilot: Pilot[int], bench: Bench) -> None:
        self.pilot = pilot
        self.bench = bench

    @property
    def app(self) -> KioskApp:
        app = self.pilot.app
        assert isinstance(app, KioskApp)
        return app

    @property
    def screen(self) -> Any:
        return self.app.screen

    @property
    def text(self) -> str:
        """What is on the screen, as one line of words."""
        return " ".join(" ".join(self.lines).split())

    @property
    def lines(self) -> list[str]:
        """What is on the screen, by its rows."""
        return [strip.text for strip in self.screen._compositor.render_strips()]

    def shows(self, text: str) -> bool:
        """Whether this stands on the screen, in whatever letters, figures or caps."""
        return shows(self.lines, text)

    async def until(self, kind: type) -> None:
        async with asyncio.timeout(10):
            while not isinstance(self.screen, kind):
                await self.pilot.pause(0.01)
        await self.pilot.pause()


class _Now:
    def now(self) -> datetime:
        return START

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()


OpenHall = Callable[..., AbstractAsyncContextManager[Hall]]
OpenLane = Callable[..., AbstractAsyncContextManager["AtLane"]]


@pytest.fixture
def hall(tmp_path: Path) -> OpenHall:
    @asynccontextmanager
    async def opened(signer: FiscalSigner | None = None, **changed: Any) -> AsyncIterator[Hall]:
        bench = Bench(tmp_path, clock=_Now(), signer=signer)
        app = KioskApp()
        app.configure(replace(SETTINGS, **changed))
        with unsent():
            async with app.run_test() as pilot:
                attach(app, bench.register)
                await bench.register.look()
                here = Hall(pilot, bench)
                await here.until(Welcome)
                yield here
                await bench.register.close(0)

    return opened


class AtLane(Hall):
    """The app as a cashier has it."""

    @property
    def text(self) -> str:
        """What is on the screen; of a lane's panel then its word, its amount and what that was."""
        told = [super().text]
        for panel in self.screen.query(LanePanel):
            heading = "".join(text for text, _ in panel.view.heading)
            told += [heading, str(panel.view.amount), panel.view.title, panel.view.then]
        return " ".join(" ".join(told).split())

    async def types(self, digits: str, *keys: str) -> None:
        await self.pilot.press(*digits, *keys)
        await self.pilot.pause()

    async def sees(self, *words: str) -> None:
        async with asyncio.timeout(10):
            while not all(word in self.text for word in words):
                await self.pilot.pause(0.01)

    async def loses(self, *words: str) -> None:
        async with asyncio.timeout(10):
            while any(word in self.text for word in words):
                await self.pilot.pause(0.01)


@pytest.fixture
def lane(tmp_path: Path) -> OpenLane:
    @asynccontextmanager
    async def opened(
        exposure: Exposure | None = None,
        *,
        remote: bool = False,
        until_goods: bool = False,
        **changed: Any,
    ) -> AsyncIterator[AtLane]:
        bench = Bench(tmp_path, clock=_Now(), exposure=exposure)
        app = KioskApp()
        settings = LaneSettings(zone=UTC)
        settings = replace(settings, **changed)
        shown = replace(SETTINGS, mode=Mode.LANE, remote=remote, until_goods=until_goods)
        app.configure(replace(shown, lane=settings))
        with unsent():
            async with app.run_test() as pilot:
                attach(app, bench.register)
                await bench.register.look()
                here = AtLane(pilot, bench)
                await here.until(Form if settings.people else LaneScreen)
                yield here
                await bench.register.close(0)

    return opened
