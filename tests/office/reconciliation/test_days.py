"""A closed day beside TECS's turnover, from a real journal: to the cent, each difference named."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.day_fleet import DayFleet
from support.fakes import PLACE, order
from support.ingest import KIOSK, alarms, enrolled
from support.opened import opened
from support.virtual import START

from kiosk_tui.domain.lifecycle import Event
from kiosk_tui.domain.transaction import ExchangeKind
from kiosk_tui.fleet.wire import Batch
from kiosk_tui.journal import outbox
from kiosk_tui.journal.maintenance.backup import back_up
from kiosk_tui.journal.maintenance.restore import restore
from kiosk_tui.journal.store import Store
from kiosk_tui.office.database import Pool
from kiosk_tui.office.ingest import days as stored_days
from kiosk_tui.office.reconciliation.days import (
    ComparedSheet,
    DayDifferenceKind,
)

TERMINAL = "88091105"
K = DayDifferenceKind


@pytest.fixture
async def fleet(pool: Pool, tmp_path: Path) -> DayFleet:
    await enrolled(pool)
    return DayFleet(pool, tmp_path)


def _told(sheet: ComparedSheet) -> list[tuple[DayDifferenceKind, str, int]]:
    assert sum(one.total.minor for one in sheet.differences) == sheet.difference.minor
    return [(one.kind, one.transaction_id, one.total.minor) for one in sheet.differences]


async def test_a_day_that_tecs_has_as_well_agrees_to_the_cent(fleet: DayFleet) -> None:
    paid = fleet.shop.pay(3)
    report = fleet.close()
    later = fleet.shop.pay(2)
    fleet.close()
    await fleet.ship()
    for one in (*paid, *later):
        await fleet.tecs(one)
    first, second = await fleet.days()
    assert (first.number, first.day, first.closed_at) == (1, report.day, report.at)
    assert [(one.net.count, one.total.minor) for one in first.sheets] == [(3, 3 * 1255)]
    assert [(one.running.count, one.running_total.minor) for one in second.sheets] == [
        (5, 5 * 1255)
    ]
    assert [_told(one) for one in (*first.sheets, *second.sheets)] == [[], []]
    assert await alarms(fleet.pool) == {}


async def test_each_difference_is_named_and_they_come_to_the_whole(fleet: DayFleet) -> None:
    dear, gone, unknown, declined, other, kept, fine = fleet.shop.pay(7)
    refused, *_ = fleet.shop.pay(1, Event.DECLINED)
    fleet.cancel(kept)
    fleet.close()
    await fleet.ship()
    await fleet.covered()
    await fleet.tecs(dear, 1355)
    await fleet.tecs(gone, cancelled=True)
    await fleet.tecs(declined, verdict="declined")
    await fleet.tecs(other, currency="CHF")
    await fleet.tecs(kept)
    await fleet.tecs(fine)
    await fleet.tecs(refused, 700)
    await fleet.tecs("20261123140000999", 900)
    (sheet,) = await fleet.sheets()
    assert sheet.total.minor == 6 * 1255
    assert sorted(_told(sheet)) == sorted([
        (K.AMOUNT_DIFFERS, dear.id, 100),
        (K.CANCELLED_AT_TECS, gone.id, -1255),
        (K.UNKNOWN_AT_TECS, unknown.id, -1255),
        (K.DECLINED_AT_TECS, declined.id, -1255),
        (K.CURRENCY_DIFFERS, other.id, -1255),
        (K.NOT_CANCELLED_AT_TECS, kept.id, 1255),
        (K.NOT_APPROVED_HERE, refused.id, 700),
        (K.NO_RECORD, "20261123140000999", 900),
    ])  # fmt: skip
    assert not sheet.waits


async def test_what_tecs_has_not_told_yet_is_no_fault(fleet: DayFleet) -> None:
    fleet.shop.pay(2)
    fleet.close()
    await fleet.ship()
    (sheet,) = await fleet.sheets()
    assert {one.kind for one in sheet.differences} == {K.NOT_TOLD_YET}
    assert sheet.waits
    assert sheet.turnover.minor == 0


async def test_a_push_counts_for_nothing(fleet: DayFleet) -> None:
    (one,) = fleet.shop.pay()
    fleet.close()
    await fleet.ship()
    await fleet.tecs(one, told_by="push")
    await fleet.tecs("20261123140000999", told_by="push")
    (sheet,) = await fleet.sheets()
    assert [kind for kind, *_ in _told(sheet)] == [K.NOT_TOLD_YET]


@pytest.mark.parametrize("by_itself", [True, False])
async def test_a_cancellation_belongs_to_the_day_in_which_it_came(
    fleet: DayFleet, *, by_itself: bool
) -> None:
    (one,) = fleet.shop.pay()
    fleet.close()
    fleet.cancel(one)
    fleet.close()
    await fleet.ship()
    if by_itself:
        await fleet.tecs(one, cancelled=None)
        await fleet.tecs("20261123150000000", kind="cancellation", original_id=int(one.id))
    else:
        await fleet.tecs(one, cancelled=True)
    first, second = await fleet.days()
    assert (first.late, second.late) == (0, 2)
    assert [
        (each.total.minor, each.turnover.minor) for each in (*first.sheets, *second.sheets)
    ] == [
        (1255, 1255),
        (-1255, -1255),
    ]
    assert [_told(each) for each in (*first.sheets, *second.sheets)] == [[], []]


async def test_whether_tecs_counts_the_tip_in_its_amount_does_not_matter(fleet: DayFleet) -> None:
    one, other = fleet.shop.pay(2, one=order(1000))
    fleet.close()
    await fleet.ship()
    await fleet.tecs(one, 900, tip_minor=100)
    await fleet.tecs(other, None, clearing_minor=1000, told_by="clearing")
    assert [_told(each) for each in await fleet.sheets()] == [[]]


async def test_what_the_report_has_and_no_event_is_named(fleet: DayFleet) -> None:
    one, other = fleet.shop.pay(2)
    fleet.close()
    await fleet.ship()
    for each in (one, other):
        await fleet.tecs(each)
    await fleet.pool.execute("DELETE FROM event WHERE transaction_id = $1", int(one.id))
    (sheet,) = await fleet.sheets()
    assert _told(sheet) == [(K.NOT_IN_EVENTS, "", -1255)]


async def test_a_journal_that_is_told_anew_tells_no_day_twice(fleet: DayFleet) -> None:
    (one,) = fleet.shop.pay()
    fleet.close()
    await fleet.ship()
    outbox.tell_again(fleet.shop.path, [f"{START:%Y%m%d}"])
    await fleet.ship()
    outbox.keep_beside(fleet.shop.path, ships=True, anew=True)
    fleet.shop.cursor.unlink()
    await fleet.ship()
    await fleet.tecs(one)
    assert [_told(each) for each in await fleet.sheets()] == [[]]
    assert await alarms(fleet.pool) == {}


async def test_another_report_of_the_same_number_is_kept_beside_it_with_an_alarm(
    fleet: DayFleet,
) -> None:
    fleet.shop.pay()
    fleet.close()
    await fleet.ship()
    row = await fleet.pool.fetchrow("SELECT * FROM business_day")
    assert row is not None
    told = {"seq": row["seq"], "number": 1, "day": row["day"], "at": row["closed_at"],
            "after": 0, "last": row["last"], "sheets": ()}  # fmt: skip
    again = Batch.model_validate(
        {"epoch": row["epoch"], "now": datetime.now(UTC), "after": 0, "upto": 9, "days": [told]}
    )
    async with fleet.pool.acquire() as connection:
        for _ in range(2):
            await stored_days.store(connection, KIOSK, row["epoch"], again.days)
    assert len(await fleet.days()) == 2
    (sentence,) = (await alarms(fleet.pool))["conflict"]
    assert "Day 1 of graz-1" in sentence


def _restored(fleet: DayFleet, backup: Path) -> None:
    """Damage the journal, and let the backup take its place with what the rest of it tells."""
    shop = fleet.shop
    begun, exchange = shop.store.begin(order(), 1255, START)
    after, _ = begun.after(Event.OUTCOME_UNKNOWN, START)
    shop.store.record(begun.state, after, Event.OUTCOME_UNKNOWN, exchange)
    shop.store.close()
    with closing(sqlite3.connect(shop.path)) as raw:
        raw.execute("UPDATE transactions SET checksum = 1 WHERE id = ?", (int(begun.id),))
        raw.commit()
    restore(shop.path, backup, "Anna", START + timedelta(hours=1))
    shop.store = opened(Store(shop.path, ships=lambda: True))


@pytest.mark.parametrize("places", [0, 30])
@pytest.mark.parametrize("closes_before", [False, True])
async def test_a_restored_journal_counts_what_the_one_before_has_told(
    fleet: DayFleet, tmp_path: Path, *, places: int, closes_before: bool
) -> None:
    paid = fleet.shop.pay(2)
    if closes_before:
        fleet.close()
    back_up(fleet.shop.path, tmp_path / "kept.db")
    for _ in range(places):  # the old journal's places run ahead of those of the new one
        fleet.shop.store.open_exchange(ExchangeKind.STATUS, PLACE, paid[0].id, START)
    at = START + timedelta(hours=6.5 if closes_before else 0.5)
    paid += fleet.shop.pay(2, at=at)
    await fleet.ship()
    _restored(fleet, tmp_path / "kept.db")
    paid += fleet.shop.pay(1, at=START + timedelta(hours=6.6 if closes_before else 1))
    fleet.close()
    paid += fleet.shop.pay(1, at=START + timedelta(hours=12.5))
    fleet.close()
    await fleet.ship()
    for one in paid:
        await fleet.tecs(one)
    assert [_told(each) for each in await fleet.sheets()] == [[]] * (2 + closes_before)
    assert [each.total.minor for each in await fleet.sheets()][-1] == 1255
