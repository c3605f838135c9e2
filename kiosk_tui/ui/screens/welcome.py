"""The screen that waits for somebody."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import ClassVar, Final

from textual import events
from textual.containers import Center, Container, Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import Static

from kiosk_tui.domain.money import MoneyError, type_run, within_digits, zero
from kiosk_tui.payment.notifications import Notification, ReadinessChanged
from kiosk_tui.session.settings import ScreenSettings
from kiosk_tui.text.amounts import amount_text, read_pasted
from kiosk_tui.text.texts import _, language_of, ngettext
from kiosk_tui.text.translations import NAMES
from kiosk_tui.text.wording.pins import demo_service
from kiosk_tui.ui.messages import Approached, LookupAsked
from kiosk_tui.ui.screens.frame import means_nothing
from kiosk_tui.ui.screens.resting import RestingScreen
from kiosk_tui.ui.shapes.letters import CONDENSED
from kiosk_tui.ui.stylesheets import sheet
from kiosk_tui.ui.widgets.card import Card
from kiosk_tui.ui.widgets.figures import Figures
from kiosk_tui.ui.widgets.fitting import leave_out
from kiosk_tui.ui.widgets.languages import Languages
from kiosk_tui.ui.widgets.waves import Waves
from kiosk_tui.ui.widgets.word import Word

REST_S: Final = 10.0
"""The waves run once, and rest for so long."""
_OPTIONAL: Final = ("#sign", "#logo", "#greeting")
"""What is left out first where there is no room for all of it."""
_SIDE_BY_SIDE: Final = frozenset({"l", "xl"})
_APART: Final = 8
"""Columns between the sign and the words beside it."""
_ADDED: Final = 3
"""Rows of padding that words beside the sign have more than words below it."""


class Welcome(RestingScreen):
    """Says the price, or invites to type the amount."""

    CSS_PATH = sheet("welcome")
    TYPING: ClassVar[bool] = True
    AMOUNT: ClassVar[bool] = True
    POLYGLOT: ClassVar[bool] = True

    def __init__(self, settings: ScreenSettings, due: int = 0, printer: str = "") -> None:
        super().__init__(settings)
        self._due = due
        self._printer = printer

    def body(self) -> Iterator[Widget]:
        if self.settings.name:
            yield Word(self.settings.name, id="name", classes="call", rung=CONDENSED)
        logo = "\n".join(self.settings.logo)
        yield from ([Static(logo, id="logo", classes="title", markup=False)] if logo else [])
        with Container(id="invite"):
            with Horizontal(id="sign"):
                yield Card(diagonal=self.settings.diagonal)
                yield Waves(self.pace[0] if self.moves else 0.0, REST_S)
            with Vertical(id="call"):
                yield Word(_("Pay by card"), id="large", most=2, rung=self._rung)
                if self._greeting:
                    yield Static(self._greeting, id="greeting", classes="dim", markup=False)
                yield from self._price()
                with Center():
                    yield Static(f" {self._call()} ", id="chip", markup=False)
        yield Static(self._banner(), id="due", classes=self._weight(), markup=False)
        if self.settings.other_locales:
            names = {one: NAMES.get(language_of(one), one) for one in self.settings.languages}
            yield Languages(names, self.locale)

    def heading(self) -> str:
        return _("Pay by card")

    def title_left(self) -> str:
        """Leave it to large letters where there is room for them."""
        return "" if self.step.name in ("l", "xl") else super().title_left()

    def corner(self) -> str:
        return ""

    def hint(self) -> str:
        keys = [_("[Enter] begin")] if self.settings.price is not None else []
        keys.append(_("[*] Where is my money?"))
        keys.append(_("[Esc] leave") if self.settings.mode.attended else _("[-] contrast"))
        return "   ".join(keys)

    def on_mount(self) -> None:
        """Go back to the kiosk's own language when whoever picked another one is gone."""
        super().on_mount()
        if self.locale != self.settings.languages[0]:
            self.wait_for_somebody()

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        self._make_room()

    async def speak(self, settings: ScreenSettings) -> None:
        await super().speak(settings)
        self._make_room()
        self.wait_for_somebody()

    def _make_room(self) -> None:
        """Set the sign beside the words, or above them; what there is no room for is left out."""
        sign, word = self.query_one("#sign"), self.query_one("#large", Word)
        room = self.app.size.width - 2 * self.step.margin
        beside = room - sign.get_content_width(self.size, self.size) - _APART
        fits = word.fits(beside) and all(one.drawn_columns(beside) for one in self.query(Figures))
        is_beside = self.step.name in _SIDE_BY_SIDE and fits
        self.set_class(is_beside, "-beside")
        self.query_one("#head").set_class(
            bool(self.query("#name")) and not self.title_left(), "-flood"
        )
        # a row for the movement, and what the stylesheet adds beside the sign, which it may not have yet
        rows = self.app.size.height - self.step.head - self.step.foot - (1 + _ADDED * is_beside)
        optional = [self.query_one(one) for one in _OPTIONAL if self.query(one)]
        # how a demo is tried has no room below a price beside the sign
        tall = is_beside and bool(self.query(Figures)) and self._weight() == "dim"
        self.query_one("#due").display = not tall
        for rung in (self._rung, CONDENSED):  # a smaller word rather than no sign
            word.limit(rung)
            leave_out(self.query_one("#body"), optional, rows)
            if sign.display:
                return
        word.limit(self._rung)
        leave_out(self.query_one("#body"), optional, rows)

    def hear(self, notification: Notification) -> None:
        if isinstance(notification, ReadinessChanged):
            self._due = len(notification.readiness.due)
            self._tell_banner()

    def tell_printer(self, trouble: str) -> None:
        """Say that there will be no slip, or nothing."""
        if trouble != self._printer:
            self._printer = trouble
            self._tell_banner()

    def digit(self, digit: int) -> None:
        # each one is told: a slow line may bring several before this screen is gone
        if self.settings.price is None:
            self.post_message(Approached(digit))

    def burst(self, text: str, *, entered: bool) -> None:
        """Let digits of an amount stand on the next screen; no scan begins anything else."""
        most = self.settings.amount_max
        if self._typed and text and type_run(zero(most.currency), text, most) is not None:
            self.post_message(Approached(run=text, entered=entered))

    def paste(self, text: str) -> None:
        most = self.settings.amount_max
        with contextlib.suppress(MoneyError):
            amount = read_pasted(text, most.currency, self.locale)
            if self._typed and within_digits(amount, most):
                self.post_message(Approached(pasted=amount))

    def enter(self) -> None:
        self.post_message(Approached())

    def erase(self) -> None:
        self.press_any()

    def press(self, key: str) -> None:
        if means_nothing(self.meant(key)):
            self.press_any()
        super().press(key)

    def press_any(self) -> None:
        """Begin at a key that means nothing else; a price is not agreed to by accident."""
        if self.settings.price is None:
            self.post_message(Approached())

    def lookup(self) -> None:
        self.tell_last(LookupAsked())

    def back(self) -> None:
        if self.settings.mode.attended:
            self.leave()

    def on_click(self, event: events.Click) -> None:
        """Begin at a tap."""
        event.stop()
        self.post_message(Approached())

    @property
    def _typed(self) -> bool:
        """Whether the amount is typed here, and neither fixed nor chosen."""
        return self.settings.price is None and not self.settings.presets

    @property
    def moves(self) -> bool:
        """Whether the waves run now and then while nobody pays."""
        return self.settings.motion_at_rest and self.pace[0] > 0

    @property
    def _rung(self) -> str:
        """The lettering of the word: a price is more than it."""
        return "" if self.settings.price is None else CONDENSED

    @property
    def _greeting(self) -> str:
        return self.settings.welcome.get(language_of(self.locale), "")

    def _price(self) -> Iterator[Widget]:
        if self.settings.price is not None:
            yield Figures(amount_text(self.settings.price, self.locale), id="price")

    def _call(self) -> str:
        if self.settings.price is None:
            return _("Press any key to start")
        return _("Press Enter to begin")

    def _tell_banner(self) -> None:
        banner = self.query_one("#due", Static)
        banner.update(self._banner())
        banner.set_classes(self._weight())

    def _weight(self) -> str:
        return "warn" if self._due or self._printer else "dim"

    def _banner(self) -> str:
        if not self._due:
            return self._printer or demo_service(self.settings.demo_pin)
        return ngettext(
            "{count} cancellation is not yet answered",
            "{count} cancellations are not yet answered",
            self._due,
        ).format(count=self._due)
