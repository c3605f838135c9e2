"""A day's end on the screen: as it is printed, leafed through, and taken along."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import ClassVar, Final

from textual.widget import Widget
from textual.widgets import Static

from kiosk_tui.domain.totals import Totals
from kiosk_tui.session.settings import ScreenSettings
from kiosk_tui.text.texts import _
from kiosk_tui.ui.messages import DayAsked, DayWanted, Left
from kiosk_tui.ui.screens.base import KioskScreen
from kiosk_tui.ui.stylesheets import sheet

COLUMNS: Final = 48
_NOT_PAGE: Final = 4
"""Rows that are not the page's."""
_FORMS: Final = {1: "print", 2: "csv", 3: "json"}


class Day(KioskScreen):
    """Shows what a day came to."""

    CSS_PATH = sheet("day")
    SERVICE: ClassVar[bool] = False

    def __init__(self, settings: ScreenSettings, totals: Totals, lines: Sequence[str]) -> None:
        super().__init__(settings)
        self._totals = totals
        self._slip = lines
        self._first = 0

    def body(self) -> Iterator[Widget]:
        yield Static(self._page(), id="page", markup=False)
        yield Static("", id="said", classes="warn", markup=False)

    def heading(self) -> str:
        return _("Day totals")

    def hint(self) -> str:
        keys = (
            _("[1] print"),
            "[2] CSV",
            "[3] JSON",
            _("[4] [6] other day"),
            _("[Enter] more"),
            _("[Esc] back"),
        )
        return "  ".join(keys)

    def digit(self, digit: int) -> None:
        if digit in _FORMS:
            self.post_message(DayWanted(self._totals, _FORMS[digit]))
        elif digit in (4, 6):
            self._leaf(-1 if digit == 4 else 1)  # noqa: PLR2004 - as on a numpad's arrows

    def press(self, key: str) -> None:
        steps = {"left": -1, "right": 1}
        pages = {"pagedown": 1, "down": 1, "pageup": -1, "up": -1}
        if key in steps:
            self._leaf(steps[key])
        elif key in pages:
            self._turn(pages[key])
        else:
            super().press(key)

    def enter(self) -> None:
        self._turn(1)

    def back(self) -> None:
        self.tell_last(Left())

    def say(self, text: str) -> None:
        self.query_one("#said", Static).update(text)

    @property
    def _day(self) -> date:
        return self._totals.start.date()

    def _leaf(self, days: int) -> None:
        self.tell_last(DayAsked(self._day + timedelta(days=days)))

    def _turn(self, pages: int) -> None:
        room = self._room
        last = max(0, len(self._slip) - 1) // room * room
        self._first = (self._first + pages * room) if pages < 0 else self._first + room
        if self._first > last or self._first < 0:
            self._first = 0 if pages > 0 else last
        self.query_one("#page", Static).update(self._page(), layout=False)

    @property
    def _room(self) -> int:
        return max(1, self.app.size.height - _NOT_PAGE)

    def _page(self) -> str:
        return "\n".join(self._slip[self._first : self._first + self._room])
