"""One kiosk of a demo: a real register on a simulated terminal, with customers that come by."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

from kiosk_tui.config.load import load
from kiosk_tui.config.rules import currency_of
from kiosk_tui.domain.money import Money
from kiosk_tui.domain.transaction import Order
from kiosk_tui.payment.register import Register
from kiosk_tui.session.front import SERVE, Reason
from kiosk_tui.session.launch import Launch, place
from kiosk_tui.session.register import OpenRegister
from kiosk_tui.session.session import Session
from kiosk_tui.simulator.faults import Behaviour, Fault
from kiosk_tui.simulator.options import Options
from kiosk_tui.simulator.push import TransactionPush
from kiosk_tui.simulator.rules import FIELDS
from kiosk_tui.simulator.server import served
from kiosk_tui.simulator.tecs import Simulator

PRICES: Final = (150, 250, 300, 450, 500, 720, 900, 1200, 1550, 2400)
"""What customers pay, in minor units; none of them makes a simulator fail."""
DECLINES: Final = ("51", "55", "61", "8004")
"""No funds, wrong PIN, over the limit, cancelled at the terminal."""

_CONFIGURATION: Final = """\
[kiosk]
id = "{stand.name}"
name = "{stand.site}"
[terminal]
url = "{url}"
number = "{stand.terminal}"
currency = "EUR"
[timeouts]
answer_s = 20
settle_s = 30
[journal]
path = "{stand.journal}"
"""
_RUSH_S: Final = 0.02
_CARD_S: Final = 1.5
_DECLINED: Final = 0.08


class Fate(StrEnum):
    """What happens to a kiosk, so that head office has something to show."""

    SELLS = "sells"
    SILENT = "silent"
    CANCELLATION_DUE = "cancellation_due"
    UNREACHABLE = "unreachable"
    STRAY_CHARGE = "stray_charge"
    """Something else has charged a card at its terminal: no journal knows of it."""


@dataclass(frozen=True, slots=True)
class Stand:
    """Which kiosk it is; `pause_s` lies between two customers, on the average."""

    name: str
    site: str
    terminal: str
    folder: Path
    fate: Fate = Fate.SELLS
    pause_s: float = 12.0

    @property
    def journal(self) -> Path:
        """Where its journal lies."""
        return self.folder / "journal.db"


class DemoKiosk:
    """A front that nobody stands at: it sells to whoever the dice send."""

    failed = False
    resting = True

    def __init__(self, stand: Stand, seed: int, push: str) -> None:
        """Sell by the dice of `seed`; its TECS pushes each transaction to the address `push`."""
        self._stand = stand
        self._dice = random.Random(seed)
        self._left = asyncio.Event()
        self.simulator = Simulator(Options(card_s=_RUSH_S, host_s=_RUSH_S))
        """Its terminal and the host behind it, whose ledger knows what was charged."""
        self.simulator.push_to(TransactionPush(push))

    async def run(self, rush: int) -> None:
        """Sell `rush` times without a pause, then on and on until it is cancelled.

        Head office may have it begin anew: with a configuration, say.
        """
        async with contextlib.AsyncExitStack() as line:
            url = await line.enter_async_context(served(self.simulator))
            while await self._session(url, rush, line):
                rush = 0
                self._left.clear()

    async def _session(self, url: str, rush: int, line: contextlib.AsyncExitStack) -> bool:
        """Sell until somebody asks for the end; return whether to begin anew."""
        async with Session(self, SERVE) as session:
            launch = self._launch(url)
            session.begin(lambda: launch)
            register = (await session.open()).register
            if rush:
                await self._begin(register, launch, rush, line)
            while not self._left.is_set():
                await asyncio.sleep(self._dice.expovariate(1 / self._stand.pause_s))
                if register.readiness.open and not self._left.is_set():
                    await self._sell(register, launch)
        return session.anew

    async def _begin(
        self, register: Register, launch: Launch, rush: int, line: contextlib.AsyncExitStack
    ) -> None:
        for _ in range(rush):
            await self._sell(register, launch)
        self.simulator.set_options(card_s=_CARD_S, host_s=_CARD_S / 2)
        match self._stand.fate:
            case Fate.CANCELLATION_DUE:
                self.simulator.queue_fault(Fault.LOSE_CANCELLATIONS, times=1_000_000)
                await self._sell(register, launch)
            case Fate.STRAY_CHARGE:
                await self._charge_without_register()
            case Fate.UNREACHABLE:
                await line.aclose()
            case _:
                pass

    async def _sell(self, register: Register, launch: Launch) -> None:
        if self._dice.random() < _DECLINED:
            self.simulator.queue(Behaviour(decline=self._dice.choice(DECLINES)))
        price = Money(self._dice.choice(PRICES), currency_of(launch.config))
        await register.pay(Order.sale(price, place(launch)))

    async def _charge_without_register(self) -> None:
        """Charge a card as an old register beside this one might do, which keeps no journal."""
        now = datetime.now(UTC)
        order = dict.fromkeys(FIELDS, "") | {
            "message_type": "0001",
            "language": "en",
            "amount": "4200",
            "currency": "EUR",
            "terminal_number": self._stand.terminal,
            "transaction_date_time": f"{now:%Y%m%d%H%M%S}",
            "transaction_id": f"{now:%Y%m%d%H%M%S}007",
            "transaction_origin_identifier": "1",
            "transaction_origin_indicator": "0",
            "transaction_source_id": "1",
        }
        await self.simulator.make_transaction(None, json.dumps(order).encode())

    def _launch(self, url: str) -> Launch:
        """Write the kiosk's configuration, and read it as any other."""
        stand = self._stand
        stand.folder.mkdir(parents=True, exist_ok=True)
        file = stand.folder / "config.toml"
        file.write_text(_CONFIGURATION.format(stand=stand, url=url))
        environment = {"KIOSK_TUI_AUTH__KEY": "demo", "STATE_DIRECTORY": str(stand.folder)}
        return Launch(load(file, environment), False, f"demo kiosk {stand.name}", environment)

    # -- as a front --------------------------------------------------------------------------------

    async def attach(self, opened: OpenRegister) -> None:
        """Do nothing: the selling begins when the register is open."""

    async def alive(self) -> bool:
        """Answer at once: this loop has moved."""
        return True

    def told(self, news: object) -> None:
        """Hear nothing: head office is told, and that is what is shown."""

    def leave(self, why: Reason) -> None:  # noqa: ARG002 - whatever the reason is
        """Sell to nobody any more."""
        self._left.set()
