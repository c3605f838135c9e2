"""The register is in use by another session: who that is, what it does, and how to take over."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Final

from textual.widget import Widget
from textual.widgets import Static

from kiosk_tui.domain.money import MoneyError, parse_plain
from kiosk_tui.remote.link.protocol import Denial, TransactionBrief
from kiosk_tui.remote.link.takeover import Held
from kiosk_tui.session.settings import ScreenSettings
from kiosk_tui.text.amounts import format_amount
from kiosk_tui.text.currencies import currency
from kiosk_tui.text.texts import _, ngettext
from kiosk_tui.text.wording.explanations import explained
from kiosk_tui.ui.messages import TakeOverAsked
from kiosk_tui.ui.screens.base import KioskScreen
from kiosk_tui.ui.stylesheets import sheet
from kiosk_tui.ui.widgets.word import Word

TICK_S: Final = 1.0
_LONGEST_PIN: Final = 12


class HeldScreen(KioskScreen):
    """Follows what the other session does; opens by itself when it is free."""

    CSS_PATH = sheet("held")
    RESTING: ClassVar[bool] = True
    SERVICE: ClassVar[bool] = False
    TYPING: ClassVar[bool] = True

    def __init__(self, settings: ScreenSettings, held: Held) -> None:
        super().__init__(settings)
        self._held = held
        self._told_at = settings.now()
        self._pin = ""

    def body(self) -> Iterator[Widget]:
        yield Word(_("In use"), classes="warn")
        yield Static(_("The register is in use"), classes="title", markup=False)
        yield Static(self._who(), id="who", classes="dim", markup=False)
        yield Static(self._doing(), id="doing", classes="call", markup=False)
        told = _("It opens here by itself as soon as it is free.")
        yield Static(told, classes="dim", markup=False)
        yield Static(self._typed(), id="typed", markup=False)
        yield Static(self._said(), id="said", classes="warn", markup=False)

    def heading(self) -> str:
        return _("In use")

    def hint(self) -> str:
        keys = []
        if self._held.asks_for_pin:
            keys += [_("[0-9] PIN"), _("[Enter] take over")]
        elif self._held.view is not None:
            keys.append(_("[1] take over"))
        return "   ".join([*keys, _("[Esc] leave")])

    def on_mount(self) -> None:
        """Let a running payment's age grow on the screen."""
        super().on_mount()
        self.every(TICK_S, self._tick)

    def tell(self, held: Held) -> None:
        """Show how it is held now."""
        self._held = held
        self._told_at = self.settings.now()
        self._show()

    def digit(self, digit: int) -> None:
        if self._held.asks_for_pin:
            self._pin = (self._pin + str(digit))[:_LONGEST_PIN]
            self._show()
        elif digit == 1 and self._held.view is not None and not self.is_deaf():
            self.post_message(TakeOverAsked())

    def burst(self, text: str, *, entered: bool) -> None:
        """Take digits of a PIN; a scan takes nothing over."""
        del entered
        self.paste(text)

    def paste(self, text: str) -> None:
        if self._held.asks_for_pin and text.isascii() and text.isdigit():
            self._pin = (self._pin + text)[:_LONGEST_PIN]
            self._show()

    def erase(self) -> None:
        self._pin = self._pin[:-1]
        self._show()

    def enter(self) -> None:
        if self._held.asks_for_pin and self._pin:
            pin, self._pin = self._pin, ""
            self.post_message(TakeOverAsked(pin))
            self._show()

    def back(self) -> None:
        self.leave()

    def _tick(self) -> None:
        if self._held.view is not None and self._held.view.current is not None:
            self.query_one("#doing", Static).update(self._doing())

    def _show(self) -> None:
        texts = {
            "#who": self._who(),
            "#doing": self._doing(),
            "#typed": self._typed(),
            "#said": self._said(),
        }
        for place, text in texts.items():
            self.query_one(place, Static).update(text)
        self.tell_keys()

    def _who(self) -> str:
        view = self._held.view
        if view is None:
            return explained(self._held.why)
        by = view.holder
        told = _("{command} (process {number})")
        return told.format(command=by.command, number=by.pid)

    def _doing(self) -> str:
        view = self._held.view
        if view is None:
            return ""
        if view.current is None:
            return _("No payment is running there.")
        passed = self.settings.now() - self._told_at
        seconds = max(0, round((view.age_s or 0.0) + passed.total_seconds()))
        told = ngettext(
            "A payment of {amount} has been running there for {count} second.",
            "A payment of {amount} has been running there for {count} seconds.",
            seconds,
        ).format(amount=self._amount(view.current), count=seconds)
        if not view.ending:
            return told
        return told + "\n" + _("That session is gone: its payment is finished first.")

    def _amount(self, one: TransactionBrief) -> str:
        try:
            return format_amount(parse_plain(one.total, currency(one.currency)), self.locale)
        except MoneyError:
            return f"{one.total} {one.currency}"

    def _typed(self) -> str:
        return "*" * len(self._pin)

    def _said(self) -> str:
        said = {
            Denial.RUNNING: _("A payment is running there: take over when it has ended."),
            Denial.UNATTENDED: _("An unattended kiosk without a service PIN is not taken over."),
            Denial.PIN: _("That is a kiosk's register: its service PIN is needed."),
            Denial.LOCKED: _("Too many wrong PINs: wait a while."),
            Denial.UNAVAILABLE: _("It cannot be taken over: wait until it is free."),
        }
        return "" if self._held.denial is None else said[self._held.denial]
