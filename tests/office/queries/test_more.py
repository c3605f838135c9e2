"""Terminals, hours and clearing batches, exactly as planted."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from support.office_facts import Plant, Planted, approved, unanswered

from kiosk_tui.domain.lifecycle import Event
from kiosk_tui.domain.money import Currency, Total
from kiosk_tui.domain.operations import Operation
from kiosk_tui.office.queries.clearing import batches, uncleared
from kiosk_tui.office.queries.found import ListPart
from kiosk_tui.office.queries.hours import HourRow, hours
from kiosk_tui.office.queries.terminals import terminals
from kiosk_tui.office.queries.transactions import find, of_kiosk

NOW = datetime(2026, 11, 29, 12, 30, tzinfo=UTC)
VIENNA = ZoneInfo("Europe/Vienna")
EUR = Currency("EUR", 2)


async def test_each_terminal_stands_with_its_kiosk_and_its_newest_transaction(
    plant: Plant,
) -> None:
    await plant.ready("a-1", NOW, site="Vienna", terminal="88091105")
    await plant.ready("a-2", NOW, terminal="88091106")
    for minutes, terminal in ((9, "88091105"), (5, "88091105"), (99, "77000001")):
        at = NOW - timedelta(minutes=minutes)
        await plant.transaction(
            Planted(kiosk_id="a-1", at=at, minor=minutes, terminal=terminal, steps=approved(at))
        )
    found = await terminals(plant.connection)
    assert [
        (one.terminal, one.kiosk_id, one.site, one.present, one.last_total) for one in found.rows
    ] == [
        ("77000001", "a-1", "Vienna", False, Total(99, EUR)),
        ("88091105", "a-1", "Vienna", True, Total(5, EUR)),
        ("88091106", "a-2", "", True, None),
    ]
    part = await terminals(plant.connection, ListPart(1, 1))
    assert (part.rows, part.total) == (found.rows[1:2], 3)


async def test_hours_are_counted_by_how_payments_ended(plant: Plant) -> None:
    def at(hour: int, minute: int) -> datetime:
        return datetime(2026, 11, 29, hour, minute, tzinfo=UTC)

    cancelled = (*approved(at(11, 1)), (Event.CANCEL_REQUESTED, at(11, 2)))
    for moment, steps, operation in (
        (at(11, 1), cancelled, Operation.SALE),
        (at(11, 59), ((Event.DECLINED, at(12, 0)),), Operation.SALE),
        (at(12, 0), unanswered(at(12, 0), 1), Operation.PREAUTHORIZATION),
        (at(12, 29), ((Event.NOT_SENT, at(12, 29)),), Operation.SALE),
        (at(12, 5), approved(at(12, 5)), Operation.REFUND),
        (at(10, 59), approved(at(10, 59)), Operation.SALE),
    ):
        await plant.transaction(
            Planted(kiosk_id="a-1", at=moment, steps=steps, operation=operation)
        )
    assert await hours(plant.connection, NOW, VIENNA, 2) == (
        HourRow(at(11, 0), 1, 1, 0),
        HourRow(at(12, 0), 0, 0, 1),
    )
    assert [one.rate for one in await hours(plant.connection, NOW, VIENNA, 2)] == [0.5, None]


async def test_hours_begin_where_the_zones_clock_shows_a_full_hour(plant: Plant) -> None:
    half = ZoneInfo("Asia/Kolkata")  # five and a half hours ahead
    (one,) = await hours(plant.connection, NOW, half, 1)
    assert one.start == datetime(2026, 11, 29, 12, 30, tzinfo=UTC)
    clock = datetime(2026, 10, 25, 1, 10, tzinfo=UTC)  # an hour that comes twice
    starts = [one.start for one in await hours(plant.connection, clock, VIENNA, 3)]
    assert starts == [datetime(2026, 10, 24, 23, tzinfo=UTC) + timedelta(hours=n) for n in range(3)]


async def test_batches_are_held_against_the_journals_and_refunds_count_negative(
    plant: Plant,
) -> None:
    at = NOW - timedelta(hours=2)
    sale = await plant.transaction(Planted(kiosk_id="a-1", at=at, minor=1000, steps=approved(at)))
    refund = await plant.transaction(
        Planted(kiosk_id="a-1", at=at, minor=300, steps=approved(at), operation=Operation.REFUND)
    )
    await plant.transaction(Planted(kiosk_id="a-1", at=at, minor=50, steps=approved(at)))
    for number, kind, minor in (
        (sale, "charge", 1000), (refund, "refund", 300), ("20260101120000000", "charge", 77),
    ):  # fmt: skip
        for told_by in ("history", "clearing"):
            await plant.tecs(
                "88091105", number, told_by, kind=kind, minor=minor, currency="EUR", at=at,
                clearing_batch="B1", cleared_at=NOW, clearing_minor=minor,
            )  # fmt: skip
    day = date(2026, 11, 29)
    (one,) = await batches(plant.connection, day, 1, VIENNA)
    assert (one.batch, one.count, one.unrecorded) == ("B1", 3, 1)
    assert (one.total, one.recorded, one.difference) == (
        Total(777, EUR),
        Total(700, EUR),
        Total(77, EUR),
    )
    (left,) = await uncleared(plant.connection, day, 1, VIENNA)
    assert (left.count, left.total) == (1, Total(50, EUR))
    assert await batches(plant.connection, day - timedelta(days=1), 1, VIENNA) == ()


async def test_a_transaction_is_found_by_id_and_by_reference_at_one_kiosk_or_all(
    plant: Plant,
) -> None:
    for kiosk_id, number in (
        ("a-1", "20261129112233444"), ("a-2", "20261128112233444"), ("a-2", "20261128112233445"),
    ):  # fmt: skip
        await plant.transaction(Planted(kiosk_id=kiosk_id, at=NOW, id=number))

    async def ids(digits: str, kiosk_id: str | None = None) -> list[str]:
        return [one.id for one in await find(plant.connection, digits, kiosk_id)]

    assert await ids("112 233 444") == ["20261129112233444", "20261128112233444"]
    assert await ids("112233444", "a-2") == ["20261128112233444"]
    assert await ids("TXID00020261129112233444") == ["20261129112233444"]
    for nothing in ("", "abc", "20261129112233444'", "9" * 21, "１１２２３３４４４"):
        assert await ids(nothing) == []
    newest = await of_kiosk(plant.connection, "a-2", 1)
    assert [one.id for one in newest] == ["20261128112233445"]
    rest = await of_kiosk(plant.connection, "a-2", 9, newest[0].id)
    assert [one.id for one in rest] == ["20261128112233444"]
