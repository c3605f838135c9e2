"""The tip: equal choices with percentage, money and total; nothing is chosen beforehand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Static

from kiosk_tui.domain.money import Money
from kiosk_tui.domain.tip import TipOffer, offers
from kiosk_tui.session.settings import ScreenSettings
from kiosk_tui.text.amounts import format_amount, format_percent
from kiosk_tui.text.texts import _
from kiosk_tui.ui.messages import AmountReconsidered, TipGiven, TipTypingAsked
from kiosk_tui.ui.screens.base import KioskScreen
from kiosk_tui.ui.stylesheets import sheet
from kiosk_tui.ui.widgets.tile import Tile

_IN_A_ROW = 3


class TipScreen(KioskScreen):
    """Offers tips on an amount."""

    CSS_PATH = sheet("tip")
    IDLE: ClassVar[bool] = True
    POLYGLOT: ClassVar[bool] = True

    def __init__(self, settings: ScreenSettings, amount: Money) -> None:
        super().__init__(settings)
        self._amount = amount
        self._offers = offers(settings.tip, amount)

    def body(self) -> Iterator[Widget]:
        yield Static(_("Would you like to add a tip?"), classes="title", markup=False)
        amount = format_amount(self._amount, self.locale)
        yield Static(_("Amount {amount}").format(amount=amount), classes="call", markup=False)
        tiles = list(self._tiles())
        for start in range(0, len(tiles), _IN_A_ROW):
            yield Horizontal(*tiles[start : start + _IN_A_ROW], classes="tiles")

    def hint(self) -> str:
        keys = _("Press the digit of your choice"), _("[0] no tip"), _("[Esc] back")
        return "   ".join(keys)

    def digit(self, digit: int) -> None:
        if digit == 0:
            self.tell_last(TipGiven(self._amount, None))
        elif digit <= len(self._offers):
            self.tell_last(TipGiven(self._amount, self._offers[digit - 1].tip))
        elif digit == self._custom_key:
            self.tell_last(TipTypingAsked(self._amount))

    def back(self) -> None:
        self.tell_last(AmountReconsidered(self._amount))

    @property
    def _custom_key(self) -> int | None:
        return len(self._offers) + 1 if self.settings.tip.custom else None

    def _tiles(self) -> Iterator[Tile]:
        for number, offer in enumerate(self._offers, 1):
            yield Tile(str(number), self._words(offer))
        if self._custom_key is not None:
            yield Tile(str(self._custom_key), (_("Other"), _("type a tip"), ""))
        total = format_amount(self._amount, self.locale)
        yield Tile("0", (_("No tip"), "", _("Total {total}").format(total=total)))

    def _words(self, offer: TipOffer) -> tuple[str, str, str]:
        tip, total = (format_amount(one, self.locale) for one in (offer.tip, offer.total))
        shown = _("Total {total}").format(total=total)
        if offer.percent is None:
            return tip, "", shown
        return format_percent(offer.percent, self.locale), tip, shown
