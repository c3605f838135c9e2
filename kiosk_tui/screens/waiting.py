"""While the terminal asks for the card: what to do, how long, and how to give up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import ClassVar

from textual.containers import Center
from textual.widget import Widget
from textual.widgets import Static

from kiosk_tui.domain.money import Money
from kiosk_tui.domain.outcome import TerminalState
from kiosk_tui.locales.amounts import format_number
from kiosk_tui.locales.texts import _
from kiosk_tui.messages import GaveUp, LeaveAsked
from kiosk_tui.payment.news import News, TerminalTold
from kiosk_tui.screens.base import KioskScreen
from kiosk_tui.screens.settings import Mode, ScreenSettings
from kiosk_tui.screens.stylesheets import sheet
from kiosk_tui.widgets.figures import Figures
from kiosk_tui.widgets.lettering import Lettering


class Waiting(KioskScreen):
    """Points to the terminal. The payment runs in the register, whatever happens to this screen."""

    CSS_PATH = sheet("waiting")
    SERVICE: ClassVar[bool] = False

    def __init__(
        self, settings: ScreenSettings, amount: Money, left_s: Callable[[], float | None]
    ) -> None:
        super().__init__(settings)
        self._amount = amount
        self._left_s = left_s
        self.given_up = False
        self._warned = False

    def heading(self) -> str:
        return _("Payment")

    def body(self) -> Iterator[Widget]:
        yield Lettering(_("Card please"), id="large", classes="open")
        yield Static(_("Please use the card terminal"), classes="title", markup=False)
        yield Static(
            _("Insert, tap or swipe your card there."), id="call", classes="call", markup=False
        )
        code = self._amount.currency.code
        yield Static(_("To pay in {currency}").format(currency=code), id="sum", markup=False)
        yield Center(Figures(format_number(self._amount, self.locale)))
        yield Static("", id="seconds", markup=False)

    def hint(self) -> str:
        return _("[Esc] give up")

    def on_mount(self) -> None:
        """Count the seconds, at most once a second: a line of text costs little."""
        self._tick()
        self.set_interval(1.0, self._tick)

    def back(self) -> None:
        if self.given_up:
            return
        self.given_up = True
        self.query_one("#large", Lettering).show(_("Cancelling"))
        self.query_one(".title").display = False
        self.query_one("#call", Static).update(_("Cancelling. Please wait."))
        for one in ("#sum", "Figures"):  # nothing is to be paid any more
            self.query_one(one).display = False
        self.query_one("#hint", Static).update("")
        self.post_message(GaveUp())

    def quit(self) -> None:
        """Leave at the second press; the payment is finished without a screen."""
        if self.settings.mode is Mode.KIOSK:
            return
        if self._warned:
            self.tell_last(LeaveAsked())
        self._warned = True
        told = _("The payment goes on without this screen. [Ctrl+D] again leaves.")
        self.query_one("#hint", Static).update(told)

    def hear(self, news: News) -> None:
        if not isinstance(news, TerminalTold) or self.given_up:
            return
        if news.state is TerminalState.CARD_READ:
            large = _("Please wait")
            words = _("Card read. Please wait and follow the terminal.")
        elif news.state is TerminalState.WAITING_FOR_CARD:
            large = _("Card please")
            words = _("Insert, tap or swipe your card there.")
        else:
            return
        self.query_one("#large", Lettering).show(large)
        self.query_one("#call", Static).update(words)

    def _tick(self) -> None:
        left = self._left_s()
        if left is not None:
            text = _("Seconds left: {seconds}").format(seconds=f"{left:3.0f}")
            self.query_one("#seconds", Static).update(text, layout=False)
