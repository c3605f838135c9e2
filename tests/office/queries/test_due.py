"""Money that is not settled: each kind, since when, and how much in all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from support.office_facts import Plant, Planted, approved, unanswered

from kiosk_tui.domain.lifecycle import Event
from kiosk_tui.domain.money import Currency, Total
from kiosk_tui.domain.operations import Operation
from kiosk_tui.office.queries.due import DueKind, DueSum, due, due_sums
from kiosk_tui.office.queries.found import ListPart
from kiosk_tui.office.settings import WatchSection

NOW = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
WATCH = WatchSection()
EUR, JPY = Currency("EUR", 2), Currency("JPY", 0)


async def test_each_kind_is_told_with_its_age_the_oldest_first(plant: Plant) -> None:
    await plant.ready("a-1", NOW, site="Vienna")
    minutes = {minute: NOW - timedelta(minutes=minute) for minute in (2, 10, 20, 30, 90, 100, 2880)}
    refused = (*unanswered(minutes[90], 3), (Event.CANCEL_REFUSED, minutes[30]))
    voided = (*approved(minutes[2880]), (Event.CANCEL_REQUESTED, minutes[10]))
    for one in (
        Planted(kiosk_id="a-1", at=minutes[2880], minor=4250, steps=voided),
        Planted(kiosk_id="a-1", at=minutes[90], steps=refused),
        Planted(kiosk_id="a-1", at=minutes[100], steps=unanswered(minutes[100], 2),
                lost_at=minutes[20]),
        Planted(kiosk_id="a-1", at=minutes[20]),
        Planted(kiosk_id="a-1", at=minutes[2]),
        Planted(kiosk_id="a-1", at=minutes[30], steps=approved(minutes[30])),
        Planted(kiosk_id="a-1", at=minutes[30], steps=((Event.DECLINED, minutes[30]),)),
    ):  # fmt: skip
        await plant.transaction(one)
    found = await due(plant.connection, NOW, WATCH)
    assert [(one.kind, one.since, one.attempts, one.overdue) for one in found.rows] == [
        (DueKind.LOST, minutes[100], 2, True),
        (DueKind.STAFF, minutes[90], 4, True),
        (DueKind.HANGING, minutes[20], 0, False),
        (DueKind.DUE, minutes[10], 0, False),
    ]
    assert found.rows[3].transaction.total == Total(4250, EUR)
    assert found.rows[3].transaction.site == "Vienna"
    part = await due(plant.connection, NOW, WATCH, ListPart(1, 2))
    assert (part.rows, part.total) == (found.rows[1:3], 4)


async def test_a_late_approval_reopens_what_had_ended_and_counts_from_then(plant: Plant) -> None:
    begun = NOW - timedelta(hours=9)
    late = NOW - timedelta(hours=1)
    steps = (
        (Event.OUTCOME_UNKNOWN, begun + timedelta(minutes=3)),
        (Event.ORIGINAL_NOT_FOUND, begun + timedelta(minutes=9)),
        (Event.LATE_APPROVAL, late),
    )
    await plant.transaction(Planted(kiosk_id="a-1", at=begun, steps=steps))
    (one,) = (await due(plant.connection, NOW, WATCH)).rows
    assert (one.kind, one.since, one.overdue) == (DueKind.DUE, late, True)


async def test_sums_are_by_currency_and_age_with_the_tips_in_them(plant: Plant) -> None:
    def owed(age: timedelta, minor: int, currency: str = "EUR", tip: int | None = None) -> Planted:
        at = NOW - age
        return Planted(
            kiosk_id="a-1", at=at, minor=minor, tip=tip, currency=currency,
            operation=Operation.SALE_AND_TIP if tip else Operation.SALE,
            steps=((Event.OUTCOME_UNKNOWN, at),),
        )  # fmt: skip

    for one in (
        owed(timedelta(minutes=14), 1000),
        owed(timedelta(minutes=15), 500, tip=50),
        owed(timedelta(days=2), 250),
        owed(timedelta(days=9), 750),
        owed(timedelta(minutes=5), 1200, "JPY"),
    ):
        await plant.transaction(one)
    assert await due_sums(plant.connection, NOW, WATCH) == (
        DueSum(0, 1, Total(1000, EUR)),
        DueSum(1, 1, Total(550, EUR)),
        DueSum(5, 2, Total(1000, EUR)),
        DueSum(0, 1, Total(1200, JPY)),
    )
