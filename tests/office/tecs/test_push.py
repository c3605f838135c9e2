"""A push is stored once however often it comes, and answered only when it is on disk."""

from __future__ import annotations

import asyncio
import itertools
import json
import random
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from kiosk_tui.office import database
from kiosk_tui.office.database import Pool
from kiosk_tui.office.doors import push_app
from kiosk_tui.office.settings import OfficeSettings, TecsSection
from kiosk_tui.office.tecs.names import NAMES
from kiosk_tui.office.tecs.push import MOST_BYTES

ID = "20261127140159123"
WORD = {
    "terminalId": 88091105,
    "transactionId": ID,
    "amount": 1255,
    "currency": "EUR",
    "tecsengineResponseCode": 0,
}
PANS = ("4111111111111111", "4111 1111 1111 1111", "4111111111111111_2712", "378282246310005")


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[Pool]:
    async with await database.open_pool(database_url, 4) as pool:
        yield pool


@pytest.fixture
async def http(pool: Pool) -> AsyncIterator[httpx.AsyncClient]:
    app = push_app(OfficeSettings(tecs=TecsSection(push_path="s3cret")), pool)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://office"
    ) as http:
        yield http


async def push(http: httpx.AsyncClient, *words: dict[str, Any]) -> httpx.Response:
    return await http.post("/push/s3cret", json=list(words) if len(words) > 1 else words[0])


async def rows(pool: Pool) -> list[dict[str, Any]]:
    found = await pool.fetch("SELECT * FROM tecs_transaction ORDER BY transaction_id, story")
    return [dict(one) for one in found]


async def test_what_was_answered_is_on_disk(http: httpx.AsyncClient, pool: Pool) -> None:
    answer = await push(http, WORD)
    assert (answer.status_code, answer.json()) == (200, {"stored": 1})
    (row,) = await rows(pool)
    assert (row["terminal"], str(row["transaction_id"]), row["minor"]) == ("88091105", ID, 1255)
    assert (row["told_by"], row["times_told"]) == ("push", 1)


async def test_who_does_not_know_the_secret_finds_nothing(
    http: httpx.AsyncClient, pool: Pool
) -> None:
    for path in ("/push/push", "/push/s3cre", "/push/s3crét", "/push/"):
        assert (await http.post(path, json=WORD)).status_code == 404
    assert (await http.get("/push/s3cret")).status_code == 405
    assert not await rows(pool)


async def test_the_same_push_again_is_counted(http: httpx.AsyncClient, pool: Pool) -> None:
    await push(http, WORD, WORD)
    await asyncio.gather(*(push(http, WORD) for _ in range(3)))
    (row,) = await rows(pool)
    assert row["times_told"] == 5
    assert row["last_told_at"] >= row["first_told_at"]


def _told(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if not name.endswith("_told_at")}


async def test_whatever_the_order_the_same_stands_there(
    http: httpx.AsyncClient, pool: Pool
) -> None:
    words = [
        WORD,
        WORD | {"cardBrand": "VISA", "transactionServerDate": "2026-11-27T13:05:00Z"},
        WORD | {"cardBrand": "Visa", "transactionServerDate": "2026-11-27T13:05:00Z"},
        WORD | {"clearingDate": "2026-11-28T01:00:00Z", "clearingBatchId": "7"},
        WORD | {"tecsengineResponseCode": 51},
    ]
    stood = []
    for order in itertools.islice(itertools.permutations(words), 0, 120, 17):
        await pool.execute("TRUNCATE tecs_transaction")
        for word in order:
            await push(http, word)
        stood.append([_told(row) for row in await rows(pool)])
    assert all(one == stood[0] for one in stood)
    assert sum(row["times_told"] for row in stood[0]) == len(words)


async def test_a_push_that_says_otherwise_takes_nothing_back(
    http: httpx.AsyncClient, pool: Pool
) -> None:
    await push(http, WORD)
    await push(http, WORD | {"tecsengineResponseCode": 51, "transactionServerDate": "2027-01-01"})
    await push(http, WORD | {"amount": 1})
    approved = [row["minor"] for row in await rows(pool) if row["verdict"] == "approved"]
    assert sorted(approved) == [1, 1255]


async def test_of_a_list_what_can_be_read_is_stored(http: httpx.AsyncClient, pool: Pool) -> None:
    answer = await push(http, WORD, {"transactionId": "x"}, {"nothing": 1})
    assert answer.status_code == 400
    assert answer.json()["stored"] == 1
    assert len(await rows(pool)) == 1


async def test_a_form_is_taken(http: httpx.AsyncClient, pool: Pool) -> None:
    answer = await http.post(
        "/push/s3cret", data={name: str(value) for name, value in WORD.items()}
    )
    assert answer.status_code == 200
    assert len(await rows(pool)) == 1


@pytest.mark.parametrize("body", [b"", b"<html>", b"{", b'{"a": 1}', b"[]", b"\xff\xfe"])
async def test_what_is_no_push_is_refused_in_a_sentence(
    http: httpx.AsyncClient, body: bytes
) -> None:
    answer = await http.post("/push/s3cret", content=body)
    assert answer.status_code == 400
    assert answer.json()["why"].endswith(".")


async def test_what_is_too_long_is_not_read(http: httpx.AsyncClient) -> None:
    answer = await http.post("/push/s3cret", content=b" " * (MOST_BYTES + 1))
    assert answer.status_code == 413


async def test_without_a_database_it_is_to_be_sent_again(
    http: httpx.AsyncClient, pool: Pool
) -> None:
    await pool.close()
    assert (await push(http, WORD)).status_code == 503


async def test_no_card_number_stands_in_any_row_of_any_table(
    http: httpx.AsyncClient, pool: Pool
) -> None:
    words: list[dict[str, Any]] = [WORD]
    for names in NAMES.values():
        for pan in PANS:
            words += [WORD | {name: pan} for name in names[:2]]
    words += [
        WORD | {name: pan}
        for pan in PANS
        for name in (
            "cardNumber",
            "card_number",
            "cardExpiration",
            "ecrData",
            "receipt_footer",
            pan,
        )
    ]
    words += [{name: PANS[0] for names in NAMES.values() for name in names}]
    random.Random(1).shuffle(words)
    await push(http, *words)
    for word in words[:20]:
        await push(http, word)
    await http.post(
        "/push/s3cret", content=json.dumps({"PAN": PANS, "list": [WORD | {"name": PANS[0]}]})
    )
    tables = await pool.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    assert await pool.fetchval("SELECT count(*) FROM tecs_transaction") > 0
    for table in tables:
        for row in await pool.fetch(f"SELECT t::text AS row FROM {table['tablename']} t"):
            said = "".join(one for one in row["row"] if one.isalnum())
            assert "411111111111" not in said
            assert "378282246310005" not in said
