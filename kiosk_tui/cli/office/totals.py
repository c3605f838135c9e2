"""`kiosk-tui office totals`: sums per day, by the rules of a kiosk's own totals; or clearing batches."""

from __future__ import annotations

import argparse
from typing import Final

from kiosk_tui.cli.office.asking import LookAnswer, OfficeQuestion, TableAnswer, answer
from kiosk_tui.cli.office.described import describe_totals, described
from kiosk_tui.cli.office.opened import told
from kiosk_tui.domain.day_clock import day_at
from kiosk_tui.domain.money import Currency, Total
from kiosk_tui.domain.totals import Sum
from kiosk_tui.office.queries.clearing import batches, uncleared
from kiosk_tui.office.queries.totals import DayTotals, TotalsBy, totals
from kiosk_tui.receipt.day import day_rows
from kiosk_tui.text.amounts import format_amount, format_number
from kiosk_tui.text.translations import texts_in

BATCH: Final = "batch"


@told
def run(arguments: argparse.Namespace) -> int:
    """Add up; return the exit code."""
    return answer(_batches if arguments.by == BATCH else _totals, arguments)


async def _totals(asked: OfficeQuestion) -> LookAnswer:
    by = TotalsBy(asked.arguments.by)
    last = asked.arguments.date or day_at(asked.now, asked.settings.zone)
    found = await totals(asked.connection, last, asked.arguments.days, asked.settings.zone, by)
    return LookAnswer(
        [line for one in found for line in describe_totals(one, str(by))],
        [_sheet(one) for one in found],
        "Nothing happened on these days.",
    )


def _sheet(one: DayTotals) -> TableAnswer:
    rows: list[list[str]] = []
    for currency in one.currencies:
        named = day_rows(currency, texts_in("en"))
        sums = (*named.moved, named.total, *named.beside, *named.open)
        rows += [_row(currency.currency, name, found) for name, found in sums]
    heads = ("Currency", "What", ">Count", ">Amount", ">Tips in it")
    return TableAnswer(heads, rows, f"{one.day:%Y-%m-%d}  {one.of or 'no site'}")


def _row(currency: Currency, name: str, found: Sum) -> list[str]:
    tip = format_number(Total(found.tip_minor, currency), "en") if found.tip_minor else ""
    return [
        currency.code, name, str(found.count), format_number(Total(found.minor, currency), "en"), tip
    ]  # fmt: skip


async def _batches(asked: OfficeQuestion) -> LookAnswer:
    zone, days = asked.settings.zone, asked.arguments.days
    last = asked.arguments.date or day_at(asked.now, zone)
    found = await batches(asked.connection, last, days, zone)
    left = await uncleared(asked.connection, last, days, zone)
    rows = [
        [one.batch, one.terminal, asked.when(one.cleared_at), str(one.count),
         format_amount(one.total, "en"), format_amount(one.recorded, "en"),
         format_amount(one.difference, "en") if one.difference.minor else ""]
        for one in found
    ]  # fmt: skip
    waiting = [[str(one.count), format_amount(one.total, "en")] for one in left]
    objects = [described(one) | {"difference_minor": one.difference.minor} for one in found] + [
        {"batch": None} | described(one) for one in left
    ]
    heads = ("Batch", "Terminal", "Cleared", ">Count", ">Cleared", ">Recorded", ">Difference")
    return LookAnswer(
        objects,
        [
            TableAnswer(heads, rows),
            TableAnswer((">Count", ">Amount"), waiting, "In no batch yet"),
        ],
        "No batches were cleared on these days.",
    )
