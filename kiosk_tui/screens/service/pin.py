"""The service PIN: the only way out of a kiosk."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import ClassVar, Final

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

    def wrong(self) -> None:
        """Count a wrong PIN; the fifth locks."""
        self._wrong += 1
        if self._wrong >= TRIES:
            self._wrong = 0
            self._locked_until = frame.monotonic() + LOCKED_S

    def right(self) -> None:
        """Begin to count anew."""
        self._wrong = 0


class Pin(KioskScreen):
    """Takes the service PIN."""

    CSS_PATH = sheet("pin")
    IDLE: ClassVar[bool] = True
    SERVICE: ClassVar[bool] = False

    def __init__(self, settings: ScreenSettings, tries: Tries) -> None:
        super().__init__(settings)
        self._tries = tries
        self._typed = ""
        self._checking = False

    def body(self) -> Iterator[Widget]:
        yield Static(_("Service"), classes="title", markup=False)
        if self.settings.pin_fits is None:
            missing = _("No service PIN is set in the configuration ([kiosk] service_pin_hash).")
            yield Static(missing, classes="call", markup=False)
            return
        yield Static(_("Service PIN"), classes="call", markup=False)
        yield Static("", id="typed", markup=False)
        yield Static(self.settings.pin_hint, id="note", markup=False)

    def hint(self) -> str:
        return _("[0-9] PIN   [Enter] go on   [Esc] back")

    def digit(self, digit: int) -> None:
        self._type((self._typed + str(digit))[:_LONGEST])

    def erase(self) -> None:
        self._type(self._typed[:-1])

    def back(self) -> None:
        self.post_message(Left())

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
            elif await asyncio.to_thread(fits, typed):
                self._tries.right()
                self.post_message(PinAccepted())
            else:
                self._tries.wrong()
                self._say(_("That PIN is wrong."))
        finally:
            self._checking = False

    def _type(self, text: str) -> None:
        self._typed = text
        if self.settings.pin_fits is not None:
            self.query_one("#typed", Static).update("*" * len(text))

    def _say(self, text: str) -> None:
        self.query_one("#note", Static).update(text)
