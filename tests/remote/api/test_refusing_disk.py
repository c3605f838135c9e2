"""What a disk that refuses does to goods, to giving up and to keys: money goes back, nothing else is told."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from support.fakes import PLACE, Bench, ready

from kiosk_tui.cli.described import describe
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.remote.api.app import ApiDoor, create_app
from kiosk_tui.remote.api.desk import ApiTerms, DayTerms, PaymentDesk
from kiosk_tui.remote.api.orders import OrderDefaults

TERMS = ApiTerms(
    OrderDefaults(PLACE, "EUR", "en"),
    "k",
    demo=False,
    zone=None,
    describe=describe,
    totals=lambda _: {},
    days=DayTerms(closed=list, so_far=dict, close=lambda _: {}),
)


@contextlib.asynccontextmanager
async def asking(bench: Bench) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(PaymentDesk(bench.register, TERMS), ApiDoor())
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield client


async def post(
    api: httpx.AsyncClient, path: str, key: str, body: dict[str, object] | None = None
) -> tuple[int, dict[str, Any]]:
    told = await api.post(path, json=body or {}, headers={"Idempotency-Key": key})
    return told.status_code, told.json()


@pytest.fixture
async def bench(tmp_path: Path) -> Bench:
    return await ready(tmp_path)


def refuse(monkeypatch: pytest.MonkeyPatch, bench: Bench, *writes: str) -> None:
    def refused(*_: Any) -> None:
        raise JournalUnavailableError("The disk is full.")

    for one in writes:
        monkeypatch.setattr(bench.store, one, refused)


async def due(api: httpx.AsyncClient) -> str:
    order: dict[str, object] = {"amount": "2.50", "until_goods": True}
    status, told = await post(api, "/v1/payments", "1", order)
    assert (status, told["state"]) == (201, "GOODS_DUE")
    return f"/v1/payments/{told['id']}"


@pytest.mark.parametrize("write", ["keep_use", "record"])
async def test_handed_over_is_told_only_from_the_disk(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, write: str
) -> None:
    async with asking(bench) as api:
        path = await due(api)
        with monkeypatch.context() as broken:
            refuse(broken, bench, write)
            status, told = await post(api, f"{path}/goods", "2", {"outcome": "handed_over"})
            assert (status, told["type"]) == (503, "/docs#problem-journal")
            assert (await api.get(path)).json()["goods_due"]
        status, told = await post(api, f"{path}/goods", "2", {"outcome": "handed_over"})
        assert (status, told["paid"]) == (200, True)


@pytest.mark.parametrize(("act", "body"), [("goods", {"outcome": "failed"}), ("cancel", {})])
async def test_what_leads_away_from_money_needs_no_disk(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, act: str, body: dict[str, str]
) -> None:
    async with asking(bench) as api:
        path = await due(api)
        refuse(monkeypatch, bench, "keep_use", "use_of", "record")
        headers = {"Idempotency-Key": "2", "Prefer": "respond-async"}
        told = await api.post(f"{path}/{act}", json=body, headers=headers)
        assert (told.status_code, told.json()["state"]) == (202, "VOID_DUE")


async def test_a_key_that_cannot_be_kept_cancels_nothing(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with asking(bench) as api:
        _, sold = await post(api, "/v1/payments", "1", {"amount": "2.50"})
        assert sold["paid"]
        path = f"/v1/payments/{sold['id']}"
        with monkeypatch.context() as broken:
            refuse(broken, bench, "keep_use")
            status, told = await post(api, f"{path}/cancel", "2")
            assert (status, told["type"]) == (503, "/docs#problem-journal")
            assert (await api.get(path)).json()["paid"]
        assert bench.terminal.cancelled == []
        status, told = await post(api, f"{path}/give-up", "3")
        assert (status, told["type"]) == (409, "/docs#problem-not-possible")
