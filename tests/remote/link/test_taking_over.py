"""Who may take a register over: never in flight, a kiosk's only for its PIN, and nothing begins after."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
from remote.link.conftest import HOLDER
from support.fakes import YES, Bench, order

from kiosk_tui.domain.outcome import PaymentOutcome
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.payment.clock import SystemClock
from kiosk_tui.payment.flow import NotStarted, Refusal
from kiosk_tui.remote.link.client import take_over
from kiosk_tui.remote.link.policy import TakeoverPolicy
from kiosk_tui.remote.link.protocol import Denial, link_socket
from kiosk_tui.remote.link.server import LinkServer
from kiosk_tui.remote.link.takeover import Held, Takeover
from kiosk_tui.remote.sockets.places import listening

Offered = Callable[..., AbstractAsyncContextManager[list[str]]]


@pytest.fixture
async def bench(tmp_path: Path) -> Bench:
    made = Bench(tmp_path, clock=SystemClock())
    await made.register.look()
    return made


@pytest.fixture
def offered(tmp_path: Path, bench: Bench) -> Offered:
    @asynccontextmanager
    async def open_(
        mode: str = "lane", fits: Callable[[str], bool] | None = None
    ) -> AsyncIterator[list[str]]:
        given: list[str] = []
        policy = TakeoverPolicy(bench.register, mode, fits, given.append)
        link = LinkServer(bench.register, HOLDER, policy)
        await link.start(tmp_path / "journal.db")
        yield given
        await link.stop()

    return open_


async def test_at_rest_it_is_handed_over_and_no_payment_begins_after(
    tmp_path: Path, bench: Bench, offered: Offered
) -> None:
    async with offered() as given:
        assert await take_over(tmp_path / "journal.db", "kiosk-tui run as user 7") is None
        assert given == ["kiosk-tui run as user 7"]
    refused = await bench.register.pay(order())
    assert isinstance(refused, NotStarted)
    assert refused.refusal is Refusal.CLOSED
    assert bench.terminal.paid == []


async def test_in_flight_it_is_refused_and_the_payment_goes_on(
    tmp_path: Path, bench: Bench, offered: Offered
) -> None:
    go_on = asyncio.Event()

    async def answer() -> PaymentOutcome:
        await go_on.wait()
        return YES

    bench.terminal.answer = answer
    payment = bench.register.pay(order())  # not even on disk yet
    async with offered() as given:
        assert await take_over(tmp_path / "journal.db", "me") is Denial.RUNNING
        await bench.register._flow.under_way.wait()
        assert await take_over(tmp_path / "journal.db", "me") is Denial.RUNNING
        go_on.set()
        assert isinstance(await payment, Transaction)
        assert given == []
        assert await take_over(tmp_path / "journal.db", "me") is None


async def test_a_kiosk_wants_its_pin_and_takes_no_guesses(tmp_path: Path, offered: Offered) -> None:
    journal = tmp_path / "journal.db"
    async with offered("kiosk", "4711".__eq__) as given:
        assert await take_over(journal, "me") is Denial.PIN
        for _ in range(3):
            assert await take_over(journal, "me", "0000") is Denial.PIN
        assert await take_over(journal, "me", "4711") is Denial.LOCKED
        assert given == []
    async with offered("kiosk", "4711".__eq__) as given:
        assert await take_over(journal, "me", "4711") is None
        assert given == ["me"]


async def test_a_kiosk_without_a_pin_is_never_handed_over(tmp_path: Path, offered: Offered) -> None:
    async with offered("kiosk") as given:
        assert await take_over(tmp_path / "journal.db", "me", "4711") is Denial.UNATTENDED
        assert given == []


@pytest.mark.parametrize("by", ["", "\x1b\x07"])
async def test_nobody_by_name_gets_nothing(tmp_path: Path, offered: Offered, by: str) -> None:
    async with offered() as given:
        assert await take_over(tmp_path / "journal.db", by) is Denial.UNAVAILABLE
        assert given == []


async def test_a_register_that_offers_it_to_nobody_is_not_handed_over(
    tmp_path: Path, bench: Bench
) -> None:
    link = LinkServer(bench.register, HOLDER)
    await link.start(tmp_path / "journal.db")
    assert await take_over(tmp_path / "journal.db", "me") is Denial.UNAVAILABLE
    await link.stop()
    assert isinstance(await bench.register.pay(order()), Transaction)


async def test_nobody_answers_where_nobody_listens(
    tmp_path: Path, bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    assert await take_over(tmp_path / "journal.db", "me") is Denial.UNAVAILABLE
    link_socket(tmp_path / "journal.db").write_text("in the way")
    link = LinkServer(bench.register, HOLDER)
    with caplog.at_level(logging.WARNING):
        await link.start(tmp_path / "journal.db")
    assert "nobody can watch or take over" in caplog.text
    await link.stop()
    assert await take_over(tmp_path / "journal.db", "me") is Denial.UNAVAILABLE


class TestWaiting:
    """A second session waits, and knows how the register is held."""

    async def test_it_follows_the_holder_and_hears_its_refusal(
        self, tmp_path: Path, offered: Offered
    ) -> None:
        heard: asyncio.Queue[Held] = asyncio.Queue()
        async with (
            offered("kiosk"),
            Takeover(tmp_path / "journal.db", "me", heard.put_nowait) as takeover,
        ):
            await takeover.wait("In use by another.")
            takeover.ask("4711")
            while (held := await heard.get()).denial is None or held.view is None:
                assert held.why == "In use by another."
        assert held.denial is Denial.UNATTENDED
        assert held.view.holder == HOLDER

    async def test_of_another_version_it_says_so(self, tmp_path: Path) -> None:
        heard: asyncio.Queue[Held] = asyncio.Queue()
        old = listening(tmp_path / "journal.db.watch")
        async with Takeover(tmp_path / "journal.db", "me", heard.put_nowait) as takeover:
            await takeover.wait("In use by another.")
            while "It runs an older version" not in (held := await heard.get()).why:
                assert held.view is None
        old.close()
