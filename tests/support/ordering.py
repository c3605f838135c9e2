"""People who may give orders, kiosks that get them, and a signer whose turn comes when a test says so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk_tui.office import database
from kiosk_tui.office.orders import asking
from kiosk_tui.office.people.account import Account, Role
from kiosk_tui.office.signer.turn import take_turn

ANNA, BERT = (Account(name, Role.COMMAND) for name in ("anna", "bert"))
HOUR = timedelta(hours=1)


class Signers:
    """Head office's tables with a signer whose turn comes when a test says so."""

    def __init__(self, connection: database.Single) -> None:
        self.connection = connection
        self.key = Ed25519PrivateKey.generate()

    async def ask(self, verb: str = "restart", *kiosks: str, **more: Any) -> int:
        body = more.pop("body", {})
        return await asking.ask(self.connection, ANNA, verb, body, kiosks or ("all",), **more)

    async def approved(self, verb: str = "restart", *kiosks: str, **more: Any) -> int:
        number = await self.ask(verb, *kiosks, **more)
        await asking.approve(self.connection, BERT, number)
        return number

    async def turn(self, later: timedelta = timedelta(0)) -> None:
        await take_turn(self.connection, self.key, datetime.now(UTC) + later)

    async def commands(self, request: int | None = None) -> Sequence[asyncpg.Record]:
        return await self.connection.fetch(
            "SELECT * FROM command WHERE request_id = $1 OR $1 IS NULL ORDER BY kiosk_id, n",
            request,
        )

    async def stands(self, request: int) -> tuple[str, str]:
        row = await self.connection.fetchrow(
            "SELECT stage, stopped_why FROM command_request WHERE request_id = $1", request
        )
        assert row is not None
        return row["stage"], row["stopped_why"]

    async def done(
        self, request: int, *, ok: bool = True, outcome: str = "Done.", ago: timedelta = HOUR / 60
    ) -> None:
        """Let every kiosk that was given it say what came of it, some time ago."""
        await self.connection.execute(
            "UPDATE command SET delivered_at = now() - $4::interval, done_at = now() - $4::interval,"
            " ok = $2, outcome = $3 WHERE request_id = $1 AND done_at IS NULL",
            *(request, ok, outcome, ago),
        )

    async def health(self, *, ready: bool = True, reason: str = "") -> None:
        await self.connection.execute(
            "UPDATE kiosk SET health = $1, health_at = now()", {"ready": ready, "reason": reason}
        )
