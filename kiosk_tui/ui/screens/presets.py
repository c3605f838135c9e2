"""The amounts that the merchant offers; another one can be typed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.containers import Grid
from textual.widget import Widget
from textual.widgets import Static

from kiosk_tui.domain.money import zero
from kiosk_tui.text.amounts import amount_text
from kiosk_tui.text.texts import _
from kiosk_tui.ui.messages import AmountGiven, AmountTypingAsked, Left
from kiosk_tui.ui.screens.base import KioskScreen
from kiosk_tui.ui.stylesheets import sheet
from kiosk_tui.ui.widgets.tile import Tile


class Presets(KioskScreen):
    """Offers amounts, equal in size, none chosen beforehand."""

    CSS_PATH = sheet("presets")
    STEP: ClassVar[str] = "amount"
    IDLE: ClassVar[bool] = True
    POLYGLOT: ClassVar[bool] = True

    def body(self) -> Iterator[Widget]:
        yield Static(_("How much would you like to pay?"), classes="title", markup=False)
        amounts = tuple(amount_text(one, self.locale) for one in self.settings.presets)
        with Grid(classes=f"choices -of-{len(amounts) + 1}"):
            for number, amount in enumerate(amounts, 1):
                yield Tile(str(number), amount, family=amounts)
            yield Tile("0", _("Other amount"), classes="-words")

    def hint(self) -> str:
        last = len(self.settings.presets)
        # the same words as where an amount is typed, under other keys
        return "   ".join((_("[0-9] amount").replace("0-9", f"0-{last}"), _("[Esc] back")))

    def digit(self, digit: int) -> None:
        if digit == 0:
            self.tell_last(AmountTypingAsked(zero(self.settings.amount_max.currency)))
        elif digit <= len(self.settings.presets):
            self.tell_last(AmountGiven(self.settings.presets[digit - 1]))

    def back(self) -> None:
        self.tell_last(Left())
