"""What a kiosk ships, in the real head office's tables: once each, whatever is lost on the way."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.ingest import enrolled, office_line
from support.shipping import FakeOrders, Shop, shipper

from kiosk_tui.domain.lifecycle import Event
from kiosk_tui.journal.reader import Reader
from kiosk_tui.office.database import Pool

pytestmark = pytest.mark.journey


async def _stored(pool: Pool) -> list[tuple[str, int]]:
    rows = await pool.fetch("SELECT transaction_id, number FROM event")
    return sorted((str(int(one["transaction_id"])), one["number"]) for one in rows)


def _logged(shop: Shop) -> list[tuple[str, int]]:
    reader = Reader(shop.path)
    try:
        return sorted((one.transaction_id, one.number) for one in reader.events())
    finally:
        reader.close()


async def _alarms(pool: Pool) -> list[str]:
    return [one["kind"] for one in await pool.fetch("SELECT kind FROM alarm ORDER BY kind")]


async def test_answers_and_cursors_that_are_lost_cost_nothing(pool: Pool, tmp_path: Path) -> None:
    await enrolled(pool)
    shop = Shop(tmp_path)
    shop.pay(40)
    shop.pay(20, Event.OUTCOME_UNKNOWN, Event.CANCEL_CONFIRMED)
    for lost in ((False, True), (True,), (False, True)):
        assert await shipper(shop, office_line(pool, *lost)).settle() is not None
    shop.cursor.unlink()
    shop.pay(3)
    assert await shipper(shop, office_line(pool)).settle() is None
    assert await _stored(pool) == _logged(shop)
    assert await _alarms(pool) == []
    due = await pool.fetchval("SELECT count(*) FROM kiosk_transaction WHERE state = 'CANCELLED'")
    assert due == 20


async def test_a_head_office_that_was_set_back_gets_everything_again(
    pool: Pool, tmp_path: Path
) -> None:
    await enrolled(pool)
    shop = Shop(tmp_path)
    shop.pay(40)
    one = shipper(shop, office_line(pool))
    assert await one.settle() is None
    await pool.execute("DELETE FROM event WHERE seq > 30")
    await pool.execute("UPDATE epoch SET stored = 30")
    shop.pay()
    assert await one.settle() is None
    assert await _stored(pool) == _logged(shop)
    assert await _alarms(pool) == []


async def test_what_a_restored_journal_has_lost_is_named_and_nothing_else(
    pool: Pool, tmp_path: Path
) -> None:
    await enrolled(pool)
    shop, again = Shop(tmp_path), Shop(tmp_path / "again")
    for one in (shop, again):
        one.pay(5)
    lost = shop.pay(5)
    assert await shipper(shop, office_line(pool)).settle() is None
    assert await shipper(again, office_line(pool)).settle() is None
    named = await pool.fetch(
        "SELECT transaction_id FROM kiosk_transaction WHERE lost_at IS NOT NULL"
    )
    assert {str(int(one["transaction_id"])) for one in named} == {one.id for one in lost}
    assert await _alarms(pool) == ["lost"]


async def test_health_and_outcomes_are_kept(pool: Pool, tmp_path: Path) -> None:
    await enrolled(pool)
    shop, orders = Shop(tmp_path), FakeOrders()
    shop.pay()
    assert await shipper(shop, office_line(pool), orders).settle() is None
    health = await pool.fetchval("SELECT health FROM kiosk")
    assert (health["ready"], health["version"], health["terminal"]) == (True, "1.2.3", "88091105")
