"""The service menu: what is due, what needs staff, try now, leave."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.widget import Widget
from textual.widgets import Static

from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.locales.amounts import format_amount
from kiosk_tui.locales.texts import _
from kiosk_tui.messages import LeaveAsked, Left, RetryAsked
from kiosk_tui.payment.register import News, TransactionChanged
from kiosk_tui.screens.base import KioskScreen
from kiosk_tui.screens.settings import ScreenSettings
from kiosk_tui.screens.stylesheets import sheet

_SHOWN = 6


class Menu(KioskScreen):
    """For staff who know the PIN."""

    CSS_PATH = sheet("menu")
    IDLE: ClassVar[bool] = True
    SERVICE: ClassVar[bool] = False

    def __init__(
        self,
        settings: ScreenSettings,
        due: tuple[Transaction, ...],
        for_staff: tuple[Transaction, ...],
    ) -> None:
        super().__init__(settings)
        self._open = {one.id: one for one in (*due, *for_staff)}

    def body(self) -> Iterator[Widget]:
        yield Static(_("Service"), classes="title", markup=False)
        yield Static(self._list(), id="list", markup=False)

    def hint(self) -> str:
        return _("[1] try again now   [9] leave the program   [0] back")

    def hear(self, news: News) -> None:
        if isinstance(news, TransactionChanged) and news.transaction.id in self._open:
            self._open[news.transaction.id] = news.transaction
            self.query_one("#list", Static).update(self._list())

    def digit(self, digit: int) -> None:
        if digit == 1:
            self.post_message(RetryAsked())
        elif digit == 9:  # noqa: PLR2004 - the key that the hint names
            self.post_message(LeaveAsked())
        elif digit == 0:
            self.post_message(Left())

    def back(self) -> None:
        self.post_message(Left())

    def _list(self) -> str:
        if not self._open:
            return _("No cancellation is due, and nothing needs staff.")
        shown = [self._line(one) for one in list(self._open.values())[:_SHOWN]]
        if len(self._open) > _SHOWN:
            shown.append(_("and {count} more").format(count=len(self._open) - _SHOWN))
        return "\n".join(shown)

    def _line(self, one: Transaction) -> str:
        amount = format_amount(one.order.charged, self.locale)
        attempts = _("attempts: {count}").format(count=one.attempts)
        return f"{one.reference}  {amount:>12}  {one.state}  {attempts}"
