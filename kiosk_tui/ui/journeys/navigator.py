"""What the journeys may do with the app that they are part of."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, Protocol

from textual.message import Message

from kiosk_tui.session.settings import ScreenSettings
from kiosk_tui.text.themes import Theme
from kiosk_tui.ui.register_link import RegisterLink
from kiosk_tui.ui.screens.frame import Frame


class Navigator(Protocol):
    """Shows screens and lets work be done; the app is one."""

    @property
    def settings(self) -> ScreenSettings:
        """What was configured, in the language that is shown."""

    @property
    def register(self) -> RegisterLink | None:
        """The register, once it is open."""

    @property
    def frame(self) -> Frame:
        """The screen that is shown."""

    def show(self, screen: Frame) -> None:
        """Show a fresh screen."""

    def say(self, text: str) -> None:
        """Let the screen that is shown say it, in its turn."""

    def rest(self, *, interrupted: bool = False) -> None:
        """Go to where nobody is in the middle of anything."""

    def post_message(self, message: Message) -> bool:
        """Tell the app something, in turn with everything else."""

    def call_later(self, callback: Callable[..., Any], *args: Any) -> bool:
        """Call it once the app's other work is done."""

    def run_worker(
        self, work: Coroutine[Any, Any, None], *, group: str = "default", exclusive: bool = False
    ) -> object:
        """Do it beside everything else; an `exclusive` one ends the others of its group."""

    def set_timer(self, delay: float, callback: Callable[[], None]) -> object:
        """Call it once, after so many seconds."""

    def set_interval(self, interval: float, callback: Callable[[], None]) -> object:
        """Call it every so many seconds."""

    def fail(self, error: Exception) -> None:
        """Log a fault of ours and end this app; a fresh one follows."""

    def exit(self, result: int) -> None:
        """End the app with this code."""


class Appearance(Protocol):
    """The language and the colours that everything is shown in."""

    color_theme: Theme

    def configure(self, settings: ScreenSettings) -> None:
        """Show everything by these settings: their language, their colours."""

    def use_theme(self, theme: Theme) -> None:
        """Show everything in these colours."""


class SessionHooks(Protocol):
    """What the session that the app belongs to sets."""

    take_over: Callable[[str], None]
    """Asks whoever holds the register for it, with a PIN."""
    reload_refused: str
    """Why the configuration that somebody wanted taken was not; staff reads it in the menu."""
