"""The service menu: what is due, what needs staff, try now, leave."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Static

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.locales.texts import _
from kiosk_tui.messages import LeaveAsked, Left, RetryAsked, SettlingAsked
from kiosk_tui.payment.register import News, TransactionChanged
from kiosk_tui.screens.base import KioskScreen
from kiosk_tui.screens.service.lines import lines
from kiosk_tui.screens.settings import ScreenSettings
from kiosk_tui.screens.stylesheets import sheet
from kiosk_tui.widgets.tile import Tile

_SHOWN = 6


class Menu(KioskScreen):
    """For staff who know the PIN. The oldest stand first."""

    CSS_PATH = sheet("menu")
    IDLE: ClassVar[bool] = True
    SERVICE: ClassVar[bool] = False

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
        yield Static(_("Unfinished transactions"), classes="title", markup=False)
        yield Static(self._list(), id="list", markup=False)
        yield Static(self._said, id="said", markup=False)
        yield Horizontal(*self._tiles(), classes="tiles")

    def heading(self) -> str:
        return _("Service")

    def hint(self) -> str:
        return _("Press the digit of your choice")

    def hear(self, news: News) -> None:
        if isinstance(news, TransactionChanged) and news.transaction.id in self._open:
            self._open[news.transaction.id] = news.transaction
            self.query_one("#list", Static).update(self._list())

    def digit(self, digit: int) -> None:
        if digit == 1:
            self.tell_last(RetryAsked())
        elif digit == 2 and self._for_staff:  # noqa: PLR2004 - the keys that the tiles name
            self.tell_last(SettlingAsked())
        elif digit == 9:  # noqa: PLR2004
            self.tell_last(LeaveAsked())
        elif digit == 0:
            self.tell_last(Left())

    def back(self) -> None:
        self.tell_last(Left())

    @property
    def _for_staff(self) -> bool:
        return any(one.state is State.NEEDS_STAFF for one in self._open.values())

    def _tiles(self) -> Iterator[Tile]:
        yield Tile("1", (_("try again now"),))
        if self._for_staff:
            yield Tile("2", (_("settle"),))
        yield Tile("9", (_("leave the program"),))
        yield Tile("0", (_("back"),))

    def _list(self) -> str:
        if not self._open:
            return _("No cancellation is due, and nothing needs staff.")
        shown = [lines(one, self.locale) for one in list(self._open.values())[:_SHOWN]]
        if len(self._open) > _SHOWN:
            shown.append(_("and {count} more").format(count=len(self._open) - _SHOWN))
        return "\n".join(shown)
