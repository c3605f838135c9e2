"""Where is my money? Somebody types the reference of an earlier payment and reads what became of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar, Final

from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import Static

from kiosk_tui.domain.identity import REFERENCE_DIGITS
from kiosk_tui.domain.references import reference_in
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.session.settings import ScreenSettings
from kiosk_tui.text.texts import _
from kiosk_tui.text.wording.typed import look_first, no_reference
from kiosk_tui.text.wording.whereabouts import whereabouts
from kiosk_tui.ui.messages import Left, ReferenceGiven
from kiosk_tui.ui.screens.base import KioskScreen
from kiosk_tui.ui.stylesheets import sheet
from kiosk_tui.ui.widgets.figures import Figures
from kiosk_tui.ui.widgets.word import Word

_SHOWN: Final = 2
_LOOKS: Final = {"ok": "ok-text", "neutral": "call", "warn": "warn"}
"""How what became of a payment looks, by its mood."""
WIDEST: Final = "000 000 000"


class Lookup(KioskScreen):
    """Takes nine digits."""

    CSS_PATH = sheet("lookup")
    IDLE: ClassVar[bool] = True
    POLYGLOT: ClassVar[bool] = True
    TYPING: ClassVar[bool] = True
    UNPAID: ClassVar[bool] = False

    def __init__(self, settings: ScreenSettings) -> None:
        super().__init__(settings)
        self._typed = ""
        self._found: Sequence[Transaction] | None = None
        self._note = ""

    def body(self) -> Iterator[Widget]:
        if self._found:
            with Vertical(id="found"):
                yield from self._told(self._found)
            return
        with Vertical(id="asked"):
            yield Static(_("Where is my money?"), classes="title", markup=False)
            told = _("Type the nine digits of the reference.")
            yield Static(told, classes="dim", markup=False)
        with Vertical(classes="field"):
            yield Figures(_spaced(self._typed), use="entry", widest=WIDEST)
        yield Static(self._note, id="note", classes="warn", markup=False)

    def heading(self) -> str:
        return _("Where is my money?")

    def hint(self) -> str:
        if self._found:
            return _("[Enter] done")
        keys = _("[0-9] reference"), _("[<-] correct"), _("[Enter] next"), _("[Esc] back")
        return "   ".join(keys)

    def digit(self, digit: int) -> None:
        if self._found is None and len(self._typed) < REFERENCE_DIGITS:
            self._show(f"{self._typed}{digit}")

    def burst(self, text: str, *, entered: bool) -> None:
        """Take digits to those that stand there, or the reference that a code of ours holds."""
        del entered
        if self._found is None and text:
            whole = f"{self._typed}{text}"
            added = (
                whole
                if text.isascii() and text.isdigit() and len(whole) <= REFERENCE_DIGITS
                else ""
            )
            self._take(added or reference_in(text))

    def paste(self, text: str) -> None:
        if self._found is None:
            self._take(reference_in(text))

    def _take(self, typed: str) -> None:
        if typed:
            self._show(typed)
            self._say(look_first() if len(typed) == REFERENCE_DIGITS else "")
        else:
            self._say(no_reference())

    def erase(self) -> None:
        if self._found is None:
            self._show(self._typed[:-1])

    def enter(self) -> None:
        if self._found is not None:
            self.tell_last(Left())
        elif len(self._typed) == REFERENCE_DIGITS:
            self.post_message(ReferenceGiven(self._typed))
        else:
            self._say(_("A reference has nine digits."))

    def back(self) -> None:
        self.tell_last(Left())

    def lookup(self) -> None:
        """Take a second star for the service key: a numpad has no other one."""
        self.service()

    def answer(self, found: Sequence[Transaction] | None) -> None:
        """Show what was found; None when the journal cannot be read."""
        if found:
            self._found = found
            self.refresh(recompose=True)
        elif found is None:
            self._say(_("This cannot be looked up at the moment. Please try again later."))
        else:
            self._say(_("This reference is not known here. Please check the digits."))

    def _told(self, found: Sequence[Transaction]) -> Iterator[Widget]:
        for one in found[:_SHOWN]:
            told = whereabouts(one, self.locale)
            yield Word(told.title, classes=_LOOKS[told.mood], most=2)
            yield Static(told.text, classes="title", markup=False)
            yield Static(told.details, classes="dim", markup=False)

    def _show(self, typed: str) -> None:
        self._typed = typed
        self.query_one(Figures).show(_spaced(typed))
        self._say("")

    def _say(self, note: str) -> None:
        if note != self._note:
            self._note = note
            self.query_one("#note", Static).update(note)


def _spaced(digits: str) -> str:
    return " ".join(digits[start : start + 3] for start in range(0, len(digits), 3)) or " "
