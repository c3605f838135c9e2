"""Signed commands on their way to a kiosk."""

from __future__ import annotations

import base64
from typing import Final

from kiosk_tui.fleet.wire import SignedCommand
from kiosk_tui.office.database import Connection, Pool

AGAIN_S: Final = 30
"""A command without an outcome is sent again after so long: a kiosk that did it says so once more."""
_MOST: Final = 10

DELIVERABLE: Final = f"""
    done_at IS NULL AND expires_at > now()
    AND (delivered_at IS NULL OR delivered_at < now() - interval '{AGAIN_S} s')
"""
_DELIVER: Final = f"""
    WITH due AS (
        SELECT n FROM command WHERE kiosk_id = $1 AND {DELIVERABLE} ORDER BY n LIMIT {_MOST}
    ), sent AS (
        UPDATE command SET delivered_at = now() FROM due WHERE kiosk_id = $1 AND command.n = due.n
        RETURNING command.n, payload, signature, key_id
    )
    SELECT * FROM sent ORDER BY n
"""  # noqa: S608 - our own words


async def deliver(connection: Connection | Pool, kiosk_id: str) -> tuple[SignedCommand, ...]:
    """Return the commands that this kiosk is to be sent now, the lowest number first."""
    return tuple(
        SignedCommand(
            payload=base64.b64encode(row["payload"]).decode(),
            signature=base64.b64encode(row["signature"]).decode(),
            key_id=row["key_id"],
        )
        for row in await connection.fetch(_DELIVER, kiosk_id)
    )
