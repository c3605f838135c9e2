"""A register that closes days and ships them to a real head office, and what TECS tells there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, time, timedelta
from pathlib import Path
from typing import Any

from kiosk_tui.domain.day_clock import DayClock
from kiosk_tui.domain.days import DayReport
from kiosk_tui.domain.lifecycle import Event
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.journal.day_reports import close_day
from kiosk_tui.office.database import Pool
from kiosk_tui.office.queries.found import WHOLE
from kiosk_tui.office.reconciliation.days import (
    ComparedDay,
    ComparedSheet,
    DayFilter,
    compared_days,
)
from kiosk_tui.office.settings import OfficeSettings
from support.ingest import KIOSK, office_line
from support.shipping import Shop, shipper
from support.virtual import START

TERMINAL = "88091105"


class DayFleet:
    """A shop whose journal is shipped to a real head office, and what TECS tells there."""

    def __init__(self, pool: Pool, folder: Path) -> None:
        self.pool = pool
        self.shop = Shop(folder)
        self._closed = START

    def cancel(self, one: Transaction) -> None:
        for event in (Event.CANCEL_REQUESTED, Event.CANCEL_CONFIRMED):
            after, _ = one.after(event, one.updated_at + timedelta(minutes=1))
            self.shop.store.record(one.state, after, event)
            one = after

    def close(self) -> DayReport:
        self._closed += timedelta(hours=6)
        return close_day(self.shop.path, self._closed, DayClock(time(4), UTC))

    async def ship(self) -> None:
        assert await shipper(self.shop, office_line(self.pool)).settle() is None

    async def tecs(self, one: Transaction | str, minor: int | None = 1255, **more: Any) -> None:
        number = one if isinstance(one, str) else one.id
        row = {"terminal": TERMINAL, "transaction_id": int(number), "told_by": "history",
               "kind": "charge", "minor": minor, "currency": "EUR",
               "at": START + timedelta(minutes=5), "cancelled": False} | more  # fmt: skip
        places = ", ".join(f"${number}" for number in range(1, len(row) + 1))
        await self.pool.execute(
            f"INSERT INTO tecs_transaction ({', '.join(row)}) VALUES ({places})", *row.values()
        )

    async def covered(self) -> None:
        number = await self.pool.fetchval(
            "INSERT INTO tecs_import (told_by, sha256, taken, refused) VALUES ('history', '', 1, 0)"
            " RETURNING import_id"
        )
        await self.pool.execute(
            "INSERT INTO tecs_coverage VALUES ($1, $2, 'history', $3, $4)",
            *(number, TERMINAL, START - timedelta(days=9), START + timedelta(days=9)),
        )

    async def days(self) -> tuple[ComparedDay, ...]:
        async with self.pool.acquire() as connection:
            found = await compared_days(connection, OfficeSettings(), DayFilter(KIOSK), WHOLE)
        return tuple(sorted(found.rows, key=lambda one: one.number))

    async def sheets(self) -> Sequence[ComparedSheet]:
        return [sheet for one in await self.days() for sheet in one.sheets]
