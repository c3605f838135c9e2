"""Business days that registers have closed, beside TECS's turnover."""

from __future__ import annotations

from typing import Final

from starlette.exceptions import HTTPException
from starlette.responses import Response

from kiosk_tui.domain.money import plain
from kiosk_tui.office.queries import kiosks as queries
from kiosk_tui.office.queries.found import WHOLE, Paged
from kiosk_tui.office.reconciliation.days import ComparedDay, DayFilter, compared_days
from kiosk_tui.office.web.page import PageRequest, page
from kiosk_tui.office.web.pages.paging import csv_file, part, turns

_COLUMNS: Final = (
    "kiosk", "site", "number", "day", "closed_at", "currency", "count", "net", "turnover", "difference",
    "kind", "terminal", "id", "here", "tecs",
)  # fmt: skip
_AMOUNTS: Final = frozenset({"net", "turnover", "difference", "here", "tecs"})


@page("/days", "Business days", menu="Money")
async def days(asked: PageRequest) -> Response:
    """Show the days, the newest first, and whether TECS has the same."""
    found = await _found(asked)
    return asked.show(
        "days.html",
        found=found,
        turns=turns(asked, found),
        sites=await queries.sites(asked.connection),
    )


@page("/days.csv", "Business days")
async def days_file(asked: PageRequest) -> Response:
    """Return the same days as a file: a line for each currency, and one for each difference."""
    found = await compared_days(asked.connection, asked.settings, _filter(asked), WHOLE)
    rows = (
        (one.kiosk_id, one.site, one.number, one.day.isoformat(), one.closed_at.isoformat(),
         sheet.total.currency.code, *line)
        for one in found.rows
        for sheet in one.sheets
        for line in (
            (sheet.net.count, plain(sheet.total), plain(sheet.turnover), plain(sheet.difference),
             "", "", "", "", ""),
            *(("", "", "", plain(each.total), str(each.kind), each.terminal, each.transaction_id,
               plain(each.here), plain(each.there)) for each in sheet.differences),
        )
    )  # fmt: skip
    return csv_file("days", _COLUMNS, rows, _AMOUNTS)


@page("/kiosks/{kiosk_id}/days/{number:int}", "Business day")
async def day(asked: PageRequest) -> Response:
    """Show one, with each difference; a number twice where a journal was begun anew."""
    kiosk_id, number = asked.http.path_params["kiosk_id"], asked.http.path_params["number"]
    wanted = DayFilter(kiosk_id, number=min(number, 2**31 - 1) or -1)
    found = await compared_days(asked.connection, asked.settings, wanted, WHOLE)
    if not found.rows:
        raise HTTPException(404)
    return asked.show("day.html", title=f"Day {number} of {kiosk_id}", found=found)


async def _found(asked: PageRequest) -> Paged[ComparedDay]:
    return await compared_days(asked.connection, asked.settings, _filter(asked), part(asked))


def _filter(asked: PageRequest) -> DayFilter:
    return DayFilter(asked.query("kiosk"), asked.query("site"))
