"""A day's end on the screen: what it came to, leafed through, and taken along."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final

from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import Static

from kiosk_tui.domain.days import DayReport
from kiosk_tui.domain.money import Total
from kiosk_tui.domain.totals import CurrencyTotals, Totals
from kiosk_tui.session.settings import ScreenSettings
from kiosk_tui.text.amounts import AmountText, amount_text
from kiosk_tui.text.texts import _, ngettext
from kiosk_tui.text.times import format_date, format_day
from kiosk_tui.ui.messages import (
    CloseDayAsked,
    DayAsked,
    DayWanted,
    Left,
    ReportAsked,
    ReportWanted,
)
from kiosk_tui.ui.screens.lane.dialog import LaneDialog
from kiosk_tui.ui.screens.lane.sums import SumRow, SumRows, sums
from kiosk_tui.ui.stylesheets import sheet
from kiosk_tui.ui.widgets.figures import Figures
from kiosk_tui.ui.widgets.word import Word

_FORMS: Final = {1: "print", 2: "csv", 3: "json"}


class DayScreen(LaneDialog):
    """Shows what a day came to: the sums of one currency at a time, and all of it in figures."""

    CSS_PATH = sheet("day")

    def __init__(self, settings: ScreenSettings, totals: Totals | DayReport) -> None:
        super().__init__(settings)
        self._totals = totals
        self._currency = 0
        self._first = 0

    def body(self) -> Iterator[Widget]:
        with Horizontal(id="top"):
            yield Word(self._title(), id="large", classes="title")
            yield Static(self._title(), id="plain", classes="title", markup=False)
            yield Static(self._date(), id="date", classes="call", markup=False)
        if self._shown is None:
            yield Static(_("Nothing happened on this day."), id="nothing", markup=False)
        else:
            yield SumRows(self._rows(), self._shown.currency.code)
            with Horizontal(id="all"):
                with Vertical(id="about"):
                    yield Static(_("Day in all"), classes="title", markup=False)
                    yield Static(self._count(), id="count", classes="dim", markup=False)
                yield Figures(self._net(), side="right", id="net")
        yield Static(self._agreement(), id="said", classes=self._weight(), markup=False)

    def title_right(self) -> str:
        return ""  # the day that is shown stands beside the heading

    def hint(self) -> str:
        more = (_("[Enter] more"),) if self._more else ()
        keys = (_("[1] print"), "[2] CSV", "[3] JSON", *self._keys())
        return "  ".join((*keys, *more, _("[Esc] back")))

    def on_mount(self) -> None:
        """Say whether there is more than there is room for."""
        super().on_mount()
        self.call_after_refresh(self.tell_keys)

    def press(self, key: str) -> None:
        pages = {"pagedown": 1, "down": 1, "pageup": -1, "up": -1}
        if key in pages:
            self._turn(pages[key])
        else:
            super().press(key)

    def enter(self) -> None:
        self._turn(1)

    def back(self) -> None:
        self.tell_last(Left())

    def say(self, text: str) -> None:
        said = self.query_one("#said", Static)
        said.set_classes("warn")
        said.update(text)

    # -- pages: the sums of a currency, as many as there is room for ---------------------------------

    @property
    def _shown(self) -> CurrencyTotals | None:
        found = self._totals.currencies
        return found[self._currency] if found else None

    @property
    def _more(self) -> bool:
        tables = self.query(SumRows)
        return len(self._totals.currencies) > 1 or any(not one.all_shown for one in tables)

    def _turn(self, pages: int) -> None:
        """Show the next or the earlier page; after the last the first."""
        for table in self.query(SumRows):
            turned = self._first + pages * table.lines
            if not 0 <= turned < len(self._rows()):
                self._currency = (self._currency + pages) % len(self._totals.currencies)
                last = (len(self._rows()) - 1) // table.lines * table.lines
                turned = 0 if pages > 0 else last
            self._first = turned
            shown = self._shown
            if shown is not None:
                table.show_sums(self._rows(), shown.currency.code, first=self._first)
            self.query_one("#net", Figures).show(self._net())
            self.query_one("#count", Static).update(self._count())

    def _rows(self) -> Sequence[SumRow]:
        return [] if self._shown is None else sums(self._shown, self.locale)

    # -- words -------------------------------------------------------------------------------------

    def _title(self) -> str:
        raise NotImplementedError

    def _date(self) -> str:
        raise NotImplementedError

    def _keys(self) -> tuple[str, ...]:
        return ()

    def _net(self) -> AmountText | str:
        """Return what customers paid, less what they were paid back."""
        shown = self._shown
        if shown is None:
            return ""
        return amount_text(Total(shown.net.minor, shown.currency), self.locale)

    def _count(self) -> str:
        count = 0 if self._shown is None else self._shown.net.count
        told = ngettext("{count} transaction", "{count} transactions", count)
        return told.format(count=count)

    def _agreement(self) -> str:
        if not self._totals.disagreements:
            return _("Transactions and their events agree.")
        return "\n".join(
            (_("TRANSACTIONS AND THEIR EVENTS DISAGREE:"), *self._totals.disagreements)
        )

    def _weight(self) -> str:
        return "warn" if self._totals.disagreements else "dim"


class Day(DayScreen):
    """A day of the calendar, among the others."""

    def __init__(self, settings: ScreenSettings, totals: Totals) -> None:
        super().__init__(settings, totals)
        self._day = totals

    def digit(self, digit: int) -> None:
        if digit in _FORMS:
            self.post_message(DayWanted(self._day, _FORMS[digit]))
        elif digit in (4, 6):
            self._leaf(-1 if digit == 4 else 1)  # noqa: PLR2004 - as on a numpad's arrows
        elif digit == 7:  # noqa: PLR2004 - the key
            self.tell_last(ReportAsked())

    def press(self, key: str) -> None:
        steps = {"left": -1, "right": 1}
        if key in steps:
            self._leaf(steps[key])
        else:
            super().press(key)

    def _leaf(self, days: int) -> None:
        self.tell_last(DayAsked(self._day.start.date() + timedelta(days=days)))

    def _title(self) -> str:
        return _("Day totals")

    def _date(self) -> str:
        zone = self.settings.lane.zone
        return f"4 <  {format_day(self._day.start, self.locale, zone)}  > 6"

    def _keys(self) -> tuple[str, ...]:
        return ("[7] X/Z",)


class BusinessDay(DayScreen):
    """The business day: so far (X), which can be closed, or closed (Z)."""

    def __init__(self, settings: ScreenSettings, report: DayReport) -> None:
        super().__init__(settings, report)
        self._report = report
        self._sure = False

    def digit(self, digit: int) -> None:
        if digit in _FORMS:
            self.post_message(ReportWanted(self._report, _FORMS[digit]))
        elif digit == 9 and self._report.number is None:  # noqa: PLR2004 - the key
            self._close()

    def _close(self) -> None:
        """Close it, when the key is pressed twice: a closed day stays as it is."""
        if self._sure:
            self.tell_last(CloseDayAsked())
        else:
            self._sure = True
            self.say(_("A closed day stays as it is: press 9 once more to close it."))

    def _title(self) -> str:
        number = self._report.number
        return _("So far") if number is None else f"Z {number}"

    def _date(self) -> str:
        return format_date(self._report.day, self.locale)

    def _keys(self) -> tuple[str, ...]:
        return (_("[9] close the day"),) if self._report.number is None else ()
