"""The self-test: a line for each part of the chain, good or not, and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from kiosk_tui.payment.self_test import Part, PartCheck
from kiosk_tui.session.settings import ScreenSettings
from kiosk_tui.text.texts import _
from kiosk_tui.text.wording.states import Mark
from kiosk_tui.ui.messages import PinAccepted
from kiosk_tui.ui.screens.staffed import StaffedScreen
from kiosk_tui.ui.screens.table import ColumnCell, table
from kiosk_tui.ui.stylesheets import sheet


class SelfTest(StaffedScreen):
    """Shows what was found."""

    CSS_PATH = sheet("self_test")
    IDLE: ClassVar[bool] = True
    SERVICE: ClassVar[bool] = False
    ASKS: ClassVar[bool] = False

    def __init__(self, settings: ScreenSettings) -> None:
        super().__init__(settings)
        self._findings: Sequence[PartCheck] | None = None

    def body(self) -> Iterator[Widget]:
        yield Static(_("Self-test"), classes="title", markup=False)
        yield Static(self._lines(), id="lines", markup=False)

    def hint(self) -> str:
        return _("[Esc] back")

    def enter(self) -> None:
        self.back()

    def back(self) -> None:
        self.tell_last(PinAccepted())

    def tell(self, findings: Sequence[PartCheck]) -> None:
        """Show what was found."""
        self._findings = findings
        self.query_one("#lines", Static).update(self._lines())

    def _lines(self) -> Content:
        if self._findings is None:
            return Content(_("One moment, please."))
        names = {
            Part.JOURNAL: _("Journal"),
            Part.SERVER: _("Payment service"),
            Part.CLOCK: _("Clock"),
            Part.CANCELLATIONS: _("Cancellations"),
            Part.PRINTER: _("Printer"),
        }
        told = {True: (Mark.GOOD, _("good"), "ok-text"), False: (Mark.LOOK, _("LOOK"), "warn")}
        rows: list[list[ColumnCell]] = []
        for one in self._findings:
            mark, word, look = told[one.good]
            sign = mark.rich if self.rich else mark.console
            rows.append([(f"{sign} {word}", look), (names[one.part], "title"), (one.text, "")])
        return table(rows, self.room, self.get_visual_style, whole=True)
