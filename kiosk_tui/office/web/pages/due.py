"""Money that is not settled, by age and sum."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from kiosk_tui.domain.money import plain
from kiosk_tui.office.queries.due import due as open_ones
from kiosk_tui.office.queries.due import due_sums
from kiosk_tui.office.queries.found import moment
from kiosk_tui.office.web.page import PageRequest, page
from kiosk_tui.office.web.pages.paging import csv_file, part, turns
from kiosk_tui.office.wording import DUE

_COLUMNS: Final = (
    "kind", "since", "age_s", "kiosk", "site", "terminal", "id", "reference", "operation", "state",
    "currency", "total", "attempts", "todo",
)  # fmt: skip


@page("/due", "Open cancellations", menu="Now")
async def due(asked: PageRequest) -> Response:
    """Show what is not settled, the oldest first."""
    now = await moment(asked.connection)
    found = await open_ones(asked.connection, now, asked.settings.watch, part(asked))
    sums = await due_sums(asked.connection, now, asked.settings.watch)
    return asked.show(
        "due.html", found=found, turns=turns(asked, found), sums=sums, advice=DUE, now=now
    )


@page("/due.csv", "Open cancellations")
async def due_file(asked: PageRequest) -> Response:
    """Return all of them as a file."""
    now = await moment(asked.connection)
    found = await open_ones(asked.connection, now, asked.settings.watch)
    rows = (
        (str(one.kind), one.since.isoformat(), round((now - one.since).total_seconds()),
         one.transaction.kiosk_id, one.transaction.site, one.transaction.terminal,
         one.transaction.id, one.transaction.reference, one.transaction.operation,
         one.transaction.state, one.transaction.total.currency.code, plain(one.transaction.total),
         one.attempts, DUE[one.kind].do)
        for one in found.rows
    )  # fmt: skip
    return csv_file(f"due-{now:%Y-%m-%d}", _COLUMNS, rows, frozenset({"total"}))
