"""The amount, typed from the right as on a cash register."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.containers import Center
from textual.widget import Widget
from textual.widgets import Static

from kiosk_tui.domain.money import Money, take_digit, type_digit
from kiosk_tui.locales.amounts import format_amount, format_number
from kiosk_tui.locales.texts import _
from kiosk_tui.messages import AmountGiven, Left
from kiosk_tui.screens.base import KioskScreen
from kiosk_tui.screens.settings import ScreenSettings
from kiosk_tui.screens.stylesheets import sheet
from kiosk_tui.widgets.figures import Figures


class Amount(KioskScreen):
    """Takes an amount between the limits."""

    CSS_PATH = sheet("amount")
    IDLE: ClassVar[bool] = True
    POLYGLOT: ClassVar[bool] = True
    TYPING: ClassVar[bool] = True

    def __init__(self, settings: ScreenSettings, amount: Money) -> None:
        super().__init__(settings)
        self._amount = amount
        self._complaining = False

    def body(self) -> Iterator[Widget]:
        code = self.settings.amount_max.currency.code
        yield Static(_("Amount in {currency}").format(currency=code), classes="title", markup=False)
        widest = format_number(self.settings.amount_max, self.locale)
        amount = format_number(self._amount, self.locale)
        yield Center(Figures(amount, widest=widest, classes="field"))
        yield Static(self._limits(), id="note", markup=False)

    def hint(self) -> str:
        keys = _("[0-9] amount"), _("[Backspace] correct"), _("[Enter] next"), _("[Esc] back")
        return "   ".join(keys)

    def digit(self, digit: int) -> None:
        typed = type_digit(self._amount, digit)
        if len(str(typed.minor)) <= len(str(self.settings.amount_max.minor)):
            self._show(typed)
        else:
            self._complain()  # what would be cut off on the screen is not taken

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
        if self._complaining:
            return
        self._complaining = True
        note = self.query_one("#note", Static)
        note.set_class(True, "warning")
        note.update(_("Please type an amount {limits}").format(limits=self._range()))

    def _show(self, amount: Money) -> None:
        self._amount = amount
        self.query_one(Figures).show(format_number(amount, self.locale))
        if self._complaining:
            self._complaining = False
            note = self.query_one("#note", Static)
            note.set_class(False, "warning")
            note.update(self._limits())

    def _limits(self) -> str:
        return _("Possible: {limits}").format(limits=self._range())

    def _range(self) -> str:
        return _("from {least} to {most}").format(
            least=format_amount(self.settings.amount_min, self.locale),
            most=format_amount(self.settings.amount_max, self.locale),
        )
