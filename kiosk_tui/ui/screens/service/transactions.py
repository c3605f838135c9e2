"""The journal, for staff: one transaction a line, and the whole of it at a key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual import events
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.session.settings import ScreenSettings
from kiosk_tui.text.amounts import format_amount
from kiosk_tui.text.texts import _
from kiosk_tui.text.times import format_day_time
from kiosk_tui.text.wording.operations import kind
from kiosk_tui.text.wording.states import Mark, standing
from kiosk_tui.ui.messages import PinAccepted, ReportAsked, ReprintAsked
from kiosk_tui.ui.screens.service.story import facts
from kiosk_tui.ui.screens.staffed import StaffedScreen
from kiosk_tui.ui.screens.table import ColumnCell, table
from kiosk_tui.ui.stylesheets import sheet
from kiosk_tui.ui.widgets.room import SMALL

PAGE = 9
_ROOMY = 100
"""Columns from which on there is room for what an entry is."""
_TALL = 40
_COLOURS = {
    Mark.GOOD: "ok-text",
    Mark.BAD: "bad-text",
    Mark.LOOK: "warn",
    Mark.RUNNING: "warn",
    Mark.NONE: "dim",
}


class TransactionList(StaffedScreen):
    """Leafs through the newest transactions, nine a page: the digits 1 to 9 open one, 0 the business day."""

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
        yield Static("", id="page", markup=False)
        yield Static("", id="said", classes="warn", markup=False)

    def on_mount(self) -> None:
        """Show the first page."""
        super().on_mount()
        self.query_one("#page", Static).update(self._page())

    def on_resize(self, event: events.Resize) -> None:
        """Place the columns anew."""
        super().on_resize(event)
        self.query_one("#page", Static).update(self._page())

    def hint(self) -> str:
        if self._opened is not None:
            return "   ".join((_("[1] print again"), _("[Esc] back")))
        keys = _("[1-9] details"), _("[Enter] older"), _("[<-] newer"), "[0] X/Z", _("[Esc] back")
        return "   ".join(keys)

    def digit(self, digit: int) -> None:
        if self._opened is not None and digit == 1:
            self.post_message(ReprintAsked(self._opened))
        if self._opened is None and not digit:
            self.tell_last(ReportAsked())
            return
        place = self._first + digit - 1
        if self._opened is None and place < len(self._newest):
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

    def _page(self) -> Content:
        if self._opened is not None:
            told = facts(self._opened, self.locale)
            cells = [((name, "dim"), (value, "")) for name, value in told]
            return table(cells, self.room, self.get_visual_style, whole=True)
        page = self._newest[self._first : self._first + PAGE]
        if not page:
            return Content(_("The journal is empty."))
        titles = ("", _("Reference"), _("Begun"), _("Operation"), _("Amount"), _("State"))
        head = [(one, "dim") for one in titles]
        rows = [self._row(number, one) for number, one in enumerate(page, 1)]
        hidden = {2, 3} if self.step is SMALL else {3} if self.step.columns < _ROOMY else set()
        shown = [[cell for at, cell in enumerate(row) if at not in hidden] for row in (head, *rows)]
        return table(
            shown,
            self.room,
            self.get_visual_style,
            right=frozenset({len(titles) - 2 - len(hidden)}),
            apart=2 if self.step.rows >= _TALL else 1,
            rich=self.rich,
        )

    def _row(self, number: int, one: Transaction) -> list[ColumnCell]:
        stands = standing(one.state)
        sign = stands.mark.rich if self.rich else stands.mark.console
        return [
            (str(number), "title"),
            (one.reference, "title"),
            (format_day_time(one.created_at, self.locale), ""),
            (kind(one.order.operation), ""),
            (format_amount(one.charged, self.locale), ""),
            (f"{sign} {stands.word}", _COLOURS[stands.mark]),
        ]
