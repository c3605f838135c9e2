"""The service PIN: the only way out of a kiosk."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from typing import ClassVar, Final

from textual.widget import Widget
from textual.widgets import Static

from kiosk_tui.session.settings import ScreenSettings
from kiosk_tui.text.texts import _
from kiosk_tui.text.wording.pins import demo_pin
from kiosk_tui.text.wording.typed import look_first
from kiosk_tui.ui.messages import Left, PinAccepted
from kiosk_tui.ui.screens.staffed import StaffedScreen
from kiosk_tui.ui.stylesheets import sheet

_LONGEST: Final = 12


class Pin(StaffedScreen):
    """Takes the service PIN; `check` says why it is refused, or nothing."""

    CSS_PATH = sheet("pin")
    IDLE: ClassVar[bool] = True
    TYPING: ClassVar[bool] = True
    SERVICE: ClassVar[bool] = False
    ASKS: ClassVar[bool] = False

    def __init__(self, settings: ScreenSettings, check: Callable[[str], Awaitable[str]]) -> None:
        super().__init__(settings)
        self._check = check
        self._typed = ""
        self._checking = False

    def body(self) -> Iterator[Widget]:
        if self.settings.pin_fits is None:
            missing = _("No service PIN is set in the configuration ([kiosk] service_pin_hash).")
            yield Static(missing, classes="call", markup=False)
            return
        yield Static(_("Service PIN"), classes="title", markup=False)
        yield Static("", id="typed", classes="field", markup=False)
        yield Static(demo_pin(self.settings.demo_pin), id="note", classes="warn", markup=False)

    def hint(self) -> str:
        keys = _("[0-9] PIN"), _("[<-] correct"), _("[Enter] next"), _("[Esc] back")
        return "   ".join(keys)

    def digit(self, digit: int) -> None:
        self._type((self._typed + str(digit))[:_LONGEST])

    def burst(self, text: str, *, entered: bool) -> None:
        self.paste(text)
        if entered and self._typed:
            self._say(look_first())

    def paste(self, text: str) -> None:
        if self.settings.pin_fits is not None and text.isascii() and text.isdigit():
            self._type((self._typed + text)[:_LONGEST])

    def erase(self) -> None:
        self._type(self._typed[:-1])

    def back(self) -> None:
        self.tell_last(Left())

    def enter(self) -> None:
        if self.settings.pin_fits is not None and self._typed and not self._checking:
            self._checking = True
            self.run_worker(self._submit())

    async def _submit(self) -> None:
        typed = self._typed
        self._type("")
        try:
            wrong = await self._check(typed)
        finally:
            self._checking = False
        if wrong:
            self._say(wrong)
        else:
            self.tell_last(PinAccepted())

    @property
    def _dot(self) -> str:
        return "●" if self.rich else "*"

    def _type(self, text: str) -> None:
        self._typed = text
        if self.settings.pin_fits is not None:
            self.query_one("#typed", Static).update(" ".join(self._dot * len(text)))

    def _say(self, text: str) -> None:
        self.query_one("#note", Static).update(text)
