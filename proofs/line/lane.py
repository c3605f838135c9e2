"""One register with everything behind it: journal on a file, client, line, simulator on a socket.

The card flow takes no time, and the register's monotonic clock is set by hand: the settle window is
over when nothing is under way any more, not when a busy machine thinks so. Patience with a payment's
answer ends by hand as well: as soon as the line has struck and stands still.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from kiosk_tui.domain.identity import Place
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.money import Currency, Money
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.transaction import Order, Transaction
from kiosk_tui.journal.store import Store
from kiosk_tui.journal.writer import JournalWriter
from kiosk_tui.lab.drill.judge import Arrived, Booked, Evidence, judge
from kiosk_tui.payment.flow import NotStarted
from kiosk_tui.payment.notifications import Notification, TransactionChanged
from kiosk_tui.payment.policy import OptionalRequests, Timeouts
from kiosk_tui.payment.register import Register
from kiosk_tui.simulator.ledger import Status
from kiosk_tui.simulator.options import Options
from kiosk_tui.simulator.rules import KINDS, What
from kiosk_tui.simulator.server import served
from kiosk_tui.simulator.tecs import Simulator
from kiosk_tui.tecs import auth
from kiosk_tui.tecs.auth import Authorization, Secret
from kiosk_tui.tecs.client import Endpoint, TecsTerminal, new_http, oauth_fetch
from kiosk_tui.tecs.codes import CodeTable
from kiosk_tui.tecs.messages import Dialect
from proofs.line.peers import proxied
from proofs.line.wire import Wire, wired

KEY: Final = Secret("k3y-of-the-line")
PLACE: Final = Place("88091105", "1")
AMOUNT: Final = 1255
STILL_S: Final = 0.4
"""When nothing has moved on a struck line for so long, nothing will: patience ends."""
LONG_S: Final = 30.0
"""What a client may wait; nothing in here does."""
_ATTEMPTS: Final = 12
_STEP_S: Final = 1000.0
"""How far the clock is set ahead: beyond the settle window and every pause between attempts."""


@dataclass(frozen=True, slots=True)
class Certificates:
    """PEM files for 127.0.0.1, and the authority that vouches for them."""

    authority: str
    chain: str
    key: str


class Road(StrEnum):
    """How a request reaches TECS: and, for a token, which of two requests is struck."""

    PLAIN = "plain"
    TLS = "tls"
    PROXY = "proxy"
    TOKEN = "token"  # noqa: S105 - a road, not a secret


ENCRYPTED: Final = frozenset({Road.TLS, Road.PROXY})


class HandClock:
    """The wall clock as it is; the monotonic one only moves when it is told to."""

    def __init__(self) -> None:
        self._now = 0.0

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return self._now

    def advance(self, seconds: float) -> None:
        self._now += seconds


class Lane:
    """Takes payments one by one; each is judged against the ledger, which is then emptied."""

    def __init__(
        self,
        *,
        wire: Wire,
        simulator: Simulator,
        terminal: TecsTerminal,
        journal: JournalWriter,
    ) -> None:
        self.wire = wire
        self.simulator = simulator
        self.terminal = terminal
        self._journal = journal
        self._clock = HandClock()
        self._shown: set[str] = set()
        self.register = Register(
            journal=journal,
            terminal=terminal,
            clock=self._clock,
            timeouts=Timeouts(answer_s=LONG_S),
            optional_requests=OptionalRequests(abort=False, status_query=False),
        )
        self.register.listen(self._hear)

    async def pay(self, operation: Operation = Operation.SALE) -> Transaction:
        """Take a payment; a line that stands still ends with the register's patience, at once."""
        order = Order(operation, Money(AMOUNT, Currency("EUR", 2)), PLACE)
        self.register._watch._jumps.looked()  # our two clocks part on purpose: no look at the struck line
        payment = self.register.pay(order)
        await self._until_still(payment)
        if not payment.done():
            self._lose_patience()
        found = await payment
        if isinstance(found, NotStarted):
            raise TypeError(f"the payment did not start: {found.why}")
        return found

    async def _until_still(self, work: asyncio.Future[Any]) -> None:
        """Return when the work is done, or the line has struck and stands still."""
        struck = asyncio.ensure_future(self.wire.struck.wait())
        await asyncio.wait({work, struck}, return_when=asyncio.FIRST_COMPLETED)
        struck.cancel()
        while not work.done() and not self.wire.still(STILL_S):
            await asyncio.wait({work}, timeout=STILL_S / 4)

    def _lose_patience(self) -> None:
        deadline = self.register._flow._deadline
        if deadline is not None:
            deadline.reschedule(asyncio.get_running_loop().time())

    async def attempt(self, *, cancel_s: float = LONG_S, dropping: bool = True) -> None:
        """Make the cancellation attempts that are due; `dropping` ends a line that stands still."""
        line = self.terminal._line
        self.terminal._line = dataclasses.replace(line, connect_s=cancel_s, cancel_s=cancel_s)
        replay = asyncio.ensure_future(self.register.replay())
        if dropping:
            await self._until_still(replay)
            if not replay.done():
                await self.wire.quiet()
        await replay

    async def rest(self) -> None:
        """Return when nothing is under way: no connection, no request that TECS works at."""
        await self.wire.quiet()
        await self.heard()
        calm = 0
        while calm < 20:  # a server has a few turns of the loop to take what has arrived
            calm = 0 if self.simulator._tasks else calm + 1
            await asyncio.sleep(0)

    async def heard(self) -> None:
        """Return when every line that was held open has been heard to its end."""
        listening = self.register._flow._listening
        while listening:
            await asyncio.wait(tuple(listening))

    def wait(self) -> None:
        """Let the settle window and every pause between attempts pass."""
        self._clock.advance(_STEP_S)

    async def recover(self) -> None:
        """Replay on a good line until TECS has answered."""
        self.wire.arm()
        for _ in range(_ATTEMPTS):
            await self.rest()
            if not self.register.due:
                return
            await self.attempt()
            self.wait()

    async def judged(self, transaction: Transaction) -> tuple[Transaction, list[str]]:
        """Judge one payment, as the disk has it, and forget it."""
        ledger = self.simulator.ledger
        on_disk = await self._journal.transaction(transaction.id)
        evidence = Evidence(
            transactions=[] if on_disk is None else [on_disk],
            ledger={
                number: Booked(ledger.net_minor(number), stands=one.status is Status.APPROVED)
                for number, one in ledger.entries.items()
            },
            arrived=[
                Arrived(one.transaction_id.lstrip("0"), payment=one.message_type in _PAYING)
                for one in ledger.requests
            ],
            shown=tuple(self._shown),
        )
        wrong = judge(evidence)
        for one in (ledger.entries, ledger.movements, ledger.requests, self._shown):
            one.clear()
        return on_disk or transaction, wrong

    def _hear(self, notification: Notification) -> None:
        if (
            isinstance(notification, TransactionChanged)
            and notification.transaction.state is State.APPROVED
        ):
            self._shown.add(notification.transaction.id)


