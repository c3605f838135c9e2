"""Asking for an order, approving somebody else's, taking one back. Each is in the log of actions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from kiosk_tui.fleet.orders.order import LONGEST
from kiosk_tui.office.database import Connection
from kiosk_tui.office.errors import OfficeError
from kiosk_tui.office.orders.request import UNDER_WAY, OrderRequest, OrderStage, digest, fault, read
from kiosk_tui.office.people import actions
from kiosk_tui.office.people.account import Account, Role

CHANNEL: Final = "orders"
"""Whoever changes a request notifies it, so that the signer looks at once."""
EVERY: Final = "all"
_LONGEST_REASON: Final = 300


async def ask(
    connection: Connection,
    by: Account,
    verb: str,
    body: Mapping[str, Any],
    kiosks: Sequence[str],
    *,
    hours: float = 8,
    reason: str = "",
) -> int:
    """Ask for an order to these kiosks, or to `all`; return its number. Raises `OfficeError`."""
    _refuse_role(by)
    if why := fault(verb, body):
        raise OfficeError(why)
    if not 0 < hours <= LONGEST / timedelta(hours=1):
        raise OfficeError(
            "An order expires within 24 hours: name a number above 0, and 24 at most."
        )
    if len(reason) > _LONGEST_REASON or not reason.isprintable():
        raise OfficeError(f"A reason is one line of {_LONGEST_REASON} characters at most.")
    now = datetime.now(UTC)
    until = now + timedelta(hours=hours)
    until = until.replace(microsecond=until.microsecond // 1000 * 1000)
    async with connection.transaction():
        named = await _named(connection, kiosks)
        number: int = await connection.fetchval(
            "INSERT INTO command_request (verb, body, body_sha256, kiosks, asked_by, expires_at,"
            " reason) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING request_id",
            *(verb, dict(body), digest(verb, body, named, until), named, by.name, until, reason),
        )
        what = {"verb": verb, "kiosks": named, "reason": reason}
        await actions.note(connection, by.name, "order asked for", str(number), what)
        await connection.execute(f"NOTIFY {CHANNEL}")
    return number


async def approve(
    connection: Connection, by: Account, request_id: int, seen: bytes | None = None
) -> None:
    """Agree to an order that somebody else has asked for. Raises `OfficeError`.

    `seen` is the digest of what the person has looked at, where it was shown before.
    """
    _refuse_role(by)
    async with connection.transaction():
        found = await _locked(connection, request_id)
        if found.asked_by == by.name:
            raise OfficeError(f"Somebody else has to approve order {request_id}: you asked for it.")
        if found.stage is not OrderStage.ASKED or found.stopped_at is not None:
            raise OfficeError(f"Order {request_id} does not wait for an approval any more.")
        if found.expires_at <= datetime.now(UTC):
            raise OfficeError(f"Order {request_id} has expired: ask for it again.")
        if seen is not None and seen != found.sha256:
            raise OfficeError(f"Order {request_id} has changed since you looked: look again.")
        await connection.execute(
            "INSERT INTO command_approval (request_id, approved_by, body_sha256)"
            " VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            *(request_id, by.name, found.sha256),
        )
        what = {"verb": found.verb, "sha256": found.sha256.hex()}
        await actions.note(connection, by.name, "order approved", str(request_id), what)
        await connection.execute(f"NOTIFY {CHANNEL}")


async def stop(connection: Connection, by: Account, request_id: int, why: str = "") -> None:
    """Take an order back: whoever does not have it yet does not get it. Raises `OfficeError`."""
    _refuse_role(by)
    async with connection.transaction():
        found = await _locked(connection, request_id)
        if found.stage not in UNDER_WAY or found.stopped_at is not None:
            raise OfficeError(f"Order {request_id} has ended already ({found.stage}).")
        told = f"Taken back by {by.name}" + (f": {why[:_LONGEST_REASON]}" if why else "") + "."
        await connection.execute(
            "UPDATE command_request SET stopped_at = now(), stopped_why = $2 WHERE request_id = $1",
            *(request_id, told),
        )
        await actions.note(connection, by.name, "order stopped", str(request_id), {"why": why})
        await connection.execute(f"NOTIFY {CHANNEL}")


def _refuse_role(by: Account) -> None:
    if not by.role.allows(Role.COMMAND):
        raise OfficeError(f"{by.name} has the role {by.role}: orders need the role command.")


async def _named(connection: Connection, kiosks: Sequence[str]) -> list[str]:
    there = {
        row["kiosk_id"]
        for row in await connection.fetch("SELECT kiosk_id FROM kiosk WHERE left_at IS NULL")
    }
    named = there if list(kiosks) == [EVERY] else set(kiosks)
    if unknown := sorted(named - there):
        raise OfficeError(f"There is no kiosk {unknown[0][:40]} in this fleet.")
    if not named:
        raise OfficeError("No kiosk is named.")
    return sorted(named)


async def _locked(connection: Connection, request_id: int) -> OrderRequest:
    row = await connection.fetchrow(
        "SELECT * FROM command_request WHERE request_id = $1 FOR UPDATE", request_id
    )
    if row is None:
        raise OfficeError(f"There is no order {request_id}.")
    return read(row)
