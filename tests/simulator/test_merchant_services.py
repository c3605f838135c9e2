"""What the simulator tells beside the REST service: a transaction's status, and its push."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from kiosk_tui.simulator.ledger import Entry, EntryKind, Status
from kiosk_tui.simulator.push import TransactionPush
from kiosk_tui.simulator.tecs import Simulator


def entry(number: str = "17", **more: Any) -> Entry:
    facts: dict[str, Any] = {
        "transaction_id": number, "terminal": "88091105", "source_id": "1", "kind": EntryKind.CHARGE,
        "amount_minor": 1255, "tip_minor": 0, "currency": "EUR", "status": Status.APPROVED,
    }  # fmt: skip
    return Entry(**(facts | more))


def asked(**more: Any) -> bytes:
    return json.dumps({"transactionId": 17, "terminalId": 88091105, "sourceId": 1} | more).encode()


def test_a_status_tells_the_transaction_and_not_the_service() -> None:
    simulator = Simulator()
    simulator.ledger.decline(entry())
    reply = simulator.services.status(None, asked())
    told = json.loads(reply.body)
    assert (reply.status, told["responseCode"], told["tecsengineResponseCode"]) == (200, 0, 5)
    assert told["cardNumber"]  # the services tell it: whoever asks has to drop it


@pytest.mark.parametrize(
    "body", [asked(transactionId=18), asked(terminalId=1), b"", b"[]", asked(terminalId="x")]
)
def test_what_is_not_found_is_http_400(body: bytes) -> None:
    simulator = Simulator()
    simulator.ledger.approve(entry())
    assert simulator.services.status(None, body).status == 400


def test_it_has_credentials_of_its_own() -> None:
    simulator = Simulator()
    simulator.ledger.approve(entry())
    simulator.services.user, simulator.services.password = "office", "secret"
    assert simulator.services.status("Basic b2ZmaWNlOnNlY3JldA==", asked()).status == 200
    assert simulator.services.status("Basic eDp5", asked()).status == 401
    assert simulator.services.status(None, asked()).status == 401


def test_each_change_is_told() -> None:
    simulator = Simulator()
    told: list[dict[str, Any]] = []
    simulator.services.tell = told.append
    simulator.ledger.approve(entry())
    simulator.ledger.cancel(simulator.ledger.entries["17"])
    assert [one["cancelled"] for one in told] == [False, True]
    assert told[0]["transactionDate"] == told[1]["transactionDate"]
    assert not {"cardNumber", "cardExpiration"} & told[0].keys()
    assert [
        one["transactionId"] for one in simulator.services.history()["transactionHistories"]
    ] == ["17"]


async def test_a_push_is_sent_again_until_it_is_taken(tmp_path: Path) -> None:
    taken: list[Any] = []
    statuses = iter([b"503 Busy", b"404 Not Found", b"200 OK", b"200 OK"])
    both = asyncio.Event()

    async def door(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"POST /push/secret ")
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
        body = json.loads(await reader.readexactly(length))
        status = next(statuses)
        writer.write(b"HTTP/1.1 %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n" % status)
        writer.close()
        if status.startswith(b"200"):
            taken.append(body["n"])
        if len(taken) == 2:
            both.set()

    path = tmp_path / "push.sock"
    push = TransactionPush(
        f"http+unix://{quote(str(path), safe='')}/push/secret",
        first_wait_s=0.01,
        longest_wait_s=0.02,
    )
    push({"n": 1})
    push({"n": 2})
    sending = asyncio.create_task(push.run())
    while not push.waiting:  # nobody is there yet: it goes on
        await asyncio.sleep(0)
    server = await asyncio.start_unix_server(door, path)
    async with server:
        await asyncio.wait_for(both.wait(), 30)
    sending.cancel()
    assert taken == [1, 2]


@pytest.mark.parametrize("url", ["", "office", "ftp://office/push"])
def test_an_address_that_cannot_be_one_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="no address to push to"):
        TransactionPush(url)
