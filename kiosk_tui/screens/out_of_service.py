"""Closed, with the reason; opens again by itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.widget import Widget
from textual.widgets import Static

from kiosk_tui.locales.texts import _
from kiosk_tui.messages import LeaveAsked
from kiosk_tui.payment.readiness import Obstacle, Readiness
from kiosk_tui.payment.register import News, ReadinessChanged
from kiosk_tui.screens.base import KioskScreen
from kiosk_tui.screens.settings import Mode, ScreenSettings
from kiosk_tui.screens.stylesheets import sheet


class OutOfService(KioskScreen):
    """Says why, since when, and that nobody has to do anything. Nothing ticks: a slow line rests."""

    CSS_PATH = sheet("out_of_service")
    RESTING: ClassVar[bool] = True

    def __init__(self, settings: ScreenSettings, readiness: Readiness) -> None:
        super().__init__(settings)
        self._readiness = readiness

    def body(self) -> Iterator[Widget]:
        yield Static(_("Out of service"), classes="title", markup=False)
        yield Static(self._reason(), id="reason", classes="call", markup=False)
        yield Static(self._again(), id="again", markup=False)
        yield Static(self._readiness.why, id="why", markup=False)

    def hint(self) -> str:
        return "" if self.settings.mode is Mode.KIOSK else _("[Esc] leave")

    def back(self) -> None:
        if self.settings.mode is not Mode.KIOSK:
            self.post_message(LeaveAsked())

    def hear(self, news: News) -> None:
        if isinstance(news, ReadinessChanged) and not news.readiness.open:
            self._readiness = news.readiness
            self.query_one("#reason", Static).update(self._reason())
            self.query_one("#again", Static).update(self._again())
            self.query_one("#why", Static).update(news.readiness.why)

    def _reason(self) -> str:
        obstacle = self._readiness.obstacle
        if obstacle is Obstacle.UNREACHABLE:
            return _("The payment service cannot be reached.")
        if obstacle is Obstacle.CANCELLATION_DUE:
            return _("An earlier payment is still being reversed.")
        if obstacle is Obstacle.CLOCK:
            return _("The clock of this machine is wrong.")
        return _("This machine cannot keep records at the moment.")

    def _again(self) -> str:
        since = self._readiness.since
        again = _("It opens again by itself.")
        if since is None:
            return again
        told = _("Since {time}.").format(time=f"{since.astimezone():%H:%M}")
        return f"{told} {again}"
