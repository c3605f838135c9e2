"""doctor tells in which zone days begin, and whether this machine means the same."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from kiosk_tui.diagnosis import zone

NOW = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("machine")
def test_a_machine_in_another_zone_than_the_register_is_told() -> None:
    given = {"TZ": "UTC"}
    vienna = zone.told(NOW, ZoneInfo("Europe/Vienna"), given)
    assert vienna == (
        "days and slips in Europe/Vienna (13:00), this machine's zone, UTC (12:00), is not used"
    )
    assert zone.told(NOW, ZoneInfo("Etc/UTC"), given) == "days and slips in Etc/UTC (12:00)"
    assert zone.told(NOW, None, given) == "days and slips in this machine's zone, UTC (12:00)"


def test_a_zone_that_the_machine_does_not_know_is_told(tmp_path: Path) -> None:
    (tmp_path / "Europe").mkdir()
    (tmp_path / "Europe" / "Vienna").touch()
    assert "counts as UTC" in zone.trouble({"TZ": "Europe/Vienne"}, tmp_path)
    for fine in ("", "Europe/Vienna", ":Europe/Vienna", "CET-1CEST,M3.5.0,M10.5.0/3", "UTC0"):
        assert zone.trouble({"TZ": fine}, tmp_path) == ""
    assert zone.trouble({"TZ": str(tmp_path / "Europe" / "Vienna")}, tmp_path) == ""
    assert zone.trouble({"TZ": "Europe/Vienne"}, tmp_path / "none") == ""


def test_the_machines_zone_has_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zone, "ZONES", tmp_path)
    (tmp_path / "Europe").mkdir()
    (tmp_path / "Europe" / "Vienna").touch()
    link = tmp_path / "localtime"
    assert zone.name({}, link) == "UTC"
    link.symlink_to(tmp_path / "Europe" / "Vienna")
    assert zone.name({}, link) == "Europe/Vienna"
    assert zone.name({"TZ": ":Asia/Tokyo"}, link) == "Asia/Tokyo"
