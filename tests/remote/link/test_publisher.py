"""Watchers: told everything that a technician needs, never waited for, unable to say a word."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import socket
from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from remote.link.conftest import Watched
from support.fakes import LOST, YES, Bench, order

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.outcome import CancelVerdict, TerminalState
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.payment.notifications import TerminalTold
from kiosk_tui.remote.link import publisher as module
from kiosk_tui.remote.link.client import pictures
from kiosk_tui.remote.link.publisher import Publisher, watch_socket
from kiosk_tui.remote.link.view import read
from kiosk_tui.remote.sockets.places import connected


@contextlib.asynccontextmanager
async def watching(journal: Path) -> AsyncGenerator[AsyncGenerator[bytes, None]]:
    async with contextlib.aclosing(pictures(journal)) as told:
        yield told


async def until(heard: AsyncGenerator[bytes, None], **wanted: Any) -> dict[str, Any]:
    async with asyncio.timeout(20):
        async for line in heard:
            seen = json.loads(line)
            if all(seen[name] == value for name, value in wanted.items()):
                assert isinstance(seen, dict)
                assert read(line) is not None
                return seen
    raise AssertionError(f"never told {wanted}")


async def test_a_payment_is_seen_from_the_screen_to_its_result(watched: Watched) -> None:
    async with watching(watched.journal) as told:
        first = await until(told, open=True, current=None)
        assert first["holder"]["command"] == "kiosk-tui run as user 7"
        watched.publisher.shown("Waiting")
        await until(told, screen="Waiting")
        watched.slow(YES)
        payment = watched.bench.register.pay(order())
        await watched.bench.register._flow.under_way.wait()
        watched.publisher._heard(TerminalTold(TerminalState.CARD_READ))
        running = await until(told, told="card_read")
        assert running["current"]["state"] == "AUTHORIZING"
        assert running["current"]["total"] == "12.55"
        assert 0 < running["seconds_left"] <= 180
        watched.go_on.set()
        paid = await payment
        ended = await until(told, current=None)
        assert isinstance(paid, Transaction)
        assert [one["id"] for one in ended["last"]] == [paid.id]
        watched.publisher.ending("its terminal is gone")
        await until(told, ending="its terminal is gone")


async def test_due_cancellations_are_summed_and_their_results_come_last(watched: Watched) -> None:
    watched.bench.terminal.answer = LOST
    watched.bench.terminal.always = CancelVerdict.UNANSWERED
    lost = await watched.bench.pay()
    async with watching(watched.journal) as told:
        seen = await until(told, due_count=1)
        assert seen["due_totals"] == {"EUR": "12.55"}
        assert [one["id"] for one in seen["due"]] == [lost.id]
        assert seen["last"] == []
        assert not seen["open"]
        watched.bench.terminal.always = CancelVerdict.CONFIRMED
        watched.bench.register._recovery.hurry()
        await watched.bench.register.replay()
        seen = await until(told, due_count=0)
        assert [one["state"] for one in seen["last"]] == ["CANCELLED"]


async def test_what_an_earlier_process_ended_is_shown_to_whoever_watches_the_next(
    tmp_path: Path, watched: Watched
) -> None:
    for _ in range(7):
        await watched.bench.pay()
    await watched.publisher.close()
    again = Publisher(watched.bench.register, watched.publisher._holder)
    await again.open(watched.journal)
    async with watching(watched.journal) as told:
        seen = await until(told, current=None)
    assert len(seen["last"]) == 5
    ids = [int(one["id"]) for one in seen["last"]]
    assert ids == sorted(ids, reverse=True)
    await again.close()


async def test_no_word_of_a_customer_or_caller_is_told(watched: Watched) -> None:
    secret = replace(order(), reason="for Ms Miller", personal_id="anna", receipt_number="R9")
    watched.slow(YES)
    payment = watched.bench.register.pay(secret)
    await watched.bench.register._flow.under_way.wait()
    async with watching(watched.journal) as told:
        async for line in told:
            assert b"AUTHORIZING" in line
            assert not any(word in line for word in (b"Miller", b"anna", b"R9"))
            break
    watched.go_on.set()
    await payment


async def test_whoever_speaks_is_dropped(watched: Watched) -> None:
    made = connected(watch_socket(watched.journal))
    assert made is not None
    reader, writer = await asyncio.open_unix_connection(sock=made)
    await reader.readline()
    writer.write(b'{"do": "take_over"}\n')
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
    made = connected(watch_socket(watched.journal))
    assert made is not None
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
    async with asyncio.timeout(30):
        while not watched.publisher._telling:
            await asyncio.sleep(0)
        while watched.publisher._telling:
            watched.publisher.shown("x" * 4000)
            await watched.bench.pay()
    made.close()


async def test_more_watchers_than_allowed_are_let_go(watched: Watched) -> None:
    many = []
    for _ in range(module.MOST_WATCHERS):
        told = pictures(watched.journal)
        await anext(told)
        many.append(told)
    late = [line async for line in pictures(watched.journal)]
    assert late == []
    for told in many:
        await told.aclose()


async def test_a_socket_that_cannot_be_opened_is_logged_and_nothing_else(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    bench = Bench(tmp_path)
    publisher = Publisher(bench.register, None)  # type: ignore[arg-type]
    journal = tmp_path / "gone" / "journal.db"
    with caplog.at_level(logging.WARNING):
        await publisher.open(journal)
    assert "nobody can watch" in caplog.text
    await publisher.close()


async def test_nobody_tells_where_nothing_runs(tmp_path: Path) -> None:
    assert [line async for line in pictures(tmp_path / "journal.db")] == []
