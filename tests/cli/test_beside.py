"""Who may take a register over: never in flight, a kiosk's only for its PIN, and nothing begins after."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
from support.fakes import YES, Bench, order

from kiosk_tui.domain.outcome import PaymentOutcome
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.payment.clock import SystemClock
from kiosk_tui.payment.flow import NotStarted, Refusal
from kiosk_tui.remote.link.client import ask_for_it
from kiosk_tui.remote.link.handover import Handover, control_socket
from kiosk_tui.remote.link.view import Denial
from kiosk_tui.remote.sockets.places import connected
from kiosk_tui.session.sharing import TakeoverPolicy

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
        handover = Handover(TakeoverPolicy(bench.register, mode, fits).decide, given.append)
        await handover.open(tmp_path / "journal.db")
        yield given
        await handover.close()

    return open_


async def test_at_rest_it_is_handed_over_and_no_payment_begins_after(
    tmp_path: Path, bench: Bench, offered: Offered
) -> None:
    async with offered() as given:
        assert await ask_for_it(tmp_path / "journal.db", "kiosk-tui run as user 7") is None
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
        assert await ask_for_it(tmp_path / "journal.db", "me") is Denial.RUNNING
        await bench.register._flow.under_way.wait()
        assert await ask_for_it(tmp_path / "journal.db", "me") is Denial.RUNNING
        go_on.set()
        assert isinstance(await payment, Transaction)
        assert given == []
        assert await ask_for_it(tmp_path / "journal.db", "me") is None


async def test_a_kiosk_wants_its_pin_and_takes_no_guesses(tmp_path: Path, offered: Offered) -> None:
    journal = tmp_path / "journal.db"
    async with offered("kiosk", "4711".__eq__) as given:
        assert await ask_for_it(journal, "me") is Denial.PIN
        for _ in range(3):
            assert await ask_for_it(journal, "me", "0000") is Denial.PIN
        assert await ask_for_it(journal, "me", "4711") is Denial.LOCKED
        assert given == []
    async with offered("kiosk", "4711".__eq__) as given:
        assert await ask_for_it(journal, "me", "4711") is None
        assert given == ["me"]


async def test_a_kiosk_without_a_pin_is_never_handed_over(tmp_path: Path, offered: Offered) -> None:
    async with offered("kiosk") as given:
        assert await ask_for_it(tmp_path / "journal.db", "me", "4711") is Denial.UNATTENDED
        assert given == []


@pytest.mark.parametrize(
    "nonsense",
    [b"\n", b"[]\n", b'{"do": "pay"}\n', b"\xff\n", b'{"do": "take_over"}\n', b"[" * 900 + b"\n"],
)
async def test_nonsense_hands_nothing_over(
    tmp_path: Path, offered: Offered, nonsense: bytes
) -> None:
    async with offered() as given:
        made = connected(control_socket(tmp_path / "journal.db"))
        assert made is not None
        reader, writer = await asyncio.open_unix_connection(sock=made)
        writer.write(nonsense)
        assert b'"granted": false' in await reader.readline()
        writer.transport.abort()
        assert given == []


async def test_nobody_answers_where_nobody_listens(
    tmp_path: Path, bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    assert await ask_for_it(tmp_path / "journal.db", "me") is Denial.SILENT
    control_socket(tmp_path / "journal.db").write_text("in the way")
    handover = Handover(TakeoverPolicy(bench.register, "lane", None).decide, lambda _: None)
    with caplog.at_level(logging.WARNING):
        await handover.open(tmp_path / "journal.db")
    assert "nobody can take over" in caplog.text
    await handover.close()
    assert await ask_for_it(tmp_path / "journal.db", "me") is Denial.SILENT
