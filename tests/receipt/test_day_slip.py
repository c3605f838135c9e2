"""A day's end on paper: columns stand, however long the figures are."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from support.fakes import EUR

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.money import Total
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.totals import CurrencyTotals, Sum, Totals
from kiosk_tui.receipt import export
from kiosk_tui.receipt.day import Heading, day_slip
from kiosk_tui.receipt.lines import Paper
from kiosk_tui.receipt.slip import COLUMNS
from kiosk_tui.text.amounts import format_number

START = datetime(2026, 11, 27, tzinfo=UTC)
HEADING = Heading("Museum", "88091105", START, UTC)


def _day(minor: int) -> Totals:
    sales, refund = Sum(2, minor, 100), Sum(1, 500)
    one = CurrencyTotals(
        currency=EUR,
        approved={Operation.SALE: sales, Operation.REFUND: refund},
        cancelled={Operation.SALE: sales},
        elsewhere=Sum(),
        reversed=Sum(),
        not_paid=Sum(),
        open={State.CANCEL_DUE: Sum(12, minor)},
        brands={"VISA": sales, "": refund},
        net=Sum(4, -minor, -100),
    )
    return Totals(START, START + timedelta(days=1), (one,), ())


@pytest.mark.parametrize("columns", COLUMNS)
@pytest.mark.parametrize("digits", range(1, 20))
@pytest.mark.parametrize("locale", ["en", "de", "pl"])
def test_counts_and_amounts_never_run_into_each_other_or_over_the_edge(
    columns: int, digits: int, locale: str
) -> None:
    lines = day_slip(_day(10**digits), Paper(columns), locale, HEADING)
    assert max(map(len, lines)) <= columns
    rows = [" ".join(line.split()) for line in lines]
    amount = format_number(Total(10**digits, EUR), locale)
    for figures in (f"2 {amount}", f"2 -{amount}", f"4 -{amount}", f"12 {amount}"):
        assert any(re.search(rf"(^|[^0-9]){re.escape(figures)}$", row) for row in rows)


@pytest.mark.parametrize(
    ("columns", "locale", "amount"),
    [
        (32, "en", "1,200,000,000.00"),
        (42, "en", "1,200,000,000.00"),
        (42, "de", "1.200.000.000,00"),
    ],
)
def test_two_of_the_largest_payments_are_told_on_paper(
    columns: int, locale: str, amount: str
) -> None:
    lines = day_slip(_day(120_000_000_000), Paper(columns), locale, HEADING)
    rows = [line.split() for line in lines]
    assert ["2", amount] in [row[-2:] for row in rows]
    assert ["2", f"-{amount}"] in [row[-2:] for row in rows]
    assert ["12", amount] in [row[-2:] for row in rows]
    assert max(map(len, lines)) <= columns


def test_what_fits_stands_in_columns_as_ever() -> None:
    lines = day_slip(_day(123_456), Paper(32), "en", HEADING)
    assert "SALE              2     1,234.56" in lines
    assert "REFUND            1        -5.00" in lines
    assert "TOTAL             4    -1,234.56" in lines


def test_files_tell_sums_of_any_length_and_sign() -> None:
    day = _day(120_000_000_000)
    (net,) = (one for one in json.loads(export.json_text(day))["totals"] if one["what"] == "net")
    assert (net["amount"], net["amount_minor"]) == ("-1200000000.00", -120_000_000_000)
    assert net["tip"] == "-1.00"
    table = list(csv.DictReader(io.StringIO(export.csv_text(day))))
    assert [one["amount"] for one in table if one["what"] == "net"] == ["-1200000000.00"]
