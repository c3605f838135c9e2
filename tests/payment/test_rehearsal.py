"""A test payment is cancelled whatever happens, and the disk never says that it stays charged."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.fakes import LOST, NO, YES, Bench, order
from support.virtual import virtual_time

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.outcome import CancelVerdict, PaymentOutcome
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.journal.reader import Reader


async def _rehearsed(bench: Bench) -> Transaction:
    await bench.register.look()
    return await bench.pay(order(100), rehearsal=True)


@virtual_time
async def test_an_approved_one_is_never_approved_on_disk_and_is_cancelled(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.terminal.answer = YES
    ended = await _rehearsed(bench)
    assert ended.state is State.VOID_DUE
    await bench.register.replay()
    assert (await bench.on_disk(ended.id)).state is State.CANCELLED
    reader = Reader(tmp_path / "journal.db")
    states = [event.state_after for event in reader.events(ended.id)]
    reader.close()
    assert State.APPROVED not in states
    assert states[-1] == State.CANCELLED


@pytest.mark.parametrize(("outcome", "state"), [(NO, State.DECLINED), (LOST, State.CANCEL_DUE)])
@virtual_time
async def test_any_other_answer_ends_it_as_every_payment(
    tmp_path: Path, outcome: PaymentOutcome, state: State
) -> None:
    bench = Bench(tmp_path)
    bench.terminal.answer = outcome
    assert (await _rehearsed(bench)).state is state


@virtual_time
async def test_a_refused_cancellation_of_one_is_for_staff(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.terminal.answer = YES
    bench.terminal.always = CancelVerdict.REFUSED
    ended = await _rehearsed(bench)
    await bench.register.replay()
    assert (await bench.on_disk(ended.id)).state is State.NEEDS_STAFF
