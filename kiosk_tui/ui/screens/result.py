"""How the payment ended, for as long as somebody needs to read it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual import events
from textual.containers import Center
from textual.widget import Widget
from textual.widgets import Static

from kiosk_tui.domain.attempt import STOOD_S
from kiosk_tui.domain.slip import Slip
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.payment.flow import NotStarted
from kiosk_tui.payment.notifications import Notification, ReadinessChanged, TransactionChanged
from kiosk_tui.payment.readiness import Readiness
from kiosk_tui.session.settings import ScreenSettings
from kiosk_tui.text.amounts import amount_text
from kiosk_tui.text.texts import _, ngettext
from kiosk_tui.text.wording.outcomes import ResultWords, words
from kiosk_tui.text.wording.printing import told
from kiosk_tui.ui.messages import AgainAsked, Left
from kiosk_tui.ui.screens import frame
from kiosk_tui.ui.screens.base import KioskScreen
from kiosk_tui.ui.stylesheets import sheet
from kiosk_tui.ui.widgets.code import Code, size
from kiosk_tui.ui.widgets.figures import Figures
from kiosk_tui.ui.widgets.foot import Foot
from kiosk_tui.ui.widgets.word import Word

SHOWN_S = 20
"""Long enough to read it, and to note the reference; any key makes it as long again."""
CODE_S = 60
"""Long enough to find a telephone."""
LARGEST = 37
"""Modules of the largest code with its light ones around it: it is only made when somebody asks."""
FRAME = 3
"""Rows that are not the body's."""


def is_ready(readiness: Readiness | None) -> bool:
    """Say whether a payment may be begun anew: the register is open, and nothing is due."""
    return readiness is not None and readiness.open and not readiness.due


class Result(KioskScreen):
    """Approved, declined, or not completed with a reference. Follows a reversal while it is shown.

    `again` allows that the same payment is begun anew, where the outcome does and the register is `ready`:
    open, and nothing due. Enter does that only once the offer has stood for a second: nobody pays by a key
    that was meant for what was shown before.
    """

    CSS_PATH = sheet("result")
    SERVICE: ClassVar[bool] = False

    def __init__(
        self,
        settings: ScreenSettings,
        result: Transaction | NotStarted,
        *,
        given_up: bool = False,
        again: bool = False,
        ready: bool = True,
    ) -> None:
        super().__init__(settings)
        self._result = result
        self._given_up = given_up
        self._may_try = again
        self._ready = ready
        self._stands_since = frame.monotonic()
        self._left_s = SHOWN_S
        self._coded = False
        self._slip = ""

    def body(self) -> Iterator[Widget]:
        make = self.settings.code
        if self._coded and make is not None and isinstance(self._result, Transaction):
            yield Center(Code(make(self._result), halves=self.settings.halves))
            return
        said = self._words()
        yield Word(said.word, id="large", classes=said.ground)
        yield from self._sum(said)
        yield Static(said.text, id="text", classes="call", markup=False)
        yield Static(self._slip, id="slip", classes="call", markup=False)
        yield from self._large_reference(said)
        details = "\n".join(part for part in (said.line, said.dim) if part)
        yield from ([Static(details, id="details", markup=False)] if details else [])

    def heading(self) -> str:
        return self._words().word

    def hint(self) -> str:
        told = self._words()
        keys = [told.enter]
        if self._has_code():
            keys.append(_("[1] hide the code") if self._coded else _("[1] receipt on my phone"))
        if told.again:
            keys.append(_("[Esc] end"))
        return "   ".join(keys)

    def digit(self, digit: int) -> None:
        if digit == 1 and self._has_code():
            self._coded = not self._coded
            self._left_s = CODE_S if self._coded else SHOWN_S
            self.refresh(recompose=True)

    def on_mount(self) -> None:
        """Make room for the next customer after a while."""
        self._stands_since = frame.monotonic()
        self.set_interval(1.0, self.count_down)

    def count_down(self) -> None:
        """Count a second; leave when none is left."""
        self._left_s -= 1
        if self._left_s <= 0:
            self.back()
        elif self._left_s <= SHOWN_S:
            self._tell_left()

    def corner(self) -> str:
        """Say how long this is shown: no language is picked here any more."""
        if self._left_s > SHOWN_S:
            return ""
        return ngettext(
            "Back to the beginning in {count} second. Any other key: more time.",
            "Back to the beginning in {count} seconds. Any other key: more time.",
            self._left_s,
        ).format(count=self._left_s)

    def touched(self) -> bool:
        """Give whoever is there the whole time again."""
        self._show_for(SHOWN_S)
        return False

    def _show_for(self, seconds: int) -> None:
        self._left_s = max(seconds, self._left_s)
        self._tell_left()

    def _tell_left(self) -> None:
        self.query_one("#hint", Foot).show_corner(self.corner())

    def enter(self) -> None:
        if not self._words().again:
            self.tell_last(Left())
        elif frame.monotonic() - self._stands_since >= STOOD_S:
            self.tell_last(AgainAsked())

    def back(self) -> None:
        self.tell_last(Left())

    def on_click(self, event: events.Click) -> None:
        """Take a tap as the end: it is no wish to pay again."""
        event.stop()
        if not self.is_deaf():
            self.back()

    def hear(self, notification: Notification) -> None:
        before = self._words()
        mine = self._result.id if isinstance(self._result, Transaction) else None
        if isinstance(notification, TransactionChanged) and notification.transaction.id == mine:
            self._result = notification.transaction
        elif isinstance(notification, ReadinessChanged):
            self._ready = is_ready(notification.readiness)
        now = self._words()
        if now.again != before.again:
            self._stands_since = frame.monotonic()
        if now != before:
            self._show(now)

    def tell_printed(self, transaction_id: str, slip: Slip) -> None:
        """Say where the slip is."""
        if isinstance(self._result, Transaction) and self._result.id == transaction_id:
            self._slip = told(slip)
            for line in self.query("#slip").results(Static):  # none while a code is shown
                line.update(self._slip)

    def _words(self) -> ResultWords:
        return words(
            self._result, self.locale, given_up=self._given_up, again=self._may_try and self._ready
        )

    def _show(self, told: ResultWords) -> None:
        if self._coded:
            return
        large = self.query_one("#large", Word)
        large.show(told.word)
        large.set_classes(told.ground)
        self.query_one("#text", Static).update(told.text)
        self.tell_keys()
        self._show_for(SHOWN_S)  # what is new must be read, too

    def _sum(self, told: ResultWords) -> Iterator[Widget]:
        if told.ground == "ok" and told.amount is not None:
            yield Center(Figures(amount_text(told.amount, self.locale)))

    def _has_code(self) -> bool:
        """Say whether there is a code to be had, and room for it."""
        if self.settings.code is None or not isinstance(self._result, Transaction):
            return False
        columns, rows = size(LARGEST, halves=self.settings.halves)
        room = self.app.size
        return columns <= room.width and rows <= room.height - FRAME

    def _large_reference(self, told: ResultWords) -> Iterator[Widget]:
        """Show large what a customer may have to write down: how an open payment is asked after."""
        if told.reference_large:
            yield Static(_("Reference"), id="reference", markup=False)
            yield Center(Figures(told.reference.replace(" ", "  ")))
