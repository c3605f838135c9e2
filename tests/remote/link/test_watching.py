"""Watchers: told everything that a technician needs, never waited for, unable to say a word."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import socket
import stat
from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from remote.link.conftest import HOLDER, Watched
from support.fakes import LOST, YES, Bench, order

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.outcome import CancelVerdict, TerminalState
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.payment.notifications import TerminalTold
from kiosk_tui.remote.link import server as module
from kiosk_tui.remote.link.client import watch
from kiosk_tui.remote.link.protocol import Do, LinkRequest, RegisterView, link_socket, write
from kiosk_tui.remote.link.server import LinkServer
from kiosk_tui.remote.sockets.places import connected

Views = AsyncGenerator[RegisterView, None]


@contextlib.asynccontextmanager
async def watching(journal: Path) -> AsyncGenerator[Views, None]:
    async with contextlib.aclosing(watch(journal)) as views:
        yield views


async def until(views: Views, **wanted: Any) -> RegisterView:
    async with asyncio.timeout(20):
        async for view in views:
            if all(getattr(view, name) == value for name, value in wanted.items()):
                return view
    raise AssertionError(f"never told {wanted}")


async def first(views: Views) -> Views:
    """Yield the first of them, if there is one."""
    async with contextlib.aclosing(views):
        async for view in views:
            yield view
            return


async def asked(journal: Path) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Connect and ask to watch, without reading on."""
    made = connected(link_socket(journal))
    assert made is not None
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
    reader, writer = await asyncio.open_unix_connection(sock=made)
    await reader.readline()
    writer.write(write(LinkRequest(Do.WATCH)))
    return reader, writer


async def test_a_payment_is_seen_from_the_screen_to_its_result(watched: Watched) -> None:
    async with watching(watched.journal) as told:
        first = await until(told, open=True, current=None)
        assert first.holder.command == "kiosk-tui run as user 7"
        watched.link.shown("Waiting")
        await until(told, screen="Waiting")
        watched.slow(YES)
        payment = watched.bench.register.pay(order())
        await watched.bench.register._flow.under_way.wait()
        watched.link._status._heard(TerminalTold(TerminalState.CARD_READ))
        running = await until(told, told="card_read")
        assert running.current is not None
        assert (running.current.state, running.current.total) == ("AUTHORIZING", "12.55")
        assert 0 < (running.seconds_left or 0) <= 180
        watched.go_on.set()
        paid = await payment
        ended = await until(told, current=None)
        assert isinstance(paid, Transaction)
        assert [one.id for one in ended.last] == [paid.id]
        watched.link.ending("its terminal is gone")
        await until(told, ending="its terminal is gone")


async def test_due_cancellations_are_summed_and_their_results_come_last(watched: Watched) -> None:
    watched.bench.terminal.answer = LOST
    watched.bench.terminal.always = CancelVerdict.UNANSWERED
    lost = await watched.bench.pay()
    async with watching(watched.journal) as told:
        seen = await until(told, due_count=1)
        assert seen.due_totals == {"EUR": "12.55"}
        assert [one.id for one in seen.due] == [lost.id]
        assert seen.last == ()
        assert not seen.open
        watched.bench.terminal.always = CancelVerdict.CONFIRMED
        watched.bench.register._recovery.hurry()
        await watched.bench.register.replay()
        seen = await until(told, due_count=0)
        assert [one.state for one in seen.last] == ["CANCELLED"]


async def test_what_an_earlier_process_ended_is_shown_to_whoever_watches_the_next(
    tmp_path: Path, watched: Watched
) -> None:
    for _ in range(7):
        await watched.bench.pay()
    await watched.link.stop()
    again = LinkServer(watched.bench.register, HOLDER)
    await again.start(watched.journal)
    async with watching(watched.journal) as told:
        seen = await until(told, current=None)
    assert len(seen.last) == 5
    ids = [int(one.id) for one in seen.last]
    assert ids == sorted(ids, reverse=True)
    await again.stop()


