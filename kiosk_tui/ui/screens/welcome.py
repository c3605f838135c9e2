"""The screen that waits for somebody."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import ClassVar

from textual import events
from textual.containers import Center
from textual.widget import Widget
from textual.widgets import Static

from kiosk_tui.domain.money import MoneyError, type_run, within_digits, zero
from kiosk_tui.payment.notifications import Notification, ReadinessChanged
from kiosk_tui.session.settings import ScreenSettings
from kiosk_tui.text.amounts import amount_text, read_pasted
from kiosk_tui.text.texts import _, language_of, ngettext
from kiosk_tui.text.wording.pins import demo_service
from kiosk_tui.ui.messages import Approached, LookupAsked
from kiosk_tui.ui.screens.resting import RestingScreen
from kiosk_tui.ui.stylesheets import sheet
from kiosk_tui.ui.widgets.figures import Figures
from kiosk_tui.ui.widgets.word import Word


class Welcome(RestingScreen):
    """Says the price, or invites to type the amount."""

    CSS_PATH = sheet("welcome")
    TYPING: ClassVar[bool] = True
    POLYGLOT: ClassVar[bool] = True

    def __init__(self, settings: ScreenSettings, due: int = 0, printer: str = "") -> None:
        super().__init__(settings)
        self._due = due
        self._printer = printer

    def body(self) -> Iterator[Widget]:
        logo = "\n".join(self.settings.logo)
        yield from ([Static(logo, id="logo", classes="title", markup=False)] if logo else [])
        yield Word(_("Pay by card"), id="large", classes="call")
        if self._greeting:
            yield Static(self._greeting, id="greeting", markup=False)
        yield from self._price()
        yield Static(self._call(), classes="call", markup=False)
        yield Static(self._then(), id="then", markup=False)
        yield Static(self._banner(), id="due", classes=self._weight(), markup=False)

    def heading(self) -> str:
        return _("Pay by card")

    def hint(self) -> str:
        keys = [_("[0-9] amount"), _("[Enter] begin")] if self._typed else [_("[Enter] begin")]
        keys.append(_("[*] Where is my money?"))
        keys.append(_("[Esc] leave") if self.settings.mode.attended else _("[-] contrast"))
        return "   ".join(keys)

    def on_mount(self) -> None:
        """Go back to the kiosk's own language when whoever picked another one is gone."""
        super().on_mount()
        self.set_class(self.settings.price is not None, "-priced")
        self.set_class(bool(self._greeting), "-greeted")
        if self.locale != self.settings.languages[0]:
            self.wait_for_somebody()

    async def speak(self, settings: ScreenSettings) -> None:
        await super().speak(settings)
        self.set_class(bool(self._greeting), "-greeted")
        self.wait_for_somebody()

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
    def _greeting(self) -> str:
        return self.settings.welcome.get(language_of(self.locale), "")

    def _price(self) -> Iterator[Widget]:
        if self.settings.price is not None:
            code = self.settings.price.currency.code
            told = _("Price in {currency}").format(currency=code)
            yield Static(told, id="price", markup=False)
            yield Center(Figures(amount_text(self.settings.price, self.locale)))

    def _call(self) -> str:
        return _("Type the amount to begin") if self._typed else _("Press Enter to begin")

    def _then(self) -> str:
        if self._typed:
            return _("then press Enter, and use the card terminal")
        return _("then use the card terminal")

    def _tell_banner(self) -> None:
        banner = self.query_one("#due", Static)
        banner.update(self._banner())
        banner.set_classes(self._weight())

    def _weight(self) -> str:
        return "warning" if self._due or self._printer else "note"

    def _banner(self) -> str:
        if not self._due:
            return self._printer or demo_service(self.settings.demo_pin)
        return ngettext(
            "{count} cancellation is not yet answered",
            "{count} cancellations are not yet answered",
            self._due,
        ).format(count=self._due)
