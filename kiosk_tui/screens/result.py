"""How the payment ended, for as long as somebody needs to read it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual import events
from textual.containers import Center
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Static

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.locales.amounts import format_amount, format_number
from kiosk_tui.locales.texts import _
from kiosk_tui.messages import Left
from kiosk_tui.payment.flow import NotStarted
from kiosk_tui.payment.news import News, TransactionChanged
from kiosk_tui.receipt.printer import PrintOutcome
from kiosk_tui.screens.base import KioskScreen
from kiosk_tui.screens.settings import ScreenSettings
from kiosk_tui.screens.stylesheets import sheet
from kiosk_tui.widgets.figures import Figures
from kiosk_tui.widgets.lettering import Lettering
from kiosk_tui.wording.outcomes import Words, words
from kiosk_tui.wording.printing import told

APPROVED_S = 8.0
OTHER_S = 20.0

_CLEAR = frozenset({State.APPROVED, State.DECLINED, State.NOT_SENT})
"""Outcomes that leave no question open."""


class Result(KioskScreen):
    """Approved, declined, or not completed with a reference. Follows a reversal while it is shown."""

    CSS_PATH = sheet("result")
    SERVICE: ClassVar[bool] = False

    def __init__(
        self,
        settings: ScreenSettings,
        result: Transaction | NotStarted,
        *,
        given_up: bool = False,
    ) -> None:
        super().__init__(settings)
        self._result = result
        self._given_up = given_up
        self._end: Timer | None = None

    def body(self) -> Iterator[Widget]:
        said = self._words()
        yield Lettering(said.title, id="large", classes=said.mood)
        yield from self._sum()
        yield Static(self._text(said), id="text", classes="call", markup=False)
        yield Static("", id="slip", classes="call", markup=False)
        yield from self._reference()
        yield Static(self._details(), id="details", markup=False)

    def heading(self) -> str:
        return self._words().title

    def hint(self) -> str:
        return _("[Enter] done")

    def on_mount(self) -> None:
        """Make room for the next customer after a while."""
        approved = isinstance(self._result, Transaction) and self._result.state is State.APPROVED
        self._end = self.set_timer(APPROVED_S if approved else OTHER_S, self.enter)

    def enter(self) -> None:
        self.tell_last(Left())

    def back(self) -> None:
        self.tell_last(Left())

    def on_click(self, event: events.Click) -> None:
        """Take a tap as Enter."""
        event.stop()
        if not self.is_deaf():
            self.enter()

    def hear(self, news: News) -> None:
        mine = self._result.id if isinstance(self._result, Transaction) else None
        if isinstance(news, TransactionChanged) and news.transaction.id == mine:
            self._result = news.transaction
            self._show(self._words())

    def tell_printed(self, transaction_id: str, outcome: PrintOutcome) -> None:
        """Say where the slip is."""
        if isinstance(self._result, Transaction) and self._result.id == transaction_id:
            self.query_one("#slip", Static).update(told(outcome))

    def _words(self) -> Words:
        return words(self._result, given_up=self._given_up)

    def _show(self, told: Words) -> None:
        large = self.query_one("#large", Lettering)
        large.show(told.title)
        large.set_classes(told.mood)
        self.query_one("#text", Static).update(self._text(told))
        if self._end is not None:
            self._end.reset()  # what is new must be read, too

    def _text(self, told: Words) -> str:
        if isinstance(self._result, Transaction) and self._result.state is State.APPROVED:
            return f"{told.text}: {format_amount(self._result.order.charged, self.locale)}"
        return told.text

    def _sum(self) -> Iterator[Widget]:
        if isinstance(self._result, Transaction) and self._result.state is State.APPROVED:
            yield Center(Figures(format_number(self._result.order.charged, self.locale)))

    def _reference(self) -> Iterator[Widget]:
        """Show large what a customer may have to write down: how an open payment is asked after."""
        if isinstance(self._result, Transaction) and self._result.state not in _CLEAR:
            yield Static(_("Reference"), id="reference", markup=False)
            yield Center(Figures(self._result.reference))

    def _details(self) -> str:
        if isinstance(self._result, NotStarted):
            return ""
        answer = self._result.answer
        reference = _("Reference {number}").format(number=self._result.reference)
        if self._result.state not in _CLEAR:
            return ""
        if self._result.state is not State.APPROVED or answer is None:
            return reference
        number = _("Approval {number}").format(number=answer.authorization_number)
        return "   ".join(one for one in (answer.card, number, reference) if one)
