"""What journals, TECS and clearing do not agree on."""

from __future__ import annotations

from typing import Final

from starlette.exceptions import HTTPException
from starlette.responses import Response

from kiosk_tui.domain.money import Currency, Total, plain
from kiosk_tui.office.queries.found import PAGE, Paged
from kiosk_tui.office.web.comparison import DAYS, Compared
from kiosk_tui.office.web.page import PageRequest, page
from kiosk_tui.office.web.pages.paging import csv_file, part, turns

_COLUMNS: Final = (
    "kind", "confirmed", "at", "age_s", "kiosk", "terminal", "id", "reference", "currency", "amount",
    "here", "tecs", "said_by", "other_id", "todo",
)  # fmt: skip


@page("/disagreements", "Disagreements", menu="Money")
async def disagreements(asked: PageRequest) -> Response:
    """Show them, the gravest first."""
    compared, first = await _latest(asked), part(asked).first
    every = compared.found if compared else ()
    found = Paged(every[first : first + PAGE], len(every), first)
    return asked.show(
        "disagreements.html", compared=compared, found=found, turns=turns(asked, found), days=DAYS
    )


@page("/disagreements.csv", "Disagreements")
async def disagreements_file(asked: PageRequest) -> Response:
    """Return all of them as a file."""
    compared = await _latest(asked)
    if compared is None:
        raise HTTPException(503, "Journals and TECS are being compared: try it again in a minute.")
    rows = (
        (str(one.kind), one.confirmed, one.at.isoformat(), round(one.age.total_seconds()),
         one.kiosk_id, one.terminal, one.transaction_id, one.reference, one.currency,
         plain(Total(one.minor, Currency(one.currency, one.exponent))) if one.currency else "",
         one.here, one.there, " ".join(one.said_by), one.other_id, one.todo)
        for one in compared.found
    )  # fmt: skip
    name = f"disagreements-{compared.at:%Y-%m-%d}"
    return csv_file(name, _COLUMNS, rows, frozenset({"amount"}))


async def _latest(asked: PageRequest) -> Compared | None:
    compared: Compared | None = await asked.http.app.state.comparison.latest()
    return compared
