"""The register says how long each part of it has been silent, and nothing else of it."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path

import pytest
from support.fakes import YES, Bench, after, order, ready
from support.virtual import virtual_time

from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.outcome import Probe
from kiosk_tui.payment.heartbeat import Signs

QUIET = Signs(looked_s=0.0, asked_s=0.0, refused_s=0.0, paying_s=0.0)


@virtual_time
async def test_a_register_that_never_looked_has_nothing_to_be_late_with(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    await asyncio.sleep(1000)
    assert bench.register.signs() == QUIET


@virtual_time
async def test_the_last_whole_look_is_what_counts(tmp_path: Path) -> None:
    bench = await ready(tmp_path)
    await asyncio.sleep(7)
    assert bench.register.signs() == Signs(7.0, 0.0, 0.0, 0.0)
    await bench.register.look()
    assert bench.register.signs() == QUIET


@virtual_time
async def test_a_look_that_never_ends_is_late_from_its_beginning(tmp_path: Path) -> None:
    bench = Bench(tmp_path)

    async def never() -> Probe:
        return await asyncio.Future()

    bench.terminal.probe = never  # type: ignore[method-assign]
    looking = asyncio.create_task(bench.register.look())
    await asyncio.sleep(50)
    assert bench.register.signs().looked_s == 50.0
    looking.cancel()


@virtual_time
async def test_a_disk_that_does_not_answer_is_told_apart_from_one_that_refuses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = await ready(tmp_path)
    answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def silent(_now: datetime) -> None:
        await answer

    monkeypatch.setattr(bench.journal, "check_writable", silent)
    looking = asyncio.create_task(bench.register.look())
    await asyncio.sleep(9)
    assert bench.register.signs() == Signs(9.0, 9.0, 0.0, 0.0)
    answer.set_exception(JournalUnavailableError("full"))
    await looking
    await asyncio.sleep(3)
    await bench.register.look()
    await asyncio.sleep(2)
    assert bench.register.signs() == Signs(2.0, 0.0, 5.0, 0.0)
    monkeypatch.undo()
    await bench.register.look()
    assert bench.register.signs() == QUIET


@virtual_time
async def test_a_payment_is_noted_from_its_order_to_its_outcome(tmp_path: Path) -> None:
    bench = await ready(tmp_path)

    bench.terminal.answer = after(20, YES)
    payment = bench.register.pay(order())
    await asyncio.sleep(12)
    assert bench.register.signs().paying_s == 12.0
    await payment
    assert bench.register.signs().paying_s == 0.0
