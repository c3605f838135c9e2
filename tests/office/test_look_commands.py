"""`kiosk-tui office list|show|due|silent|…`: what they print, as JSON and as tables, and how they end."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from support.office_facts import Plant, Planted, approved, believable_fleet, unanswered

from kiosk_tui.cli.main import main
from kiosk_tui.domain.operations import Operation
from kiosk_tui.office import database

Planting = Callable[[Plant, datetime], Awaitable[Any]]


class Office:
    """A head office whose commands are typed."""

    def __init__(self, url: str, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._url, self._file, self._capsys = url, file, capsys
        file.write_text(f'[database]\nurl = "{url}"\n')

    def plant(self, planting: Planting) -> None:
        async def planted() -> None:
            connection = await database.connect(self._url)
            try:
                async with connection.transaction():
                    await planting(Plant(connection), await connection.fetchval("SELECT now()"))
            finally:
                await connection.close()

        asyncio.run(planted())

    def says(self, *arguments: str) -> tuple[int, str]:
        done = main(["office", *arguments, "--office-config", str(self._file)])
        said = self._capsys.readouterr()
        return done, said.out + said.err

    def json(self, *arguments: str) -> tuple[int, list[dict[str, Any]]]:
        done, out = self.says(*arguments, "--json")
        return done, [json.loads(line) for line in out.splitlines()]


@pytest.fixture
def office(database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Office:
    return Office(database_url, tmp_path / "office.toml", capsys)


async def _fleet(plant: Plant, now: datetime) -> None:
    await believable_fleet(plant.connection, now)


def test_a_fleet_with_something_wrong_is_told_and_ends_with_1(office: Office) -> None:
    office.plant(_fleet)
    done, out = office.says("due")
    assert done == 1
    assert "€42.50" in out
    assert "call TECS with the reference" in out
    assert office.says("silent")[0] == office.says("alarms")[0] == 1
    for action, told in (
        ("list", "graz-2"), ("reasons", "cancellation_due"), ("terminals", "88091106"),
        ("versions", "0.9.8"), ("totals --days 3", "SALE"), ("show graz-2", "Last transactions"),
        ("totals --by site --days 3", "1010 Vienna, Opera"), ("totals --by fleet --days 3", "TOTAL"),
        ("totals --by batch --days 3", "In no batch yet"),
    ):  # fmt: skip
        done, out = office.says(*action.split())
        assert (done, told in out) == (0, True), action


def test_a_fleet_in_which_all_is_well_ends_with_0(office: Office) -> None:
    async def one(plant: Plant, now: datetime) -> None:
        await plant.ready("a-1", now)
        await plant.transaction(
            Planted(kiosk_id="a-1", at=now, steps=unanswered(now - timedelta(minutes=9), 1))
        )

    assert office.says("due") == (0, "Everything is settled.\n")
    assert office.says("list") == (0, "No kiosks.\n")
    office.plant(one)
    done, (row,) = office.json("due")
    assert (done, row["overdue"]) == (0, False), "what is due for minutes only is no alarm"
    assert office.says("silent")[0] == office.says("alarms")[0] == 0


def test_amounts_in_json_are_a_kiosks_own_and_names_are_kept(office: Office) -> None:
    async def tipped(plant: Plant, now: datetime) -> None:
        await plant.ready("a-1", now, site="Vienna")
        at = now - timedelta(hours=30)
        await plant.transaction(
            Planted(kiosk_id="a-1", at=at, minor=1255, tip=125, currency="KWD", id="20260101120000001",
                    operation=Operation.SALE_AND_TIP, steps=unanswered(at, 1))
        )  # fmt: skip

    office.plant(tipped)
    _, (row,) = office.json("due")
    assert row | {
        "kiosk": "a-1", "site": "Vienna", "id": "20260101120000001", "reference": "120 000 001",
        "operation": "sale_and_tip", "state": "CANCEL_DUE", "currency": "KWD", "amount": "1.255",
        "amount_minor": 1255, "tip": "0.125", "tip_minor": 125, "total": "1.380",
        "total_minor": 1380, "terminal": "88091105", "kind": "due", "overdue": True,
        "cancellation_attempts": 1,
    } == row  # fmt: skip
    assert row["age_s"] >= 30 * 3600
    _, (story,) = office.json("show", "a-1", "120000001")
    assert [one["event"] for one in story["events"]] == [
        "BEGUN", "OUTCOME_UNKNOWN", "CANCEL_UNANSWERED",
    ]  # fmt: skip
    assert office.says("show", "a-1", "120000001")[0] == 0
    _, (kiosk,) = office.json("show", "a-1")
    assert (kiosk["kiosk"], kiosk["state"], len(kiosk["transactions"])) == ("a-1", "ready", 1)
    assert (kiosk["checkpoints"], kiosk["register_key"]) == ([], "")


def test_totals_in_json_are_named_as_a_kiosks_own(office: Office) -> None:
    async def paid_back(plant: Plant, now: datetime) -> None:
        await plant.ready("a-1", now)
        await plant.transaction(
            Planted(kiosk_id="a-1", at=now, minor=700, operation=Operation.REFUND,
                    steps=((approved(now)[0][0], now),))
        )  # fmt: skip

    office.plant(paid_back)
    _, lines = office.json("totals")
    net = next(one for one in lines if one["what"] == "net")
    assert net | {"kiosk": "a-1", "currency": "EUR", "count": 1, "amount": "-7.00",
                  "amount_minor": -700, "tip": "0.00", "tip_minor": 0, "which": ""} == net  # fmt: skip


def test_what_is_not_known_is_told_in_a_sentence(office: Office) -> None:
    done, out = office.says("show", "nobody")
    assert (done, "There is no kiosk 'nobody'" in out) == (65, True)
    office.plant(_fleet)
    done, out = office.says("show", "graz-2", "1")
    assert (done, "no transaction '1'" in out) == (65, True)


def test_an_alarm_is_seen_once_and_that_is_logged(office: Office) -> None:
    office.plant(_fleet)
    _, (row,) = office.json("alarms")
    number = str(row["alarm_id"])
    assert office.says("alarms", "--seen", number) == (0, f"Alarm {number} was seen.\n")
    assert office.says("alarms") == (0, "No open alarms.\n")
    done, out = office.says("alarms", "--seen", number)
    assert (done, "There is no open alarm" in out) == (65, True)

    async def logged(plant: Plant, _: datetime) -> None:
        row = await plant.connection.fetchrow("SELECT what, subject FROM action")
        assert row is not None
        assert (row["what"], row["subject"]) == ("alarm seen", number)

    office.plant(logged)


def test_a_database_that_is_not_there_ends_with_69(tmp_path: Path, office: Office) -> None:
    (tmp_path / "office.toml").write_text('[database]\nurl = "postgresql:///x?host=/nowhere"\n')
    done, out = office.says("due")
    assert (done, "cannot be reached" in out) == (69, True)
