"""The journal, for staff: one transaction a line, and the whole of it at a key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual.widget import Widget
from textual.widgets import Static

from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.session.settings import ScreenSettings
from kiosk_tui.text.amounts import format_amount
from kiosk_tui.text.texts import _
from kiosk_tui.text.times import format_day_time
from kiosk_tui.text.wording.states import standing
from kiosk_tui.ui.messages import PinAccepted, ReprintAsked
from kiosk_tui.ui.screens.service.story import story
from kiosk_tui.ui.screens.staffed import StaffedScreen
from kiosk_tui.ui.stylesheets import sheet

PAGE = 9


class TransactionList(StaffedScreen):
    """Leafs through the newest transactions, nine a page: the digits 1 to 9 open one."""

    CSS_PATH = sheet("transactions")
    IDLE: ClassVar[bool] = True
    SERVICE: ClassVar[bool] = False
    ASKS: ClassVar[bool] = False

    def __init__(self, settings: ScreenSettings, newest: Sequence[Transaction]) -> None:
        super().__init__(settings)
        self._newest = newest
        self._first = 0
        self._opened: Transaction | None = None

    def body(self) -> Iterator[Widget]:
        yield Static(self._title(), id="title", classes="title", markup=False)
        yield Static(self._page(), id="page", markup=False)
        yield Static("", id="said", classes="warn", markup=False)

    def hint(self) -> str:
        if self._opened is not None:
            return "   ".join((_("[1] print again"), _("[Esc] back")))
        keys = _("[1-9] details"), _("[Enter] older"), _("[<-] newer"), _("[Esc] back")
        return "   ".join(keys)

    def digit(self, digit: int) -> None:
        if self._opened is not None and digit == 1:
            self.post_message(ReprintAsked(self._opened))
        place = self._first + digit - 1
        if self._opened is None and digit and place < len(self._newest):
            self._opened = self._newest[place]
            self._show()

    def enter(self) -> None:
        if self._opened is None and self._first + PAGE < len(self._newest):
            self._first += PAGE
            self._show()

    def erase(self) -> None:
        if self._opened is None and self._first:
            self._first -= PAGE
            self._show()

    def back(self) -> None:
        if self._opened is None:
            self.tell_last(PinAccepted())
        else:
            self._opened = None
            self._show()

    def say(self, text: str) -> None:
        """Say what came of something."""
        self.query_one("#said", Static).update(text)

    def _show(self) -> None:
        self.say("")
        self.query_one("#title", Static).update(self._title())
        self.query_one("#page", Static).update(self._page())
        self.tell_keys()

    def _title(self) -> str:
        if self._opened is not None:
            return _("Reference {number}").format(number=self._opened.reference)
        return _("Journal, the newest first")

    def _page(self) -> str:
        if self._opened is not None:
            return "\n".join(story(self._opened, self.locale))
        page = self._newest[self._first : self._first + PAGE]
        lines = [self._line(number, one) for number, one in enumerate(page, 1)]
        return "\n".join(lines) or _("The journal is empty.")

    def _line(self, number: int, one: Transaction) -> str:
        amount = format_amount(one.charged, self.locale)
        when = format_day_time(one.created_at, self.locale)
        return f"{number}  {when:<24}{one.reference:<13}{amount:>14}  {standing(one.state)}"
