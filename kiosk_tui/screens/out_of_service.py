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
from kiosk_tui.widgets.lettering import Lettering


class OutOfService(KioskScreen):
    """Says why, since when, and that nobody has to do anything. Nothing ticks: a slow line rests."""

    CSS_PATH = sheet("out_of_service")
    RESTING: ClassVar[bool] = True

    def __init__(
        self, settings: ScreenSettings, readiness: Readiness, *, interrupted: bool = False
    ) -> None:
        super().__init__(settings)
        self._readiness = readiness
        self._interrupted = interrupted

    def body(self) -> Iterator[Widget]:
        yield Lettering(_("Out of service"), id="large")
        if self._interrupted:
            told = _("Your payment was not started. Nothing was charged.")
            yield Static(told, classes="title", markup=False)
        yield Static(self._reason(), id="reason", classes="call", markup=False)
        yield Static(self._again(), id="again", markup=False)
        yield Static(self._for_staff(), id="why", markup=False)

    def heading(self) -> str:
        return _("Out of service")

    def hint(self) -> str:
        return "" if self.settings.mode is Mode.KIOSK else _("[Esc] leave")

    def back(self) -> None:
        if self.settings.mode is not Mode.KIOSK:
            self.tell_last(LeaveAsked())

    def hear(self, news: News) -> None:
        if isinstance(news, ReadinessChanged) and not news.readiness.open:
            self._readiness = news.readiness
            self.query_one("#reason", Static).update(self._reason())
            self.query_one("#again", Static).update(self._again())
            self.query_one("#why", Static).update(self._for_staff())

    def _reason(self) -> str:
        obstacle = self._readiness.obstacle
        if obstacle is Obstacle.STARTING:
            return _("One moment, please.")
        if obstacle is Obstacle.UNREACHABLE:
            return _("The payment service cannot be reached.")
        if obstacle is Obstacle.CANCELLATION_DUE:
            return _("An earlier payment is still being reversed.")
        if obstacle is Obstacle.CLOCK:
            return _("The clock of this machine is wrong.")
        return _("This machine cannot keep records at the moment.")

    def _for_staff(self) -> str:
        why = self._readiness.why
        return _("For staff: {why}").format(why=why) if why else ""

    def _again(self) -> str:
        since = self._readiness.since
        again = _("It opens again by itself.")
        if since is None:
            return again
        told = _("Since {time}.").format(time=f"{since.astimezone():%H:%M}")
        return f"{told} {again}"