async def test_no_word_of_a_customer_or_caller_is_told(watched: Watched) -> None:
    secret = replace(order(), reason="for Ms Miller", personal_id="anna", receipt_number="R9")
    watched.slow(YES)
    payment = watched.bench.register.pay(secret)
    await watched.bench.register._flow.under_way.wait()
    async with watching(watched.journal) as told:
        line = write(await anext(told))
    assert b"AUTHORIZING" in line
    assert not any(word in line for word in (b"Miller", b"anna", b"R9"))
    watched.go_on.set()
    await payment


async def test_whoever_speaks_on_is_dropped(watched: Watched) -> None:
    reader, writer = await asked(watched.journal)
    await reader.readline()
    writer.write(write(LinkRequest(Do.TAKE_OVER, "me")))
    with contextlib.suppress(ConnectionError):
        async with asyncio.timeout(20):
            while await reader.read(4096):
                pass
    writer.transport.abort()
    assert (await watched.bench.pay()).state is State.APPROVED


async def test_a_stuck_watcher_delays_no_payment_and_is_dropped(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "STUCK_S", 0.3)
    monkeypatch.setattr(module, "LEAST_S", 0.0)
    reader, writer = await asked(watched.journal)
    reader._transport.pause_reading()  # type: ignore[attr-defined]
    async with asyncio.timeout(30):
        while not watched.link._watching:
            await asyncio.sleep(0)
        while watched.link._watching:
            watched.link.shown("x" * 4000)
            await watched.bench.pay()
    writer.transport.abort()


async def test_whoever_says_nothing_keeps_its_place_only_for_a_moment(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "ASK_S", 0.1)
    silent = [connected(link_socket(watched.journal)) for _ in range(module.MOST_ASKING + 1)]
    async with asyncio.timeout(30):
        while [one async for one in first(watch(watched.journal))] == []:
            await asyncio.sleep(0)
    for one in silent:
        assert one is not None
        one.close()


@pytest.mark.parametrize(
    "nonsense",
    [
        b"\n",
        b"[]\n",
        b"\xff\n",
        b'{"do": "pay", "by": "me", "pin": ""}\n',
        b'{"do": "watch"}\n',
        b'{"do": "watch", "by": 1, "pin": ""}\n',
        b"[" * 900 + b"\n",
        b"x" * 5000 + b"\n",
    ],
)
async def test_whoever_talks_nonsense_is_dropped(watched: Watched, nonsense: bytes) -> None:
    made = connected(link_socket(watched.journal))
    assert made is not None
    reader, writer = await asyncio.open_unix_connection(sock=made)
    assert b'"link": 1' in await reader.readline()
    writer.write(nonsense)
    with contextlib.suppress(ConnectionError):
        async with asyncio.timeout(20):
            assert await reader.read() == b""
    writer.transport.abort()


async def test_only_its_own_user_and_root_are_let_in(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "peer", lambda _: (1, os.geteuid() + 1))
    assert [view async for view in watch(watched.journal)] == []
    assert stat.S_IMODE(link_socket(watched.journal).stat().st_mode) == 0o600


async def test_more_watchers_than_allowed_are_let_go(watched: Watched) -> None:
    many = []
    for _ in range(module.MOST_WATCHERS):
        told = watch(watched.journal)
        await anext(told)
        many.append(told)
    late = [view async for view in watch(watched.journal)]
    assert late == []
    for told in many:
        await told.aclose()


async def test_a_socket_that_cannot_be_opened_is_logged_and_nothing_else(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    link = LinkServer(Bench(tmp_path).register, HOLDER)
    with caplog.at_level(logging.WARNING):
        await link.start(tmp_path / "gone" / "journal.db")
    assert "nobody can watch or take over" in caplog.text
    await link.stop()


async def test_nobody_tells_where_nothing_runs(tmp_path: Path) -> None:
    assert [view async for view in watch(tmp_path / "journal.db")] == []
