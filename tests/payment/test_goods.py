"""A payment until goods: charged for good only when somebody says, in time, that they were handed over."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from support.fakes import Bench, order, ready
from support.virtual import virtual_time

from kiosk_tui.domain.identity import TransactionId
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.outcome import CancelVerdict
from kiosk_tui.domain.transaction import Order, Transaction
from kiosk_tui.journal.store import Store
from kiosk_tui.payment.flow import NotStarted, Refusal
from kiosk_tui.payment.notifications import Notification, TransactionChanged
from kiosk_tui.payment.policy import Timeouts
from kiosk_tui.payment.readiness import Obstacle

WAIT_S = 60.0
UNTIL_GOODS = replace(order(), until_goods=True)


async def waiting(
    bench: Bench, asked: Order = UNTIL_GOODS
) -> tuple[Transaction, asyncio.Task[Any]]:
    """Return a payment whose goods are due, and its task."""
    due: asyncio.Future[Transaction] = asyncio.get_running_loop().create_future()

    def hear(notification: Notification) -> None:
        if isinstance(notification, TransactionChanged):
            one = notification.transaction
            if one.state is State.GOODS_DUE and not due.done():
                due.set_result(one)

    silence = bench.register.listen(hear)
    payment = bench.register.pay(asked)
    one = await due
    silence()
    return one, payment


async def said(bench: Bench, one: Transaction, *, handed_over: bool, why: str = "") -> Transaction:
    told = await bench.register.goods(one.id, handed_over=handed_over, why=why)
    assert isinstance(told, Transaction), told
    return told


async def refused(bench: Bench, number: str, *, handed_over: bool, why: str = "") -> NotStarted:
    told = await bench.register.goods(TransactionId(number), handed_over=handed_over, why=why)
    assert isinstance(told, NotStarted), told
    return told


@virtual_time
async def test_handed_over_is_on_disk_before_it_is_told_and_may_be_said_again(
    tmp_path: Path,
) -> None:
    bench = await ready(tmp_path)
    one, payment = await waiting(bench)
    assert (await bench.on_disk(one.id)).state is State.GOODS_DUE
    assert (await bench.on_disk(one.id)).order.until_goods
    assert not payment.done()
    told = await said(bench, one, handed_over=True)
    assert told.state is (await bench.on_disk(one.id)).state is State.APPROVED
    assert (await payment).state is State.APPROVED
    assert await said(bench, one, handed_over=True) == told
    why = (await refused(bench, one.id, handed_over=False)).why
    assert "handed over: staff may cancel it" in why
    await bench.register.replay()
    assert bench.terminal.cancelled == []


@pytest.mark.parametrize("how", ["failed", "silence", "staff"])
@virtual_time
async def test_whatever_else_ends_the_waiting_cancels_the_whole_payment(
    tmp_path: Path, how: str
) -> None:
    bench = await ready(tmp_path)
    began = asyncio.get_running_loop().time()
    one, payment = await waiting(bench, replace(UNTIL_GOODS, tip=order(200).amount))
    if how == "failed":
        told = await said(bench, one, handed_over=False, why="Jam in slot 7.")
        assert told.state is State.VOID_DUE
    elif how == "staff":
        assert isinstance(await bench.register.cancel(one.id), Transaction)
    ended = await payment
    assert ended.state is State.VOID_DUE
    waited = asyncio.get_running_loop().time() - began
    assert waited == (WAIT_S if how == "silence" else 0.0)
    late = await refused(bench, one.id, handed_over=True)
    assert late.refusal is Refusal.INVALID
    assert "hand nothing over" in late.why
    assert (await said(bench, one, handed_over=False)).state is State.VOID_DUE
    await bench.register.replay()
    assert [number for number, _ in bench.terminal.cancelled] == [one.id]
    cancelled = await bench.on_disk(one.id)
    assert cancelled.state is State.CANCELLED
    assert cancelled.charged == one.charged
    assert (await said(bench, one, handed_over=False)) == cancelled


@virtual_time
async def test_a_refused_cancellation_needs_staff(tmp_path: Path) -> None:
    bench = await ready(tmp_path)
    bench.terminal.always = CancelVerdict.REFUSED
    one, payment = await waiting(bench)
    await payment
    await bench.register.replay()
    assert (await bench.on_disk(one.id)).state is State.NEEDS_STAFF


@virtual_time
async def test_the_terminal_stays_busy_and_nobody_can_give_up(tmp_path: Path) -> None:
    bench = await ready(tmp_path)
    one, payment = await waiting(bench)
    assert bench.register.goods_due() == (one,)
    before = bench.register.running, bench.register.answer_due_s
    assert before == (True, WAIT_S)
    assert (await bench.refused()).refusal is Refusal.BUSY
    assert bench.register.in_flight is None
    await bench.register.give_up()
    assert (await bench.on_disk(one.id)).state is State.GOODS_DUE
    await said(bench, one, handed_over=True)
    await payment
    assert (bench.register.running, bench.register.answer_due_s) == (False, None)
    assert (await bench.pay()).state is State.APPROVED


@virtual_time
async def test_who_gives_up_before_the_approval_gets_no_goods(tmp_path: Path) -> None:
    bench = await ready(tmp_path)
    ended = await bench.pay(UNTIL_GOODS, rehearsal=True)
    assert ended.state is State.VOID_DUE


@virtual_time
async def test_a_payment_that_does_not_wait_is_not_ended_by_a_word(tmp_path: Path) -> None:
    bench = await ready(tmp_path)
    one = await bench.pay()
    for handed_over in (True, False):
        assert "does not wait" in (await refused(bench, one.id, handed_over=handed_over)).why
    assert (await bench.on_disk(one.id)).state is State.APPROVED
    assert (
        "not in this journal" in (await refused(bench, "20260101120000000", handed_over=True)).why
    )
    number = "4111 1111 1111 1111"
    assert "card number" in (await refused(bench, one.id, handed_over=False, why=number)).why


@virtual_time
async def test_nothing_is_handed_over_before_the_approval(tmp_path: Path) -> None:
    bench = await ready(tmp_path)
    told: list[NotStarted] = []

    async def answer() -> Any:
        number = bench.terminal.paid[-1]
        told.append(await refused(bench, number, handed_over=True))
        told.append(await refused(bench, number, handed_over=False))
        return (await ready(tmp_path / "other")).terminal.answer

    (tmp_path / "other").mkdir()
    bench.terminal.answer = answer
    one, payment = await waiting(bench)
    assert ["not approved yet" in one.why for one in told] == [True, True]
    await said(bench, one, handed_over=True)
    await payment


@pytest.mark.parametrize("operation", [Operation.PREAUTHORIZATION, Operation.REFUND])
@virtual_time
async def test_only_a_sale_is_taken_until_goods(tmp_path: Path, operation: Operation) -> None:
    bench = await ready(tmp_path)
    asked = replace(order(operation=operation), until_goods=True)
    assert "hands nothing over" in (await bench.refused(asked)).why


# -- the disk ------------------------------------------------------------------------------------


def _refuse(monkeypatch: pytest.MonkeyPatch, store: Store, *, keeps: bool) -> None:
    """Let the next commit of an event be answered with an error; `keeps`: it is on disk all the same."""
    real: Callable[..., None] = store.record

    def record(*given: Any) -> None:
        monkeypatch.setattr(store, "record", real)
        if keeps:
            real(*given)
        raise JournalUnavailableError("The disk is full.")

    monkeypatch.setattr(store, "record", record)


@pytest.mark.parametrize("keeps", [False, True])
@pytest.mark.parametrize("then", ["again", "failed", "silence"])
@virtual_time
async def test_what_the_disk_refuses_was_not_handed_over_and_the_time_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keeps: bool, then: str
) -> None:
    bench = await ready(tmp_path)
    one, payment = await waiting(bench)
    _refuse(monkeypatch, bench.store, keeps=keeps)
    assert (await refused(bench, one.id, handed_over=True)).refusal is Refusal.JOURNAL
    assert not payment.done()
    assert bench.register.readiness.obstacle is Obstacle.JOURNAL
    await bench.register.look()
    assert not payment.done()
    if then == "again":
        assert (await said(bench, one, handed_over=True)).state is State.APPROVED
    elif then == "failed":
        assert (await said(bench, one, handed_over=False)).state is State.VOID_DUE
    ended = await payment
    wanted = State.APPROVED if then == "again" else State.VOID_DUE
    assert ended.state is (await bench.on_disk(one.id)).state is wanted


@pytest.mark.parametrize("keeps", [False, True])
@virtual_time
async def test_an_approval_that_the_disk_refuses_waits_for_no_goods(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keeps: bool
) -> None:
    bench = await ready(tmp_path)
    bench.terminal.on_pay = lambda _: _refuse(monkeypatch, bench.store, keeps=keeps)
    assert (await bench.pay(UNTIL_GOODS)).state is State.VOID_DUE


@pytest.mark.parametrize("keeps", [False, True])
@virtual_time
async def test_staff_s_cancellation_begins_whatever_the_disk_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keeps: bool
) -> None:
    bench = await ready(tmp_path)
    one, payment = await waiting(bench)
    _refuse(monkeypatch, bench.store, keeps=keeps)
    told = await bench.register.cancel(one.id)
    assert isinstance(told, Transaction)
    assert told.state is (await payment).state is State.VOID_DUE
    await bench.register.replay()
    assert (await bench.on_disk(one.id)).state is State.CANCELLED
    assert not bench.register.behind


@virtual_time
async def test_what_the_disk_does_not_know_yet_is_told_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = await ready(tmp_path)
    one, payment = await waiting(bench)

    def refuse(*_given: Any) -> None:
        raise JournalUnavailableError("The disk is full.")

    monkeypatch.setattr(bench.store, "record", refuse)
    assert (await said(bench, one, handed_over=False)).state is State.VOID_DUE
    await payment
    await bench.register.due_once(one.id)
    assert (await bench.on_disk(one.id)).state is State.GOODS_DUE
    assert (await said(bench, one, handed_over=False)).state is State.CANCELLED
    assert (await refused(bench, one.id, handed_over=True)).refusal is Refusal.JOURNAL


# -- restarts ------------------------------------------------------------------------------------


async def restarted(folder: Path, bench: Bench) -> Bench:
    """Return what the next process is, on the same journal, after this one was killed."""
    await bench.register.close(0.0)
    bench.store.close()
    return await ready(folder, timeouts=Timeouts(), terminal=bench.terminal)


@virtual_time
async def test_a_restart_gives_the_time_anew_and_silence_cancels_then(tmp_path: Path) -> None:
    bench = await ready(tmp_path)
    one, _ = await waiting(bench)
    bench = await restarted(tmp_path, bench)
    assert (await bench.on_disk(one.id)).state is State.GOODS_DUE_AGAIN
    assert bench.register.readiness.obstacle is Obstacle.GOODS_DUE
    assert bench.register.running
    assert (await bench.refused()).refusal is Refusal.BUSY
    await asyncio.sleep(WAIT_S - 1)
    assert (await bench.on_disk(one.id)).state is State.GOODS_DUE_AGAIN
    await asyncio.sleep(2)
    assert (await bench.on_disk(one.id)).state is State.VOID_DUE
    await bench.register.replay()
    assert (await bench.on_disk(one.id)).state is State.CANCELLED
    assert bench.register.readiness.open


@virtual_time
async def test_after_a_restart_they_may_still_be_handed_over(tmp_path: Path) -> None:
    bench = await ready(tmp_path)
    one, _ = await waiting(bench)
    bench = await restarted(tmp_path, bench)
    assert (await said(bench, one, handed_over=True)).state is State.APPROVED
    await asyncio.sleep(2 * WAIT_S)
    assert (await bench.on_disk(one.id)).state is State.APPROVED
    assert bench.register.readiness.open


@virtual_time
async def test_the_second_restart_cancels(tmp_path: Path) -> None:
    bench = await ready(tmp_path)
    one, _ = await waiting(bench)
    bench = await restarted(tmp_path, await restarted(tmp_path, bench))
    assert (await bench.on_disk(one.id)).state is State.VOID_DUE
    assert (await refused(bench, one.id, handed_over=True)).refusal is Refusal.INVALID
    await bench.register.replay()
    assert (await bench.on_disk(one.id)).state is State.CANCELLED


@virtual_time
async def test_recovery_stays_until_silence_has_cancelled(tmp_path: Path) -> None:
    bench = await ready(tmp_path)
    one, _ = await waiting(bench)
    bench = await restarted(tmp_path, bench)
    await bench.register.recover()
    assert (await bench.on_disk(one.id)).state is State.CANCELLED