_PAYING: Final = frozenset(
    key[0] for key, what in KINDS.items() if what not in (What.ABORT, What.STATUS)
) - {"0013"}


@contextlib.asynccontextmanager
async def lane(
    folder: Path,
    certificates: Certificates,
    road: Road = Road.PLAIN,
    kind: type[TecsTerminal] = TecsTerminal,
) -> AsyncIterator[Lane]:
    """Build a lane in a folder of its own, ready for payments."""
    expected = "oauth" if road is Road.TOKEN else KEY.reveal()
    simulator = Simulator(Options(card_s=0, host_s=0, authorization=expected))
    async with contextlib.AsyncExitStack() as stack:
        wire, line = await stack.enter_async_context(_road(simulator, certificates, road))
        authorization: Authorization = auth.raw(KEY)
        if road is Road.TOKEN:
            http = new_http(line, None)
            stack.push_async_callback(http.aclose)
            authorization = auth.OAuth(oauth_fetch(http, _token_url(line), _form))
        terminal = kind(line, Dialect(UTC, currency="EUR"), CodeTable(), authorization)
        stack.push_async_callback(terminal.close)
        # what survives a power cut is proven elsewhere; here the file only has to be a real one
        store = Store(folder / "journal.db", synchronous="OFF")
        journal = JournalWriter(store)
        stack.push_async_callback(asyncio.to_thread, journal.close)
        built = Lane(wire=wire, simulator=simulator, terminal=terminal, journal=journal)
        stack.push_async_callback(built.register.close, 0)
        wire.arm()
        readiness = await built.register.look()
        if not readiness.open:
            raise RuntimeError(f"the register is not ready: {readiness.why}")
        yield built


@contextlib.asynccontextmanager
async def _road(
    simulator: Simulator, certificates: Certificates, road: Road
) -> AsyncIterator[tuple[Wire, Endpoint]]:
    """Serve the simulator, and put the wire in front of it, or of the proxy on the way to it."""
    chain: str | None = certificates.chain
    key: str | None = certificates.key
    if road not in ENCRYPTED:
        chain = key = None
    async with contextlib.AsyncExitStack() as stack:
        url = await stack.enter_async_context(served(simulator, certificate=chain, key=key))
        port = urlsplit(url).port or 0
        if road is Road.PROXY:
            wire = await stack.enter_async_context(
                wired(await stack.enter_async_context(proxied(port)))
            )
            proxy = f"http://127.0.0.1:{wire.port}"
        else:
            wire = await stack.enter_async_context(wired(port))
            url, proxy = url.replace(str(port), str(wire.port)), None
        yield (
            wire,
            Endpoint(
                url,
                connect_s=LONG_S,
                hold_s=LONG_S,
                courtesy_s=LONG_S,
                proxy=proxy,
                ca_file=certificates.authority,
            ),
        )


def _token_url(line: Endpoint) -> str:
    return urljoin(line.url, "/cas/oauth2.0/accessToken")


def _form() -> dict[str, str]:
    options = Options()
    return {
        "grant_type": "password",
        "client_id": "kiosk",
        "username": options.token_user,
        "password": options.token_password,
    }
