"""Shows screens one after the other in one app, and returns what is on them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from typing import Any
from unittest import mock

from textual._compositor import Compositor
from textual.pilot import Pilot
from textual.strip import Strip
from textual.widget import Widget

from kiosk_tui.session.settings import ScreenSettings
from kiosk_tui.ui.app import KioskApp
from kiosk_tui.ui.screens.frame import Frame
from kiosk_tui.ui.screens.resting import RestingScreen
from support.showcase import SHOWCASE, Build


@contextmanager
def unsent() -> Iterator[None]:
    """Make no updates for a terminal: a test has none, and they took a third of its time."""

    def nothing(compositor: Compositor, *_: object, **__: object) -> None:
        compositor._dirty_regions.clear()

    with mock.patch.object(Compositor, "render_update", nothing):
        yield


class Gallery:
    """The showcase in one size, theme and language."""

    _pilot: Pilot[int]

    def __init__(self, size: tuple[int, int], settings: ScreenSettings) -> None:
        self._size = size
        self._settings = settings

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Gallery]:
        app = KioskApp()
        with unsent():
            async with app.run_test(size=self._size) as self._pilot:
                app.configure(self._settings)
                yield self

    @property
    def screen(self) -> Frame:
        screen = self._pilot.app.screen
        assert isinstance(screen, Frame)
        return screen

    async def show(self, name: str) -> list[Strip]:
        """Show a screen of the showcase; return its rows."""
        return await self.build(SHOWCASE[name])

    async def build(self, build: Build, **changed: Any) -> list[Strip]:
        """Show a screen that is built with these settings, changed in this; return its rows."""
        app = self._pilot.app
        assert isinstance(app, KioskApp)
        app.show(build(replace(self._settings, **changed)))
        await self._pilot.pause()
        return await self.redrawn()

    async def moved(self) -> list[Strip]:
        """Let a resting screen move by a step; return its rows."""
        screen = self.screen
        assert isinstance(screen, RestingScreen)
        screen.move()
        return await self.redrawn()

    async def resized(self, columns: int, rows: int) -> list[Strip]:
        """Make the terminal larger or smaller; return its rows."""
        await self._pilot.resize_terminal(columns, rows)
        return await self.redrawn()

    async def redrawn(self) -> list[Strip]:
        """Return the rows after what has just been changed, once they stay as they are."""
        before: list[Strip] = []
        while True:
            await self._pilot.pause()
            rows = list(self.screen._compositor.render_strips())
            if rows == before:
                return rows
            before = rows

    def cut(self) -> list[Widget]:
        """Return the widgets of which a part is outside of what is shown."""
        return [
            widget
            for widget, (region, clip) in self.screen._compositor.visible_widgets.items()
            if not list(widget.children) and region.area and not clip.contains_region(region)
        ]
