"""The command of `[goods]`: only exit 0 in time leaves a payment charged, and it is run once for each."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from support.fakes import Bench, order

from kiosk_tui.domain.identity import CallerReference
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.outcome import CancelVerdict
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.payment.clock import SystemClock
from kiosk_tui.payment.policy import Timeouts
from kiosk_tui.session import goods
from kiosk_tui.session.goods import GoodsCommand

ASKED = replace(order(), until_goods=True, caller_reference=CallerReference("locker 7"))
LONG_S = 60.0


class Dispenser:
    """A register whose goods are handed over by a shell script."""

    def __init__(self, folder: Path, then: str, *, wait_s: float = LONG_S) -> None:
        self.heard = folder / "heard"
        self.command = folder / "dispense"
        self.command.write_text(
            f"#!/bin/sh\n{{ env | grep ^KIOSK_TUI | sort; cat; }} >> {self.heard}\n{then}\n"
        )
        self.command.chmod(0o755)
        times = Timeouts(status_every_s=1000, goods_s=wait_s)
        self.bench = Bench(folder, clock=SystemClock(), timeouts=times)
        self.runs = GoodsCommand(self.bench.register, [str(self.command)], wait_s)

    async def pay(self, asked: object = ASKED) -> Transaction:
        await self.bench.register.look()
        return await self.bench.pay(asked)  # type: ignore[arg-type]

    async def events(self, one: Transaction) -> str:
        return (await self.bench.on_disk(one.id)).why


async def _until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(30):
        while not condition():
            await asyncio.sleep(0.01)


async def test_exit_0_means_handed_over_and_the_command_knows_nothing_of_the_card(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KIOSK_TUI_AUTH__KEY", "k3y-that-must-not-leak")
    shop = Dispenser(tmp_path, "exit 0")
    one = await shop.pay()
    assert one.state is (await shop.bench.on_disk(one.id)).state is State.APPROVED
    *named, told = shop.heard.read_text().splitlines()
    assert json.loads(told) == {
        "id": one.id, "reference": one.reference, "amount": "12.55", "currency": "EUR",
        "caller_reference": "locker 7",
    }  # fmt: skip
    assert f"KIOSK_TUI_GOODS_ID={one.id}" in named
    assert len(named) == 5
    await shop.runs.close()


@pytest.mark.parametrize(
    ("then", "why"),
    [("exit 3", "ended with 3"), ("kill -9 $$", "ended with -9"), ("exit 1", "ended with 1")],
)
async def test_another_end_cancels_and_says_why(tmp_path: Path, then: str, why: str) -> None:
    shop = Dispenser(tmp_path, then)
    one = await shop.pay()
    assert one.state is State.VOID_DUE
    assert f"The goods were not handed over. {shop.command} {why}" in await shop.events(one)
    await shop.bench.register.replay()
    assert (await shop.bench.on_disk(one.id)).state is State.CANCELLED


@pytest.mark.parametrize("mode", [None, 0o644], ids=["not there", "not executable"])
async def test_a_command_that_cannot_be_run_cancels(tmp_path: Path, mode: int | None) -> None:
    shop = Dispenser(tmp_path, "exit 0")
    if mode is None:
        shop.command.unlink()
    else:
        shop.command.chmod(mode)
    one = await shop.pay()
    assert one.state is State.VOID_DUE
    assert "cannot be run" in await shop.events(one)


async def test_one_that_takes_too_long_is_killed_with_all_that_it_began(tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    shop = Dispenser(tmp_path, f"sleep 1000 & echo $! > {pid}\nwait", wait_s=1.0)
    one = await shop.pay()
    assert one.state is State.VOID_DUE
    await _until(lambda: not _lives(int(pid.read_text())))
    await shop.runs.close()
    assert (await shop.bench.on_disk(one.id)).state is State.VOID_DUE


async def test_when_staff_cancel_meanwhile_the_command_is_killed(tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    shop = Dispenser(tmp_path, f"echo $$ > {pid}.new; mv {pid}.new {pid}\nsleep 1000")
    await shop.bench.register.look()
    payment = shop.bench.register.pay(ASKED)
    await _until(pid.exists)
    one = shop.bench.register.in_flight or (await shop.bench.register.newest(1))[0]
    assert isinstance(await shop.bench.register.cancel(one.id), Transaction)
    assert (await payment).state is State.VOID_DUE  # type: ignore[union-attr]
    await shop.runs.close()
    assert not _lives(int(pid.read_text()))


async def test_what_the_disk_does_not_take_is_said_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(goods, "AGAIN_S", 0.01)
    shop = Dispenser(tmp_path, "exit 0")
    store = shop.bench.store
    real = store.record
    refused: list[object] = []

    def record(*given: object) -> None:
        if "GOODS_HANDED_OVER" in map(str, given) and len(refused) < 2:
            refused.append(given)
            raise JournalUnavailableError("The disk is full.")
        real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(store, "record", record)
    one = await shop.pay()
    assert len(refused) == 2
    assert one.state is (await shop.bench.on_disk(one.id)).state is State.APPROVED


async def test_a_payment_for_good_hands_nothing_over(tmp_path: Path) -> None:
    shop = Dispenser(tmp_path, "exit 1")
    assert (await shop.pay(order())).state is State.APPROVED
    assert not shop.heard.exists()


async def test_after_a_restart_it_is_not_run_again_and_silence_cancels(tmp_path: Path) -> None:
    shop = Dispenser(tmp_path, "sleep 1000")
    await shop.bench.register.look()
    shop.bench.register.pay(ASKED)
    await _until(shop.heard.exists)
    await shop.bench.register.close(0.0)
    await shop.runs.close()
    shop.bench.store.close()
    shop.heard.unlink()
    again = Dispenser(tmp_path, "exit 0", wait_s=0.2)
    await again.bench.register.look()
    (one,) = await again.bench.register.newest(1)
    assert one.state is State.GOODS_DUE_AGAIN
    await again.bench.register.recover()
    assert (await again.bench.on_disk(one.id)).state in {State.CANCELLED, State.NOTHING_TO_CANCEL}
    assert not again.heard.exists()


async def test_a_refused_cancellation_needs_staff(tmp_path: Path) -> None:
    shop = Dispenser(tmp_path, "exit 1")
    shop.bench.terminal.always = CancelVerdict.REFUSED
    one = await shop.pay()
    await shop.bench.register.replay()
    assert (await shop.bench.on_disk(one.id)).state is State.NEEDS_STAFF


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    return state != "Z"
