"""One look at every order that is under way: stopped, refused, expired, done, or signed for its next kiosks.

Invariant: a kiosk gets an order once, under its next number; order and number are in one commit.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk_tui.fleet.orders.order import OfficeOrder
from kiosk_tui.fleet.orders.signing import sign
from kiosk_tui.office.alarms import raise_alarm
from kiosk_tui.office.database import Connection, Single
from kiosk_tui.office.orders.request import (
    CONFIGURATION,
    UNDER_WAY,
    OrderRequest,
    OrderStage,
    read,
)
from kiosk_tui.office.signer import checks
from kiosk_tui.office.signer.staging import (
    KioskAfter,
    failed,
    first_in,
    next_stage,
    reached,
    settled,
)

_GIVEN: Final = """
    SELECT k.kiosk_id, c.n IS NOT NULL AS given, c.done_at, c.ok, coalesce(c.outcome, '') AS outcome,
        k.health_at, coalesce((k.health->>'ready')::boolean, false) AS ready,
        coalesce(k.health->>'reason', '') AS reason
    FROM kiosk k LEFT JOIN command c ON c.kiosk_id = k.kiosk_id AND c.request_id = $1
    WHERE k.kiosk_id = ANY($2) AND (c.n IS NOT NULL OR k.left_at IS NULL)
"""


async def take_turn(
    connection: Single, key: Ed25519PrivateKey, now: datetime | None = None
) -> None:
    """Look at every order once, the oldest first, each in a transaction."""
    rows = await connection.fetch(
        "SELECT request_id FROM command_request WHERE stage = ANY($1) ORDER BY request_id",
        list(UNDER_WAY),
    )
    for row in rows:
        async with connection.transaction():
            found = await connection.fetchrow(
                "SELECT * FROM command_request WHERE request_id = $1 FOR UPDATE", row["request_id"]
            )
            if found is not None:
                request = read(found)
                given, others = await _kiosks(connection, request)
                when = now or datetime.now(UTC)
                await _Turn(connection, key, request, given, others, when).look()


async def _kiosks(
    connection: Connection, request: OrderRequest
) -> tuple[list[KioskAfter], list[KioskAfter]]:
    """Return the kiosks that were given the order, and those that were not and have not left."""
    rows = await connection.fetch(_GIVEN, request.request_id, list(request.kiosks))
    found: tuple[list[KioskAfter], list[KioskAfter]] = ([], [])
    for row in rows:
        values = dict(row)
        found[0 if values.pop("given") else 1].append(KioskAfter(**values))
    return found


@dataclass(frozen=True, slots=True)
class _Turn:
    """One order, with the kiosks that were given it and those that were not."""

    connection: Connection
    key: Ed25519PrivateKey
    request: OrderRequest
    given: Sequence[KioskAfter]
    others: Sequence[KioskAfter]
    now: datetime

    async def look(self) -> None:
        """Do what is due."""
        request, given, others = self.request, self.given, self.others
        staged = request.verb == CONFIGURATION
        why = failed(given, self.now) if staged else ""
        if request.stopped_at is not None:
            await self._end(OrderStage.STOPPED, request.stopped_why)
        elif why:
            await self._stop(why)
        elif self._over(staged=staged):
            await self._end(OrderStage.DONE, "")
        elif request.expires_at <= self.now:
            await self._end(OrderStage.EXPIRED, self._missing())
        elif others and (request.stage is OrderStage.ASKED or settled(given)):
            await self._go_on()

    def _over(self, *, staged: bool) -> bool:
        if not self.given or self.others or any(one.done_at is None for one in self.given):
            return False
        return not staged or settled(self.given) or self.request.expires_at <= self.now

    async def _go_on(self) -> None:
        """Sign it for the kiosks of the next stage, or end it for what the checks say."""
        why = await checks.refusal(self.connection, self.request, self.now)
        if why == checks.WAITS:
            return
        if why is not None:
            await self._end(OrderStage.STOPPED if self.given else OrderStage.REFUSED, why)
            return
        stage = next_stage(self.request.verb, self.request.stage)
        more = reached(stage, len(self.given) + len(self.others)) - len(self.given)
        for kiosk_id in first_in(self.others)[:more]:
            await self._sign(kiosk_id)
        await self.connection.execute(
            "UPDATE command_request SET stage = $2 WHERE request_id = $1",
            *(self.request.request_id, stage),
        )

    async def _sign(self, kiosk_id: str) -> None:
        request = self.request
        n: int = await self.connection.fetchval(
            "SELECT coalesce(max(n), 0) + 1 FROM command WHERE kiosk_id = $1", kiosk_id
        )
        order = OfficeOrder(
            kiosk=kiosk_id,
            n=n,
            verb=request.verb,
            body=dict(request.body),
            issued_at=self.now,
            expires_at=request.expires_at,
        )
        signed = sign(order, self.key)
        await self.connection.execute(
            "INSERT INTO command (kiosk_id, n, request_id, verb, payload, signature, key_id,"
            " expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            kiosk_id,
            n,
            request.request_id,
            request.verb,
            base64.b64decode(signed.payload),
            base64.b64decode(signed.signature),
            signed.key_id,
            request.expires_at,
        )

    async def _stop(self, why: str) -> None:
        """Give a change to no other kiosk, and let people know."""
        await self._end(OrderStage.STOPPED, why)
        number, whole = self.request.request_id, len(self.request.kiosks)
        await raise_alarm(
            self.connection,
            "configuration",
            f"Order {number} was stopped after {len(self.given)} of {whole} kiosks: {why}",
            subject=str(number),
        )

    async def _end(self, stage: OrderStage, why: str) -> None:
        """End it. What was not delivered yet never is."""
        await self.connection.execute(
            "UPDATE command_request SET stage = $2, stopped_why = $3,"
            " stopped_at = CASE WHEN $3 = '' THEN stopped_at ELSE coalesce(stopped_at, now()) END"
            " WHERE request_id = $1",
            *(self.request.request_id, stage, why),
        )
        await self.connection.execute(
            "UPDATE command SET done_at = now(), ok = false, outcome = 'It ended before it was sent.'"
            " WHERE request_id = $1 AND delivered_at IS NULL AND done_at IS NULL",
            self.request.request_id,
        )

    def _missing(self) -> str:
        if self.request.stage is OrderStage.ASKED:
            return "It expired before it was approved and signed."
        missing = len(self.others) + sum(one.done_at is None for one in self.given)
        return f"It expired: {missing} of {len(self.request.kiosks)} kiosks have not done it."
