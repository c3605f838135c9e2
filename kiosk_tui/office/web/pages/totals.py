"""What days came to, tied to clearing batches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from starlette.responses import Response

from kiosk_tui.domain.day_clock import day_at
from kiosk_tui.domain.money import Currency, Total, plain
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.totals import CurrencyTotals, Sum
from kiosk_tui.office.queries.clearing import batches, uncleared
from kiosk_tui.office.queries.found import PAGE, Paged, moment
from kiosk_tui.office.queries.totals import DayTotals, TotalsBy
from kiosk_tui.office.queries.totals import totals as day_totals
from kiosk_tui.office.web.page import PageRequest, page
from kiosk_tui.office.web.pages.paging import csv_file, part, turns
from kiosk_tui.receipt.export import rows

_COLUMNS: Final = ("day", "of", "currency", "what", "which", "count", "amount", "tip")
_SPANS: Final = (1, 7, 31)


@dataclass(frozen=True, slots=True)
class TotalsLine:
    """A line of the table: each sum has the sign by which it counts, `open` has none."""

    day: date | None
    of: str
    currency: Currency
    sales: Sum
    refunds: Sum
    cancelled: Sum
    net: Sum
    open: Sum

    def total(self, found: Sum) -> Total:
        """Return what one of its sums comes to."""
        return Total(found.minor, self.currency)

    @property
    def tips(self) -> Total:
        """The tips in what it came to."""
        return Total(self.net.tip_minor, self.currency)


@page("/totals", "Totals", menu="Money")
async def totals(asked: PageRequest) -> Response:
    """Show days, by site, kiosk or all together."""
    last, days, by = await _asked_for(asked)
    found = await day_totals(asked.connection, last, days, asked.settings.zone, by)
    lines = [_line(one, currency) for one in found for currency in one.currencies]
    first = part(asked).first
    shown = Paged(tuple(lines[first : first + PAGE]), len(lines), first)
    zone = asked.settings.zone
    return asked.show(
        "totals.html",
        found=shown,
        turns=turns(asked, shown),
        sums=_together(lines),
        last=last,
        days=days,
        by=by,
        spans=_SPANS,
        batches=await batches(asked.connection, last, days, zone),
        uncleared=await uncleared(asked.connection, last, days, zone),
        chosen={"last": last.isoformat(), "days": days, "by": str(by)},
    )


@page("/totals.csv", "Totals")
async def totals_file(asked: PageRequest) -> Response:
    """Return the same sums as a file, named as a kiosk's own export names them."""
    last, days, by = await _asked_for(asked)
    found = await day_totals(asked.connection, last, days, asked.settings.zone, by)
    table = (
        (one.day.isoformat(), one.of, currency.currency.code, what, which, one_sum.count,
         plain(Total(one_sum.minor, currency.currency)),
         plain(Total(one_sum.tip_minor, currency.currency)))
        for one in found
        for currency in one.currencies
        for what, which, one_sum in rows(currency)
    )  # fmt: skip
    name = f"totals-{last:%Y-%m-%d}-{days}-{by}"
    return csv_file(name, _COLUMNS, table, frozenset({"amount", "tip"}))


async def _asked_for(asked: PageRequest) -> tuple[date, int, TotalsBy]:
    """Return what is asked for; what cannot be read is today, one day, by site."""
    by, days = asked.query("by", "site"), asked.query("days", "1")
    try:
        last = date.fromisoformat(asked.query("last"))
    except ValueError:
        last = day_at(await moment(asked.connection), asked.settings.zone)
    return (
        last if 2000 <= last.year < 2100 else date(2026, 1, 1),  # noqa: PLR2004
        int(days) if days in map(str, _SPANS) else 1,
        TotalsBy(by) if by in tuple(TotalsBy) else TotalsBy.SITE,
    )


def _line(one: DayTotals, found: CurrencyTotals) -> TotalsLine:
    return TotalsLine(
        day=one.day,
        of=one.of,
        currency=found.currency,
        sales=_signed(found.approved, 1, 1),
        refunds=_signed(found.approved, -1, 1),
        cancelled=_signed(found.cancelled, 0, -1),
        net=found.net,
        open=_added(found.open.values()),
    )


def _signed(sums: Mapping[Operation, Sum], direction: int, sign: int) -> Sum:
    """Return the sums of the operations of a direction (0: of each that moves money), with their signs."""
    total = Sum()
    for operation, found in sums.items():
        if operation.direction and direction in (0, operation.direction):
            total = total.with_(found, sign * operation.direction)
    return total


def _added(sums: Iterable[Sum]) -> Sum:
    total = Sum()
    for found in sums:
        total = total.with_(found)
    return total


def _together(lines: Sequence[TotalsLine]) -> list[TotalsLine]:
    """Return what all lines come to, each currency for itself; what is open, as of the last day."""
    last = max((one.day for one in lines if one.day), default=None)
    by_currency: dict[Currency, list[TotalsLine]] = {}
    for one in lines:
        by_currency.setdefault(one.currency, []).append(one)
    return [
        TotalsLine(
            day=None,
            of="",
            currency=currency,
            sales=_added(one.sales for one in found),
            refunds=_added(one.refunds for one in found),
            cancelled=_added(one.cancelled for one in found),
            net=_added(one.net for one in found),
            open=_added(one.open for one in found if one.day == last),
        )
        for currency, found in sorted(by_currency.items(), key=lambda item: item[0].code)
    ]
