"""Orders as pages and commands show them: what was asked for, by whom, and what came of it at each kiosk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import asyncpg

from kiosk_tui.office.database import Connection
from kiosk_tui.office.orders.request import OrderRequest, read

_LISTED = """
    SELECT r.*, ARRAY(SELECT approved_by FROM command_approval a WHERE a.request_id = r.request_id
        ORDER BY approved_at) AS approvers,
        count(c.n) AS signed, count(c.delivered_at) AS delivered,
        count(c.n) FILTER (WHERE c.ok) AS done, count(c.n) FILTER (WHERE NOT c.ok) AS failed
    FROM command_request r LEFT JOIN command c USING (request_id)
"""


@dataclass(frozen=True, slots=True)
class ListedOrder:
    """An order with how many of its kiosks have it signed, delivered, done, or could not do it."""

    request: OrderRequest
    approvers: tuple[str, ...]
    signed: int
    delivered: int
    done: int
    failed: int


@dataclass(frozen=True, slots=True)
class OrderAtKiosk:
    """What came of an order at one kiosk; no number where it was not signed for it yet."""

    kiosk_id: str
    n: int | None
    signed_at: datetime | None
    delivered_at: datetime | None
    done_at: datetime | None
    ok: bool | None
    outcome: str


async def orders(connection: Connection, most: int = 100) -> list[ListedOrder]:
    """Return the newest orders first."""
    rows = await connection.fetch(
        f"{_LISTED} GROUP BY r.request_id ORDER BY r.request_id DESC LIMIT $1", most
    )
    return [_listed(row) for row in rows]


async def order(connection: Connection, request_id: int) -> ListedOrder | None:
    """Return one order."""
    rows = await connection.fetch(
        f"{_LISTED} WHERE r.request_id = $1 GROUP BY r.request_id", request_id
    )
    return _listed(rows[0]) if rows else None


async def at_kiosks(connection: Connection, request_id: int) -> list[OrderAtKiosk]:
    """Return what came of an order at each of its kiosks, by their names."""
    rows = await connection.fetch(
        "SELECT named AS kiosk_id, n, signed_at, delivered_at, done_at, ok,"
        " coalesce(outcome, '') AS outcome FROM command_request r"
        " CROSS JOIN unnest(r.kiosks) AS named"
        " LEFT JOIN command c ON c.request_id = r.request_id AND c.kiosk_id = named"
        " WHERE r.request_id = $1 ORDER BY named",
        request_id,
    )
    return [OrderAtKiosk(**row) for row in rows]


def _listed(row: asyncpg.Record) -> ListedOrder:
    return ListedOrder(
        read(row),
        tuple(row["approvers"]),
        *(row[name] for name in ("signed", "delivered", "done", "failed")),
    )
