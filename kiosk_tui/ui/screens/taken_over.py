"""Another session has the register now; this one has nothing more to do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Final

from textual.widget import Widget
from textual.widgets import Static

from kiosk_tui.session.settings import ScreenSettings
from kiosk_tui.text.texts import _
from kiosk_tui.ui.messages import LeaveAsked
from kiosk_tui.ui.screens.base import KioskScreen
from kiosk_tui.ui.stylesheets import sheet
from kiosk_tui.ui.widgets.word import Word

STAYS_S: Final = 60.0


class TakenOverScreen(KioskScreen):
    """Says who has it, until a key or for a minute."""

    CSS_PATH = sheet("taken_over")
    SERVICE: ClassVar[bool] = False

    def __init__(self, settings: ScreenSettings, by: str) -> None:
        super().__init__(settings)
        self._by = by

    def body(self) -> Iterator[Widget]:
        yield Word(_("Taken over"), classes="call", most=2)
        told = _("Another session has taken over the register.")
        yield Static(told, classes="title", markup=False)
        yield Static(_("Nothing was running here. This screen ends."), markup=False)
        yield Static(self._by, classes="dim", markup=False)

    def heading(self) -> str:
        return _("Taken over")

    def hint(self) -> str:
        return _("[Enter] done")

    def on_mount(self) -> None:
        """End without a key, too."""
        self.set_timer(STAYS_S, self.enter)

    def enter(self) -> None:
        self.tell_last(LeaveAsked())

    def back(self) -> None:
        self.enter()
