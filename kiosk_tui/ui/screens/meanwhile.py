"""How a payment ended while nobody watched: shown first to whoever comes back, until a key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from textual.widget import Widget
from textual.widgets import Static

from kiosk_tui.payment.flow import NotStarted
from kiosk_tui.text.texts import _
from kiosk_tui.text.times import format_day_time
from kiosk_tui.ui.screens.result import Result
from kiosk_tui.ui.stylesheets import sheet

if TYPE_CHECKING:
    from textual.types import CSSPathType  # it brings widgets that nobody here uses


class Meanwhile(Result):
    """A result that does not go away by itself: the cashier may still be on the way."""

    CSS_PATH: ClassVar[CSSPathType | None] = [sheet("result"), sheet("meanwhile")]

    def before(self) -> Iterator[Widget]:
        """Say when it was."""
        told = _("The last payment ended while nobody was here.")
        if not isinstance(self._result, NotStarted):
            told = f"{told} {format_day_time(self._result.created_at, self.locale)}"
        yield Static(told, id="meanwhile", classes="call", markup=False)

    def clock(self) -> Iterator[Widget]:
        """Show no time: it stays."""
        return iter(())

    def count_down(self) -> None:
        """Stay."""

    def corner(self) -> str:
        """Say nothing of an end."""
        return ""

    def touched(self) -> bool:
        """Stay as long as before."""
        return False
