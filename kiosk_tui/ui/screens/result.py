"""How the payment ended, for as long as somebody needs to read it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual import events
from textual.containers import Center
from textual.widget import Widget
from textual.widgets import Static

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.one_line import one_line
from kiosk_tui.domain.slip import Slip
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.payment.flow import NotStarted
from kiosk_tui.payment.notifications import Notification, TransactionChanged
from kiosk_tui.session.settings import ScreenSettings
from kiosk_tui.text.amounts import amount_text, format_amount
from kiosk_tui.text.texts import _, ngettext
from kiosk_tui.text.wording.outcomes import Words, words
from kiosk_tui.text.wording.printing import told
from kiosk_tui.ui.messages import Left
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

_CLEAR = frozenset({State.APPROVED, State.DECLINED, State.NOT_SENT})
"""Outcomes that leave no question open."""


class Result(KioskScreen):
    """Approved, declined, or not completed with a reference. Follows a reversal while it is shown."""

    CSS_PATH = sheet("result")
    SERVICE: ClassVar[bool] = False
    POINTED: ClassVar[bool] = True

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
        self._left_s = SHOWN_S
        self._coded = False
        self._slip = ""

    def body(self) -> Iterator[Widget]:
        make = self.settings.code
        if self._coded and make is not None and isinstance(self._result, Transaction):
            yield Center(Code(make(self._result), halves=self.settings.halves))
            return
        said = self._words()
        yield Word(said.title, id="large", classes=said.mood)
        yield from self._sum()
        yield Static(self._text(said), id="text", classes="call", markup=False)
        yield Static(self._slip, id="slip", classes="call", markup=False)
        yield from self._reference()
        details = self._details()
        yield from ([Static(details, id="details", markup=False)] if details else [])

    def heading(self) -> str:
        return self._words().title

    def hint(self) -> str:
        keys = [_("[Enter] done")]
        if self._has_code():
            keys.insert(0, _("[1] hide the code") if self._coded else _("[1] receipt on my phone"))
        return "   ".join(keys)

    def digit(self, digit: int) -> None:
        if digit == 1 and self._has_code():
            self._coded = not self._coded
            self._left_s = CODE_S if self._coded else SHOWN_S
            self.refresh(recompose=True)

    def on_mount(self) -> None:
        """Make room for the next customer after a while."""
        self.set_interval(1.0, self.count_down)

    def count_down(self) -> None:
        """Count a second; leave when none is left."""
        self._left_s -= 1
        if self._left_s <= 0:
            self.enter()
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
        self.tell_last(Left())

    def back(self) -> None:
        self.tell_last(Left())

    def on_click(self, event: events.Click) -> None:
        """Take a tap as Enter."""
        event.stop()
        if not self.is_deaf():
            self.enter()

    def hear(self, notification: Notification) -> None:
        mine = self._result.id if isinstance(self._result, Transaction) else None
        if isinstance(notification, TransactionChanged) and notification.transaction.id == mine:
            self._result = notification.transaction
            self._show(self._words())

    def tell_printed(self, transaction_id: str, slip: Slip) -> None:
        """Say where the slip is."""
        if isinstance(self._result, Transaction) and self._result.id == transaction_id:
            self._slip = told(slip)
            for line in self.query("#slip").results(Static):  # none while a code is shown
                line.update(self._slip)

    def _words(self) -> Words:
        return words(self._result, given_up=self._given_up)

    def _show(self, told: Words) -> None:
        if self._coded:
            return
        large = self.query_one("#large", Word)
        large.show(told.title)
        large.set_classes(told.mood)
        self.query_one("#text", Static).update(self._text(told))
        self._show_for(SHOWN_S)  # what is new must be read, too

    def _text(self, told: Words) -> str:
        return "\n".join(one for one in (told.text, told.money) if one)

    def _sum(self) -> Iterator[Widget]:
        if isinstance(self._result, Transaction) and self._result.state is State.APPROVED:
            yield Center(Figures(amount_text(self._result.charged, self.locale)))

    def _has_code(self) -> bool:
        """Say whether there is a code to be had, and room for it."""
        if self.settings.code is None or not isinstance(self._result, Transaction):
            return False
        columns, rows = size(LARGEST, halves=self.settings.halves)
        room = self.app.size
        return columns <= room.width and rows <= room.height - FRAME

    def _reference(self) -> Iterator[Widget]:
        """Show large what a customer may have to write down: how an open payment is asked after."""
        if isinstance(self._result, Transaction) and self._result.state not in _CLEAR:
            yield Static(_("Reference"), id="reference", markup=False)
            yield Center(Figures(self._result.reference.replace(" ", "  ")))

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
        charged = format_amount(self._result.charged, self.locale)
        told = (charged, answer.card, number, reference)
        return one_line("   ".join(one for one in told if one))
