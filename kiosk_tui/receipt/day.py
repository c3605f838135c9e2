"""What a day came to, as lines of text for the receipt printer, in the merchant's language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, tzinfo
from typing import Final

from kiosk_tui.domain.lifecycle import RUNNING, State
from kiosk_tui.domain.money import Currency, Total
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.totals import CurrencyTotals, Sum, Totals
from kiosk_tui.receipt.lines import Paper
from kiosk_tui.records import dataclass
from kiosk_tui.text.amounts import format_number
from kiosk_tui.text.cells import ljust
from kiosk_tui.text.times import format_day, format_day_time
from kiosk_tui.text.translations import Texts, texts_in
from kiosk_tui.text.wording.operations import title

_COUNT: Final = 5
_AMOUNT: Final = 11
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


def day_slip(day: Totals, paper: Paper, locale: str, heading: Heading) -> list[str]:
    """Return the lines of a day's end, none longer than the paper's."""
    return list(_lines(day, paper, locale, heading))


def _lines(day: Totals, paper: Paper, locale: str, heading: Heading) -> Iterator[str]:
    said = texts_in(locale)
    _ = said.gettext
    if heading.demo:
        yield from paper.centred(_("DEMO - no money moves"))
    yield from paper.centred(_("DAY TOTALS"))
    yield from paper.centred(heading.name)
    yield ""
    yield from paper.pair(_("Terminal"), heading.terminal)
    yield from paper.pair(_("Day"), format_day(day.start, locale, heading.zone))
    made = format_day_time(heading.made_at, locale, heading.zone)
    yield from paper.pair(_("Made"), made)
    if not day.currencies:
        yield ""
        yield from paper.centred(_("Nothing happened on this day."))
    for one in day.currencies:
        yield ""
        yield from Sheet(day_rows(one, said), one.currency, paper, locale, said).lines()
    yield ""
    yield from agreement(day.disagreements, paper, said)


def agreement(disagreements: Sequence[str], paper: Paper, said: Texts) -> Iterator[str]:
    """Yield the lines that say whether both ways of adding up agree."""
    _ = said.gettext
    if not disagreements:
        yield from paper.wrapped(_("Transactions and their events agree."))
        return
    yield from paper.wrapped(_("TRANSACTIONS AND THEIR EVENTS DISAGREE:"))
    for sentence in disagreements:
        yield from paper.wrapped(sentence)


NamedSum = tuple[str, Sum]


@dataclass(frozen=True, slots=True)
class DayRows:
    """The sums of one currency with their names, as slips and tables show them; each has its sign.

    `moved` come to `total`; `beside` moved nothing; `brands` and `cashiers` are `total` once more, by card
    and by who asked for it: none where nobody is told.
    """

    moved: Sequence[NamedSum]
    total: NamedSum
    beside: Sequence[NamedSum]
    brands: Sequence[NamedSum]
    cashiers: Sequence[NamedSum]
    open: Sequence[NamedSum]


def day_rows(one: CurrencyTotals, said: Texts) -> DayRows:
    """Name the sums of a currency."""
    _ = said.gettext
    beside = {
        _("Not paid"): one.not_paid,
        _("Not completed, reversed"): one.reversed,
        _("Cancelled for another terminal"): one.elsewhere,
    }
    cancelled = _("CANCELLED: {operation}")
    return DayRows(
        moved=[
            *_by_title(one.approved, said, "{operation}", 1),
            *_by_title(one.cancelled, said, cancelled, -1),
        ],
        total=(_("TOTAL"), one.net),
        beside=[(name, found) for name, found in beside.items() if found.count],
        brands=[(name or _("unknown"), found) for name, found in one.brands.items()],
        cashiers=[(name or _("unknown"), found) for name, found in one.cashiers.items()]
        if any(one.cashiers)
        else [],
        open=list(_by_name(one, said).items()),
    )


def _by_title(
    sums: Mapping[Operation, Sum], said: Texts, form: str, direction: int
) -> Iterator[NamedSum]:
    """Put together what a slip calls by one name: sales with a tip, and without one."""
    named: dict[tuple[str, int], Sum] = {}
    for operation, found in sums.items():
        # what is no money (a hold, a balance) has a sum, but no direction
        key = form.format(operation=title(operation, said)), direction * operation.direction or 1
        named[key] = named.get(key, Sum()).with_(found)
    for (name, sign), found in named.items():
        yield name, Sum(found.count, sign * found.minor, sign * found.tip_minor)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The sums of one currency on paper."""

    rows: DayRows
    currency: Currency
    paper: Paper
    locale: str
    said: Texts

    def lines(self) -> Iterator[str]:
        """Yield the lines of the sheet."""
        _ = self.said.gettext
        rows = self.rows
        yield from self.paper.centred(self.currency.code)
        yield from self._all(rows.moved)
        yield "-" * self.paper.columns
        yield from self._all([rows.total])
        yield from self.paper.pair(_("Tips in it"), self._number(rows.total[1].tip_minor))
        yield from self._all(rows.beside)
        if rows.brands:
            yield from ("", *self.paper.wrapped(_("By card")))
        yield from self._all(rows.brands)
        if rows.cashiers:
            yield from ("", *self.paper.wrapped(_("By cashier")))
        yield from self._all(rows.cashiers)
        heading = _("Still open") if rows.open else _("Nothing is left open.")
        yield from ("", *self.paper.wrapped(heading))
        yield from self._all(rows.open)

    def _all(self, rows: Sequence[NamedSum]) -> Iterator[str]:
        for name, found in rows:
            amount = self._number(found.minor).rjust(self._longest)
            figures = f"{f'  {found.count}':>{_COUNT}}  {amount}"
            room = self.paper.columns - len(figures)
            if room < _LEAST_NAME:
                yield from self.paper.wrapped(name)
                yield from self.paper.pair("", figures.strip())
                continue
            *more, last = replace(self.paper, columns=room).wrapped(name) or [""]
            yield from more
            yield f"{ljust(last, room)}{figures}"

    @property
    def _longest(self) -> int:
        """The width of the column of amounts: one for the whole sheet, so that counts stand in line."""
        one = self.rows
        rows = (*one.moved, one.total, *one.beside, *one.brands, *one.cashiers, *one.open)
        return max(_AMOUNT, *(len(self._number(found.minor)) for _, found in rows))

    def _number(self, minor: int) -> str:
        return format_number(Total(minor, self.currency), self.locale)


def _by_name(one: CurrencyTotals, said: Texts) -> dict[str, Sum]:
    _ = said.gettext
    staff, due = _("task"), _("being cancelled")
    sums: dict[str, Sum] = {}
    for state, found in one.open.items():
        name = staff if state is State.NEEDS_STAFF else due
        if state in RUNNING:
            name = _("under way")
        sums[name] = sums.get(name, Sum()).with_(found)
    return sums
