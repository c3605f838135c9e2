"""Tables for spreadsheets: no text is run, no amount is touched, and all of it reads back."""

from __future__ import annotations

import csv
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_tui.receipt.table import TableFormat, csv_lines, text

COLUMNS = ("what", "amount")
AMOUNTS = frozenset({"amount"})


@pytest.mark.parametrize(
    "formula",
    [
        "=1+1",
        "+43 1 234",
        "-1+1",
        "-5",
        "@SUM(A1)",
        "\t=1",
        "\tx",
        "\rx",
        "\nx",
        "  =1",
        "\u00a0=1",
        "\u3000=1",
        "\ufeff=1",
        "\u200b=1",
        "\x00=1",
        '"=1',
        "'=1",
        "''=1",
        "„=1",
        "» =1",
        "＝1",
        "＋1",
        "－1",
        "＠A1",
        "﹦1",
        "−1",
        "=cmd|' /C calc'!A0",
    ],
)
def test_a_text_that_a_spreadsheet_would_run_is_only_read(formula: str) -> None:
    assert text(formula) == f"'{formula}"


@pytest.mark.parametrize("harmless", ["", "Ticket", "a=b", "1-2", "12.55", "'", "3 @ 2", None, 5])
def test_any_other_value_is_left_as_it_is(harmless: object) -> None:
    assert text(harmless) == harmless


MONEY = st.decimals(-(10**12), 10**12, places=2, allow_nan=False).map(lambda one: f"{one:.2f}")


@given(st.lists(st.tuples(st.text(st.characters(exclude_categories=["Cs"])), MONEY)), st.booleans())
def test_it_reads_back_to_equal_sums(rows: list[tuple[str, str]], decimal_comma: bool) -> None:
    form = TableFormat(decimal_comma)
    lines = list(csv_lines(COLUMNS, rows, AMOUNTS, form))
    first, *read = csv.reader(lines, delimiter=form.delimiter)
    assert tuple(first) == COLUMNS
    back = [amount.replace(",", ".") if decimal_comma else amount for _, amount in read]
    assert sum(map(Decimal, back)) == sum(Decimal(amount) for _, amount in rows)
    assert [what.removeprefix("'") for what, _ in read] == [
        what.removeprefix("'") for what, _ in rows
    ]


def test_a_decimal_comma_is_for_amounts_alone() -> None:
    lines = csv_lines(COLUMNS, [("1.5; x", "-1234.50")], AMOUNTS, TableFormat(decimal_comma=True))
    assert list(lines) == ["what;amount\r\n", '"1.5; x";-1234,50\r\n']
