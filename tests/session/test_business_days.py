"""A register closes its business days by itself where it is told to, once each, whatever fails meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.installation import Installation, installed

from kiosk_tui.config.load import load
from kiosk_tui.domain.days import DayReport
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.journal.day_reports import close_day, closed_days
from kiosk_tui.session import business_days
from kiosk_tui.session.business_days import BusinessDays
from kiosk_tui.session.day import day_clock
from kiosk_tui.session.launch import Launch
from kiosk_tui.session.receipts import receipts


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path) as built:
        built.configure(
            day='close = "automatic"\nprint = true', receipt=f'printer = "text://{tmp_path}/slips"'
        )
        (tmp_path / "slips").mkdir()
        yield built


class Clock:
    """A wall clock that a test moves; each time that it is read, a round has begun."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)
        self.read = asyncio.Event()

    def __call__(self) -> datetime:
        self.read.set()
        return self.now


class Running:
    """A register's days that are looked at without pauses."""

    def __init__(self, shop: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(business_days, "LOOK_S", 0.001)
        self.launch = Launch(load(shop.config, shop.environment), False, "a test", shop.environment)
        self.clock = Clock()
        self.days = BusinessDays(self.launch, receipts(self.launch), self.clock)

    async def rounds(self, count: int = 3) -> tuple[DayReport, ...]:
        task = asyncio.create_task(self.days.run())
        for _ in range(count):
            self.clock.read.clear()
            await self.clock.read.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return closed_days(self.launch.journal)


async def test_a_day_is_closed_once_when_the_next_has_begun_and_printed(
    shop: Installation, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shop.json("sale", "--amount", "12.55")
    running = Running(shop, monkeypatch)
    assert await running.rounds() == ()
    running.clock.now += timedelta(days=3)
    (day,) = await running.rounds()
    assert day.number == 1
    assert [one.net.minor for one in day.currencies] == [1255]
    assert [one.name for one in (tmp_path / "slips").iterdir() if "z-00001" in one.name]
    running.clock.now += timedelta(days=3)
    assert await running.rounds() == (day,)


async def test_what_failed_is_tried_again(
    shop: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.json("sale", "--amount", "12.55")
    running = Running(shop, monkeypatch)
    running.clock.now += timedelta(days=1)

    def refused(*_: object, **__: object) -> DayReport:
        raise JournalUnavailableError("The disk is full.")

    with monkeypatch.context() as broken:
        broken.setattr(business_days, "close_business_day", refused)
        assert await running.rounds() == ()
    assert len(await running.rounds()) == 1


async def test_a_day_that_somebody_else_has_closed_is_left_alone(
    shop: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.json("sale", "--amount", "12.55")
    running = Running(shop, monkeypatch)
    close_day(running.launch.journal, running.clock.now, day_clock(running.launch))
    monkeypatch.setattr(
        business_days, "first_open", lambda _: running.clock.now - timedelta(days=1)
    )
    assert len(await running.rounds()) == 1
