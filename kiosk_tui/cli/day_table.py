"""What a day came to, as a table for a terminal, in the kiosk's own language."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence

from kiosk_tui.cli.colour import Rendition, coloured, styled
from kiosk_tui.cli.table import Column, table
from kiosk_tui.domain.money import Currency, Total
from kiosk_tui.domain.one_line import one_line
from kiosk_tui.domain.totals import CurrencyTotals, Sum, Totals
from kiosk_tui.receipt.day import Heading, NamedSum, day_rows
from kiosk_tui.text.amounts import format_number
from kiosk_tui.text.times import format_day
from kiosk_tui.text.translations import Texts, texts_in
from kiosk_tui.text.wording.states import in_words


def day_table(day: Totals, locale: str, heading: Heading) -> Iterator[str]:
    """Yield the lines of a day's end."""
    said = texts_in(locale)
    _ = said.gettext
    date = format_day(day.start, locale, heading.zone)
    who = (heading.name, _("Terminal"), heading.terminal)
    yield _head(one_line("  ".join([_("DAY TOTALS"), date, *who])))
    if not day.currencies:
        yield from ("", _("Nothing happened on this day."))
    for one in day.currencies:
        yield from ("", *sheet(one, locale, said))
    yield ""
    if not day.disagreements:
        yield _("Transactions and their events agree.")
        return
    yield _("TRANSACTIONS AND THEIR EVENTS DISAGREE:")
    yield from (in_words(one) for one in day.disagreements)


def sheet(one: CurrencyTotals, locale: str, said: Texts) -> Iterator[str]:
    """Yield the table of one currency."""
    _ = said.gettext
    rows, currency = day_rows(one, said), one.currency

    def shown(sums: Sequence[NamedSum], *, bold: bool = False) -> list[list[str]]:
        cells = [_cells(name, found, currency, locale) for name, found in sums]
        return [[_head(cell) for cell in row] for row in cells] if bold else cells

    blank = ["", "", "", ""]
    lines = [*shown(rows.moved), *shown([rows.total], bold=True)]
    if rows.beside:
        lines += [blank, *shown(rows.beside)]
    if rows.brands:
        lines += [blank, [_head(_("By card")), "", "", ""], *shown(rows.brands)]
    if rows.cashiers:
        lines += [blank, [_head(_("By cashier")), "", "", ""], *shown(rows.cashiers)]
    if rows.open:
        lines += [blank, [_head(_("Still open")), "", "", ""], *shown(rows.open)]
    heads = (_("Count"), currency.code, _("Tips in it"))
    yield from table([Column(_("What")), *(Column(one, right=True) for one in heads)], lines)
    if not rows.open:
        yield from ("", _("Nothing is left open."))


def _cells(name: str, found: Sum, currency: Currency, locale: str) -> list[str]:
    amount = format_number(Total(found.minor, currency), locale)
    tip = format_number(Total(found.tip_minor, currency), locale) if found.tip_minor else ""
    return [one_line(name), str(found.count), amount, tip]


def _head(text: str) -> str:
    return styled(text, Rendition.HEAD, colours=coloured(sys.stdout))
