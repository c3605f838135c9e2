"""The log of what people did. A line is written in the transaction of the deed, and never changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import asyncpg

from kiosk_tui.office.database import Connection

MOST: Final = 500
"""The most lines that a page shows at once."""


async def note(
    connection: Connection,
    name: str,
    what: str,
    subject: str = "",
    details: Mapping[str, Any] | None = None,
) -> None:
    """Write down that account `name` did `what` to `subject`. No password goes into `details`."""
    await connection.execute(
        "INSERT INTO action (name, what, subject, details) VALUES ($1, $2, $3, $4)",
        name,
        what,
        subject,
        dict(details or {}),
    )


async def latest(
    connection: Connection, name: str = "", what: str = "", most: int = MOST
) -> list[asyncpg.Record]:
    """Return the newest actions first: of everybody, or of one account; all, or those with this word."""
    return await connection.fetch(
        "SELECT at, name, what, subject, details FROM action"
        " WHERE ($1 = '' OR name = $1) AND ($2 = '' OR strpos(what, $2) > 0)"
        " ORDER BY action_id DESC LIMIT $3",
        name,
        what,
        most,
    )
