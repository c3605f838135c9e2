"""Head office is told of each day that was closed: once, whole, and not who asked for what."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, time, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError
from support.fakes import order
from support.office_line import NOW, FakeOffice, talking
from support.shipping import Shop, shipper
from support.virtual import START, virtual_time

from kiosk_tui.domain.day_clock import DayClock
from kiosk_tui.domain.days import DayReport
from kiosk_tui.fleet.wire import Batch, ClosedDay
from kiosk_tui.journal import outbox
from kiosk_tui.journal.day_reports import close_day

CLOCK = DayClock(time(4), UTC)


def _close(shop: Shop, days: int = 0) -> DayReport:
    return close_day(shop.path, START + timedelta(days=days, hours=8), CLOCK)


@virtual_time
async def test_a_closed_day_is_told_after_what_it_counts(tmp_path: Path) -> None:
    shop, office = Shop(tmp_path), FakeOffice()
    shop.pay(2, one=replace(order(), personal_id="Maxima Mustermann"))
    closed = _close(shop)
    shop.pay()
    async with talking(office, tmp_path) as line:
        assert await shipper(shop, line).settle() is None
    (told,) = office.closed.values()
    (batch,) = office.batches[1:]
    assert (told.seq, told.number, told.at) == (5, 1, closed.at)
    assert [one.seq for one in batch.events] == [1, 2, 3, 4, 6, 7]
    assert not office.gaps
    inside = [one for one in office.events.values() if told.after < one.committed <= told.last]
    assert len(inside) == 4
    (sheet,) = told.sheets
    assert (sheet.currency, sheet.net.count, sheet.net.minor) == ("EUR", 2, 2 * 1255)
    assert sheet.running == sheet.net
    assert sheet.approved["sale"] == sheet.net
    assert b"Mustermann" not in b"".join(office.heard)


@virtual_time
async def test_more_days_than_a_batch_holds_are_all_told(tmp_path: Path) -> None:
    shop, office = Shop(tmp_path), FakeOffice()
    for day in range(30):
        shop.pay(2)
        _close(shop, day)
    async with talking(office, tmp_path) as line:
        assert await shipper(shop, line).settle() is None
    assert sorted(one.number for one in office.closed.values()) == list(range(1, 31))
    assert len(office.events) == 120
    assert not office.gaps
    assert not any(one.gone for one in office.batches)


@virtual_time
async def test_who_is_enrolled_later_tells_of_the_days_before(tmp_path: Path) -> None:
    shop, office = Shop(tmp_path, ships=False), FakeOffice()
    shop.pay()
    _close(shop)
    outbox.keep_beside(shop.path, ships=True)
    shop.pay()
    _close(shop, 1)
    async with talking(office, tmp_path) as line:
        assert await shipper(shop, line).settle() is None
    assert sorted(one.number for one in office.closed.values()) == [1, 2]


@virtual_time
async def test_a_day_that_is_to_be_told_again_is_told_with_its_report(tmp_path: Path) -> None:
    shop, office = Shop(tmp_path), FakeOffice()
    shop.pay(at=START)
    _close(shop)
    async with talking(office, tmp_path) as line:
        one = shipper(shop, line)
        assert await one.settle() is None
        office.closed.clear()
        again = outbox.tell_again(shop.path, [f"{START:%Y%m%d}"])
        assert await one.settle() is None
    assert again == 3
    assert [one.number for one in office.closed.values()] == [1]


def _day(**more: object) -> ClosedDay:
    told = {"seq": 3, "number": 1, "day": date(2026, 11, 23), "at": NOW, "after": 0, "last": 2}
    return ClosedDay.model_validate(told | more)


def test_a_report_is_known_by_its_facts_wherever_it_stands() -> None:
    one = _day()
    for place in ("seq", "after", "last"):  # a restored journal gives them anew
        assert _day(**{place: 1}).fingerprint() == one.fingerprint()
    others = ({"number": 2}, {"at": NOW + timedelta(seconds=1)})
    sheet = {"currency": "EUR", "exponent": 2, "net": {"count": 1, "minor": 1}}
    assert len({_day(**more).fingerprint() for more in ({}, {"sheets": (sheet,)}, *others)}) == 4


def test_two_things_in_one_place_are_refused() -> None:
    with pytest.raises(ValidationError, match="place 3 is not above 3"):
        Batch(epoch="ab", now=NOW, after=2, upto=4, days=(_day(), _day(number=2)))
