"""The service menu: what is unfinished, and what staff can do about it. Its keys lie as on the numpad."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Final

from textual.containers import Container, Horizontal, Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.payment.notifications import Notification, TransactionChanged
from kiosk_tui.records import dataclass
from kiosk_tui.session.settings import ScreenSettings
from kiosk_tui.text.amounts import format_amount
from kiosk_tui.text.texts import _, capital, language_of
from kiosk_tui.text.translations import NAMES
from kiosk_tui.ui.messages import (
    JournalAsked,
    LeaveAsked,
    Left,
    RestartAsked,
    RetryAsked,
    SelfTestAsked,
    SettlingAsked,
    TestPaymentAsked,
    TestSlipAsked,
)
from kiosk_tui.ui.screens.service.lines import lines
from kiosk_tui.ui.screens.staffed import StaffedScreen
from kiosk_tui.ui.stylesheets import sheet
from kiosk_tui.ui.widgets.key_tile import KeyText, KeyTile
from kiosk_tui.ui.widgets.room import step_of

_SHOWN: Final = {"s": 2, "m": 2, "l": 4, "xl": 4}
"""So many unfinished transactions are told, of two lines each: there is no room for more."""
_NUMPAD: Final = (7, 8, 9, 4, 5, 6, 1, 2, 3, 0)
_FACTS: Final[dict[int, type[Message]]] = {
    7: TestPaymentAsked,
    8: SelfTestAsked,
    9: LeaveAsked,
    4: JournalAsked,
    5: SettlingAsked,
    6: RestartAsked,
    1: RetryAsked,
    2: TestSlipAsked,
    0: Left,
}
"""What each key tells. A key whose tile is not shown, or dim, does nothing."""


@dataclass(frozen=True, slots=True)
class Unfinished:
    """What staff is told first: what is due, what needs a person, and how much was paid today.

    `today` is None where the journal cannot be read; `printer` is whether there is one.
    """

    due: tuple[Transaction, ...] = ()
    for_staff: tuple[Transaction, ...] = ()
    today: int | None = None
    printer: bool = False


class Menu(StaffedScreen):
    """For staff who know the PIN. The oldest stand first."""

    CSS_PATH = sheet("menu")
    IDLE: ClassVar[bool] = True
    SERVICE: ClassVar[bool] = False
    POLYGLOT: ClassVar[bool] = True
    ASKS: ClassVar[bool] = False

    def __init__(self, settings: ScreenSettings, unfinished: Unfinished, *, said: str = "") -> None:
        super().__init__(settings)
        self._known = unfinished
        self._open = {one.id: one for one in (*unfinished.for_staff, *unfinished.due)}
        self._said = said

    def body(self) -> Iterator[Widget]:
        self.set_class(bool(self._open or self._said), "-listing")
        with Horizontal(id="above"):
            with Vertical(id="told"):
                if self._said:
                    yield Static(self._said, id="said", classes="warn", markup=False)
                yield Static(self._list(), id="list", classes=self._mood(), markup=False)
            yield Static(self._machine(), id="machine", classes="dim", markup=False)
        choices = self._choices()
        with Container(id="keys"):
            for key in _NUMPAD:
                if key in choices:
                    yield KeyTile(str(key), choices[key], classes="wide" if key == 0 else "")
                else:
                    yield Static("", classes="no-key")
            yield Static(_("as on the numpad"), classes="no-key dim", markup=False)

    def hint(self) -> str:
        return "   ".join((_("[1-9] pick"), _("[Esc] back")))

    def corner(self) -> str:
        return ""

    def hear(self, notification: Notification) -> None:
        if (
            isinstance(notification, TransactionChanged)
            and notification.transaction.id in self._open
        ):
            self._open[notification.transaction.id] = notification.transaction
            self.query_one("#list", Static).update(self._list())

    def digit(self, digit: int) -> None:
        choice = self._choices().get(digit)
        if choice is None or not choice.works:
            return
        if digit == 3:  # noqa: PLR2004 - the key
            self.language()
        elif digit == 2:  # noqa: PLR2004 - the key
            self.post_message(TestSlipAsked())  # the menu stays
        else:
            self.tell_last(_FACTS[digit]())

    def back(self) -> None:
        self.tell_last(Left())

    def say(self, text: str) -> None:
        """Say what came of something."""
        listed = self.query_one("#list", Static)
        listed.set_classes("warn")
        listed.update(text)

    def _choices(self) -> dict[int, KeyText]:
        known, none = self._known, _("none")
        tasks = sum(one.state is State.NEEDS_STAFF for one in self._open.values())
        due = len(known.due)
        amount = format_amount(self.settings.amount_min, self.locale)
        today = "" if known.today is None else _("today: {count}").format(count=known.today)
        language = NAMES.get(language_of(self.locale), self.locale)
        choices = {
            7: KeyText(capital(_("test payment")), amount),
            8: KeyText(_("Self-test"), _("the whole chain")),
            9: KeyText(_("Leave"), _("end the program")),
            4: KeyText(_("Journal"), today),
            5: KeyText(_("Tasks"), str(tasks) if tasks else none, works=bool(tasks)),
            6: KeyText(_("Restart"), _("new settings")),
            1: KeyText(
                capital(_("try again now")),
                _("waiting: {count}").format(count=due) if due else none,
            ),
            2: KeyText(
                _("Print test"), _("one slip") if known.printer else _("no printer"), known.printer
            ),
            3: KeyText(_("Language"), language, works=bool(self.settings.other_locales)),
            0: KeyText(capital(_("back"))),
        }
        if not self.settings.may_leave:
            del choices[9]
        return choices

    def _machine(self) -> str:
        machine = self.settings.machine
        return _("machine {id}").format(id=machine) if machine else ""

    def _mood(self) -> str:
        return "" if self._open else "ok-text"

    def _list(self) -> str:
        if not self._open:
            return _("No cancellation is due, and there are no tasks.")
        step = step_of(self.app.size)
        most = _SHOWN.get(step.name, 1)
        oldest, now = list(self._open.values())[:most], self.settings.now()
        room = self.room - len(self._machine()) - 2
        shown = [lines(one, self.locale, now, width=room, rich=self.rich) for one in oldest]
        if len(self._open) > most:
            shown.append(_("and {count} more").format(count=len(self._open) - most))
        return "\n".join(shown)
