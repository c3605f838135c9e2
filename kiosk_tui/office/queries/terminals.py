"""Every terminal and what it did last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from kiosk_tui.domain.money import Currency, Total
from kiosk_tui.office.database import Connection
from kiosk_tui.office.queries.found import WHOLE, ListPart, Paged


@dataclass(frozen=True, slots=True)
class TerminalRow:
    """A terminal of a kiosk; `terminal_state` is what the kiosk says of it, if it is its present one."""

    terminal: str
    kiosk_id: str
    site: str
    terminal_state: str
    present: bool
    last_id: str | None
    last_at: datetime | None
    last_state: str | None
    last_total: Total | None


# From index to index: one look for each terminal and not one for each transaction.
_TEXT: Final = """
    WITH RECURSIVE known (terminal) AS (
        (SELECT min(terminal) FROM kiosk_transaction)
        UNION ALL
        SELECT (SELECT min(t.terminal) FROM kiosk_transaction t WHERE t.terminal > known.terminal)
        FROM known WHERE known.terminal IS NOT NULL
    ), every AS (
        SELECT terminal FROM known WHERE terminal IS NOT NULL
        UNION
        SELECT health->>'terminal' FROM kiosk
        WHERE left_at IS NULL AND health->>'terminal' IS NOT NULL
    ), wanted AS (
        SELECT terminal, count(*) OVER () AS total FROM every
        ORDER BY terminal OFFSET $1 LIMIT $2
    )
    SELECT wanted.terminal, wanted.total, coalesce(here.kiosk_id, last.kiosk_id, '') AS kiosk_id,
        coalesce(here.site, was.site, '') AS site,
        coalesce(here.health->>'terminal_state', '') AS terminal_state,
        here.kiosk_id IS NOT NULL AS present,
        last.transaction_id::text AS last_id, last.begun_at AS last_at, last.state AS last_state,
        last.minor, last.currency, last.exponent
    FROM wanted
    LEFT JOIN kiosk here ON here.health->>'terminal' = wanted.terminal AND here.left_at IS NULL
    LEFT JOIN LATERAL (
        SELECT * FROM kiosk_transaction t
        WHERE t.terminal = wanted.terminal ORDER BY t.transaction_id DESC LIMIT 1
    ) AS last ON true
    LEFT JOIN kiosk was ON was.kiosk_id = last.kiosk_id
    ORDER BY wanted.terminal, kiosk_id
"""


async def terminals(connection: Connection, part: ListPart = WHOLE) -> Paged[TerminalRow]:
    """Return the terminals by number; one that two kiosks claim stands here for each."""
    rows = [dict(row) for row in await connection.fetch(_TEXT, part.first, part.most)]
    total = max((row.pop("total") for row in rows), default=0)
    return Paged(tuple(_read(row) for row in rows), total, part.first, part.most)


def _read(row: dict[str, object]) -> TerminalRow:
    minor, code, exponent = (row.pop(name) for name in ("minor", "currency", "exponent"))
    last = Total(int(str(minor)), Currency(str(code), int(str(exponent)))) if code else None
    return TerminalRow(last_total=last, **row)  # type: ignore[arg-type]
