"""Long lists in parts, and lists as files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from kiosk_tui.office.queries.found import PAGE, ListPart, Paged
from kiosk_tui.office.web.page import PageRequest
from kiosk_tui.receipt.table import TableFormat, csv_lines


@dataclass(frozen=True, slots=True)
class Turns:
    """Where a list goes on: addresses, empty where it does not; and which rows are shown."""

    back: str
    on: str
    first: int
    last: int
    total: int


def part(asked: PageRequest) -> ListPart:
    """Return which part of a list is asked for."""
    first = asked.query("first", "0")
    return ListPart(int(first) if first.isascii() and first.isdigit() and len(first) < 10 else 0)  # noqa: PLR2004


def turns(asked: PageRequest, list_: Paged[Any]) -> Turns:
    """Return where the list goes on, with the parameters that it was asked with."""

    def address(first: int) -> str:
        return f"?{urlencode({**asked.http.query_params, 'first': str(max(0, first))})}"

    last = list_.first + len(list_.rows)
    return Turns(
        back=address(list_.first - PAGE) if list_.first else "",
        on=address(last) if last < list_.total and list_.rows else "",
        first=list_.first + 1,
        last=last,
        total=list_.total,
    )


def csv_file(
    name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], amounts: frozenset[str]
) -> Response:
    """Return a file for a spreadsheet; no text in it is run as a formula. `amounts` are columns of money."""
    text = "".join(csv_lines(columns, rows, amounts, TableFormat()))
    return Response(
        "\ufeff" + text,  # without it Excel reads UTF-8 as something else
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{name}.csv"'},
    )
