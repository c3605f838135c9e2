"""Closed, with the reason; opens again by itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Final

from textual import events
from textual.containers import Grid, Vertical
from textual.widget import Widget
from textual.widgets import Static

from kiosk_tui.payment.notifications import Notification, ReadinessChanged
from kiosk_tui.payment.readiness import Obstacle, Readiness
from kiosk_tui.session.settings import ScreenSettings
from kiosk_tui.text.texts import _, ngettext
from kiosk_tui.text.wording.explanations import explained
from kiosk_tui.text.wording.obstacles import notice, reason, since
from kiosk_tui.ui.messages import LookupAsked
from kiosk_tui.ui.screens.frame import monotonic
from kiosk_tui.ui.screens.resting import RestingScreen
from kiosk_tui.ui.shapes.letters import DOUBLE
from kiosk_tui.ui.shapes.signs import BANG
from kiosk_tui.ui.stylesheets import sheet
from kiosk_tui.ui.widgets.sentence import Sentence
from kiosk_tui.ui.widgets.sign import Sign
from kiosk_tui.ui.widgets.word import Word

TELL_S: Final = 10.0
COARSE_S: Final = 10
_APART: Final = 4
_LINE: Final = 7
"""Rows of a word of one line: what else there is to say has room beside the sign."""


class OutOfService(RestingScreen):
    """Says why, since when, and when it is tried again. A word changes each ten seconds, no more."""

    CSS_PATH = sheet("out_of_service")
    POLYGLOT: ClassVar[bool] = True

    def __init__(
        self, settings: ScreenSettings, readiness: Readiness, *, interrupted: bool = False
    ) -> None:
        super().__init__(settings)
        self._readiness = readiness
        self._interrupted = interrupted
        self._told_at = monotonic()

    def body(self) -> Iterator[Widget]:
        with Grid(id="closed"):
            yield Sign(BANG, classes="warn")
            yield Word(_("Out of service"), id="large", classes="warn", most=2, rung=DOUBLE)
            yield from self._sentences()
        yield Static(self._for_staff(), id="why", classes="dim", markup=False)

    def _sentences(self) -> Iterator[Widget]:
        with Vertical(id="sentences"):
            if self._interrupted:
                told = _("Your payment was not started. Nothing was charged.")
                yield Static(told, classes="title", markup=False)
            yield Sentence(self._what_to_do(), id="what", classes="title")
            yield Static(self._reason(), id="reason", markup=False)
            yield Static(self._again(), id="again", classes="dim", markup=False)

    def heading(self) -> str:
        return _("Out of service")

    def hint(self) -> str:
        keys = [_("[*] Where is my money?")]
        keys.append(_("[Esc] leave") if self.settings.mode.attended else _("[-] contrast"))
        return "   ".join(keys)

    def on_mount(self) -> None:
        """Tell now and then how long it takes until it is tried again."""
        super().on_mount()
        self.every(TELL_S, self._tell_again)

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        sign, word = self.query_one(Sign), self.query_one("#large", Word)
        room = self.app.size.width - 2 * self.step.margin - _APART
        free = room - sign.get_content_width(self.size, self.size) - sign.gutter.width
        rows = word.get_content_height(self.size, self.size, free)
        self.set_class(rows <= _LINE, "-short")

    def lookup(self) -> None:
        self.tell_last(LookupAsked())

    def back(self) -> None:
        if self.settings.mode.attended:
            self.leave()

    def hear(self, notification: Notification) -> None:
        if isinstance(notification, ReadinessChanged) and not notification.readiness.open:
            self._readiness = notification.readiness
            self._told_at = monotonic()
            self.query_one("#what", Sentence).show(self._what_to_do())
            self.query_one("#reason", Static).update(self._reason())
            self._tell_again()
            self.query_one("#why", Static).update(self._for_staff())

    def _what_to_do(self) -> str:
        told = notice(self._readiness, self.locale)
        return told or _("Please pay at the cash desk.")

    def _reason(self) -> str:
        by_office = self._readiness.obstacle is Obstacle.CLOSED_BY_OFFICE
        told = by_office and notice(self._readiness, self.locale)
        return "" if told else reason(self._readiness.obstacle)

    def _for_staff(self) -> str:
        why = explained(self._readiness.why)
        return _("For staff: {why}").format(why=why) if why else ""

    def _tell_again(self) -> None:
        self.query_one("#again", Static).update(self._again())

    def _again(self) -> str:
        wait_s = self._readiness.retry_in_s
        by_office = self._readiness.obstacle is Obstacle.CLOSED_BY_OFFICE
        told = "" if by_office else _("It opens again by itself.")
        if wait_s is not None:
            told = f"{told} {self._next(wait_s - (monotonic() - self._told_at))}"
        return f"{since(self._readiness, self.locale)} {told}".strip()

    def _next(self, left_s: float) -> str:
        if left_s < COARSE_S:
            return _("The next try is a moment away.")
        if left_s < 2 * 60:
            seconds = round(left_s / COARSE_S) * COARSE_S
            told = ngettext("Next try in {count} second.", "Next try in {count} seconds.", seconds)
            return told.format(count=seconds)
        minutes = round(left_s / 60)
        told = ngettext("Next try in {count} minute.", "Next try in {count} minutes.", minutes)
        return told.format(count=minutes)
