"""A screen that is laid out anew has nothing on it for a moment: whatever comes then waits for its turn."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Self

import pytest

from kiosk_tui.domain.slip import Pending
from kiosk_tui.domain.tip import TipPolicy
from kiosk_tui.ui.screens import frame
from kiosk_tui.ui.screens.resting import RestingScreen
from kiosk_tui.ui.screens.result import Result

NO_TIP = TipPolicy(ask=False)


@pytest.fixture(autouse=True)
def _awake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frame, "DEAF_S", 0.0)


class Gate:
    """Holds a screen where its old widgets are gone, and the new ones are not there yet."""

    def __init__(self, screen: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        self.empty, self.opened, self.waits = asyncio.Event(), asyncio.Event(), asyncio.Event()
        mount, call_next = screen.mount_all, screen.call_next

        def waits(*what: Any) -> None:
            call_next(*what)
            self.waits.set()

        async def later(*widgets: Any, **named: Any) -> None:
            self.empty.set()
            await self.opened.wait()
            await mount(*widgets, **named)

        monkeypatch.setattr(screen, "mount_all", later)
        monkeypatch.setattr(screen, "call_next", waits)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.opened.set()

    async def held(self, screen: Any, asked: Callable[[], object]) -> None:
        """Wait until it is empty, and then until what is asked for waits for its turn."""
        await _done(self.empty)
        assert not screen.query("#hint")
        self.waits.clear()
        asked()
        await _done(self.waits)


async def _pay(here: Any) -> None:
    await here.pilot.press("5", "0", "0", "enter")
    await here.until(Result)


async def _done(done: asyncio.Event) -> None:
    async with asyncio.timeout(10):
        await done.wait()


async def test_a_second_that_passes_and_a_slip_that_comes_find_a_whole_result(
    hall: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with hall(tip=NO_TIP) as here:
        await _pay(here)
        screen, ticked = here.screen, asyncio.Event()

        def tick() -> None:
            if not ticked.is_set():
                screen.count_down()
            ticked.set()

        def come() -> None:
            screen.every(0.001, tick)
            here.app.journeys.printing._tell_printed(screen._result.id, Pending.PRINTING)
            here.app.say("said")

        with Gate(screen, monkeypatch) as gate:
            screen.refresh(recompose=True)
            await gate.held(screen, come)
            assert not ticked.is_set()
        await _done(ticked)
        async with asyncio.timeout(10):
            while not here.shows("Approved"):
                await here.pilot.pause(0.01)
        assert not here.app.crashed


async def test_a_resting_screen_moves_once_it_speaks_another_language(
    hall: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with hall(languages=("en", "de")) as here:
        screen, moved = here.screen, asyncio.Event()
        assert isinstance(screen, RestingScreen)

        def move() -> None:
            screen.move()
            moved.set()

        with Gate(screen, monkeypatch) as gate:
            screen.language()
            await gate.held(screen, lambda: screen.every(0.001, move))
            assert not moved.is_set()
        await _done(moved)
        async with asyncio.timeout(10):
            while "Kontrast" not in here.text:
                await here.pilot.pause(0.01)
        assert not here.app.crashed
