"""A lane whose goods are handed over or the money goes back: the cashier says how it went."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from support.fakes import Bench, order
from support.opened import opened

from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.operations import Operation
from kiosk_tui.journal.reader import Reader
from kiosk_tui.ui.screens import frame
from kiosk_tui.ui.screens.lane.form import Form
from kiosk_tui.ui.screens.lane.lane import LaneScreen

GOODS = "It stays charged only when the goods are handed over."
KEYS = "[+] handed over   [Esc] stop the payment"


@pytest.fixture(autouse=True)
def _awake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frame, "DEAF_S", 0.0)


async def _sells(here: Any) -> None:
    await here.types("1255", "enter")
    await here.sees(GOODS, "€12.55", "Sale: handing over")
    assert here.screen.hint() == KEYS


@pytest.mark.parametrize("remote", [False, True])
async def test_handed_over_is_approved(lane: Any, *, remote: bool) -> None:
    async with lane(remote=remote, until_goods=True) as here:
        await _sells(here)
        await here.types("", "plus")
        await here.sees("Approved €12.55")
        await here.types("7")  # the next one
        assert not here.bench.terminal.cancelled


async def test_failed_takes_two_keys_and_cancels(lane: Any) -> None:
    async with lane(until_goods=True) as here:
        await _sells(here)
        await here.types("", "escape")
        await here.sees("Stop this payment?")
        await here.types("", "escape")
        await here.sees(GOODS)
        await here.types("", "escape", "enter")
        await here.sees("Being cancelled €12.55")
        await here.bench.register.replay()
        await here.sees("Cancelled €12.55")
        assert len(here.bench.terminal.cancelled) == 1


async def test_no_other_key_says_anything_of_the_goods(lane: Any) -> None:
    async with lane(until_goods=True) as here:
        await _sells(here)
        await here.types("1255", "enter", "minus", "f3", "f10", "f12", "down", "slash", "asterisk")
        (waiting,) = here.bench.register.goods_due()
        assert waiting.state is State.GOODS_DUE
        assert len(here.bench.terminal.paid) == 1


async def test_a_disk_that_does_not_take_it_is_told_and_it_can_be_said_again(
    lane: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with lane(until_goods=True) as here:
        await _sells(here)

        async def full(*_: object) -> None:
            raise JournalUnavailableError("The disk is full.")

        with monkeypatch.context() as disk:
            disk.setattr(here.bench.journal, "record", full)
            await here.types("", "plus")
            await here.sees("The disk is full", GOODS)
        await here.types("", "plus")
        await here.sees("Approved €12.55")


async def test_who_said_it_is_in_the_log_and_only_what_sells_is_until_goods(
    lane: Any, tmp_path: Path
) -> None:
    people = {"people": frozenset({"anna"}), "person_fits": lambda _who, pin: pin == "1234"}
    async with lane(until_goods=True, **people) as here:
        await here.until(Form)
        await here.types("anna", "enter", *"1234", "enter")
        await here.until(LaneScreen)
        await _sells(here)
        await here.types("", "plus")
        await here.sees("Approved €12.55")
        (sale,) = await here.bench.register.newest(1)
        (*_, last) = opened(Reader(tmp_path / "journal.db")).events(sale.id)
        assert last.why == "The goods were handed over. Said by anna."
        await here.types("", "f6", "5", "0", "0", "enter")
        await here.sees("Approved €5.00")
        (preauthorized,) = await here.bench.register.newest(1)
        assert preauthorized.order.operation is Operation.PREAUTHORIZATION
        assert not preauthorized.order.until_goods


@pytest.mark.parametrize("handed_over", [True, False])
async def test_goods_that_an_earlier_process_left_are_told_of_by_the_same_keys(
    lane: Any, tmp_path: Path, *, handed_over: bool
) -> None:
    earlier = Bench(tmp_path)
    await earlier.register.look()
    payment = earlier.register.pay(replace(order(), until_goods=True))
    while not earlier.register.goods_due():
        await asyncio.sleep(0)
    payment.cancel()
    await earlier.register.close(0)
    earlier.store.close()
    async with lane(until_goods=True) as here:
        await here.sees(GOODS, "€12.55")
        assert here.screen.hint() == KEYS
        await here.types("7", *(("plus",) if handed_over else ("escape", "enter")))
        await here.sees("Approved €12.55" if handed_over else "Being cancelled €12.55")
        await here.types("7")
        await here.sees("€0.07")
