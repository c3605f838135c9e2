"""While the terminal asks for the card: what to do, how long, and how to give up."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from textual.containers import Center
from textual.widget import Widget
from textual.widgets import Static

from kiosk_tui.domain.money import Money
from kiosk_tui.domain.outcome import TerminalState
from kiosk_tui.domain.progress import TerminalProgress
from kiosk_tui.payment.notifications import Notification, TerminalTold
from kiosk_tui.session.settings import ScreenSettings
from kiosk_tui.text.amounts import amount_text
from kiosk_tui.text.texts import _
from kiosk_tui.ui.messages import LeaveAsked
from kiosk_tui.ui.screens.giving_up import (
    GivingUpScreen,
    how_to_answer,
    keys_of_the_question,
    question,
)
from kiosk_tui.ui.stylesheets import sheet
from kiosk_tui.ui.widgets.figures import Figures
from kiosk_tui.ui.widgets.word import Word


class Waiting(GivingUpScreen):
    """Points to the terminal. The payment runs in the register, whatever happens to this screen."""

    CSS_PATH = sheet("waiting")

    def __init__(
        self,
        settings: ScreenSettings,
        amount: Money,
        left_s: Callable[[], float | None],
        progress: TerminalProgress | None = None,
    ) -> None:
        super().__init__(settings)
        self._amount = amount
        self._left_s = left_s
        self.progress = progress or TerminalProgress()
        self._warned = False
        self._shown = self._words()

    def heading(self) -> str:
        return _("Payment")

    def body(self) -> Iterator[Widget]:
        large, title, call = self._words()
        yield Word(large, id="large", classes="warn")
        yield Static(title, classes="title", markup=False)
        yield Static(call, id="call", classes="call", markup=False)
        code = self._amount.currency.code
        yield Static(_("To pay in {currency}").format(currency=code), id="sum", markup=False)
        yield Center(Figures(amount_text(self._amount, self.locale)))
        yield Static("", id="seconds", markup=False)

    def hint(self) -> str:
        if self.given_up:
            return ""
        return keys_of_the_question() if self.asked_to_give_up else _("[Esc] stop the payment")

    @property
    def given_up(self) -> bool:
        """Whether the customer does not want to wait any longer."""
        return self.giving_up.done

    def on_mount(self) -> None:
        """Count the seconds, at most once a second: a line of text costs little."""
        self._tick()
        self.set_interval(1.0, self._tick)

    def press(self, key: str) -> None:
        self.hear_giving_up(key)
        super().press(key)

    def show_giving_up(self) -> None:
        self._show()
        self.tell_keys()

    def quit(self) -> None:
        """Leave at the second press; the payment is finished without a screen."""
        if not self.settings.mode.attended:
            return
        if self._warned:
            self.tell_last(LeaveAsked())
        self._warned = True
        told = _("The payment goes on without this screen. [Ctrl+D] again leaves.")
        self.tell_keys(told)

    def hear(self, notification: Notification) -> None:
        if isinstance(notification, TerminalTold):
            self.progress = self.progress.after(notification.state)
            self._show()

    def _words(self) -> tuple[str, str, str]:
        """Return what is said large, in the title, and as a call."""
        if self.given_up:
            return _("Stopping"), "", _("Stopping the payment. Please wait.")
        if self.asked_to_give_up:
            return _("Stop?"), question(), how_to_answer()
        title = _("Please use the card terminal")
        if self.progress.now is TerminalState.CARD_READ:
            return _("Please wait"), title, _("Card read. Please wait and follow the terminal.")
        return _("Card please"), title, _("Insert, tap or swipe your card there.")

    def _show(self) -> None:
        words = self._words()
        if words != self._shown:
            self._shown = words
            self.query_one("#large", Word).show(words[0])
            self.query_one(".title", Static).update(words[1])
            self.query_one("#call", Static).update(words[2])
        for one in (".title", "#sum", "Figures"):  # nothing is to be paid any more
            self.query_one(one).display = not self.given_up

    def _tick(self) -> None:
        left = self._left_s()
        if left is not None:
            text = _("Seconds left: {seconds}").format(seconds=f"{left:3.0f}")
            self.query_one("#seconds", Static).update(text, layout=False)
