"""The register as a cashier has it: the entry above, how the last one ended, today's list below.

Everything about a sale happens on this one screen: on a slow line a new picture costs what fifty digits
cost. A key that begins something stands in the lines at the foot.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import ClassVar, Final

from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import Static

from kiosk_tui.domain.giving_up import GivingUp
from kiosk_tui.domain.lane import Draft, Lack, offered
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.outcome import TerminalState
from kiosk_tui.domain.slip import NotPrinted, PrinterState, Slip
from kiosk_tui.domain.transaction import Order, Transaction, reference_of
from kiosk_tui.payment.flow import NotStarted
from kiosk_tui.payment.notifications import Notification, ReadinessChanged, TransactionChanged
from kiosk_tui.session.settings import ScreenSettings
from kiosk_tui.text.amounts import format_number
from kiosk_tui.text.texts import _
from kiosk_tui.text.wording.lane import Band, band, banner, no_digit, not_offered
from kiosk_tui.text.wording.operations import kind
from kiosk_tui.text.wording.pins import demo_pin
from kiosk_tui.text.wording.printing import for_cashier
from kiosk_tui.ui.messages import (
    CardReferenceAsked,
    ContrastAsked,
    DayAsked,
    DetailsAsked,
    EntryAsked,
    LeaveAsked,
    ListAsked,
    OriginalAsked,
    SignedOff,
    TasksAsked,
)
from kiosk_tui.ui.screens.giving_up import keys_of_the_question
from kiosk_tui.ui.screens.lane.entries import rows
from kiosk_tui.ui.screens.lane.entry import EntryScreen
from kiosk_tui.ui.screens.lane.keys import AFTER_STAR, FUNCTIONS, named_keys, packed
from kiosk_tui.ui.screens.lane.shift import Shift
from kiosk_tui.ui.screens.lane.telling import above_list, busy, details, facts, lines
from kiosk_tui.ui.stylesheets import sheet
from kiosk_tui.ui.widgets.figures import Figures
from kiosk_tui.ui.widgets.rows import Row, Rows

MARGINS: Final = 4
_LISTS: Final = frozenset({"up", "down", "pageup", "pagedown"})
_WAYS_OUT: Final = frozenset({"escape", "full_stop", "comma", "ctrl+d"})
_MOODS: Final = ("good", "bad", "open", "settled")


class LaneScreen(EntryScreen):
    """Takes entries, one at a time, and says how each one ends."""

    CSS_PATH = sheet("lane")
    TYPING: ClassVar[bool] = True
    SERVICE: ClassVar[bool] = True

    def __init__(
        self,
        settings: ScreenSettings,
        draft: Draft,
        shift: Shift,
        left_s: Callable[[], float | None],
    ) -> None:
        super().__init__(settings, draft)
        self._shift = shift
        self._left_s = left_s
        self._choosing = False
        self._asked = shift.running is not None
        self._leaving = False
        self._terminal = TerminalState.UNKNOWN

    # -- layout ------------------------------------------------------------------------------------

    def body(self) -> Iterator[Widget]:
        yield Static(self._banner(), id="banner", classes="warn", markup=False)
        widest = format_number(self.settings.amount_max, self.locale)
        with Horizontal(id="entry"):
            yield Figures(format_number(self._draft.typed, self.locale), widest=widest)
            with Vertical(id="about"):
                yield Static(kind(self._draft.operation), id="kind", classes="title", markup=False)
                yield Static(facts(self._draft, self.locale), id="facts", markup=False)
        yield Static(self._details(), id="note", classes="warn", markup=False)
        told = self._band()
        yield Static(lines(told), id="band", classes=told.mood if told else "", markup=False)
        yield Static(above_list(len(self._shift.today)), id="columns", classes="dim", markup=False)
        yield Rows(self._rows(), id="rows")
        yield Static(self._keys(), id="keys", markup=False)

    def heading(self) -> str:
        name = _("Lane")
        return f"{name}  {self._shift.cashier}" if self._shift.cashier else name

    def hint(self) -> str:
        if self._shift.running is not None:
            return keys_of_the_question() if self.asked_to_give_up else _("[Esc] stop the payment")
        if self._choosing:
            return _("Press the digit of your choice")
        keys = (
            _("[0-9] amount"),
            _("[Enter] go on"),
            _("[*] by digit"),
            _("[/] details"),
            _("[Esc] back"),
        )
        return "   ".join(keys)

    def on_mount(self) -> None:
        """Count the seconds while the terminal is busy."""
        super().on_mount()
        self.set_interval(1.0, self._tick)

    # -- keys --------------------------------------------------------------------------------------

    def press(self, key: str) -> None:
        self._leaving = self._leaving and key in _WAYS_OUT
        if self._asked:
            self._press_meanwhile(key)
        elif self._choosing:
            self._choose(key)
        elif key in FUNCTIONS:
            self._begin(FUNCTIONS[key])
        elif key == "f10":
            self.tell_last(TasksAsked())
        elif key == "f11":
            self.tell_last(DayAsked())
        elif key == "slash":
            self.tell_last(DetailsAsked(self._draft))
        elif key == "plus":
            self._go_beyond()
        elif key in _LISTS:
            self.tell_last(ListAsked(self._draft))
        else:
            super().press(key)

    def _press_meanwhile(self, key: str) -> None:
        """Hear nothing but what gives the running entry up, or leaves it alone."""
        if self._shift.running is not None:
            self.hear_giving_up(key)
        if key == "ctrl+d":
            self.quit()

    @property
    def typing(self) -> bool:
        return not self._asked and not self._choosing

    def burst(self, text: str, *, entered: bool) -> None:
        self._leaving = False
        super().burst(text, entered=entered)

    def paste(self, text: str) -> None:
        self._leaving = False
        super().paste(text)

    def noise(self) -> None:
        self._leaving = False
        super().noise()

    def _choose(self, key: str) -> None:
        self._choosing = False
        others = {"0": ListAsked(self._draft), "plus": TasksAsked(), "minus": DayAsked()}
        if key in others:
            self.tell_last(others[key])
        elif key == "slash":
            self.service()
        elif key in AFTER_STAR:
            self._begin(AFTER_STAR[key])
        self._show_keys()

    def lookup(self) -> None:
        """Let a digit say what it is: for those whose console keeps function keys for itself."""
        self._choosing = True
        self._show_keys()

    def contrast(self) -> None:
        self.post_message(ContrastAsked())

    def write(self, character: str) -> bool:
        if not character.isalpha():
            return False
        if self._asked:
            self._press_meanwhile(character)
        else:
            self._say(no_digit(character))
        return True

    def enter(self) -> None:
        lack = self._draft.lack(self._limits)
        if lack is None:
            self._asked = True
            self.post_message(EntryAsked(self._draft))
        elif lack is Lack.TIP:
            self._show(self._draft.with_tip())
        elif lack is Lack.CARD_REFERENCE:
            self.tell_last(CardReferenceAsked(self._draft))
        elif lack is Lack.ORIGINAL:
            self.tell_last(OriginalAsked(self._draft))
        else:
            self._say_lack(lack)

    def back(self) -> None:
        before = self._draft.back()
        if before is not None:
            self._show(before)
        elif self._leaving:
            self.tell_last(SignedOff())
        else:
            self._leaving = True
            self._say(_("[Esc] again leaves the lane."))

    def service(self) -> None:
        if not self._asked:
            super().service()

    def quit(self) -> None:
        """Leave a payment that runs to be finished without a screen, at the second press."""
        if self._asked and self._leaving:
            self.tell_last(LeaveAsked())
        elif self._asked:
            self._leaving = True
            self._say(_("The payment goes on without this screen. [Ctrl+D] again leaves."))

    def show_giving_up(self) -> None:
        self._show_band()
        self._show_hint()

    def _begin(self, operation: Operation) -> None:
        if operation not in offered(self.settings.lane.extra):
            self._say(not_offered(operation))
            return
        draft = self._draft.of_kind(operation)
        if operation.follows_up:
            self.tell_last(OriginalAsked(draft))
        else:
            self._show(draft)

    # -- what the app tells ------------------------------------------------------------------------

    def begin(self, order: Order) -> None:
        """Show that an entry is under way."""
        self._shift.running = order
        self.giving_up, self._terminal = GivingUp(), TerminalState.UNKNOWN
        self._show(Draft.empty(order.amount.currency))
        self._show_band()
        self._show_hint()

    def ended(self, result: Transaction | NotStarted, draft: Draft | None) -> None:
        """Show how an entry ended; one that was not started comes back to be tried again."""
        self._shift.running, self._shift.shown, self._asked = None, result, False
        self.giving_up, self._leaving = GivingUp(), False
        if isinstance(result, Transaction):
            self._note_change(result)
        if isinstance(result, NotStarted) and draft is not None:
            self._show(draft)
        else:
            self._show(Draft.empty(self._draft.amount.currency))
        self._show_band()
        self._show_hint()

    def hear(self, notification: Notification) -> None:
        self._shift.status = self._shift.status.heard(notification)
        if isinstance(notification, TransactionChanged):
            self._note_change(notification.transaction)
            if self._shift.tells_of(notification.transaction.id):
                self._show_band()
        elif isinstance(notification, ReadinessChanged):
            self._shift.readiness = notification.readiness
            self._show_banner()
        elif self._terminal is not notification.state:
            self._terminal = notification.state
            self._show_band()

    def say(self, text: str) -> None:
        self._say(text)

    def tell_printer(self, trouble: str) -> None:
        """Say that there will be no slips, or nothing."""
        if trouble != self._shift.printer:
            self._shift.printer = trouble
            self._show_banner()

    def tell_condition(self, state: PrinterState) -> None:
        """Take note of how the printer is."""
        self._shift.status = self._shift.status.printing(state)

    def tell_printed(self, transaction_id: str, slip: Slip) -> None:
        self._shift.slips[transaction_id] = slip
        if self._shift.tells_of(transaction_id):
            self._show_band()
        elif isinstance(slip, NotPrinted):
            self._say(": ".join((reference_of(transaction_id), for_cashier(slip))))

    # -- drawing -----------------------------------------------------------------------------------

    def _note_change(self, one: Transaction) -> None:
        before = len(self._shift.tasks)
        self._shift.note(one)
        self.query_one(Rows).show(self._rows())
        self._update("#columns", above_list(len(self._shift.today)))
        if before != len(self._shift.tasks):
            self._show_banner()

    def _show(self, draft: Draft) -> None:
        before, self._draft = self._draft, draft
        if before.typed != draft.typed:
            self.query_one(Figures).show(format_number(draft.typed, self.locale))
        self._update("#kind", kind(self._draft.operation))
        self._update("#facts", facts(self._draft, self.locale))
        self._say("")

    def _show_band(self) -> None:
        told = self._band()
        self._update("#band", lines(told))
        mood = told.mood if told else ""
        for one in _MOODS:
            self.query_one("#band").set_class(one == mood, one)

    def _show_keys(self) -> None:
        self.query_one("#keys", Static).update(self._keys())  # perhaps on more lines
        self._show_hint()

    def _show_hint(self) -> None:
        self.tell_keys()

    def _show_banner(self) -> None:
        found, text = self.query_one("#banner", Static), self._banner()
        if str(found.render()) != text:
            found.update(text)  # perhaps on more lines

    def _say(self, text: str) -> None:
        self._update("#note", text or self._details())

    def _update(self, which: str, text: str) -> None:
        found = self.query_one(which, Static)
        if str(found.render()) != text:
            found.update(text, layout=False)

    def _tick(self) -> None:
        self._shift.status = self._shift.status.served(self._shift.service_s())
        if self._shift.running is not None:
            self._show_band()

    # -- words -------------------------------------------------------------------------------------

    def _banner(self) -> str:
        shift = self._shift
        now = self.settings.now()
        told = banner(shift.readiness, len(shift.tasks), now, self.locale, shift.printer)
        return packed(told, self.app.size.width - MARGINS)

    def _details(self) -> str:
        """Say what was typed beside the amount; the demo's PIN where nothing was."""
        return details(self._draft) or demo_pin(self.settings.demo_pin)

    def _band(self) -> Band | None:
        shift = self._shift
        if shift.running is not None:
            return busy(
                shift.running,
                self.locale,
                given_up=self.giving_up.done,
                asked=self.asked_to_give_up,
                terminal=self._terminal,
                left_s=self._left_s(),
            )
        if shift.shown is None:
            return None
        slip = shift.slips.get(getattr(shift.shown, "id", ""))
        return band(shift.shown, self.locale, self.settings.lane.zone, slip)

    def _rows(self) -> list[Row]:
        return rows(self._shift.newest_first, self.locale, self.settings.lane.zone)

    def _keys(self) -> str:
        keys = named_keys(self.settings.lane.extra, after_star=self._choosing)
        return packed(keys, self.app.size.width - MARGINS)
