"""Business days over the real socket, while the register runs."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from support.api import Reply, Served, serving
from support.installation import installed
from support.terminal import PROGRAM

from kiosk_tui.remote.api.days import MOST_DAYS
from kiosk_tui.remote.api.models import DayAnswer

pytestmark = pytest.mark.journey


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with installed(tmp_path) as shop, serving(shop) as running:
        yield running


def test_a_day_is_looked_at_closed_and_never_changes(served: Served) -> None:
    with served.connect() as api:
        first = api.pay("1").body["id"]
        so_far = api.get("/v1/days/current").body
        assert (so_far["number"], so_far["all_days"][0]["amount"]) == (None, "12.55")
        assert so_far.keys() == {one.alias or n for n, one in DayAnswer.model_fields.items()}
        closed = api.post("/v1/days")
        assert (closed.status, closed.body["number"], closed.body["agrees"]) == (201, 1, True)
        told = json.loads(_command(served, "day", "show", "1", "--json"))
        assert closed.body == told, "the commands tell the same"

        again = api.post("/v1/days")
        assert (again.status, again.problem) == (409, "nothing-to-close")
        assert api.post(f"/v1/payments/{first}/cancel", key="c").status == 200
        second = api.post("/v1/days", {"number": 2}).body
        assert second["number"] == 2
        assert {one["of_day"] for one in second["late"]} == {1}
        assert api.get("/v1/days/1").body == closed.body
        assert [one["number"] for one in api.get("/v1/days").body["days"]] == [2, 1]
        assert [one["number"] for one in api.get("/v1/days?before=2").body["days"]] == [1]


def test_a_day_that_is_closed_by_its_number_is_closed_once(served: Served) -> None:
    with served.connect() as api:
        assert api.post("/v1/days", {"number": 1}).problem == "nothing-to-close"
        api.pay("1")
        assert api.post("/v1/days", {"number": 2}).problem == "nothing-to-close"

        def close(_: int) -> Reply:
            with served.connect() as own:
                return own.post("/v1/days", {"number": 1})

        with ThreadPoolExecutor(8) as pool:
            told = list(pool.map(close, range(8)))
        assert sorted(one.status for one in told) == [200] * 7 + [201]
        assert all(one.body == told[0].body for one in told)
        api.pay("2")
        assert api.post("/v1/days", {"number": 1}).status == 200
        assert len(api.get("/v1/days").body["days"]) == 1


@pytest.mark.parametrize("number", ["0", "2", "x", "-1", "1e3", "٣", "9" * 40])
def test_what_is_no_closed_day(served: Served, number: str) -> None:
    with served.connect() as api:
        assert api.get(f"/v1/days/{number}").problem == "not-found"
        assert api.post("/v1/days", {"number": number}).problem == "invalid"


def test_a_list_is_bounded(served: Served) -> None:
    with served.connect() as api:
        for number in range(MOST_DAYS + 1):
            api.pay(str(number), "1.00")
            assert api.post("/v1/days").status == 201
        newest = api.get("/v1/days").body["days"]
        assert [one["number"] for one in newest] == list(range(MOST_DAYS + 1, 1, -1))
        older = api.get(f"/v1/days?before={newest[-1]['number']}").body["days"]
        assert [one["number"] for one in older] == [1]
        assert api.get("/v1/days?before=x").problem == "invalid"


def _command(served: Served, *command: str) -> str:
    shop = served.installed
    return subprocess.run(
        [*PROGRAM, "--config", str(shop.config), *command],
        env=shop.environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
