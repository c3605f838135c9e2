"""Clearing batches beside the journals: what TECS has cleared for a terminal, and what was recorded as approved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from kiosk_tui.domain.operations import Operation
from kiosk_tui.office.database import Connection
from kiosk_tui.office.reconciliation.statements import PATIENCE_S, TUNED, exponent_of, statement


@dataclass(frozen=True, slots=True)
class ClearingBatch:
    """One batch of a terminal in one currency. Sums are in minor units, what was paid back is subtracted.

    `recorded_minor` is what the journals say of the batch's own transactions; `missing` of them are recorded
    between its first and its last one and stand in no batch.
    """

    terminal: str
    batch: str
    currency: str
    exponent: int
    first_at: datetime
    last_at: datetime
    cleared: int
    cleared_minor: int
    recorded: int
    recorded_minor: int
    missing: int
    missing_minor: int

    @property
    def difference_minor(self) -> int:
        """What was cleared and is not recorded; below zero for what is recorded and was not cleared."""
        return self.cleared_minor - self.recorded_minor - self.missing_minor

    @property
    def agrees(self) -> bool:
        """Whether journals and clearing say the same of it."""
        return self.cleared_minor == self.recorded_minor and not self.missing


async def clearing_batches(
    connection: Connection, days: int, now: datetime | None = None
) -> tuple[ClearingBatch, ...]:
    """Return the batches of the last `days`, the newest first."""
    since = (now or datetime.now(UTC)) - timedelta(days=days)
    charges = [str(one) for one in Operation if one.direction > 0]
    refunds = [str(one) for one in Operation if one.direction < 0]
    async with connection.transaction():
        await connection.execute(TUNED)
        rows = await connection.fetch(
            statement("batches"), since, charges, refunds, timeout=PATIENCE_S
        )
    return tuple(
        ClearingBatch(**(dict(row) | {"exponent": exponent_of(row["currency"], row["exponent"])}))
        for row in rows
    )
