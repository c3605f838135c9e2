"""An answer is painted at once: it waits for no frame's turn, and the first picture of it is the result."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from support.fakes import YES
from textual.timer import Timer

from kiosk_tui.domain.outcome import PaymentOutcome
from kiosk_tui.ui.app import KioskApp
from kiosk_tui.ui.screens import frame
from kiosk_tui.ui.screens.lane.lane import LaneScreen
from kiosk_tui.ui.screens.lane.panel import APPROVED, LanePanel
from kiosk_tui.ui.screens.result import Result

CHANGED = (
    "Textual paints in another way now: look at `Frame.on_idle`, which calls `Screen._on_timer_update` instead"
    " of waiting for the timer `screen_update`. Results are shown all the same, up to two frames later."
)


@pytest.fixture(autouse=True)
def _awake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frame, "DEAF_S", 0.0)


class Frames:
    """Stops the frames that Textual paints by its timer, and notes what is painted without them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch
        self.stopped = False
        self.asked = 0
        self.painted: list[str] = []
        resume, display = Timer.resume, KioskApp._display

        def resumed(timer: Timer) -> None:
            self.asked += timer.name == "screen_update"
            if not (self.stopped and timer.name == "screen_update"):
                resume(timer)

        def displayed(app: KioskApp, screen: Any, drawn: Any) -> None:
            if self.stopped:
                moods = [panel.view.mood for panel in screen.query(LanePanel)]
                self.painted.append(moods[0] if moods else type(screen).__name__)
            display(app, screen, drawn)

        monkeypatch.setattr(Timer, "resume", resumed)
        monkeypatch.setattr(KioskApp, "_display", displayed)

    async def stop(self, here: Any) -> None:
        """Stop them, once what was asked for before is painted."""
        self.stopped = True
        async with asyncio.timeout(10):
            while here.screen._update_timer._active.is_set():
                await here.pilot.pause(0.01)
        self.painted.clear()
        self.asked = 0


@pytest.fixture
def frames(monkeypatch: pytest.MonkeyPatch) -> Frames:
    return Frames(monkeypatch)


def _held(bench: Any) -> asyncio.Event:
    go = asyncio.Event()

    async def answer() -> PaymentOutcome:
        await go.wait()
        return YES

    bench.terminal.answer = answer
    return go


async def _turns() -> None:
    """Let everybody do what there is to do. A pilot's pause paints by itself."""
    for _ in range(100):
        await asyncio.sleep(0)


async def test_a_lane_paints_a_result_without_a_frame_and_nothing_before_it(
    lane: Any, frames: Frames
) -> None:
    async with lane() as here:
        go = _held(here.bench)
        await here.types("1255", "enter")
        await here.sees("Customer at terminal")
        assert isinstance(here.screen, LaneScreen)
        await frames.stop(here)
        here.screen.say("nobody waits for this")
        await _turns()
        assert frames.asked, CHANGED
        assert frames.painted == []

        go.set()
        async with asyncio.timeout(10):
            while not frames.painted:
                await asyncio.sleep(0)
        assert frames.painted[0] == APPROVED, CHANGED
        frames.stopped = False
        await here.sees("Approved €12.55")


async def test_a_customer_sees_the_whole_result_without_a_frame(hall: Any, frames: Frames) -> None:
    async with hall(price=None) as here:
        go = _held(here.bench)
        await here.pilot.press("2", "0", "0", "enter", "0")
        async with asyncio.timeout(10):
            while not here.bench.terminal.paid:
                await here.pilot.pause(0.01)
        await frames.stop(here)
        go.set()
        await here.until(Result)
        async with asyncio.timeout(10):
            while "Result" not in frames.painted or here.screen._dirty_widgets:
                await asyncio.sleep(0)
        await _turns()
        assert not here.screen._layout_required, CHANGED
        assert not here.screen._repaint_required, CHANGED
        frames.stopped = False


async def test_a_screen_hurries_for_a_moment_only(
    lane: Any, frames: Frames, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with lane() as here:
        here.screen.hurry()
        now = frame.monotonic() + frame.HURRY_S
        monkeypatch.setattr(frame, "monotonic", lambda: now)
        await frames.stop(here)
        here.screen.say("as ever")
        await _turns()
        assert frames.painted == []
        frames.stopped = False
