"""An amount as it is typed: digits push in from the right, as on a cash register."""

from __future__ import annotations

from typing import ClassVar

from kiosk_tui.domain.money import (
    Money,
    MoneyError,
    take_digit,
    type_digit,
    type_run,
    within_digits,
)
from kiosk_tui.session.settings import ScreenSettings
from kiosk_tui.text.amounts import read_pasted
from kiosk_tui.text.wording.typed import look_first, no_amount, no_amount_pasted
from kiosk_tui.ui.screens.base import KioskScreen


class AmountEntry(KioskScreen):
    """Takes an amount; one that came in one piece stands there to be looked at, and goes nowhere."""

    IDLE: ClassVar[bool] = True
    POLYGLOT: ClassVar[bool] = True
    TYPING: ClassVar[bool] = True

    def __init__(self, settings: ScreenSettings, typed: Money) -> None:
        super().__init__(settings)
        self.typed = typed

    @property
    def most(self) -> Money:
        """The largest amount; one with more digits is not taken: it would be cut off on the screen."""
        raise NotImplementedError

    def show(self, typed: Money, said: str = "") -> None:
        """Let an amount stand there, with what is to be heeded of it."""
        raise NotImplementedError

    def warn(self, said: str) -> None:
        """Say what is to be heeded."""
        raise NotImplementedError

    def complain(self) -> None:
        """Say which amounts are possible."""
        raise NotImplementedError

    def digit(self, digit: int) -> None:
        typed = type_digit(self.typed, digit)
        if within_digits(typed, self.most):
            self.show(typed)
        else:
            self.complain()

    def burst(self, text: str, *, entered: bool) -> None:
        typed = type_run(self.typed, text, self.most)
        if typed is None:
            self.warn(no_amount())
        else:
            self.show(typed, look_first() if entered else "")

    def paste(self, text: str) -> None:
        currency = self.typed.currency
        try:
            self.put(read_pasted(text, currency, self.locale))
        except MoneyError:
            self.warn(no_amount_pasted(currency, self.locale))

    def put(self, amount: Money) -> None:
        """Let a whole amount stand there, as far as there is room."""
        if within_digits(amount, self.most):
            self.show(amount, look_first())
        else:
            self.complain()

    def erase(self) -> None:
        self.show(take_digit(self.typed))
