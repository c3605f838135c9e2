"""The amount, typed from the right as on a cash register."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.containers import Center
from textual.widget import Widget
from textual.widgets import Static

from kiosk_tui.domain.money import (
    Money,
    MoneyError,
    take_digit,
    type_digit,
    type_run,
    within_digits,
    zero,
)
from kiosk_tui.session.settings import ScreenSettings
from kiosk_tui.text.amounts import format_amount, format_number, read_pasted
from kiosk_tui.text.texts import _
from kiosk_tui.text.wording.typed import look_first, no_amount, no_amount_pasted
from kiosk_tui.ui.messages import AmountGiven, Approached, Left
from kiosk_tui.ui.screens.base import KioskScreen
from kiosk_tui.ui.stylesheets import sheet
from kiosk_tui.ui.widgets.figures import Figures


class Amount(KioskScreen):
    """Takes an amount between the limits."""

    CSS_PATH = sheet("amount")
    IDLE: ClassVar[bool] = True
    POLYGLOT: ClassVar[bool] = True
    TYPING: ClassVar[bool] = True

    def __init__(self, settings: ScreenSettings, amount: Money, said: str = "") -> None:
        super().__init__(settings)
        self._amount = amount
        self._said = said

    @classmethod
    def begun(cls, settings: ScreenSettings, event: Approached) -> Amount:
        """Return the screen with what was typed before it was there."""
        most = settings.amount_max
        nothing = zero(most.currency)
        if event.pasted is not None:
            return cls(settings, event.pasted, look_first())
        if event.run:
            typed = type_run(nothing, event.run, most) or nothing
            return cls(settings, typed, look_first() if event.entered else "")
        return cls(settings, nothing if event.digit is None else type_digit(nothing, event.digit))

    def begin_with(self, event: Approached) -> None:
        """Take what was typed faster than the screen could change."""
        if event.digit is not None:
            self.digit(event.digit)
        elif event.run:
            self.burst(event.run, entered=event.entered)
        elif event.pasted is not None:
            self.put(event.pasted)

    def body(self) -> Iterator[Widget]:
        code = self.settings.amount_max.currency.code
        yield Static(_("Amount in {currency}").format(currency=code), classes="title", markup=False)
        widest = format_number(self.settings.amount_max, self.locale)
        amount = format_number(self._amount, self.locale)
        yield Center(Figures(amount, widest=widest, classes="field"))
        said = self._said or self._limits()
        yield Static(said, id="note", classes="warning" if self._said else "", markup=False)

    def hint(self) -> str:
        keys = _("[0-9] amount"), _("[Backspace] correct"), _("[Enter] next"), _("[Esc] back")
        return "   ".join(keys)

    def digit(self, digit: int) -> None:
        typed = type_digit(self._amount, digit)
        if within_digits(typed, self.settings.amount_max):
            self._show(typed)
        else:
            self._complain()  # what would be cut off on the screen is not taken

    def burst(self, text: str, *, entered: bool) -> None:
        typed = type_run(self._amount, text, self.settings.amount_max)
        if typed is None:
            self._say(no_amount())
        else:
            self._show(typed, look_first() if entered else "")

    def paste(self, text: str) -> None:
        currency = self.settings.amount_max.currency
        try:
            self.put(read_pasted(text, currency, self.locale))
        except MoneyError:
            self._say(no_amount_pasted(currency, self.locale))

    def put(self, amount: Money) -> None:
        """Let a whole amount stand there, as far as there is room."""
        if within_digits(amount, self.settings.amount_max):
            self._show(amount, look_first())
        else:
            self._complain()

    def erase(self) -> None:
        self._show(take_digit(self._amount))

    def enter(self) -> None:
        if self.settings.amount_min <= self._amount <= self.settings.amount_max:
            self.tell_last(AmountGiven(self._amount))
        else:
            self._complain()

    def back(self) -> None:
        self.tell_last(Left())

    def _complain(self) -> None:
        self._say(_("Please type an amount {limits}").format(limits=self._range()))

    def _show(self, amount: Money, said: str = "") -> None:
        self._amount = amount
        self.query_one(Figures).show(format_number(amount, self.locale))
        self._say(said)

    def _say(self, said: str) -> None:
        """Say what is to be heeded; with nothing of that kind, what is possible."""
        if said != self._said:
            self._said = said
            note = self.query_one("#note", Static)
            note.set_class(bool(said), "warning")
            note.update(said or self._limits())

    def _limits(self) -> str:
        return _("Possible: {limits}").format(limits=self._range())

    def _range(self) -> str:
        return _("from {least} to {most}").format(
            least=format_amount(self.settings.amount_min, self.locale),
            most=format_amount(self.settings.amount_max, self.locale),
        )
