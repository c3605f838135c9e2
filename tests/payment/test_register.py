"""The register at its edges: what it refuses, what it survives, what its clocks promise."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, timedelta
from pathlib import Path

import pytest
from support.fakes import LOST, NO, PLACE, YES, Bench, after, order, ready
from support.virtual import run, virtual_time

from kiosk_tui.domain.identity import Original, TransactionId
from kiosk_tui.domain.journal_errors import JournalConflictError, JournalUnavailableError
from kiosk_tui.domain.lifecycle import Event, State
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.outcome import CancelVerdict, PaymentOutcome, TerminalState
from kiosk_tui.domain.transaction import ExchangeKind, Transaction
from kiosk_tui.payment.clock import SystemClock
from kiosk_tui.payment.flow import NotStarted, Refusal
from kiosk_tui.payment.notifications import ReadinessChanged
from kiosk_tui.payment.policy import OptionalRequests, Timeouts


def _refuse(*_: object, **__: object) -> None:
    raise JournalUnavailableError("The journal cannot be used: database or disk is full.")


def test_the_machines_clock_is_aware_and_its_other_one_never_goes_back() -> None:
    clock = SystemClock()
    assert clock.now().tzinfo is UTC
    first = clock.monotonic()
    assert clock.monotonic() >= first


@virtual_time
async def test_a_second_payment_on_the_flow_itself_is_refused_while_the_line_is_held(
    tmp_path: Path,
) -> None:
    bench = await ready(tmp_path)
    async with bench.register._flow._line:
        refused = await bench.register._flow.pay(order())
    assert isinstance(refused, NotStarted)
    assert refused.refusal is Refusal.BUSY
    assert bench.terminal.paid == []


@virtual_time
async def test_what_is_in_flight_and_the_time_left_are_told_only_while_an_answer_is_awaited(
    tmp_path: Path,
) -> None:
    bench = Bench(tmp_path, timeouts=Timeouts(answer_s=100.0, give_up_s=30.0))
    register = bench.register
    seen: list[float | None] = []

    async def answer() -> PaymentOutcome:
        await asyncio.sleep(40)
        assert register.in_flight is not None
        assert register.in_flight.id == bench.terminal.paid[0]
        seen.append(register.answer_due_s)
        await register.give_up()
        seen.append(register.answer_due_s)
        await asyncio.sleep(20)
        await register.give_up()  # twice changes nothing
        seen.append(register.answer_due_s)
        return NO

    bench.terminal.answer = answer
    await register.look()
    assert register.answer_due_s is None
    assert register.in_flight is None
    ended = await register.pay(order())
    assert seen == [60.0, 30.0, 10.0]
    assert register.answer_due_s is None
    assert register.in_flight is None
    assert isinstance(ended, Transaction)
    assert ended.state is State.DECLINED


@virtual_time
async def test_giving_up_late_does_not_lengthen_the_wait(tmp_path: Path) -> None:
    bench = Bench(tmp_path, timeouts=Timeouts(answer_s=100.0, give_up_s=30.0))
    left: list[float | None] = []

    async def answer() -> PaymentOutcome:
        await asyncio.sleep(90)
        await bench.register.give_up()
        left.append(bench.register.answer_due_s)
        return NO

    bench.terminal.answer = answer
    await bench.register.look()
    await bench.register.pay(order())
    assert left == [10.0]


@virtual_time
async def test_an_abort_is_left_out_while_the_disk_refuses_and_the_payment_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Bench(tmp_path, optional_requests=OptionalRequests(abort=True, status_query=True))

    async def answer() -> PaymentOutcome:
        monkeypatch.setattr(bench.store, "open_exchange", _refuse)
        await asyncio.sleep(10)
        await bench.register.give_up()
        monkeypatch.undo()
        return NO

    bench.terminal.answer = answer
    await bench.register.look()
    ended = await bench.pay()
    assert ended.state is State.DECLINED
    assert (bench.terminal.statuses, bench.terminal.aborts) == (3, 0)


@virtual_time
async def test_what_came_of_a_courtesy_may_get_lost_with_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Bench(tmp_path)
    bench.terminal.on_abort = lambda: monkeypatch.setattr(bench.store, "close_exchange", _refuse)

    async def answer() -> PaymentOutcome:
        await bench.register.give_up()
        return NO

    bench.terminal.answer = answer
    await bench.register.look()
    ended = await bench.pay()
    assert ended.state is State.DECLINED
    assert bench.terminal.aborts == 1


@virtual_time
async def test_a_late_approval_of_what_was_cancelled_meanwhile_changes_nothing(
    tmp_path: Path,
) -> None:
    bench = Bench(tmp_path, timeouts=Timeouts(answer_s=10.0))

    bench.terminal.answer = after(60, YES)
    await bench.register.start()
    ended = await bench.pay()
    await asyncio.sleep(120)
    assert (await bench.on_disk(ended.id)).state is State.CANCELLED
    await bench.register.close(0)


@virtual_time
async def test_a_line_that_was_stopped_on_our_side_is_no_answer(tmp_path: Path) -> None:
    bench = Bench(tmp_path)

    async def answer() -> PaymentOutcome:
        raise asyncio.CancelledError

    bench.terminal.answer = answer
    await bench.register.look()
    ended = await bench.pay()
    assert ended.state is State.CANCEL_DUE
    assert "stopped on our side" in ended.why


class TestCancellations:
    @virtual_time
    async def test_of_another_terminals_payment_breaks_a_limit_or_the_disk_and_nothing_is_due(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        bench = await ready(tmp_path)
        elsewhere = Original(TransactionId("77"), PLACE)
        wrong = order(0, Operation.CANCELLATION)
        refused = await bench.register.cancel_elsewhere(wrong)
        assert isinstance(refused, NotStarted)
        assert refused.refusal is Refusal.INVALID
        right = order(500, Operation.CANCELLATION)
        object.__setattr__(right, "original", elsewhere)
        monkeypatch.setattr(bench.store, "begin_cancellation", _refuse)
        refused = await bench.register.cancel_elsewhere(right)
        assert isinstance(refused, NotStarted)
        assert refused.refusal is Refusal.JOURNAL
        assert bench.register.due == ()
        assert not bench.register.readiness.open

    @virtual_time
    async def test_wait_when_the_disk_refuses_and_the_spare_ids_are_used_up(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        bench = await ready(tmp_path)
        bench.terminal.answer = LOST
        ended = await bench.pay()
        monkeypatch.setattr(bench.store, "open_exchange", _refuse)
        monkeypatch.setattr(bench.store, "spare_id", lambda: None)
        await bench.register.due_once(ended.id)
        assert bench.terminal.cancelled == []
        wait = bench.register.next_attempt_in_s
        assert wait is not None
        assert wait > 0
        monkeypatch.undo()
        await asyncio.sleep(wait)
        await bench.register.due_once(ended.id)
        assert (await bench.on_disk(ended.id)).state is State.CANCELLED

    @virtual_time
    async def test_are_not_asked_for_what_a_late_answer_ended_while_the_line_was_awaited(
        self, tmp_path: Path
    ) -> None:
        bench = await ready(tmp_path)
        bench.terminal.answer = LOST
        ended = await bench.pay()
        async with bench.register._flow._line:
            waiting = asyncio.create_task(bench.register.due_once(ended.id))
            await asyncio.sleep(0)
            await bench.register._ledger.change(ended.id, Event.CANCEL_CONFIRMED)
        await waiting
        assert bench.terminal.cancelled == []

    @virtual_time
    async def test_settling_says_whether_waiting_helps(self, tmp_path: Path) -> None:
        bench = Bench(tmp_path)
        assert not bench.register._recovery.settling


class TestStaff:
    @virtual_time
    async def test_cannot_settle_while_the_disk_refuses(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        bench = await ready(tmp_path)
        sold = await bench.pay(operation=Operation.REFUND)
        monkeypatch.setattr(bench.store, "record", _refuse)
        refused = await bench.register.settle(sold.id, "note")
        assert isinstance(refused, NotStarted)
        assert refused.refusal is Refusal.INVALID  # it is approved: nothing to write
        monkeypatch.setattr(bench.store, "transaction", _refuse)
        refused = await bench.register.settle(sold.id, "note")
        assert isinstance(refused, NotStarted)
        assert refused.refusal is Refusal.JOURNAL

    @virtual_time
    async def test_are_told_when_a_transaction_is_not_in_this_journal(self, tmp_path: Path) -> None:
        bench = await ready(tmp_path)
        refused = await bench.register.cancel(TransactionId("42"))
        assert isinstance(refused, NotStarted)
        assert refused.why == "Transaction 42 is not in this journal."
        assert await bench.register.transaction(TransactionId("42")) is None


@virtual_time
async def test_a_look_can_be_asked_for_without_waiting_for_its_turn(tmp_path: Path) -> None:
    bench = Bench(tmp_path, timeouts=Timeouts(look_s=1000.0))
    await bench.register.start()
    heard: list[ReadinessChanged] = []
    bench.register.listen(
        lambda notification: (
            heard.append(notification) if isinstance(notification, ReadinessChanged) else None
        )
    )
    bench.terminal.reachable = False
    bench.register._watch.look_soon()
    await asyncio.sleep(1)
    assert heard
    assert not bench.register.readiness.open
    await bench.register.close(0)


@virtual_time
async def test_a_duty_that_fails_is_taken_up_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Bench(tmp_path, timeouts=Timeouts(look_s=10.0, look_again_s=5.0))
    await bench.register.start()

    async def broken() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(bench.terminal, "probe", broken)
    await asyncio.sleep(60)
    monkeypatch.undo()
    bench.terminal.reachable = False
    await asyncio.sleep(60)
    assert not bench.register.readiness.open
    await bench.register.close(0)


@virtual_time
async def test_the_disk_shows_something_that_no_refused_write_can_have_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is guessed: the register closes, and says what does not fit."""
    bench = await ready(tmp_path)
    real = bench.store.record

    async def answer() -> PaymentOutcome:
        def refuse_and_meddle(*_: object) -> None:
            bench.store._connection.get().execute(
                "UPDATE transactions SET state = 'SETTLED', checksum = NULL"
            )
            monkeypatch.setattr(bench.store, "record", real)
            raise JournalUnavailableError("disk I/O error")

        monkeypatch.setattr(bench.store, "record", refuse_and_meddle)
        return YES

    bench.terminal.answer = answer
    await bench.register.pay(order())
    with pytest.raises(JournalConflictError, match="is not AUTHORIZING"):
        await bench.register._ledger.catch_up()


