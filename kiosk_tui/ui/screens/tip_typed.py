"""A tip of one's own, typed like an amount."""

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
from kiosk_tui.domain.tip import allowed, highest
from kiosk_tui.session.settings import ScreenSettings
from kiosk_tui.text.amounts import format_amount, format_number, read_pasted
from kiosk_tui.text.texts import _
from kiosk_tui.text.wording.typed import look_first, no_amount, no_amount_pasted
from kiosk_tui.ui.messages import AmountGiven, TipGiven
from kiosk_tui.ui.screens.base import KioskScreen
from kiosk_tui.ui.stylesheets import sheet
from kiosk_tui.ui.widgets.figures import Figures


class TipTyped(KioskScreen):
    """Takes a tip up to the policy's limit."""

    CSS_PATH = sheet("tip_typed")
    IDLE: ClassVar[bool] = True
    POLYGLOT: ClassVar[bool] = True
    TYPING: ClassVar[bool] = True

    def __init__(self, settings: ScreenSettings, amount: Money) -> None:
        super().__init__(settings)
        self._amount = amount
        self._tip = zero(amount.currency)

    def body(self) -> Iterator[Widget]:
        code = self._amount.currency.code
        yield Static(
            _("Your tip in {currency}").format(currency=code), classes="title", markup=False
        )
        widest = format_number(self._highest, self.locale)
        tip = format_number(self._tip, self.locale)
        yield Center(Figures(tip, widest=widest, classes="field"))
        yield Static(self._total(), id="note", markup=False)

    def hint(self) -> str:
        keys = _("[0-9] tip"), _("[Backspace] correct"), _("[Enter] next"), _("[Esc] back")
        return "   ".join(keys)

    def digit(self, digit: int) -> None:
        typed = type_digit(self._tip, digit)
        if within_digits(typed, self._highest):
            self._show(typed)
        else:
            self._complain()

    def burst(self, text: str, *, entered: bool) -> None:
        typed = type_run(self._tip, text, self._highest)
        if typed is None:
            self._warn(no_amount())
        else:
            self._show(typed)
            if entered:
                self._warn(look_first())

    def paste(self, text: str) -> None:
        currency = self._amount.currency
        try:
            tip = read_pasted(text, currency, self.locale)
        except MoneyError:
            self._warn(no_amount_pasted(currency, self.locale))
            return
        if within_digits(tip, self._highest):
            self._show(tip)
            self._warn(look_first())
        else:
            self._complain()

    def erase(self) -> None:
        self._show(take_digit(self._tip))

    def enter(self) -> None:
        if not allowed(self.settings.tip, self._amount, self._tip):
            self._complain()
            return
        self.tell_last(TipGiven(self._amount, self._tip or None))

    def back(self) -> None:
        self.tell_last(AmountGiven(self._amount))

    def _complain(self) -> None:
        most = format_amount(self._highest, self.locale)
        self._warn(_("The highest tip is {most}").format(most=most))

    def _warn(self, said: str) -> None:
        note = self.query_one("#note", Static)
        note.set_class(True, "warning")
        note.update(said, layout=False)

    @property
    def _highest(self) -> Money:
        return highest(self.settings.tip, self._amount)

    def _show(self, tip: Money) -> None:
        self._tip = tip
        self.query_one(Figures).show(format_number(tip, self.locale))
        note = self.query_one("#note", Static)
        note.set_class(False, "warning")
        note.update(self._total(), layout=False)

    def _total(self) -> str:
        if not allowed(self.settings.tip, self._amount, self._tip):
            return _("Amount {amount}").format(amount=format_amount(self._amount, self.locale))
        total = format_amount(self._amount + self._tip, self.locale)
        return _("Total {total}").format(total=total)
