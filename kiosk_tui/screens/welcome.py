"""The screen that waits for somebody."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual import events
from textual.widget import Widget
from textual.widgets import Static

from kiosk_tui.locales.texts import _
from kiosk_tui.messages import Approached, LeaveAsked
from kiosk_tui.payment.register import News, ReadinessChanged
from kiosk_tui.screens.base import KioskScreen
from kiosk_tui.screens.settings import Mode, ScreenSettings
from kiosk_tui.screens.stylesheets import sheet
from kiosk_tui.widgets.lettering import Lettering


class Welcome(KioskScreen):
    """Invites to type the amount."""

    CSS_PATH = sheet("welcome")
    RESTING: ClassVar[bool] = True
    TYPING: ClassVar[bool] = True

    def __init__(self, settings: ScreenSettings, due: int = 0) -> None:
        super().__init__(settings)
        self._due = due

    def body(self) -> Iterator[Widget]:
        yield Lettering(_("Pay by card"), id="large")
        yield Static(_("Type the amount to begin"), classes="call", markup=False)
        then = _("then press Enter, and use the card terminal")
        yield Static(then, id="then", markup=False)
        yield Static(self._banner(), id="due", markup=False)

    def heading(self) -> str:
        return _("Pay by card")

    def hint(self) -> str:
        keys = _("[0-9] amount    [Enter] begin")
        if self.settings.mode is not Mode.KIOSK:
            keys += _("    [Esc] leave")
        elif self.settings.demo:
            keys += _("    [F12] service, {pin}").format(pin=self.settings.pin_hint)
        return keys

    def hear(self, news: News) -> None:
        if isinstance(news, ReadinessChanged):
            self._due = len(news.readiness.due)
            self.query_one("#due", Static).update(self._banner())

    def digit(self, digit: int) -> None:
        # each one is told: a slow line may bring several before this screen is gone
        self.post_message(Approached(digit))

    def enter(self) -> None:
        self.post_message(Approached())

    def back(self) -> None:
        if self.settings.mode is not Mode.KIOSK:
            self.tell_last(LeaveAsked())

    def on_click(self, event: events.Click) -> None:
        """Begin at a tap."""
        event.stop()
        self.post_message(Approached())

    def _banner(self) -> str:
        if not self._due:
            return ""
        return _("Cancellations not yet answered: {count}").format(count=self._due)