@virtual_time
async def test_nothing_is_asked_of_the_terminal_that_the_account_does_not_know(
    tmp_path: Path,
) -> None:
    bench = Bench(tmp_path, optional_requests=OptionalRequests(abort=False, status_query=True))
    bench.terminal.terminal_state = TerminalState.UNSUPPORTED

    async def answer() -> PaymentOutcome:
        await asyncio.sleep(30)
        await bench.register.give_up()
        return NO

    bench.terminal.answer = answer
    await bench.register.look()
    told = [bench.register.tells_steps]
    await bench.register.pay(order())
    assert [*told, bench.register.tells_steps] == [True, False]
    assert (bench.terminal.statuses, bench.terminal.aborts) == (1, 0)
    exchange = await bench.journal.open_exchange(
        ExchangeKind.ABORT,
        PLACE,
        TransactionId(bench.terminal.paid[0]),
        bench.clock.now() + timedelta(days=1),
    )
    assert int(exchange.id) > int(bench.terminal.paid[0])


@pytest.mark.parametrize("turns", range(5))
@virtual_time
async def test_an_answer_that_overtakes_giving_up_still_ends_in_the_customers_sense(
    tmp_path: Path, turns: int
) -> None:
    bench = Bench(tmp_path)
    giving_up: list[asyncio.Task[None]] = []

    async def answer() -> PaymentOutcome:
        giving_up.append(asyncio.create_task(bench.register.give_up()))
        for _ in range(turns):
            await asyncio.sleep(0)
        return YES

    bench.terminal.answer = answer
    await bench.register.look()
    ended = await bench.register.pay(order())
    await giving_up[0]
    assert isinstance(ended, Transaction)
    assert ended.state is State.VOID_DUE


