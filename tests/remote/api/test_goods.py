"""Payments until goods, as a vending controller takes them over the real socket."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.api import Api, Reply, Served, serving
from support.installation import Installation, installed

pytestmark = pytest.mark.journey


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path) as shop:
        yield shop


@pytest.fixture
def served(shop: Installation) -> Iterator[Served]:
    with serving(shop) as running:
        yield running


def due(api: Api, key: str = "1") -> Reply:
    """Begin a payment until goods; return it as it stands when TECS has approved."""
    told = api.pay(key, until_goods=True)
    assert (told.status, told.body["state"]) == (201, "GOODS_DUE")
    assert (told.body["paid"], told.body["goods_due"], told.body["final"]) == (False, True, False)
    return told


def say(api: Api, one: Reply, outcome: str, key: str = "1-goods", prefer: str = "") -> Reply:
    return api.post(
        f"/v1/payments/{one.body['id']}/goods", {"outcome": outcome}, key=key, prefer=prefer
    )


def charges(shop: Installation) -> list[int]:
    return [one.minor for one in shop.simulator.ledger.movements]


def test_handed_over_is_paid_and_said_again_the_same(shop: Installation, served: Served) -> None:
    with served.connect() as api:
        one = due(api)
        state = api.get("/v1/status").body
        assert [each["id"] for each in state["goods_due"]] == [one.body["id"]]
        assert 0 < state["seconds_left"] <= 60
        assert api.pay("2").problem == "busy"
        for _ in range(2):
            told = say(api, one, "handed_over")
            assert (told.status, told.body["state"], told.body["paid"]) == (200, "APPROVED", True)
            assert not told.body["goods_due"]
        late = say(api, one, "failed", "1-other")
        assert (late.status, late.problem) == (409, "not-possible")
        assert api.get("/v1/status").body["goods_due"] == []
        assert api.pay("2").body["paid"]
    assert charges(shop) == [1255, 1255]


def test_failed_is_cancelled_wholly_and_nothing_may_be_handed_over_then(
    shop: Installation, served: Served
) -> None:
    with served.connect() as api:
        one = due(api)
        for _ in range(2):
            told = say(api, one, "failed")
            assert (told.status, told.body["state"]) == (200, "CANCELLED")
            assert (told.body["paid"], told.body["goods_due"]) == (False, False)
        late = say(api, one, "handed_over", "1-other")
        assert (late.status, late.problem) == (409, "not-possible")
        assert "hand nothing over" in late.body["detail"]
    assert charges(shop) == [1255, -1255]


def test_handed_over_is_on_disk_before_its_answer(shop: Installation) -> None:
    with serving(shop) as first, first.connect() as api:
        one = due(api)
        assert say(api, one, "handed_over").status == 200
        first.kill()
    with serving(shop) as second, second.connect() as api:
        assert api.get(f"/v1/payments/{one.body['id']}").body["paid"]
    assert charges(shop) == [1255]


def test_a_restart_waits_once_more_then_silence_cancels(shop: Installation) -> None:
    with serving(shop) as first, first.connect() as api:
        one = due(api)
        first.kill()
    with serving(shop) as second, second.connect() as api:
        again = api.pay("1", until_goods=True)
        assert (again.status, again.body["state"]) == (200, "GOODS_DUE_AGAIN")
        assert again.body["goods_due"]
        second.kill()
    with serving(shop) as third, third.connect() as api:
        assert api.ended(one)["state"] == "CANCELLED"
        assert say(api, one, "handed_over").problem == "not-possible"
    assert charges(shop) == [1255, -1255]


def test_a_stream_tells_that_goods_are_due(served: Served) -> None:
    with (
        served.connect() as api,
        served.connect() as listener,
        listener.client.stream("GET", "/v1/events") as told,
    ):
        lines = told.iter_lines()
        assert "event: status" in (next(lines), next(lines))
        one = due(api)
        assert any('"state":"GOODS_DUE"' in line and '"goods_due":true' in line for line in lines)
        say(api, one, "handed_over")
        assert any('"state":"APPROVED"' in line and '"paid":true' in line for line in lines)


@pytest.mark.parametrize("body", [None, {}, {"outcome": "lost"}, {"outcome": "failed", "x": 1}])
def test_what_is_no_outcome_is_refused_and_the_goods_stay_due(
    served: Served, body: dict[str, object] | None
) -> None:
    with served.connect() as api:
        one = due(api)
        path = f"/v1/payments/{one.body['id']}/goods"
        assert api.post(path, body, key="g").status in (400, 415, 422)
        assert api.post(path, {"outcome": "failed"}).problem == "key-missing"
        assert api.get(f"/v1/payments/{one.body['id']}").body["goods_due"]
        assert say(api, one, "handed_over").body["paid"]


def test_only_a_payment_until_goods_waits_for_them(shop: Installation, served: Served) -> None:
    with served.connect() as api:
        sold = api.pay("1")
        for outcome in ("handed_over", "failed"):
            assert say(api, sold, outcome).problem == "not-possible"
        refund = api.pay("2", operation="refund", until_goods=True)
        assert (refund.status, refund.problem) == (422, "invalid")
        assert api.pay("1", until_goods=True).problem == "key-reused"
        declined = api.pay("3", "80.51", until_goods=True)
        assert (declined.status, declined.body["state"]) == (201, "DECLINED")
        assert not declined.body["goods_due"]
    assert charges(shop) == [1255]


def test_sigterm_waits_for_the_goods(shop: Installation, served: Served) -> None:
    with served.connect() as api:
        one = due(api)
        served.process.terminate()
        assert say(api, one, "handed_over").body["paid"]
    assert served.ended() == 0
    assert charges(shop) == [1255]
