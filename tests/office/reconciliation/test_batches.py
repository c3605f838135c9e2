"""What a terminal's batch has cleared, beside what its journal says of the same transactions."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from benchmarks.reconciliation import sound
from kiosk_tui.office import database
from kiosk_tui.office.database import Single
from kiosk_tui.office.reconciliation.batches import ClearingBatch, clearing_batches

NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.fixture
async def connection(database_url: str) -> AsyncIterator[Single]:
    one = await database.connect(database_url)
    yield one
    await one.close()


async def here(connection: Single, number: int, operation: str = "sale", **more: Any) -> None:
    row = {
        "kiosk_id": "museum", "transaction_id": number, "epoch": "a", "number": 2, "state": "APPROVED",
        "operation": operation, "currency": "EUR", "exponent": 2, "minor": 1000, "sent_minor": 1000,
        "terminal": "88091105", "source_id": "1", "begun_at": NOON, "changed_at": NOON,
    } | more  # fmt: skip
    await _insert(connection, "kiosk_transaction", row)


async def cleared(connection: Single, number: int, kind: str = "charge", **more: Any) -> None:
    row = {
        "terminal": "88091105", "transaction_id": number, "told_by": "clearing", "kind": kind, "minor": 1000,
        "currency": "EUR", "clearing_batch": "7", "cleared": True, "at": NOON,
    } | more  # fmt: skip
    await _insert(connection, "tecs_transaction", row)


async def _insert(connection: Single, table: str, row: dict[str, Any]) -> None:
    places = ", ".join(f"${number}" for number in range(1, len(row) + 1))
    await connection.execute(
        f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})", *row.values()
    )


async def batches(connection: Single) -> tuple[ClearingBatch, ...]:
    return await clearing_batches(connection, 35, NOW)


async def test_a_batch_that_agrees(connection: Single) -> None:
    await here(connection, 1)
    await here(connection, 2, "refund", minor=300)
    await here(connection, 3, state="CANCELLED")
    await cleared(connection, 1)
    await cleared(connection, 1, told_by="history")  # names the batch, too: it counts once
    await cleared(connection, 2, "refund", minor=300)
    await cleared(connection, 3)
    await cleared(connection, 4, "cancellation", original_id=3)
    (one,) = await batches(connection)
    assert (one.cleared, one.cleared_minor, one.recorded_minor) == (4, 700, 700)
    assert one.agrees
    assert one.difference_minor == 0


async def test_what_differs_is_told_in_money(connection: Single) -> None:
    hour = timedelta(hours=1)
    await here(connection, 1)
    await cleared(connection, 1)
    await cleared(connection, 2, minor=555, at=NOON + 2 * hour)
    await here(connection, 3, minor=200, begun_at=NOON + hour)
    await here(connection, 4, minor=1, begun_at=NOON + 9 * hour)  # the next batch's
    (one,) = await batches(connection)
    assert not one.agrees
    assert (one.cleared_minor, one.recorded_minor) == (1555, 1000)
    assert (one.missing, one.missing_minor, one.difference_minor) == (1, 200, 355)


async def test_terminals_batches_and_currencies_stand_apart(connection: Single) -> None:
    for number, more in enumerate(
        ({}, {"clearing_batch": "8"}, {"terminal": "11460019"}, {"currency": "KWD"}), 1
    ):
        await cleared(connection, number, **more)
    found = await batches(connection)
    assert len({(one.terminal, one.batch, one.currency) for one in found}) == 4
    assert {one.exponent for one in found if one.currency == "KWD"} == {3}


async def test_sound_batches_agree_to_the_cent(connection: Single) -> None:
    await sound(connection, 3000, 3, NOW - timedelta(days=20), NOW - timedelta(days=1))
    found = await batches(connection)
    assert len(found) > 50
    assert all(one.agrees for one in found)
