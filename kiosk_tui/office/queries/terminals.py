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
    )
    SELECT every.terminal, coalesce(here.kiosk_id, last.kiosk_id, '') AS kiosk_id,
        coalesce(here.site, was.site, '') AS site,
        coalesce(here.health->>'terminal_state', '') AS terminal_state,
        here.kiosk_id IS NOT NULL AS present,
        last.transaction_id::text AS last_id, last.begun_at AS last_at, last.state AS last_state,
        last.minor, last.currency, last.exponent
    FROM every
    LEFT JOIN kiosk here ON here.health->>'terminal' = every.terminal AND here.left_at IS NULL
    LEFT JOIN LATERAL (
        SELECT * FROM kiosk_transaction t
        WHERE t.terminal = every.terminal ORDER BY t.transaction_id DESC LIMIT 1
    ) AS last ON true
    LEFT JOIN kiosk was ON was.kiosk_id = last.kiosk_id
    ORDER BY every.terminal, kiosk_id
"""


async def terminals(connection: Connection, part: ListPart = WHOLE) -> Paged[TerminalRow]:
    """Return the terminals by number; one that two kiosks claim stands here for each."""
    rows = await connection.fetch(_TEXT)
    wanted = rows[part.first : part.first + part.most]
    return Paged(tuple(_read(dict(row)) for row in wanted), len(rows), part.first, part.most)


def _read(row: dict[str, object]) -> TerminalRow:
    minor, code, exponent = (row.pop(name) for name in ("minor", "currency", "exponent"))
    last = Total(int(str(minor)), Currency(str(code), int(str(exponent)))) if code else None
    return TerminalRow(last_total=last, **row)  # type: ignore[arg-type]
