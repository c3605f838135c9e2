"""The service PIN: the only way out of a kiosk."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import ClassVar, Final

from textual.containers import Center
from textual.widget import Widget
from textual.widgets import Static

from kiosk_tui.locales.texts import _
from kiosk_tui.messages import Left, PinAccepted
from kiosk_tui.screens import frame
from kiosk_tui.screens.base import KioskScreen
from kiosk_tui.screens.settings import ScreenSettings
from kiosk_tui.screens.stylesheets import sheet

TRIES: Final = 5
LOCKED_S: Final = 60.0
_LONGEST: Final = 12


class Tries:
    """Counts wrong PINs over all visits to the screen, so that leaving it does not help."""

    def __init__(self) -> None:
        self._wrong = 0
        self._locked_until = 0.0

    @property
    def locked(self) -> bool:
        """Whether no PIN is looked at for now."""
        return frame.monotonic() < self._locked_until

    def tried(self) -> None:
        """Count a PIN before it is looked at: leaving while it is must not help. The fifth locks."""
        self._wrong += 1
        if self._wrong >= TRIES:
            self._wrong = 0
            self._locked_until = frame.monotonic() + LOCKED_S

    def right(self) -> None:
        """Begin to count anew."""
        self._wrong = 0
        self._locked_until = 0.0


class Pin(KioskScreen):
    """Takes the service PIN."""

    CSS_PATH = sheet("pin")
    IDLE: ClassVar[bool] = True
    TYPING: ClassVar[bool] = True
    SERVICE: ClassVar[bool] = False

    def __init__(self, settings: ScreenSettings, tries: Tries) -> None:
        super().__init__(settings)
        self._tries = tries
        self._typed = ""
        self._checking = False

    def body(self) -> Iterator[Widget]:
        if self.settings.pin_fits is None:
            missing = _("No service PIN is set in the configuration ([kiosk] service_pin_hash).")
            yield Static(missing, classes="call", markup=False)
            return
        yield Static(_("Service PIN"), classes="title", markup=False)
        yield Center(Static("", id="typed", markup=False))
        yield Static(self.settings.pin_hint, id="note", markup=False)

    def heading(self) -> str:
        return _("Service")

    def hint(self) -> str:
        return _("[0-9] PIN   [Enter] go on   [Esc] back")

    def digit(self, digit: int) -> None:
        self._type((self._typed + str(digit))[:_LONGEST])

    def erase(self) -> None:
        self._type(self._typed[:-1])

    def back(self) -> None:
        self.tell_last(Left())

    def enter(self) -> None:
        if self.settings.pin_fits is not None and self._typed and not self._checking:
            self._checking = True
            self.run_worker(self._check())

    async def _check(self) -> None:
        fits = self.settings.pin_fits
        typed = self._typed
        self._type("")
        try:
            if self._tries.locked or fits is None:
                self._say(_("Too many wrong PINs. Please wait a minute."))
                return
            self._tries.tried()
            if await asyncio.to_thread(fits, typed):
                self._tries.right()
                self.tell_last(PinAccepted())
            else:
                self._say(_("That PIN is wrong."))
        finally:
            self._checking = False

    def _type(self, text: str) -> None:
        self._typed = text
        if self.settings.pin_fits is not None:
            self.query_one("#typed", Static).update("*" * len(text))

    def _say(self, text: str) -> None:
        self.query_one("#note", Static).update(text)
