"""What must be true of a request before it is signed, each time that it is.

Owns: the four eyes. Two active accounts with the role `command`, and both for exactly these bytes.
"""

from __future__ import annotations

from datetime import datetime

from kiosk_tui.fleet.orders.order import LONGEST
from kiosk_tui.office.database import Connection
from kiosk_tui.office.orders.request import OrderRequest, digest, fault

WAITS = ""
"""Nobody has approved it yet."""


async def refusal(connection: Connection, request: OrderRequest, now: datetime) -> str | None:
    """Return None where it is to be signed, `WAITS`, or the sentence why it never is."""
    if why := fault(request.verb, request.body):
        return why
    if request.expires_at - now > LONGEST:
        return "It does not expire within a day."
    if request.sha256 != digest(request.verb, request.body, request.kiosks, request.expires_at):
        return "It is not what was asked for: its text has changed."
    approvals = await connection.fetch(
        "SELECT approved_by, body_sha256 FROM command_approval WHERE request_id = $1"
        " ORDER BY approved_at",
        request.request_id,
    )
    if not approvals:
        return WAITS
    people = await _commanders(connection)
    if request.asked_by not in people:
        return f"{request.asked_by}, who asked for it, may not give orders."
    faults = [
        _not_by(approval["approved_by"], approval["body_sha256"], request, people)
        for approval in approvals
    ]
    return None if "" in faults else faults[0]


def _not_by(name: str, sha256: bytes, request: OrderRequest, people: set[str]) -> str:
    """Return why an approval does not count; nothing where it does."""
    if name == request.asked_by:
        return f"{name} asked for it and approved it: that takes two people."
    if name not in people:
        return f"{name}, who approved it, may not give orders."
    if sha256 != request.sha256:
        return f"{name} approved another text."
    return ""


async def _commanders(connection: Connection) -> set[str]:
    rows = await connection.fetch(
        "SELECT name FROM account WHERE role = 'command' AND disabled_at IS NULL"
    )
    return {row["name"] for row in rows}
