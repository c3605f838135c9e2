"""A tip of one's own, typed like an amount."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import Static

from kiosk_tui.domain.money import Money, zero
from kiosk_tui.domain.tip import allowed, highest
from kiosk_tui.session.settings import ScreenSettings
from kiosk_tui.text.amounts import amount_text, format_amount
from kiosk_tui.text.texts import _
from kiosk_tui.ui.messages import AmountGiven, TipGiven
from kiosk_tui.ui.screens.amount_entry import AmountEntry
from kiosk_tui.ui.stylesheets import sheet
from kiosk_tui.ui.widgets.figures import Figures


class TipTyped(AmountEntry):
    """Takes a tip up to the policy's limit."""

    CSS_PATH = sheet("tip_typed")
    STEP: ClassVar[str] = "tip"

    def __init__(self, settings: ScreenSettings, amount: Money) -> None:
        super().__init__(settings, zero(amount.currency))
        self._amount = amount

    def body(self) -> Iterator[Widget]:
        yield Static(_("Your tip"), classes="title", markup=False)
        with Vertical(classes="field"):
            yield Figures(
                amount_text(self.typed, self.locale),
                use="entry",
                widest=amount_text(self.most, self.locale),
                still=self.settings.still,
            )
        yield Static(self._total(), id="note", classes="dim", markup=False)

    def hint(self) -> str:
        keys = _("[0-9] tip"), _("[<-] correct"), _("[Enter] next"), _("[Esc] back")
        return "   ".join(keys)

    @property
    def most(self) -> Money:
        return highest(self.settings.tip, self._amount)

    @property
    def _allowed(self) -> bool:
        return allowed(self.settings.tip, self._amount, self.typed)

    def enter(self) -> None:
        if self._allowed:
            self.tell_last(TipGiven(self._amount, self.typed or None))
        else:
            self.complain()

    def back(self) -> None:
        self.tell_last(AmountGiven(self._amount))

    def complain(self) -> None:
        most = format_amount(self.most, self.locale)
        self.warn(_("The highest tip is {most}").format(most=most))

    def show(self, typed: Money, said: str = "") -> None:
        self.typed = typed
        self.query_one(Figures).show(amount_text(typed, self.locale))
        self.warn(said)

    def warn(self, said: str) -> None:
        """Say what is to be heeded; with nothing of that kind, what is to pay."""
        note = self.query_one("#note", Static)
        note.set_classes("warn" if said else "dim")
        note.update(f"! {said}" if said else self._total(), layout=False)

    def _total(self) -> str:
        if not self._allowed:
            return _("Amount {amount}").format(amount=format_amount(self._amount, self.locale))
        total = format_amount(self._amount + self.typed, self.locale)
        return _("Total {total}").format(total=total)
