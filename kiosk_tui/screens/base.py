"""What all screens share: the frame, the keys, the patience with held keys, the way back to rest."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import ClassVar, Final

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import Screen
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Static

from kiosk_tui.locales.texts import _
from kiosk_tui.messages import Left, ServiceAsked
from kiosk_tui.payment.register import News
from kiosk_tui.screens.settings import ScreenSettings
from kiosk_tui.widgets.tile import Tile

DEAF_S: Final = 0.3
"""A new screen hears no key for so long: an Enter that is held down must not run through several."""

SMALLEST: Final = (80, 24)
"""Columns and rows that every screen fits into."""

monotonic: Callable[[], float] = time.monotonic


class KioskScreen(Screen[None], inherit_bindings=False):
    """A screen of the kiosk. Subclasses answer to digits, Enter, Backspace and Back."""

    BINDINGS: ClassVar[list[BindingType]] = []
    ALLOW_SELECT = False
    AUTO_FOCUS = None
    RESTING: ClassVar[bool] = False
    """Nobody is in the middle of anything here: the app may change the screen at will."""
    IDLE: ClassVar[bool] = False
    """Whether a customer who walks away from here is led back to the beginning."""
    SERVICE: ClassVar[bool] = True
    """Whether the service key is heard here."""

    def __init__(self, settings: ScreenSettings) -> None:
        super().__init__()
        self.settings = settings
        self._born = monotonic()
        self._idle: Timer | None = None

    @property
    def locale(self) -> str:
        """The language that amounts and times are written in."""
        return self.settings.languages[0]

    def compose(self) -> ComposeResult:
        """Lay out the frame: a line above, the body, a line of keys below."""
        yield Static(self._head(), id="head", markup=False)
        with Vertical(id="body"):
            yield from self.body()
        yield Static(self.hint(), id="hint", markup=False)

    def body(self) -> Iterator[Widget]:
        """Yield what this screen is about."""
        raise NotImplementedError

    def hint(self) -> str:
        """Say which keys do something here."""
        return ""

    def hear(self, news: News) -> None:
        """Take note of the register's news."""

    # -- what subclasses answer to --------------------------------------------------------------

    def digit(self, digit: int) -> None:
        """Answer to a digit."""

    def enter(self) -> None:
        """Answer to Enter, of either kind."""

    def erase(self) -> None:
        """Answer to Backspace."""

    def back(self) -> None:
        """Answer to Esc or the numpad's point: back, or give up."""

    # -- keys ------------------------------------------------------------------------------------

    def on_mount(self) -> None:
        """Begin to wait for somebody who never presses a key."""
        if self.IDLE:
            self._idle = self.set_timer(self.settings.idle_s, self._walked_away)

    def on_resize(self, event: events.Resize) -> None:
        """Say so when the terminal is too small to show everything."""
        columns, rows = SMALLEST
        if event.size.width < columns or event.size.height < rows:
            text = _("This terminal is too small: {columns} x {rows} are needed.")
            self.query_one("#head", Static).update(text.format(columns=columns, rows=rows))
        else:
            self.query_one("#head", Static).update(self._head())

    def on_key(self, event: events.Key) -> None:
        """Turn a key into what it means here; every other key does nothing."""
        event.stop()
        event.prevent_default()
        if monotonic() - self._born < DEAF_S:
            return
        if self._idle is not None:
            self._idle.reset()
        self.press(event.key)

    def on_tile_picked(self, event: Tile.Picked) -> None:
        """Turn a tap into the key that it stands for."""
        self.press(event.key)

    def press(self, key: str) -> None:
        """Do what a key means."""
        if key.isdigit() and key.isascii():
            self.digit(int(key))
        elif key == "f12" and self.SERVICE:
            self.post_message(ServiceAsked())
        elif key in _KEYS:
            getattr(self, _KEYS[key])()

    def _walked_away(self) -> None:
        self.post_message(Left())

    def _head(self) -> str:
        demo = _("DEMO - no money moves")
        return (
            f"{self.settings.kiosk_id}   {demo}" if self.settings.demo else self.settings.kiosk_id
        )


_KEYS: Final = {
    "enter": "enter",
    "ctrl+m": "enter",
    "ctrl+j": "enter",
    "backspace": "erase",
    "ctrl+h": "erase",
    "delete": "erase",
    "escape": "back",
    "full_stop": "back",
    "comma": "back",
}
