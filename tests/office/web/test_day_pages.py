"""The pages of closed days say in words whether a register and TECS agree, and what differs."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from starlette.applications import Starlette
from support.day_fleet import DayFleet
from support.ingest import KIOSK, enrolled
from support.office_browser import browser


@pytest.fixture
async def fleet(app: Starlette, tmp_path: Path) -> DayFleet:
    await enrolled(app.state.pool)
    return DayFleet(app.state.pool, tmp_path)


async def _get(app: Starlette, path: str, status: int = 200) -> str:
    async with browser(app, "look") as one:
        answer = await one.get(path)
        assert answer.status_code == status, path
        return answer.text


def _words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


async def test_days_are_listed_and_each_difference_is_named(
    app: Starlette, fleet: DayFleet
) -> None:
    dear, *_ = fleet.shop.pay(2)
    fleet.close()
    (fine,) = fleet.shop.pay()
    fleet.close()
    fleet.shop.pay()
    fleet.close()
    await fleet.ship()
    await fleet.tecs(dear, 1355)
    await fleet.tecs(fine)
    listed = _words(await _get(app, "/days"))
    assert "2026-11-23 3 graz-1" in listed
    assert "€12.55 €0.00 ! not told yet" in listed
    assert "€12.55 €12.55 ✓ to the cent" in listed
    assert "€25.10 €13.55 × -€11.55 2 differences" in listed
    one = _words(await _get(app, f"/kiosks/{KIOSK}/days/1"))
    assert "× amount differs TECS has another amount." in one
    assert "! not told yet TECS has not told of that time yet" in one
    assert "All days until then €25.10 2 transactions" in one
    assert "Together -€11.55" in one
    assert "agree to the cent" in await _get(app, f"/kiosks/{KIOSK}/days/2")
    assert "No day was closed." in await _get(app, "/days?kiosk=vienna-9")
    for number in ("4", "0", "9" * 12):
        await _get(app, f"/kiosks/{KIOSK}/days/{number}", 404)


async def test_the_file_has_a_line_for_each_difference(app: Starlette, fleet: DayFleet) -> None:
    (dear,) = fleet.shop.pay()
    fleet.close()
    await fleet.ship()
    await fleet.tecs(dear, 1355)
    text = (await _get(app, "/days.csv")).removeprefix("\ufeff")
    whole, one = csv.DictReader(io.StringIO(text))
    assert (whole["net"], whole["turnover"], whole["difference"]) == ("12.55", "13.55", "1.00")
    assert (one["kind"], one["id"], one["difference"]) == ("amount_differs", dear.id, "1.00")
