"""What staff did about a transaction that no machine can settle, in words for the journal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Final

from textual.widget import Widget
from textual.widgets import Static

from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.session.settings import ScreenSettings
from kiosk_tui.text.texts import _
from kiosk_tui.text.wording.typed import cut_off, look_first
from kiosk_tui.ui.messages import PinAccepted, Settled
from kiosk_tui.ui.screens.service.lines import lines
from kiosk_tui.ui.screens.staffed import StaffedScreen
from kiosk_tui.ui.stylesheets import sheet

LONGEST: Final = 120


class Settle(StaffedScreen):
    """Takes a note; without one nothing is settled."""

    CSS_PATH = sheet("settle")
    IDLE: ClassVar[bool] = True
    SERVICE: ClassVar[bool] = False
    ASKS: ClassVar[bool] = False
    TYPING: ClassVar[bool] = True

    def __init__(self, settings: ScreenSettings, transaction: Transaction) -> None:
        super().__init__(settings)
        self._transaction = transaction
        self._note = ""

    def body(self) -> Iterator[Widget]:
        yield Static(_("What was done about it?"), classes="title", markup=False)
        which = lines(
            self._transaction,
            self.locale,
            self.settings.now(),
            width=self.room,
            rich=self.rich,
        )
        yield Static(which, id="which", markup=False)
        yield Static("", id="typed", classes="field", markup=False)
        yield Static("", id="note", classes="warn", markup=False)

    def hint(self) -> str:
        keys = _("Type a note"), _("[<-] correct"), _("[Enter] settle"), _("[Esc] back")
        return "   ".join(keys)

    def write(self, character: str) -> bool:
        if self.settings.numpad and character in "./":
            return False  # these lead back, and correct, where there are no other keys
        self._show((self._note + character)[:LONGEST])
        return True

    def burst(self, text: str, *, entered: bool) -> None:
        self._take(text, look_first() if entered else "")

    def paste(self, text: str) -> None:
        self._take(text, "")

    def _take(self, text: str, said: str) -> None:
        whole = self._note + text
        self._show(whole[:LONGEST])
        self.query_one("#note", Static).update(cut_off() if len(whole) > LONGEST else said)

    def erase(self) -> None:
        self._show(self._note[:-1])

    def enter(self) -> None:
        if self._note.strip():
            self.tell_last(Settled(self._transaction, self._note.strip()))
        else:
            self.query_one("#note", Static).update(_("Please type what was done."))

    def back(self) -> None:
        self.tell_last(PinAccepted())

    def _show(self, note: str) -> None:
        self._note = note
        self.query_one("#typed", Static).update(note, layout=False)