@virtual_time
async def test_a_late_approval_of_what_is_being_voided_already_changes_nothing(
    tmp_path: Path,
) -> None:
    bench = Bench(tmp_path, timeouts=Timeouts(answer_s=10.0))

    bench.terminal.answer = after(60, YES)
    await bench.register.look()
    ended = await bench.pay()
    bench.register._ledger._know(replace(ended, state=State.VOID_DUE))
    await asyncio.sleep(120)
    assert [one.state for one in bench.register.due] == [State.VOID_DUE]


@virtual_time
async def test_what_has_ended_in_memory_only_is_not_taken_up_as_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = await ready(tmp_path)
    bench.terminal.answer = LOST
    ended = await bench.pay()
    monkeypatch.setattr(bench.store, "record", _refuse)
    await bench.register.due_once(ended.id)
    assert bench.register.behind
    monkeypatch.undo()
    await bench.register._recovery.take_up(
        bench.register._flow.abort, bench.register._goods.take_up
    )
    assert bench.register.due == ()
    assert (await bench.on_disk(ended.id)).state is State.CANCELLED


@virtual_time
async def test_how_a_transaction_stands_is_unknown_while_the_journal_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = await ready(tmp_path)
    sold = await bench.pay()
    monkeypatch.setattr(bench.store, "transaction", _refuse)
    assert await bench.register.due_once(sold.id) is None


