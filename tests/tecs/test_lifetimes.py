"""How long a token lasts: a payment never starts with one that may end before its answer."""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import Awaitable, Callable
from datetime import UTC
from typing import Any

import httpx
import pytest
from support.fakes import order
from support.tecs import exchange, transaction

from kiosk_tui.config.load import Loaded
from kiosk_tui.config.models import Config
from kiosk_tui.config.models.terminal import TerminalSettings
from kiosk_tui.config.models.timeouts import TimeoutSettings
from kiosk_tui.domain.outcome import (
    AbortOutcome,
    Approved,
    CancelOutcome,
    CancelVerdict,
    NotSent,
    OutcomeUnknown,
    StatusOutcome,
)
from kiosk_tui.domain.transaction import ExchangeKind
from kiosk_tui.session.launch import Launch
from kiosk_tui.session.terminal import dialect_of, line_of
from kiosk_tui.tecs import auth
from kiosk_tui.tecs.client import Endpoint, TecsTerminal, new_http, oauth_fetch
from kiosk_tui.tecs.codes import CodeTable
from kiosk_tui.tecs.messages import Dialect

LINE = Endpoint(
    "https://tecs.example", connect_s=10, answer_s=180, hold_s=5, cancel_s=5, courtesy_s=5
)


class House:
    """A login that gives tokens, and a service that takes the newest ones."""

    def __init__(self, expires_in: Any = None) -> None:
        self.now = 1000.0
        self.expires_in = expires_in
        self.given: list[str] = []
        self.refused: set[str] = set()
        self.used: list[str] = []
        transport = httpx.MockTransport(self._answer)
        fetch = oauth_fetch(new_http(LINE, transport), "https://login.example/token", dict)
        oauth = auth.OAuth(fetch, monotonic=lambda: self.now)
        self.tecs = TecsTerminal(LINE, Dialect(UTC, currency="EUR"), CodeTable(), oauth, transport)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        if request.url.host == "login.example":
            self.given.append(f"t{len(self.given) + 1}")
            told = {"access_token": self.given[-1]}
            if self.expires_in is not None:
                told["expires_in"] = self.expires_in
            return httpx.Response(200, content=json.dumps(told).encode())
        token = request.headers["Authorization"].removeprefix("Bearer ")
        self.used.append(token)
        if token in self.refused:
            return httpx.Response(401)
        fields = json.loads(request.content)
        told = {"transaction_id": fields["transaction_id"], "response_code": "0"}
        return httpx.Response(200, content=json.dumps(told).encode())

    async def pays(self) -> str:
        assert isinstance(await self.tecs.pay(order(), exchange()), Approved)
        return self.used[-1]

    async def cancels(self) -> str:
        outcome = await self.tecs.cancel(transaction(order(), exchange()), exchange())
        assert outcome.verdict is CancelVerdict.CONFIRMED
        return self.used[-1]


async def test_a_token_that_would_end_before_the_answer_is_renewed_before_the_payment() -> None:
    house = House(expires_in=1000)
    assert await house.pays() == "t1"
    house.now += 809
    assert await house.pays() == "t1"
    house.now += 1  # 190 seconds are left: connecting and waiting may take them all
    assert await house.cancels() == "t1"
    assert await house.pays() == "t2"
    assert await house.pays() == "t2"


async def test_a_token_that_never_lasts_long_enough_is_fetched_for_each_payment() -> None:
    house = House(expires_in=60)
    assert [await house.pays(), await house.pays()] == ["t1", "t2"]
    assert await house.cancels() == "t2"
    house.now += 60
    assert await house.cancels() == "t3"


@pytest.mark.parametrize(
    "told", [None, "soon", "", True, [], {}, 1e300, -math.inf, math.nan, "inf"]
)
async def test_a_token_of_unknown_lifetime_is_used_until_it_is_refused(told: Any) -> None:
    house = House(expires_in=told)
    for _ in range(3):
        house.now += 10_000
        assert await house.pays() == "t1"
    house.refused = {"t1"}
    assert await house.cancels() == "t2"


@pytest.mark.parametrize("told", [0, -1, "0", "-5", 0.0, 1e-9])
async def test_a_token_that_is_said_to_be_over_is_fetched_each_time(told: Any) -> None:
    house = House(expires_in=told)
    assert [await house.pays(), await house.pays()] == ["t1", "t2"]


async def test_a_lifetime_may_be_written_as_text() -> None:
    house = House(expires_in="1000")
    assert [await house.pays(), await house.pays()] == ["t1", "t1"]
    house.now += 900
    assert await house.pays() == "t2"


async def test_a_refused_payment_is_unknown_never_sent_again_and_its_cancellation_has_a_new_token() -> (
    None
):
    house = House()
    await house.pays()
    house.refused = {"t1"}
    before = len(house.used)
    outcome = await house.tecs.pay(order(), exchange())
    assert isinstance(outcome, OutcomeUnknown)
    assert outcome.why == "The payment service refused this register (HTTP status 401)."
    assert len(house.used) == before + 1
    assert await house.cancels() == "t2"


async def _cancels(tecs: TecsTerminal) -> CancelOutcome:
    return await tecs.cancel(transaction(order(), exchange()), exchange())


async def _aborts(tecs: TecsTerminal) -> AbortOutcome:
    running = transaction(order(), exchange())
    return await tecs.abort(running, exchange(ExchangeKind.ABORT))


async def _asks(tecs: TecsTerminal) -> StatusOutcome:
    return await tecs.status(exchange(ExchangeKind.STATUS))


@pytest.mark.parametrize("ask", [_cancels, _aborts, _asks])
async def test_what_may_be_sent_again_is_sent_once_more_with_a_new_token(
    ask: Callable[[TecsTerminal], Awaitable[CancelOutcome | AbortOutcome | StatusOutcome]],
) -> None:
    house = House()
    await house.pays()
    house.refused = {"t1"}
    outcome = await ask(house.tecs)
    assert outcome.answer is not None
    assert house.used == ["t1", "t1", "t2"]
    house.refused = {"t2", "t3"}
    assert (await ask(house.tecs)).answer is None
    assert house.used[3:] == ["t2", "t3"]


async def test_a_token_for_a_payment_that_does_not_come_leaves_it_unsent() -> None:
    async def never() -> auth.Token:
        await asyncio.Event().wait()
        raise AssertionError

    line = Endpoint("https://tecs.example", connect_s=0.01, courtesy_s=0.01)
    house = House()
    tecs = TecsTerminal(
        line,
        Dialect(UTC, currency="EUR"),
        CodeTable(),
        auth.OAuth(never),
        httpx.MockTransport(house._answer),
    )
    assert isinstance(await tecs.pay(order(), exchange()), NotSent)
    await tecs.close()
    assert house.used == []


def test_how_long_an_answer_may_take_and_the_currency_come_from_the_configuration() -> None:
    settings = Config(
        terminal=TerminalSettings(currency="CHF"), timeouts=TimeoutSettings(answer_s=77.0)
    )
    launch = Launch(Loaded(settings, found=True), False, "sale", {})
    assert line_of(launch).answer_s == 77.0
    assert dialect_of(settings).currency == "CHF"
