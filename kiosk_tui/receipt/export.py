"""What a day came to, for other software: JSON and CSV. Names are added, never changed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from kiosk_tui.domain.money import Currency, Total, plain
from kiosk_tui.domain.totals import CurrencyTotals, Sum, Totals
from kiosk_tui.receipt.table import TableFormat, csv_lines

COLUMNS = ("day", "currency", "what", "which", "count", "amount", "tip")
_AMOUNTS: Final = frozenset({"amount", "tip"})
POINT: Final = TableFormat()

Row = tuple[str, str, Sum]


def name(day: Totals) -> str:
    """Return what a file with this day is called."""
    return f"totals-{day.start:%Y-%m-%d}"


def describe(day: Totals) -> dict[str, Any]:
    """Return a day as JSON shows it: amounts as plain text and in minor units."""
    return {
        "day": f"{day.start:%Y-%m-%d}",
        "from": day.start.isoformat(),
        "to": day.end.isoformat(),
        "agrees": not day.disagreements,
        "disagreements": list(day.disagreements),
        "totals": sums(day.currencies),
    }


def sums(currencies: Sequence[CurrencyTotals]) -> list[dict[str, Any]]:
    """Return all sums as JSON shows them."""
    return [
        {"currency": one.currency.code, "what": what, "which": which, **_sum(found, one.currency)}
        for one in currencies
        for what, which, found in rows(one)
    ]


def json_text(day: Totals) -> str:
    """Return a day as one line of JSON."""
    return json.dumps(describe(day), ensure_ascii=False) + "\n"


def csv_text(day: Totals, form: TableFormat = POINT) -> str:
    """Return a day as CSV: a line for each sum, below a line with the columns' names."""
    return "".join(csv_lines(COLUMNS, _cells(day), _AMOUNTS, form))


def _cells(day: Totals) -> Iterator[tuple[Any, ...]]:
    date = f"{day.start:%Y-%m-%d}"
    for one in day.currencies:
        for what, which, found in rows(one):
            amounts = (
                plain(Total(minor, one.currency)) for minor in (found.minor, found.tip_minor)
            )
            yield (date, one.currency.code, what, which, found.count, *amounts)
    for sentence in day.disagreements:
        yield (date, "", "disagreement", sentence, "", "", "")


def save(folder: Path, day: Totals, form: str) -> str:
    """Write a day into a folder, as csv or json; return the file's name. Raises `OSError`."""
    file = f"{name(day)}.{form}"
    text = csv_text(day) if form == "csv" else json_text(day)
    (folder / file).write_text(text, "utf-8", "replace")
    return file


def rows(one: CurrencyTotals) -> Iterator[Row]:
    """Yield the sums of a currency: what it is a sum of, which of these, and the sum.

    `approved` and `cancelled` are by operation and without a sign; `net` and `brand` have one.
    """
    yield from (("approved", str(which), found) for which, found in one.approved.items())
    yield from (("cancelled", str(which), found) for which, found in one.cancelled.items())
    yield "net", "", one.net
    yield from (("brand", which, found) for which, found in one.brands.items())
    yield from (("open", str(which), found) for which, found in one.open.items())
    yield from (("cashier", which, found) for which, found in one.cashiers.items() if which)
    yield "not_paid", "", one.not_paid
    yield "reversed", "", one.reversed
    yield "cancelled_elsewhere", "", one.elsewhere


def _sum(found: Sum, currency: Currency) -> dict[str, Any]:
    return {
        "count": found.count,
        "amount": plain(Total(found.minor, currency)),
        "amount_minor": found.minor,
        "tip": plain(Total(found.tip_minor, currency)),
        "tip_minor": found.tip_minor,
    }