@virtual_time
async def test_a_payment_runs_until_its_outcome_is_on_disk(tmp_path: Path) -> None:
    bench = await ready(tmp_path)
    assert not bench.register.running
    payment = bench.register.pay(order())
    seen = bench.register.running
    await payment
    assert (seen, bench.register.running) == (True, False)


@virtual_time
async def test_staffs_cancellation_says_who_asked_and_is_not_settled_by_not_found_at_once(
    tmp_path: Path,
) -> None:
    bench = await ready(tmp_path, timeouts=Timeouts(settle_s=240.0))
    bench.terminal.always = CancelVerdict.ORIGINAL_NOT_FOUND
    sold = await bench.pay()
    assert (await bench.on_disk(sold.id)).answer == YES.answer
    asked = await bench.register.cancel(sold.id)
    assert isinstance(asked, Transaction)
    assert asked.why == "Cancellation asked for by staff."
    assert (await bench.on_disk(sold.id)).why == asked.why
    await bench.register.due_once(sold.id)
    assert (await bench.on_disk(sold.id)).state is State.VOID_DUE
    await asyncio.sleep(600)
    await bench.register.due_once(sold.id)
    assert (await bench.on_disk(sold.id)).state is State.NEEDS_STAFF
    again = await bench.register.cancel(sold.id)
    assert isinstance(again, NotStarted)
    assert again.refusal is Refusal.INVALID


@virtual_time
async def test_a_refusal_of_the_disk_is_told_in_the_disks_own_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = await ready(tmp_path)
    sold = await bench.pay()
    monkeypatch.setattr(bench.store, "record", _refuse)
    refused = await bench.register.cancel(sold.id)
    assert isinstance(refused, NotStarted)
    assert refused.why == "The journal cannot be used: database or disk is full."
    assert bench.register.readiness.why == refused.why


@virtual_time
async def test_closing_waits_for_a_running_payment_no_longer_than_it_is_told(
    tmp_path: Path,
) -> None:
    bench = Bench(tmp_path)

    bench.terminal.answer = after(100, YES)
    await bench.register.start()
    payment = bench.register.pay(order())
    await asyncio.sleep(1)
    before = bench.clock.monotonic()
    await bench.register.close(5.0)
    assert bench.clock.monotonic() - before == 5.0
    assert payment.cancelled()
    (left,) = await bench.journal.in_states([State.AUTHORIZING])
    assert left.id == bench.terminal.paid[0]
    await asyncio.sleep(200)
    assert (await bench.on_disk(left.id)).state is State.AUTHORIZING  # nothing goes on


@virtual_time
async def test_giving_up_before_the_payment_is_under_way_is_not_forgotten(tmp_path: Path) -> None:
    bench = await ready(tmp_path, timeouts=Timeouts(answer_s=100.0, give_up_s=30.0))
    go = asyncio.Event()

    async def answer() -> PaymentOutcome:
        await go.wait()
        return YES

    bench.terminal.answer = answer
    bench.terminal.on_abort = go.set
    payment = bench.register.pay(order())
    bench.register.give_up_soon()  # the request is not even on the disk
    ended = await payment
    assert isinstance(ended, Transaction)
    assert ended.state is State.VOID_DUE
    await bench.register.close(0)


@virtual_time
async def test_a_retired_register_finishes_what_runs_and_begins_nothing_more(
    tmp_path: Path,
) -> None:
    bench = await ready(tmp_path)
    go_on = asyncio.Event()

    async def answer() -> PaymentOutcome:
        await go_on.wait()
        return YES

    bench.terminal.answer = answer
    running = bench.register.pay(order())
    await bench.register._flow.under_way.wait()
    bench.register.retire("The register was taken over.")
    go_on.set()
    paid = await running
    assert isinstance(paid, Transaction)
    assert paid.state is State.APPROVED
    refused = await bench.register.pay(order())
    assert refused == NotStarted(Refusal.CLOSED, "The register was taken over.")
    assert bench.terminal.paid == [paid.id]


def test_a_listener_that_fails_breaks_no_payment_and_keeps_nobody_else_from_hearing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def case() -> None:
        bench = Bench(tmp_path)
        heard: list[object] = []

        def fails(_news: object) -> None:
            raise RuntimeError("a screen's fault")

        bench.register.listen(fails)
        unlisten = bench.register.listen(heard.append)
        await bench.register.look()
        assert isinstance(paid := await bench.pay(100), Transaction)
        assert paid.state is State.APPROVED
        assert len(heard) >= 3
        unlisten()
        known = len(heard)
        await bench.pay(100)
        assert len(heard) == known

    run(case())
    assert "could not be told" in caplog.text
