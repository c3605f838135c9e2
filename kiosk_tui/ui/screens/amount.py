"""The amount, typed from the right as on a cash register."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import Static

from kiosk_tui.domain.money import Money, type_digit, type_run, zero
from kiosk_tui.session.settings import ScreenSettings
from kiosk_tui.text.amounts import amount_text, format_amount
from kiosk_tui.text.texts import _
from kiosk_tui.text.wording.typed import look_first
from kiosk_tui.ui.messages import AmountGiven, Approached, Left
from kiosk_tui.ui.screens.amount_entry import AmountEntry
from kiosk_tui.ui.stylesheets import sheet
from kiosk_tui.ui.widgets.figures import Figures


class Amount(AmountEntry):
    """Takes an amount between the limits."""

    CSS_PATH = sheet("amount")
    STEP: ClassVar[str] = "amount"

    def __init__(self, settings: ScreenSettings, typed: Money, said: str = "") -> None:
        super().__init__(settings, typed)
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
        yield Static(_("How much would you like to pay?"), classes="title", markup=False)
        with Vertical(classes="field"):
            yield Figures(
                amount_text(self.typed, self.locale),
                use="entry",
                widest=amount_text(self.settings.amount_max, self.locale),
                still=self.settings.still,
            )
        yield Static(self._note(), id="note", classes=self._weight(), markup=False)

    def hint(self) -> str:
        keys = _("[0-9] amount"), _("[<-] correct"), _("[Enter] next"), _("[Esc] back")
        return "   ".join(keys)

    @property
    def most(self) -> Money:
        return self.settings.amount_max

    def enter(self) -> None:
        if self.settings.limits.allow(self.typed):
            self.tell_last(AmountGiven(self.typed))
        else:
            self.complain()

    def back(self) -> None:
        self.tell_last(Left())

    def complain(self) -> None:
        self.warn(_("Please type an amount {limits}").format(limits=self._range()))

    def show(self, typed: Money, said: str = "") -> None:
        self.typed = typed
        self.query_one(Figures).show(amount_text(typed, self.locale))
        self.warn(said)

    def warn(self, said: str) -> None:
        """Say what is to be heeded; with nothing of that kind, what is possible."""
        if said != self._said:
            self._said = said
            note = self.query_one("#note", Static)
            note.set_classes(self._weight())
            note.update(self._note())

    def _weight(self) -> str:
        return "warn" if self._said else "dim"

    def _note(self) -> str:
        """Say what is to be heeded, or what is possible."""
        return f"! {self._said}" if self._said else self._range()

    def _range(self) -> str:
        return _("from {least} to {most}").format(
            least=format_amount(self.settings.amount_min, self.locale),
            most=format_amount(self.settings.amount_max, self.locale),
        )
