"""Times that people read: in the register's zone, and an hour that comes twice is told apart."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kiosk_tui.text.times import (
    clock,
    day,
    format_day,
    format_day_time,
    format_time,
    local,
    stamp,
    tell_times_in,
)

AT = datetime(2026, 11, 24, 23, 30, 5, tzinfo=UTC)
VIENNA = ZoneInfo("Europe/Vienna")


@pytest.fixture(autouse=True)
def this_machine_s_zone_again() -> Iterator[None]:
    yield
    tell_times_in(None)


@pytest.fixture
def machine_in_vienna(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    before = os.environ.get("TZ")
    os.environ["TZ"] = "CET-1CEST,M3.5.0,M10.5.0/3"
    time.tzset()
    yield
    if before is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = before
    time.tzset()


def test_every_time_is_told_in_the_register_s_zone() -> None:
    tell_times_in(VIENNA)
    assert format_time(AT, "de") == "00:30"
    assert format_day(AT, "de") == "Mi. 25. Nov. 2026"
    assert format_day_time(AT, "de_AT") == "Mi. 25. Nov. 00:30"
    assert (stamp(AT), clock(AT), str(day(AT))) == ("2026-11-25 00:30:05", "00:30:05", "2026-11-25")
    assert local(AT).isoformat() == "2026-11-25T00:30:05+01:00"


@pytest.mark.parametrize(
    ("name", "first", "second"),
    [
        ("Europe/Vienna", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"),
        ("America/New_York", "2026-11-01T05:30:00Z", "2026-11-01T06:30:00Z"),
        ("Australia/Lord_Howe", "2026-04-04T14:45:00Z", "2026-04-04T15:15:00Z"),
    ],
)
def test_an_hour_that_comes_twice_is_told_apart(name: str, first: str, second: str) -> None:
    tell_times_in(ZoneInfo(name))
    one, other = datetime.fromisoformat(first), datetime.fromisoformat(second)
    assert local(one).replace(tzinfo=None) == local(other).replace(tzinfo=None)
    for told in (stamp, clock, lambda at: format_time(at, "en"), lambda at: format_time(at, "pl")):
        assert told(one) != told(other)
    hours = timedelta(hours=3)
    assert stamp(one - hours) == f"{local(one - hours):%Y-%m-%d %H:%M:%S}"
    assert stamp(other + hours) == f"{local(other + hours):%Y-%m-%d %H:%M:%S}"


def test_the_same_holds_for_the_machine_s_own_zone(machine_in_vienna: None) -> None:
    summer, winter = (datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1))
    assert (clock(summer), clock(winter)) == ("02:30:00 CEST", "02:30:00 CET")
    assert clock(AT) == "00:30:05"
    assert clock(datetime(2026, 3, 29, 1, 30, tzinfo=UTC)) == "03:30:00"


@pytest.mark.parametrize(
    ("locale", "day", "moment"),
    [
        ("en", "Sun 29 Nov 2026", "Sun 29 Nov 15:05"),
        ("en_US", "Sun Nov 29, 2026", "Sun Nov 29 15:05"),
        ("en_IE", "Sun 29 Nov 2026", "Sun 29 Nov 15:05"),
        ("de_AT", "So. 29. Nov. 2026", "So. 29. Nov. 15:05"),
        ("fr", "dim. 29 nov. 2026", "dim. 29 nov. 15:05"),
        ("it", "dom 29 nov 2026", "dom 29 nov 15:05"),
        ("es", "dom 29 nov 2026", "dom 29 nov 15:05"),
        ("nl", "zo 29 nov 2026", "zo 29 nov 15:05"),
        ("pl", "niedz. 29 lis 2026", "niedz. 29 lis 15:05"),
        ("cs", "ne 29. 11. 2026", "ne 29. 11. 15:05"),
    ],
)
def test_a_day_is_told_in_the_order_of_its_language_and_24_hours_with_the_euro(
    locale: str, day: str, moment: str
) -> None:
    at = datetime(2026, 11, 29, 15, 5, tzinfo=UTC)
    tell_times_in(UTC)
    assert (format_day(at, locale), format_day_time(at, locale)) == (day, moment)


def test_elsewhere_the_locale_says_how_hours_are_counted() -> None:
    at = datetime(2026, 11, 29, 15, 5, tzinfo=UTC)
    tell_times_in(UTC, euro=False)
    assert (format_time(at, "en"), format_time(at, "en_GB")) == ("3:05 PM", "15:05")
    assert format_day(at, "en") == "Sun Nov 29, 2026"
