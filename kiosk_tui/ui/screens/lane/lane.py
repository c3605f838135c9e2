"""The register as a cashier has it: the entry above, how the last one ended, today's list below.

Everything about a sale happens on this one screen: on a slow line a new picture costs what fifty digits
cost. A key that begins something stands in the lines at the foot.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar, Final

from textual.widget import Widget

from kiosk_tui.domain.giving_up import GivingUp
from kiosk_tui.domain.lane import Draft, Lack, offered
from kiosk_tui.domain.lifecycle import AWAITING_GOODS, RUNNING
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.progress import TerminalProgress
from kiosk_tui.domain.slip import NotPrinted, PrinterState, Slip
from kiosk_tui.domain.transaction import Order, Transaction, reference_of
from kiosk_tui.payment.flow import NotStarted
from kiosk_tui.payment.notifications import Notification, ReadinessChanged, TransactionChanged
from kiosk_tui.session.settings import ScreenSettings
from kiosk_tui.text import signature
from kiosk_tui.text.texts import _
from kiosk_tui.text.wording.lane import no_digit, not_offered
from kiosk_tui.text.wording.printing import for_cashier
from kiosk_tui.ui.app_message import AppMessage
from kiosk_tui.ui.messages import (
    CardReferenceAsked,
    ContrastAsked,
    DayAsked,
    DetailsAsked,
    EntryAsked,
    GoodsTold,
    LeaveAsked,
    ListAsked,
    OriginalAsked,
    SignedOff,
    TasksAsked,
)
from kiosk_tui.ui.screens.lane.dialog import lane_day, lane_name
from kiosk_tui.ui.screens.lane.entry import EntryScreen
from kiosk_tui.ui.screens.lane.face import LaneFace, LaneNow
from kiosk_tui.ui.screens.lane.keys import AFTER_STAR, FUNCTIONS
from kiosk_tui.ui.screens.lane.panel import is_lean
from kiosk_tui.ui.screens.lane.shift import Shift
from kiosk_tui.ui.stylesheets import sheet
from kiosk_tui.ui.widgets.rows import Rows

if TYPE_CHECKING:
    from kiosk_tui.domain.fiscal import SlipSignature  # only where there is a signer

_LEADS_TO: Final[Mapping[str, Callable[[Draft], AppMessage]]] = {
    "f10": lambda _: TasksAsked(),
    "f11": lambda _: DayAsked(),
    "slash": DetailsAsked,
    **dict.fromkeys(("up", "down", "pageup", "pagedown"), ListAsked),
}
"""The screens that a key leads to."""
_AFTER_STAR_LEADS_TO: Final[Mapping[str, Callable[[Draft], AppMessage]]] = {
    "0": ListAsked,
    "plus": lambda _: TasksAsked(),
    "minus": lambda _: DayAsked(),
}
_WAYS_OUT: Final = frozenset({"escape", "full_stop", "comma", "ctrl+d"})

NEWS_S: Final = 0.05
"""So long the list waits when an entry ends: first comes how it ended, which somebody waits for."""


class LaneScreen(EntryScreen):
    """Takes entries, one at a time, and says how each one ends."""

    CSS_PATH = sheet("lane")
    TYPING: ClassVar[bool] = True
    AMOUNT: ClassVar[bool] = True
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
        self._progress = TerminalProgress()
        self._said = ""

    # -- layout ------------------------------------------------------------------------------------

    def body(self) -> Iterator[Widget]:
        yield LaneFace(self.settings, self._now())

    def heading(self) -> str:
        return _("Lane")

    def title_left(self) -> str:
        return lane_name(self.settings)

    def title_right(self) -> str:
        return lane_day(self.settings, self._shift.cashier)

    def hint(self) -> str:
        room = self.app.size.width - 2 * self.step.margin
        return self._now().hint(self.settings, room, lean=is_lean(self.settings, self.app.size))

    def on_mount(self) -> None:
        """Count the seconds while the terminal is busy."""
        super().on_mount()
        self.every(1.0, self._tick)

    # -- keys --------------------------------------------------------------------------------------

    def press(self, key: str) -> None:
        self._leaving = self._leaving and key in _WAYS_OUT
        shows_keys = self.has_class("-all-keys")
        self.remove_class("-all-keys")
        if self._waits:
            self._press_meanwhile(key)
        elif self._choosing:
            self._choose(key)
        elif key in FUNCTIONS:
            self._begin(FUNCTIONS[key])
        elif key == "question_mark":
            self.set_class(not shows_keys, "-all-keys")
        elif shows_keys and key in _WAYS_OUT:
            self._say("")
        elif key in _LEADS_TO:
            self.tell_last(_LEADS_TO[key](self._draft))
        elif key == "plus":
            self._go_beyond()
        else:
            super().press(key)

    def _press_meanwhile(self, key: str) -> None:
        """Hear nothing but what gives the running entry up, hands its goods over, or leaves it alone."""
        goods = self._shift.goods
        if goods is not None and key == "plus" and not self.giving_up.done:
            self.post_message(GoodsTold(goods, handed_over=True))
        if goods is not None or self._shift.running is not None:
            self.hear_giving_up(key)
        if key == "ctrl+d":
            self.quit()

    def give_up(self) -> None:
        goods = self._shift.goods
        if goods is None:
            super().give_up()
        else:
            self.post_message(GoodsTold(goods, handed_over=False))

    @property
    def _waits(self) -> bool:
        """Whether an entry is under way, or goods that an earlier process left are waited for."""
        return self._asked or self._shift.goods is not None

    @property
    def typing(self) -> bool:
        return not self._waits and not self._choosing

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
        if key in _AFTER_STAR_LEADS_TO:
            self.tell_last(_AFTER_STAR_LEADS_TO[key](self._draft))
        elif key == "slash":
            self.service()
        elif key in AFTER_STAR:
            self._begin(AFTER_STAR[key])
        self._show_now()

    def lookup(self) -> None:
        """Let a digit say what it is: for those whose console keeps function keys for itself."""
        self._choosing = True
        self._show_now()

    def contrast(self) -> None:
        self.post_message(ContrastAsked())

    def write(self, character: str) -> bool:
        if not character.isalpha():
            return False
        if self._waits:
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
        if not self._waits:
            super().service()

    def quit(self) -> None:
        """Leave a payment that runs to be finished without a screen, at the second press."""
        if self._waits and self._leaving:
            self.tell_last(LeaveAsked())
        elif self._waits:
            self._leaving = True
            self._say(_("The payment goes on without this screen. [Ctrl+D] again leaves."))

    def show_giving_up(self) -> None:
        self._show_now()

    def _begin(self, operation: Operation) -> None:
        if operation not in offered(self.settings.lane.extra):
            self._say(not_offered(operation))
            return
        draft = self._draft.of_kind(operation)
        if operation.follows_up:
            self.tell_last(OriginalAsked(draft))
        else:
            self._show(draft)

    def on_rows_line_picked(self, event: Rows.LinePicked) -> None:
        """Open the entry that was clicked."""
        if self.typing and event.place < len(self._shift.today):
            self.tell_last(ListAsked(self._draft, self._shift.newest_first[event.place]))

    # -- what the app tells ------------------------------------------------------------------------

    def begin(self, order: Order) -> None:
        """Show that an entry is under way."""
        self._shift.running, self._said = order, ""
        self.giving_up, self._progress = GivingUp(), TerminalProgress()
        self._draft = Draft.empty(order.amount.currency)
        self._show_now()
        self.set_timer(NEWS_S, signature.prepare)

    def ended(self, result: Transaction | NotStarted, draft: Draft | None) -> None:
        """Show how an entry ended; one that was not started comes back to be tried again."""
        self.hurry()
        self._shift.running, self._shift.shown, self._asked = None, result, False
        self.giving_up, self._leaving, self._said = GivingUp(), False, ""
        if isinstance(result, Transaction):
            self._shift.note(result)
        if isinstance(result, NotStarted) and draft is not None:
            self._draft = draft
        else:
            self._draft = Draft.empty(self._draft.amount.currency)
        self.query_one(LaneFace).show_panel(self._now())
        self.set_timer(NEWS_S, self._show_news)  # the list is not what somebody waits for

    def hear(self, notification: Notification) -> None:
        self._shift.status = self._shift.status.heard(notification)
        if isinstance(notification, TransactionChanged):
            changed, goods = notification.transaction, self._shift.goods
            if changed.state in AWAITING_GOODS or (goods is not None and goods.id == changed.id):
                self.giving_up = GivingUp()  # it was about another state of the payment
            if self._shift.running is not None and changed.state not in RUNNING:
                # its end follows at once: the panel goes first
                self._shift.note(changed)
                self.set_timer(NEWS_S, self._show_news)
                return
            self._note_change(changed)
        elif isinstance(notification, ReadinessChanged):
            self._shift.take(notification.readiness)
        else:
            self._progress = self._progress.after(notification.state)
        self._show_now()

    def say(self, text: str) -> None:
        self._say(text)

    def tell_printer(self, trouble: str) -> None:
        """Say that there will be no slips, or nothing."""
        self._shift.printer = trouble
        self._show_now()

    def tell_condition(self, state: PrinterState) -> None:
        """Say how the printer is."""
        self._shift.status = self._shift.status.printing(state)
        self._show_now()

    def tell_printed(self, transaction_id: str, slip: Slip) -> None:
        self._shift.slips[transaction_id] = slip
        if self._shift.tells_of(transaction_id):
            self._show_now()
        elif isinstance(slip, NotPrinted):
            self._say(": ".join((reference_of(transaction_id), for_cashier(slip))))

    def tell_signed(self, transaction_id: str, found: SlipSignature) -> None:
        from kiosk_tui.text.wording.fiscal import shown  # noqa: PLC0415 - only where there is a signer

        if found.signature is None:
            self._say(": ".join((reference_of(transaction_id), shown(found))))

    # -- drawing -----------------------------------------------------------------------------------

    def _note_change(self, one: Transaction) -> None:
        self._shift.note(one)
        self.query_one(LaneFace).show_list()

    def _show_news(self) -> None:
        self.query_one(LaneFace).show_list()
        self._show_now()

    def _show(self, draft: Draft) -> None:
        """Show another draft: what is typed takes the place of how the last entry ended."""
        if draft != self._draft:
            self._shift.shown = None
        self._draft = draft
        self._say("")

    def _say(self, text: str) -> None:
        self._said = text
        self._show_now()

    def _show_now(self) -> None:
        self.query_one(LaneFace).show(self._now())
        self.tell_keys()

    def _tick(self) -> None:
        self._shift.status = self._shift.status.served(self._shift.service_s())
        face = self.query_one(LaneFace)
        face.show(self._now())
        if self._shift.running is not None and self.settings.motion:
            face.move()

    def _now(self) -> LaneNow:
        return LaneNow(
            self._draft,
            self._shift,
            said=self._said,
            choosing=self._choosing,
            asked=self.asked_to_give_up,
            given_up=self.giving_up.done,
            progress=self._progress,
            left_s=self._left_s(),
        )
