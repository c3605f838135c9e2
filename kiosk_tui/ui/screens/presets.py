"""The amounts that the merchant offers; another one can be typed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Static

from kiosk_tui.domain.money import zero
from kiosk_tui.text.amounts import format_amount
from kiosk_tui.text.texts import _
from kiosk_tui.ui.messages import AmountGiven, AmountTypingAsked, Left
from kiosk_tui.ui.screens.base import KioskScreen
from kiosk_tui.ui.stylesheets import sheet
from kiosk_tui.ui.widgets.tile import Tile

_IN_A_ROW = 3


class Presets(KioskScreen):
    """Offers amounts, equal in size, none chosen beforehand."""

    CSS_PATH = sheet("presets")
    IDLE: ClassVar[bool] = True
    POLYGLOT: ClassVar[bool] = True

    def body(self) -> Iterator[Widget]:
        yield Static(_("How much would you like to pay?"), classes="title", markup=False)
        tiles = [
            Tile(str(number), ("", format_amount(amount, self.locale)))
            for number, amount in enumerate(self.settings.presets, 1)
        ]
        tiles.append(Tile("0", ("", _("Other amount"))))
        for start in range(0, len(tiles), _IN_A_ROW):
            yield Horizontal(*tiles[start : start + _IN_A_ROW], classes="tiles")

    def hint(self) -> str:
        keys = _("Press the digit of your choice"), _("[Esc] back")
        return "   ".join(keys)

    def digit(self, digit: int) -> None:
        if digit == 0:
            self.tell_last(AmountTypingAsked(zero(self.settings.amount_max.currency)))
        elif digit <= len(self.settings.presets):
            self.tell_last(AmountGiven(self.settings.presets[digit - 1]))

    def back(self) -> None:
        self.tell_last(Left())
