"""Due cancellations: replayed through restarts until TECS has answered each one."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from support.fakes import LOST, YES, Bench, FakeTerminal, after, order, ready
from support.virtual import VirtualClock, run, virtual_time

from kiosk_tui.domain.identity import Original, Place, TransactionId
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.outcome import CancelVerdict, PaymentOutcome
from kiosk_tui.domain.transaction import Order, Transaction
from kiosk_tui.payment.flow import NotStarted
from kiosk_tui.payment.policy import Exposure, Timeouts, pause
from kiosk_tui.payment.readiness import Obstacle

UNANSWERED = CancelVerdict.UNANSWERED
NOT_FOUND = CancelVerdict.ORIGINAL_NOT_FOUND


def _restarted(folder: Path, bench: Bench) -> Bench:
    """Another process on the same file: the old one was killed, its store left as it was."""
    bench.store.close()
    return Bench(folder, terminal=bench.terminal, clock=bench.clock)


async def _left_waiting(bench: Bench) -> str:
    """Start a payment and leave it in the middle, as a power cut does."""

    bench.terminal.answer = after(100_000, YES)
    await bench.register.look()
    bench.register.pay(order())
    await asyncio.sleep(1)
    return bench.terminal.paid[-1]


@virtual_time
async def test_a_payment_cut_by_a_restart_is_aborted_and_cancelled(tmp_path: Path) -> None:
    first = Bench(tmp_path)
    lost = await _left_waiting(first)
    second = _restarted(tmp_path, first)
    await second.register.look()
    assert (await second.on_disk(lost)).state is State.CANCEL_DUE
    assert second.register.readiness.obstacle is Obstacle.CANCELLATION_DUE
    assert second.terminal.aborts == 1
    await second.register.replay()
    assert (await second.on_disk(lost)).state is State.CANCELLED
    assert second.register.readiness.open
    assert second.terminal.paid == [lost]  # never sent again


@virtual_time
async def test_a_due_cancellation_goes_on_where_it_was_after_a_restart(tmp_path: Path) -> None:
    first = Bench(tmp_path)
    lost = await _left_waiting(first)
    second = _restarted(tmp_path, first)
    second.terminal.always = UNANSWERED
    await second.register.start()
    await asyncio.sleep(60)
    await second.register.close(0)
    attempts = (await second.on_disk(lost)).attempts
    assert attempts >= 4
    third = _restarted(tmp_path, second)
    third.terminal.cancelled.clear()
    await third.register.start()
    await asyncio.sleep(1)
    assert len(third.terminal.cancelled) == 1  # at once
    there = await third.on_disk(lost)
    assert there.attempts == attempts + 1  # and counted on
    assert there.next_attempt_at is not None
    await asyncio.sleep(20)
    assert len(third.terminal.cancelled) == 1  # the pause did not begin anew
    await third.register.close(0)


def test_the_pause_doubles_up_to_its_limit_and_is_spread() -> None:
    timeouts = Timeouts()
    assert [pause(n, timeouts, 0.5) for n in range(4)] == [2, 4, 8, 16]
    assert pause(50, timeouts, 0.5) == 300
    assert pause(50, timeouts, 0.0) == 225
    assert pause(50, timeouts, 1.0) == 375


class TestNotFound:
    @virtual_time
    async def test_it_is_not_believed_inside_the_settle_window(self, tmp_path: Path) -> None:
        bench = Bench(tmp_path)
        bench.terminal.answer = LOST
        bench.terminal.always = NOT_FOUND
        await bench.register.start()
        ended = await bench.pay()
        await asyncio.sleep(235)
        assert (await bench.on_disk(ended.id)).state is State.CANCEL_DUE
        bench.terminal.always = CancelVerdict.CONFIRMED  # the charge landed late after all
        await asyncio.sleep(300)
        assert (await bench.on_disk(ended.id)).state is State.CANCELLED
        await bench.register.close(0)

    @virtual_time
    async def test_it_is_believed_when_asked_after_the_window(self, tmp_path: Path) -> None:
        bench = Bench(tmp_path)
        bench.terminal.answer = LOST
        bench.terminal.always = NOT_FOUND
        await bench.register.start()
        ended = await bench.pay()
        await asyncio.sleep(700)
        assert (await bench.on_disk(ended.id)).state is State.NOTHING_TO_CANCEL
        last = bench.terminal.cancelled[-1][1]
        assert last >= 240
        assert all(at < 240 for _, at in bench.terminal.cancelled[:-1])
        await bench.register.close(0)

    def test_what_counts_is_when_it_was_asked_not_when_it_was_answered(
        self, tmp_path: Path
    ) -> None:
        class Slow(FakeTerminal):
            async def cancel(self, *args: object) -> object:  # type: ignore[override]
                outcome = await super().cancel(*args)  # type: ignore[arg-type]
                await asyncio.sleep(250)
                return outcome

        async def main() -> None:
            bench = Bench(tmp_path, terminal=Slow())
            bench.terminal.answer = LOST
            bench.terminal.cancellations = [NOT_FOUND]
            await bench.register.look()
            ended = await bench.pay()
            await bench.register.replay()
            assert bench.clock.monotonic() > 240
            assert (await bench.on_disk(ended.id)).state is State.CANCEL_DUE

        run(main())

    @virtual_time
    async def test_the_window_starts_anew_after_a_restart_even_when_the_clock_jumped(
        self, tmp_path: Path
    ) -> None:
        clock = VirtualClock()
        first = Bench(tmp_path, clock=clock)
        lost = await _left_waiting(first)
        clock.jump(timedelta(days=400))
        second = _restarted(tmp_path, first)
        second.terminal.always = NOT_FOUND
        await second.register.start()
        await asyncio.sleep(200)
        assert (await second.on_disk(lost)).state is State.CANCEL_DUE
        await asyncio.sleep(500)
        assert (await second.on_disk(lost)).state is State.NOTHING_TO_CANCEL
        await second.register.close(0)

    @virtual_time
    async def test_for_an_approved_charge_it_is_a_case_for_staff(self, tmp_path: Path) -> None:
        bench = Bench(tmp_path)
        await bench.register.start()
        sold = await bench.pay()
        bench.terminal.always = NOT_FOUND
        await bench.register.cancel(sold.id)
        await asyncio.sleep(700)
        assert (await bench.on_disk(sold.id)).state is State.NEEDS_STAFF
        await bench.register.close(0)


@virtual_time
async def test_several_are_replayed_oldest_first_and_a_refused_one_blocks_none(
    tmp_path: Path,
) -> None:
    bench = await ready(tmp_path, exposure=Exposure(10, 1_000_000))
    bench.terminal.answer = LOST
    lost = [(await bench.pay(100 + n)).id for n in range(4)]
    bench.terminal.cancellations = [
        CancelVerdict.CONFIRMED,
        CancelVerdict.REFUSED,
        UNANSWERED,
        CancelVerdict.ORIGINAL_DECLINED,
    ]
    await bench.register.replay()
    assert [one for one, _ in bench.terminal.cancelled] == lost
    states = [(await bench.on_disk(one)).state for one in lost]
    assert states == [
        State.CANCELLED,
        State.NEEDS_STAFF,
        State.CANCEL_DUE,
        State.NOTHING_TO_CANCEL,
    ]


@virtual_time
async def test_a_cancellation_that_fails_inside_the_register_blocks_none(tmp_path: Path) -> None:
    bench = await ready(tmp_path, exposure=Exposure(10, 1_000_000))
    bench.terminal.answer = LOST
    first, second = (await bench.pay(100)).id, (await bench.pay(200)).id

    def fail(transaction: Transaction) -> None:
        if transaction.id == first:
            raise ZeroDivisionError

    bench.terminal.on_cancel = fail
    await bench.register.replay()
    assert (await bench.on_disk(first)).state is State.CANCEL_DUE
    assert (await bench.on_disk(second)).state is State.CANCELLED


@virtual_time
async def test_a_lost_refund_that_cannot_be_cancelled_goes_to_staff_who_settle_it(
    tmp_path: Path,
) -> None:
    bench = await ready(tmp_path)
    bench.terminal.answer = LOST
    bench.terminal.always = CancelVerdict.REFUSED
    refund = await bench.pay(500, Operation.REFUND)
    await bench.register.replay()
    assert [one.id for one in await bench.register.needs_staff()] == [refund.id]
    settled = await bench.register.settle(refund.id, "Paid back in cash, Anna")
    assert isinstance(settled, Transaction)
    there = await bench.on_disk(refund.id)
    assert (there.state, there.note) == (State.SETTLED, "Paid back in cash, Anna")
    again = await bench.register.settle(refund.id, "Twice")
    assert isinstance(again, NotStarted)
    assert (await bench.on_disk(refund.id)).note == "Paid back in cash, Anna"


@virtual_time
async def test_the_attempts_come_faster_again_when_the_server_is_back(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.terminal.answer = LOST
    bench.terminal.always = UNANSWERED
    await bench.register.start()
    ended = await bench.pay()
    await asyncio.sleep(2000)
    bench.terminal.reachable = False
    await asyncio.sleep(40)
    bench.terminal.always = CancelVerdict.CONFIRMED
    bench.terminal.cancelled.clear()
    bench.terminal.reachable = True
    await asyncio.sleep(6)
    assert (await bench.on_disk(ended.id)).state is State.CANCELLED
    assert bench.register.readiness.open
    await bench.register.close(0)


@virtual_time
async def test_an_answer_overtaken_by_a_late_approval_is_asked_for_again(tmp_path: Path) -> None:
    bench = Bench(tmp_path, timeouts=Timeouts(answer_s=10, settle_s=0))
    late: asyncio.Event = asyncio.Event()
    answered: list[float] = []

    async def answer() -> PaymentOutcome:
        await late.wait()
        return YES

    class Overtaken(FakeTerminal):
        async def cancel(self, *args: object) -> object:  # type: ignore[override]
            outcome = await super().cancel(*args)  # type: ignore[arg-type]
            late.set()
            await asyncio.sleep(1)
            answered.append(asyncio.get_running_loop().time())
            return outcome

    bench = Bench(tmp_path, timeouts=Timeouts(answer_s=10, settle_s=0), terminal=Overtaken())
    bench.terminal.answer = answer
    bench.terminal.cancellations = [NOT_FOUND]
    await bench.register.start()
    ended = await bench.pay()
    await asyncio.sleep(60)
    assert (await bench.on_disk(ended.id)).state is State.CANCELLED
    _, second = bench.terminal.cancelled
    assert second == (ended.id, answered[0])  # at once, not after a pause
    await bench.register.close(0)


@virtual_time
async def test_a_late_approval_begins_the_time_anew_in_which_not_found_is_not_believed(
    tmp_path: Path,
) -> None:
    bench = Bench(tmp_path, timeouts=Timeouts(answer_s=10, settle_s=60, cancel_most_s=5))

    bench.terminal.answer = after(50, YES)
    bench.terminal.always = UNANSWERED
    await bench.register.start()
    ended = await bench.pay()
    await asyncio.sleep(45)  # approved at 50, seen by the register
    bench.terminal.always = NOT_FOUND
    await asyncio.sleep(45)  # at 100: settled for the request, not for what came of it
    assert (await bench.on_disk(ended.id)).state is State.VOID_DUE
    assert bench.register._recovery.settling
    await asyncio.sleep(30)  # approved, and yet not found: nothing that a machine can settle
    settled = await bench.on_disk(ended.id)
    assert settled.state is State.NEEDS_STAFF
    await bench.register.close(0)


@virtual_time
async def test_what_is_found_after_all_is_not_settling_any_more(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.terminal.answer = LOST
    bench.terminal.cancellations = [NOT_FOUND, UNANSWERED]
    await bench.register.look()
    await bench.pay()
    recovery = bench.register._recovery
    await bench.register.replay()
    seen = [recovery.settling]
    recovery.hurry()
    await bench.register.replay()
    seen.append(recovery.settling)
    assert seen == [True, False]


@virtual_time
async def test_another_terminals_transaction_is_cancelled_through_restarts(tmp_path: Path) -> None:
    bench = await ready(tmp_path)
    bench.terminal.always = UNANSWERED
    original = Original(TransactionId("20261101120000123"), Place("11460019", "2"))
    base = order(900)
    asked = Order(
        operation=Operation.CANCELLATION,
        amount=base.amount,
        place=base.place,
        original=original,
    )
    begun = await bench.register.cancel_elsewhere(asked)
    assert isinstance(begun, Transaction)
    assert begun.cancels == original
    await bench.register.replay()
    again = _restarted(tmp_path, bench)
    again.terminal.always = NOT_FOUND
    await again.register.look()
    await again.register.replay()
    # nothing is under way that could still arrive: not found is final at once
    assert (await again.on_disk(begun.id)).state is State.NOTHING_TO_CANCEL


@pytest.mark.parametrize("state", [State.DECLINED, State.CANCELLED])
@virtual_time
async def test_only_an_approved_transaction_can_be_cancelled_by_staff(
    tmp_path: Path, state: State
) -> None:
    bench = await ready(tmp_path)
    if state is State.DECLINED:
        from support.fakes import NO  # noqa: PLC0415

        bench.terminal.answer = NO
    sold = await bench.pay()
    if state is State.CANCELLED:
        await bench.register.cancel(sold.id)
        await bench.register.replay()
    refused = await bench.register.cancel(sold.id)
    assert isinstance(refused, NotStarted)
    assert (await bench.on_disk(sold.id)).state is state


@virtual_time
async def test_every_id_on_the_wire_is_new_and_larger_although_the_clock_runs_back(
    tmp_path: Path,
) -> None:
    clock = VirtualClock()
    bench = await ready(tmp_path, clock=clock, exposure=Exposure(99, 10**9))
    bench.terminal.answer = LOST
    bench.terminal.always = UNANSWERED
    for _ in range(5):
        await bench.pay()
        clock.jump(timedelta(days=-30))
        await bench.register.replay()
    numbers = [int(one) for one in bench.terminal.wire]
    assert len(numbers) == 5 + 5 + 5  # payments, aborts, first cancellations
    assert numbers == sorted(set(numbers))


@virtual_time
async def test_an_abort_that_fails_inside_does_not_hold_up_the_cancellation(tmp_path: Path) -> None:
    def fails() -> None:
        raise RuntimeError

    bench = Bench(tmp_path)
    bench.terminal.answer, bench.terminal.on_abort = LOST, fails
    await bench.register.start()
    lost = await bench.pay()
    await asyncio.sleep(1)
    assert (await bench.on_disk(lost.id)).state is State.CANCELLED
    await bench.register.close(0)


@virtual_time
async def test_recovering_waits_until_not_found_can_be_believed(tmp_path: Path) -> None:
    bench = await ready(tmp_path)
    bench.terminal.answer = LOST
    bench.terminal.always = CancelVerdict.ORIGINAL_NOT_FOUND
    lost = await bench.pay()
    await bench.register.recover()
    assert bench.clock.monotonic() > Timeouts().settle_s
    assert (await bench.on_disk(lost.id)).state is State.NOTHING_TO_CANCEL


@virtual_time
async def test_recovering_waits_for_nothing_that_is_only_unanswered(tmp_path: Path) -> None:
    bench = await ready(tmp_path)
    bench.terminal.answer = LOST
    bench.terminal.always = CancelVerdict.UNANSWERED
    lost = await bench.pay()
    await bench.register.recover()
    assert [one.id for one in bench.register.due] == [lost.id]
    assert (await bench.on_disk(lost.id)).attempts == 1


@virtual_time
async def test_a_retry_waits_neither_for_the_next_attempt_nor_for_the_next_look(
    tmp_path: Path,
) -> None:
    bench = Bench(tmp_path)
    bench.terminal.answer = LOST
    bench.terminal.always = CancelVerdict.UNANSWERED
    await bench.register.start()
    lost = await bench.pay()
    await asyncio.sleep(3600)  # until the pause between two attempts is long
    bench.terminal.always = CancelVerdict.CONFIRMED
    bench.register.retry()
    await asyncio.sleep(0.001)
    assert (await bench.on_disk(lost.id)).state is State.CANCELLED
    assert bench.register.signs().looked_s < 0.01
    await bench.register.close(0)
