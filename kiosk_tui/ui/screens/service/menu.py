"""The service menu: what is unfinished, and what staff can do about it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Final

from textual.containers import Horizontal
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.payment.notifications import Notification, TransactionChanged
from kiosk_tui.session.settings import ScreenSettings
from kiosk_tui.text.texts import _
from kiosk_tui.ui.messages import (
    JournalAsked,
    LeaveAsked,
    Left,
    RestartAsked,
    RetryAsked,
    SelfTestAsked,
    SettlingAsked,
    TestPaymentAsked,
)
from kiosk_tui.ui.screens.base import KioskScreen
from kiosk_tui.ui.screens.service.lines import lines
from kiosk_tui.ui.stylesheets import sheet
from kiosk_tui.ui.widgets.tile import Tile

_SHOWN = 3
"""With what was said and three rows of choices that is all that 24 rows hold."""
_MARGINS = 4
_IN_A_ROW = 3
_FACTS: Final[dict[int, type[Message]]] = {
    1: RetryAsked,
    2: SettlingAsked,
    3: JournalAsked,
    4: TestPaymentAsked,
    5: SelfTestAsked,
    6: RestartAsked,
    9: LeaveAsked,
    0: Left,
}
"""What each key tells. A key whose tile is not shown does nothing."""


class Menu(KioskScreen):
    """For staff who know the PIN. The oldest stand first."""

    CSS_PATH = sheet("menu")
    IDLE: ClassVar[bool] = True
    SERVICE: ClassVar[bool] = False
    POINTED: ClassVar[bool] = True
    ASKS: ClassVar[bool] = False

    def __init__(
        self,
        settings: ScreenSettings,
        due: tuple[Transaction, ...],
        for_staff: tuple[Transaction, ...],
        *,
        said: str = "",
    ) -> None:
        super().__init__(settings)
        self._open = {one.id: one for one in (*for_staff, *due)}
        self._said = said

    def body(self) -> Iterator[Widget]:
        yield Static(_("Tasks"), classes="title", markup=False)
        yield Static(self._list(), id="list", markup=False)
        if self._said:
            yield Static(self._said, id="said", classes="warn", markup=False)
        tiles = list(self._tiles())
        for start in range(0, len(tiles), _IN_A_ROW):
            yield Horizontal(*tiles[start : start + _IN_A_ROW], classes="tiles")

    def heading(self) -> str:
        return _("Service")

    def hint(self) -> str:
        return _("Press the digit of your choice")

    def hear(self, notification: Notification) -> None:
        if (
            isinstance(notification, TransactionChanged)
            and notification.transaction.id in self._open
        ):
            self._open[notification.transaction.id] = notification.transaction
            self.query_one("#list", Static).update(self._list())

    def digit(self, digit: int) -> None:
        if digit in self._choices():
            self.tell_last(_FACTS[digit]())

    def back(self) -> None:
        self.tell_last(Left())

    def _choices(self) -> dict[int, str]:
        choices = {
            1: _("try again now"),
            2: _("settle"),
            3: _("journal"),
            4: _("test payment"),
            5: _("self-test"),
            6: _("reload and restart"),
            9: _("leave the program"),
            0: _("back"),
        }
        if not any(one.state is State.NEEDS_STAFF for one in self._open.values()):
            del choices[2]
        if not self.settings.may_leave:
            del choices[9]
        return choices

    def _tiles(self) -> Iterator[Tile]:
        for key, name in self._choices().items():
            yield Tile(str(key), name, classes="-flat")

    def _list(self) -> str:
        if not self._open:
            return _("No cancellation is due, and there are no tasks.")
        oldest, now = list(self._open.values())[:_SHOWN], self.settings.now()
        width = self.app.size.width - _MARGINS
        shown = [lines(one, self.locale, now, width=width) for one in oldest]
        if len(self._open) > _SHOWN:
            shown.append(_("and {count} more").format(count=len(self._open) - _SHOWN))
        return "\n".join(shown)
