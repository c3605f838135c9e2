"""TECS's second opinion explains; it is read strictly as to whom it is about, and never is an outcome."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from kiosk_tui.domain.identity import Place, TransactionId
from kiosk_tui.simulator.asgi import create_app
from kiosk_tui.simulator.ledger import Entry, EntryKind, Status
from kiosk_tui.simulator.merchant_services import PATH as SERVICES
from kiosk_tui.simulator.tecs import Simulator
from kiosk_tui.tecs.auth import Secret
from kiosk_tui.tecs.second_opinion import SecondOpinion, StatusService, explained

ID = TransactionId("20261127140159123")
PLACE = Place("88091105", "01")
ANSWER = {
    "responseCode": 0, "tecsengineResponseCode": 0, "transactionId": str(ID), "terminalId": 88091105,
    "amount": 1255, "currency": "EUR", "authorizationCode": 123456,
}  # fmt: skip
PAN = "4111111111111111"


async def asked(
    answer: Callable[[httpx.Request], httpx.Response], place: Place = PLACE, user: str = "office"
) -> SecondOpinion:
    service = StatusService(
        "https://tecs.example/merchantservices/",
        user,
        Secret("secret"),
        httpx.MockTransport(answer),
    )
    try:
        return await service.ask(ID, place)
    finally:
        await service.close()


def saying(status: int = 200, **more: Any) -> Callable[[httpx.Request], httpx.Response]:
    return lambda _request: httpx.Response(status, json=ANSWER | more)


async def test_it_asks_with_numbers_and_credentials_of_its_own() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json=ANSWER)

    opinion = await asked(answer)
    assert opinion.known
    assert str(seen[0].url) == "https://tecs.example/merchantservices/public/statusTransaction"
    assert json.loads(seen[0].content) == {
        "transactionId": int(ID), "terminalId": 88091105, "sourceId": 1,
    }  # fmt: skip
    assert seen[0].headers["authorization"].startswith("Basic ")
    await asked(answer, user="")
    assert "authorization" not in seen[1].headers
    await asked(answer, Place("88091105", ""))
    assert "sourceId" not in json.loads(seen[2].content)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, "approved at TECS (code 0)"),
        ({"tecsengineResponseCode": "0051", "responseCode": 0}, "declined at TECS (code 51)"),
        ({"tecsengineResponseCode": 8999}, "settles nothing"),
        ({"tecsengineResponseCode": None, "responseCode": 0}, "does not tell how it ended"),
        ({"clearingBatchId": "B7", "clearingStatus": "CLEARED"}, "clearing batch B7"),
    ],
)
async def test_it_reads_the_transaction_s_code_and_not_the_service_s(
    more: dict[str, Any], said: str
) -> None:
    assert said in explained(await asked(saying(**more)))


@pytest.mark.parametrize(
    ("answer", "known", "said"),
    [
        (saying(400), False, "does not know this transaction"),
        (lambda _: httpx.Response(400, text="<html>"), False, "does not know this transaction"),
        (saying(401), None, "refused the user"),
        (saying(500), None, "HTTP status 500"),
        (saying(302), None, "HTTP status 302"),
        (lambda _: httpx.Response(200, text="<html>"), None, "cannot be read"),
        (saying(transactionId="20261127140159124"), None, "another transaction"),
        (saying(transactionId=""), None, "another transaction"),
        (saying(terminalId=11460019), None, "another transaction"),
    ],
)
async def test_what_is_no_clear_answer_is_none(
    answer: Callable[[httpx.Request], httpx.Response], known: bool | None, said: str
) -> None:
    opinion = await asked(answer)
    assert opinion.known is known
    assert said in explained(opinion)


async def test_a_line_that_breaks_or_waits_is_a_sentence() -> None:
    def broken(_request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    def slow(_request: httpx.Request) -> httpx.Response:
        raise TimeoutError

    assert "no second opinion" in explained(await asked(broken))
    assert "in time" in explained(await asked(slow))
    assert "no number" in explained(await asked(saying(), Place("A8091105", "1")))


async def test_card_data_is_dropped_on_arrival() -> None:
    card = {"cardNumber": PAN, "cardExpiration": "2712", "merchantName": PAN, "ecrData": PAN}
    kept = ("cardBrand", "authorizationCode", "clearingBatchId", "clearingStatus", "transactionType",
            "originalTransactionId", "transactionDate")  # fmt: skip
    for pan in (PAN, f"VISA {PAN}", "4111 1111 1111 1111"):
        more: dict[str, Any] = card | dict.fromkeys(kept, pan)
        opinion = await asked(saying(**more))
        assert opinion.known
        assert "411111" not in repr(opinion).replace(" ", "")
        assert not {"cardNumber", "cardExpiration", "merchantName"} & opinion.fields.keys()


async def test_the_simulator_is_asked_like_tecs() -> None:
    simulator = Simulator()
    simulator.ledger.approve(
        Entry(str(ID), "88091105", "1", EntryKind.CHARGE, 1255, 0, "EUR", Status.APPROVED)
    )
    transport = httpx.ASGITransport(app=create_app(simulator))
    service = StatusService(f"http://simulator{SERVICES}", "", Secret(""), transport)
    assert "approved at TECS" in explained(await service.ask(ID, PLACE))
    assert (await service.ask(TransactionId("17"), PLACE)).known is False
    await service.close()


_ASKED = {"kiosk_tui.tecs.second_opinion", "kiosk_tui.session.second_opinion"}


def test_no_path_of_money_knows_of_it() -> None:
    """Nothing that settles a transaction may import a second opinion, and it makes no outcome."""
    house = Path(__file__).parents[2] / "kiosk_tui"
    knows = set()
    for path in house.rglob("*.py"):
        for one in ast.walk(ast.parse(path.read_text())):
            if isinstance(one, ast.ImportFrom) and one.module in _ASKED:
                knows.add(path.relative_to(house).as_posix())
    assert not any(
        one.startswith(("domain/", "payment/", "journal/", "remote/", "plain/", "ui/", "fleet/"))
        for one in knows
    )
    assert knows <= {
        "cli/doctor.py", "office/tecs/asking.py", "session/second_opinion.py",
    }  # fmt: skip
    named = (house / "tecs" / "second_opinion.py").read_text()
    assert not {"domain.outcome", "domain.lifecycle", "payment"} & set(
        named.replace("import", " ").split()
    )
    assert "kiosk_tui.domain.outcome" not in named
    assert "kiosk_tui.domain.lifecycle" not in named
