"""While the terminal asks for the card: what to do, how long, and how to give up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import ClassVar, Final

from textual import events
from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import Static

from kiosk_tui.domain.giving_up import GivingUp
from kiosk_tui.domain.lifecycle import AWAITING_GOODS
from kiosk_tui.domain.money import Money
from kiosk_tui.domain.outcome import TerminalState
from kiosk_tui.domain.progress import TerminalProgress
from kiosk_tui.payment.notifications import Notification, TerminalTold, TransactionChanged
from kiosk_tui.session.settings import ScreenSettings
from kiosk_tui.text.amounts import amount_text
from kiosk_tui.text.texts import _
from kiosk_tui.text.wording.outcomes import handing_over
from kiosk_tui.ui.messages import LeaveAsked
from kiosk_tui.ui.screens.giving_up import (
    GivingUpScreen,
    how_to_answer,
    keys_of_the_question,
    question,
)
from kiosk_tui.ui.stylesheets import sheet
from kiosk_tui.ui.widgets.card import Card
from kiosk_tui.ui.widgets.figures import Figures
from kiosk_tui.ui.widgets.fitting import leave_out
from kiosk_tui.ui.widgets.payment_chain import PaymentChain, Station
from kiosk_tui.ui.widgets.sentence import Sentence
from kiosk_tui.ui.widgets.sign import Sign
from kiosk_tui.ui.widgets.time_bar import TimeBar
from kiosk_tui.ui.widgets.waves import Waves
from kiosk_tui.ui.widgets.word import Word

FACES: Final = ("present", "working", "asked", "ending", "goods")
_APART: Final = 2
"""Columns between the card, the waves and the amount."""
_CLOCK: Final = 2
"""Rows of the time that is left, with a free one."""


class Waiting(GivingUpScreen):
    """Points to the terminal. The payment runs in the register, whatever happens to this screen."""

    CSS_PATH = sheet("waiting")
    STEP: ClassVar[str] = "card"

    def __init__(
        self,
        settings: ScreenSettings,
        amount: Money,
        left_s: Callable[[], float | None],
        progress: TerminalProgress | None = None,
    ) -> None:
        super().__init__(settings)
        self._amount = amount
        self._left_s = left_s
        self.progress = progress or TerminalProgress()
        self._warned = False
        self._whole_s = 1.0
        self._goods_due = False

    def heading(self) -> str:
        return _("Payment")

    def body(self) -> Iterator[Widget]:
        yield from self._presenting()
        yield from self._processing()
        yield from self._stopping()
        yield from self._handing_over()
        left = self._left_s()
        yield TimeBar(left or 0.0, left or 0.0, id="clock")

    def _presenting(self) -> Iterator[Widget]:
        with Vertical(id="present", classes="face"):
            yield Word(_("Card please"), classes="call")
            with Horizontal(id="reader"):
                yield Card(diagonal=self.settings.diagonal)
                yield Waves(*self.pace)
                with Vertical(id="rest"), Vertical(id="sum"):
                    yield Static(_("To pay"), classes="dim", markup=False)
                    yield Figures(amount_text(self._amount, self.locale))
            yield Sentence(_("Please use the card terminal"), classes="call")
            second = _("Insert, tap or swipe your card there.")
            yield Static(second, classes="dim", markup=False)

    def _processing(self) -> Iterator[Widget]:
        with Vertical(id="working", classes="face work"):
            # only what the terminal told: nobody says when the bank is asked
            chain = (
                Station(_("Card"), _("read"), "done"),
                Station(_("Terminal"), _("at work"), "now"),
                Station(_("Your bank"), "", "next"),
            )
            yield PaymentChain(chain, self.pace[0])
            yield Word(_("One moment"), side="center")
            yield Figures(amount_text(self._amount, self.locale), use="alone", side="center")
            told = _("Card read. Please wait and follow the terminal.")
            yield Static(told, classes="call", markup=False)

    def _stopping(self) -> Iterator[Widget]:
        with Horizontal(id="stop", classes="face"):
            yield Sign("bang", classes="warn")
            with Vertical(id="asked"):
                yield Word(_("Stop?"), classes="warn")
                yield Static(question(), classes="title", markup=False)
                yield Figures(amount_text(self._amount, self.locale))
                yield Static(how_to_answer(), classes="call", markup=False)
            with Vertical(id="ending"):
                yield Word(_("Stopping"), classes="call")
                yield Static(_("Stopping the payment. Please wait."), classes="title", markup=False)

    def _handing_over(self) -> Iterator[Widget]:
        with Vertical(id="goods", classes="face work"):
            chain = (
                Station(_("Card"), _("read"), "done"),
                Station(_("Your bank"), _("approved"), "done"),
                Station(_("Your goods"), _("handing over"), "now"),
            )
            yield PaymentChain(chain, self.pace[0])
            yield Word(_("Please wait"), side="center")
            yield Figures(amount_text(self._amount, self.locale), use="alone", side="center")
            yield Static(handing_over(), classes="call", markup=False)

    def hint(self) -> str:
        if self.given_up or self._goods_due:
            return ""
        return keys_of_the_question() if self.asked_to_give_up else _("[Esc] stop the payment")

    @property
    def given_up(self) -> bool:
        """Whether the customer does not want to wait any longer."""
        return self.giving_up.done

    def on_mount(self) -> None:
        """Count the seconds, at most once a second: a line of text costs little."""
        self._show()
        self._tick()
        self.every(1.0, self._tick)

    def press(self, key: str) -> None:
        if not self._goods_due:  # it is paid: only its goods, or staff, can end it
            self.hear_giving_up(key)
        super().press(key)

    def show_giving_up(self) -> None:
        self._show()
        self.tell_keys()

    def quit(self) -> None:
        """Leave at the second press; the payment is finished without a screen."""
        if not self.settings.mode.attended:
            return
        if self._warned:
            self.tell_last(LeaveAsked())
        self._warned = True
        told = _("The payment goes on without this screen. [Ctrl+D] again leaves.")
        self.tell_keys(told)

    def hear(self, notification: Notification) -> None:
        if isinstance(notification, TerminalTold):
            self.progress = self.progress.after(notification.state)
            self._show()
        elif isinstance(notification, TransactionChanged) and not self._goods_due:
            self._goods_due = notification.transaction.state in AWAITING_GOODS
            if self._goods_due:
                self.giving_up, self._whole_s = GivingUp(), 1.0
                self.show_giving_up()
                self._tick()

    def _show(self) -> None:
        for face in FACES:
            self.set_class(face == self._face, f"-{face}")

    @property
    def _face(self) -> str:
        """What this screen shows: one of the faces."""
        if self._goods_due:
            return "goods"
        if self.given_up:
            return "ending"  # nothing is to be paid any more
        if self.asked_to_give_up:
            return "asked"
        return "working" if self.progress.now is TerminalState.CARD_READ else "present"

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        self._make_room()

    def _make_room(self) -> None:
        """Let the amount be large: what is beside it gives way."""
        room = self.app.size.width - 2 * self.step.margin
        sign = self.query_one("#reader Card"), self.query_one("#reader Waves")
        figures = self.query_one("#sum Figures", Figures)
        for hidden in range(len(sign) + 1):
            for number, one in enumerate(sign):
                one.display = number >= hidden
            shown = [one for one in sign if one.display]
            free = room - sum(one.get_content_width(self.size, self.size) + _APART for one in shown)
            columns = figures.drawn_columns(free)
            if columns:
                break
        self.query_one("#sum").styles.width = columns or room
        rows = self.app.size.height - self.step.head - self.step.foot - _CLOCK
        for face in ("#working", "#goods"):
            leave_out(self.query_one(face), [self.query_one(f"{face} PaymentChain")], rows)
        bang, asked = self.query_one("#stop Sign"), self.query_one("#asked Figures", Figures)
        free = room - bang.get_content_width(self.size, self.size) - 2 * _APART
        bang.display = bool(asked.drawn_columns(free)) or not asked.drawn_columns(room)

    def _tick(self) -> None:
        left = self._left_s()
        bar = self.query_one("#clock", TimeBar)
        bar.display = left is not None
        if left is not None:
            self._whole_s = max(self._whole_s, left)
            bar.show(left, self._whole_s)
