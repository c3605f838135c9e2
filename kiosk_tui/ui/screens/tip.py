"""The tip: equal choices with percentage, money and total; nothing is chosen beforehand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.containers import Grid, Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import Static

from kiosk_tui.domain.money import Money
from kiosk_tui.domain.tip import MOST_OFFERS, TipOffer, offers
from kiosk_tui.session.settings import ScreenSettings
from kiosk_tui.text.amounts import AmountText, amount_text, format_amount, format_percent
from kiosk_tui.text.texts import _
from kiosk_tui.ui.messages import AmountReconsidered, TipGiven, TipTypingAsked
from kiosk_tui.ui.screens.base import KioskScreen
from kiosk_tui.ui.stylesheets import sheet
from kiosk_tui.ui.widgets.tile import Tile


class TipScreen(KioskScreen):
    """Offers tips on an amount."""

    CSS_PATH = sheet("tip")
    STEP: ClassVar[str] = "tip"
    IDLE: ClassVar[bool] = True
    POLYGLOT: ClassVar[bool] = True

    def __init__(self, settings: ScreenSettings, amount: Money) -> None:
        super().__init__(settings)
        self._amount = amount
        self._offers = offers(settings.tip, amount)

    def body(self) -> Iterator[Widget]:
        amount = format_amount(self._amount, self.locale)
        with Horizontal(id="question"):
            yield Static(_("Would you like to add a tip?"), classes="title", markup=False)
            told = _("Amount {amount}").format(amount=amount)
            yield Static(told, id="sum", classes="title", markup=False)
        with Grid(classes=f"choices -of-{len(self._offers)}"):
            yield from map(self._tile, range(len(self._offers)))
            if len(self._offers) == MOST_OFFERS:  # the third column of the second row
                with Vertical(classes="rest"):
                    yield from self._others()
            else:
                yield from self._others()

    def hint(self) -> str:
        last = self._custom_key or len(self._offers)
        # the same words as where a tip is typed, under other keys
        chosen = _("[0-9] tip").replace("0-9", f"1-{last}" if last > 1 else str(last))
        keys = [chosen] if last else []
        return "   ".join((*keys, _("[0] no tip"), _("[Esc] back")))

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

    def _tile(self, number: int) -> Tile:
        offer = self._offers[number]
        tip = format_amount(offer.tip, self.locale)
        return Tile(
            str(number + 1),
            self._called(offer),
            "" if offer.percent is None else f"+ {tip}",
            amount_text(offer.total, self.locale),
            family=tuple(map(self._called, self._offers)),
            totals=tuple(amount_text(one.total, self.locale) for one in self._offers),
        )

    def _called(self, offer: TipOffer) -> str | AmountText:
        if offer.percent is None:
            return amount_text(offer.tip, self.locale)
        return format_percent(offer.percent, self.locale)

    def _others(self) -> Iterator[Tile]:
        if self._custom_key is not None:
            yield Tile(str(self._custom_key), _("Other"), _("type a tip"), classes="-flat")
        total = amount_text(self._amount, self.locale)
        alone = "" if self._custom_key is not None else " -alone"
        yield Tile("0", _("No tip"), "", total, classes=f"-flat{alone}")
