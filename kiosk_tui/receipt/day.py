"""What a day came to, as lines of text for the receipt printer, in the merchant's language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.money import Total
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.totals import CurrencyTotals, Sum, Totals
from kiosk_tui.receipt.lines import centred, pair, wrapped
from kiosk_tui.text.amounts import format_number
from kiosk_tui.text.cells import ljust
from kiosk_tui.text.times import format_day, format_day_time
from kiosk_tui.text.translations import Texts, texts_in
from kiosk_tui.text.wording.operations import title

_COUNT: Final = 5
_AMOUNT: Final = 12
_LEAST_NAME: Final = 12
"""Where figures leave less room than this for names, they stand on lines of their own."""


@dataclass(frozen=True, slots=True)
class Heading:
    """Whose day it is, and when its slip is made. Without a zone, times are this machine's."""

    name: str
    terminal: str
    made_at: datetime
    zone: tzinfo | None = None
    demo: bool = False


def day_slip(day: Totals, columns: int, locale: str, heading: Heading) -> list[str]:
    """Return the lines of a day's end, none longer than `columns`."""
    return list(_lines(day, columns, locale, heading))


def _lines(day: Totals, columns: int, locale: str, heading: Heading) -> Iterator[str]:
    said = texts_in(locale)
    _ = said.gettext
    if heading.demo:
        yield from centred(_("DEMO - no money moves"), columns)
    yield from centred(_("DAY TOTALS"), columns)
    yield from centred(heading.name, columns)
    yield ""
    yield from pair(_("Terminal"), heading.terminal, columns)
    yield from pair(_("Day"), format_day(day.start, locale, heading.zone), columns)
    made = format_day_time(heading.made_at, locale, heading.zone)
    yield from pair(_("Made"), made, columns)
    if not day.currencies:
        yield ""
        yield from centred(_("Nothing happened on this day."), columns)
    for one in day.currencies:
        yield ""
        yield from _Sheet(one, columns, locale, said).lines()
    yield ""
    yield from _agreement(day, columns, said)


def _agreement(day: Totals, columns: int, said: Texts) -> Iterator[str]:
    _ = said.gettext
    if not day.disagreements:
        yield from wrapped(_("Transactions and their events agree."), columns)
        return
    yield from wrapped(_("TRANSACTIONS AND THEIR EVENTS DISAGREE:"), columns)
    for sentence in day.disagreements:
        yield from wrapped(sentence, columns)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The sums of one currency."""

    totals: CurrencyTotals
    columns: int
    locale: str
    said: Texts

    def lines(self) -> Iterator[str]:
        _ = self.said.gettext
        one = self.totals
        yield from centred(one.currency.code, self.columns)
        for (name, sign), found in self._by_title(one.approved).items():
            yield from self._row(name, found, sign)
        for (name, sign), found in self._by_title(one.cancelled).items():
            yield from self._row(_("CANCELLED: {operation}").format(operation=name), found, -sign)
        yield "-" * self.columns
        yield from self._row(_("TOTAL"), one.net)
        yield from pair(_("Tips in it"), self._number(one.net.tip_minor), self.columns)
        yield from self._beside()
        yield from self._by_brand()
        yield from self._open()

    def _by_title(self, sums: Mapping[Operation, Sum]) -> dict[tuple[str, int], Sum]:
        """Put together what a slip calls by one name: sales with a tip, and without one."""
        named: dict[tuple[str, int], Sum] = {}
        for operation, found in sums.items():
            key = title(operation, self.said), operation.direction
            named[key] = named.get(key, Sum()).with_(found)
        return named

    def _beside(self) -> Iterator[str]:
        _ = self.said.gettext
        one = self.totals
        beside = {
            _("Not paid"): one.not_paid,
            _("Not completed, reversed"): one.reversed,
            _("Cancelled for another terminal"): one.elsewhere,
        }
        for name, found in beside.items():
            if found.count:
                yield from self._row(name, found)

    def _by_brand(self) -> Iterator[str]:
        _ = self.said.gettext
        if self.totals.brands:
            yield ""
            yield from wrapped(_("By card"), self.columns)
        for name, found in self.totals.brands.items():
            yield from self._row(name or _("unknown"), found)

    def _open(self) -> Iterator[str]:
        _ = self.said.gettext
        yield ""
        if not self.totals.open:
            yield from wrapped(_("Nothing is left open."), self.columns)
            return
        yield from wrapped(_("Still open"), self.columns)
        for name, found in _by_name(self.totals, self.said).items():
            yield from self._row(name, found)

    def _row(self, name: str, found: Sum, sign: int = 1) -> Iterator[str]:
        # what is no money (a hold, a balance) has a sum, but no direction
        amount = self._number((sign or 1) * found.minor)
        figures = f"{found.count:>{_COUNT}} {amount:>{self._longest}}"
        room = self.columns - len(figures)
        if room < _LEAST_NAME:
            yield from wrapped(name, self.columns)
            yield from pair("", figures.strip(), self.columns)
            return
        *more, last = wrapped(name, room) or [""]
        yield from more
        yield f"{ljust(last, room)}{figures}"

    @property
    def _longest(self) -> int:
        """The width of the column of amounts: one for the whole sheet, so that counts stand in line."""
        one = self.totals
        sums = (
            *(*one.approved.values(), *one.cancelled.values(), *one.open.values()),
            *(*one.brands.values(), one.net, one.not_paid, one.reversed, one.elsewhere),
        )
        return max(_AMOUNT, *(len(self._number(-abs(found.minor))) for found in sums))

    def _number(self, minor: int) -> str:
        return format_number(Total(minor, self.totals.currency), self.locale)


def _by_name(one: CurrencyTotals, said: Texts) -> dict[str, Sum]:
    _ = said.gettext
    staff, due = _("task"), _("being cancelled")
    sums: dict[str, Sum] = {}
    for state, found in one.open.items():
        name = staff if state is State.NEEDS_STAFF else due
        if state in (State.AUTHORIZING, State.GIVEN_UP):
            name = _("under way")
        sums[name] = sums.get(name, Sum()).with_(found)
    return sums
