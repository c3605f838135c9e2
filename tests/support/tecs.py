"""A real client against the real simulator: mounted in this process, or served on a socket."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count

from kiosk_tui.domain.identity import Place, TransactionId
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.money import Money
from kiosk_tui.domain.transaction import Exchange, ExchangeKind, Order, Transaction
from kiosk_tui.simulator.asgi import create_app
from kiosk_tui.simulator.options import Options
from kiosk_tui.simulator.server import served
from kiosk_tui.simulator.tecs import Simulator
from kiosk_tui.tecs import auth
from kiosk_tui.tecs.auth import Authorization, Secret
from kiosk_tui.tecs.client import Endpoint, TecsTerminal, mounted
from kiosk_tui.tecs.codes import CodeTable
from kiosk_tui.tecs.messages import Dialect
from support.fakes import EUR, PLACE

FAST = Options(card_s=0, host_s=0)
KEY = Secret("k3y-that-must-not-leak")
NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
_numbers = count(20261123140000000)


def exchange(kind: ExchangeKind = ExchangeKind.PAYMENT, place: Place = PLACE) -> Exchange:
    number = str(next(_numbers))
    return Exchange(TransactionId(number), TransactionId(number), kind, place, NOW)


def transaction(order: Order, sent: Exchange) -> Transaction:
    """What the journal would hold for an order that was sent."""
    amount = Money(order.amount.minor, EUR)
    return Transaction(sent.id, order, State.CANCEL_DUE, amount, NOW, NOW)


@contextlib.asynccontextmanager
async def client(
    simulator: Simulator,
    *,
    mount: bool = False,
    line: Endpoint | None = None,
    authorization: Authorization | None = None,
    dialect: Dialect | None = None,
) -> AsyncIterator[TecsTerminal]:
    """Yield a client of a simulator, over a socket unless mounted."""
    base = line or Endpoint(url="", connect_s=2, hold_s=5, cancel_s=5, courtesy_s=5)
    async with contextlib.AsyncExitStack() as stack:
        if mount:
            url, transport = "http://mounted.invalid/tecsclientrest", mounted(create_app(simulator))
        else:
            url, transport = await stack.enter_async_context(served(simulator)), None
        terminal = TecsTerminal(
            replace(base, url=url),
            dialect or Dialect(UTC, currency="EUR"),
            CodeTable(),
            authorization or auth.raw(KEY),
            transport,
        )
        yield terminal
        await terminal.close()
