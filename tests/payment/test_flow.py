"""One payment: on disk before on the wire, and told only when its outcome is on disk."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from support.fakes import LOST, NO, YES, after, order, ready
from support.opened import opened
from support.virtual import run, virtual_time

from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.outcome import (
    AbortVerdict,
    CancelVerdict,
    NotSent,
    PaymentOutcome,
    TerminalState,
)
from kiosk_tui.domain.transaction import Exchange, Transaction
from kiosk_tui.journal.reader import Reader
from kiosk_tui.payment.flow import NotStarted, Refusal
from kiosk_tui.payment.notifications import Notification, TerminalTold, TransactionChanged
from kiosk_tui.payment.policy import OptionalRequests


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (YES, State.APPROVED),
        (NO, State.DECLINED),
        (NotSent("no connection"), State.NOT_SENT),
        (LOST, State.CANCEL_DUE),
    ],
)
@virtual_time
async def test_each_outcome_of_a_request_leads_to_its_state_on_disk(
    tmp_path: Path, answer: PaymentOutcome, state: State
) -> None:
    bench = await ready(tmp_path)
    bench.terminal.answer = answer
    ended = await bench.pay()
    assert ended.state is state
    assert (await bench.on_disk(ended.id)).state is state


def test_the_transaction_is_on_disk_before_its_request_leaves(tmp_path: Path) -> None:
    seen: list[State] = []

    async def main() -> None:
        bench = await ready(tmp_path)

        def look(exchange: Exchange) -> None:
            reader = Reader(tmp_path / "journal.db")
            found = reader.transaction(exchange.id)
            assert found is not None
            assert [one.id for one in reader.exchanges(exchange.id)] == [exchange.id]
            seen.append(found.state)
            reader.close()

        bench.terminal.on_pay = look
        await bench.pay()

    run(main())
    assert seen == [State.AUTHORIZING]


def test_nobody_is_told_of_an_approval_that_is_not_on_disk(tmp_path: Path) -> None:
    told: list[State] = []

    async def main() -> None:
        bench = await ready(tmp_path)

        def hear(notification: Notification) -> None:
            if isinstance(notification, TransactionChanged):
                reader = Reader(tmp_path / "journal.db")
                found = reader.transaction(notification.transaction.id)
                reader.close()
                assert found is not None
                assert found.state is notification.transaction.state
                told.append(found.state)

        bench.register.listen(hear)
        await bench.pay()

    run(main())
    assert told == [State.AUTHORIZING, State.APPROVED]


@virtual_time
async def test_an_approval_that_the_disk_refuses_is_cancelled_at_once_and_recorded_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = await ready(tmp_path)
    real = bench.store.record, bench.store.open_exchange, bench.store.check_writable

    def refuse(*_: object, **__: object) -> None:
        raise JournalUnavailableError("The disk is full.")

    def fill(_: Exchange) -> None:
        for name in ("record", "open_exchange", "check_writable"):
            monkeypatch.setattr(bench.store, name, refuse)

    bench.terminal.on_pay = fill
    told: list[State] = []
    bench.register.listen(
        lambda notification: (
            told.append(notification.transaction.state)
            if isinstance(notification, TransactionChanged)
            else None
        )
    )
    ended = await bench.pay()
    assert ended.state is State.VOID_DUE
    assert State.APPROVED not in told
    assert (await bench.on_disk(ended.id)).state is State.AUTHORIZING
    # the cancellation runs ahead of the disk
    await bench.register.replay()
    assert [one for one, _ in bench.terminal.cancelled] == [ended.id]
    assert int(bench.terminal.cancel_ids[0]) > int(ended.id)
    assert not (await bench.register.look()).open
    await bench.refused()
    # and the book catches up when there is room again
    for name, method in zip(("record", "open_exchange", "check_writable"), real, strict=True):
        monkeypatch.setattr(bench.store, name, method)
    assert (await bench.register.look()).open
    assert (await bench.on_disk(ended.id)).state is State.CANCELLED
    reader = opened(Reader(tmp_path / "journal.db"))
    assert [event.event for event in reader.events(ended.id)] == [
        "BEGUN",
        "APPROVAL_NOT_RECORDED",
        "CANCEL_CONFIRMED",
    ]
    assert reader.verify() == []


@virtual_time
async def test_a_payment_does_not_start_when_the_journal_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = await ready(tmp_path)

    def refuse(*_: object) -> None:
        raise JournalUnavailableError("The disk is full.")

    monkeypatch.setattr(bench.store, "begin", refuse)
    ended = await bench.register.pay(order())
    assert ended == NotStarted(Refusal.JOURNAL, "The disk is full.")
    assert bench.terminal.paid == []
    assert not bench.register.readiness.open


@virtual_time
async def test_an_order_that_breaks_a_limit_leaves_no_trace(tmp_path: Path) -> None:
    bench = await ready(tmp_path)
    ended = await bench.refused(order(0))
    assert ended.refusal is Refusal.INVALID
    assert bench.terminal.paid == []


@virtual_time
async def test_a_second_payment_is_refused_while_one_runs(tmp_path: Path) -> None:
    bench = await ready(tmp_path)
    go = asyncio.Event()

    async def later() -> PaymentOutcome:
        await go.wait()
        return YES

    bench.terminal.answer = later
    first = bench.register.pay(order())
    await asyncio.sleep(1)
    second = await bench.refused(order(500))
    assert second.refusal is Refusal.BUSY
    go.set()
    ended = await first
    assert isinstance(ended, Transaction)
    assert ended.state is State.APPROVED
    assert len(bench.terminal.paid) == 1


@virtual_time
async def test_a_fault_of_ours_after_sending_leads_to_a_cancellation(tmp_path: Path) -> None:
    bench = await ready(tmp_path)

    async def break_down() -> PaymentOutcome:
        raise ZeroDivisionError

    bench.terminal.answer = break_down
    ended = await bench.pay()
    assert ended.state is State.CANCEL_DUE
    assert "ZeroDivisionError" in ended.why


class TestGivingUp:
    def test_the_answer_decides_when_the_terminal_stopped(self, tmp_path: Path) -> None:
        assert self._given_up(tmp_path, NO) is State.DECLINED

    def test_an_approval_after_giving_up_is_cancelled(self, tmp_path: Path) -> None:
        assert self._given_up(tmp_path, YES) is State.VOID_DUE

    def test_no_answer_after_giving_up_is_cancelled(self, tmp_path: Path) -> None:
        assert self._given_up(tmp_path, LOST) is State.CANCEL_DUE

    def _given_up(self, folder: Path, answer: PaymentOutcome) -> State:
        async def main() -> State:
            bench = await ready(folder)
            aborted = asyncio.Event()
            bench.terminal.on_abort = aborted.set

            async def after_abort() -> PaymentOutcome:
                await aborted.wait()
                return answer

            bench.terminal.answer = after_abort
            payment = bench.register.pay(order())
            await asyncio.sleep(5)
            await bench.register.give_up()
            await bench.register.give_up()  # a double press
            ended = await payment
            assert isinstance(ended, Transaction)
            return ended.state

        return run(main())

    @virtual_time
    async def test_a_terminal_that_does_not_stop_is_waited_for_no_longer_than_give_up_s(
        self, tmp_path: Path
    ) -> None:
        bench = await ready(tmp_path)

        bench.terminal.answer = after(400, NO)
        payment = bench.register.pay(order())
        await asyncio.sleep(5)
        await bench.register.give_up()
        assert bench.register.answer_due_s == pytest.approx(30.0)
        ended = await payment
        assert isinstance(ended, Transaction)
        assert ended.state is State.CANCEL_DUE
        assert bench.clock.monotonic() < 60
        await bench.register.close(0)

    @virtual_time
    async def test_giving_up_when_nothing_runs_does_nothing(self, tmp_path: Path) -> None:
        bench = await ready(tmp_path)
        await bench.register.give_up()
        assert bench.terminal.aborts == 0


class TestLateAnswers:
    @virtual_time
    async def test_a_late_approval_is_recorded_and_cancelled(self, tmp_path: Path) -> None:
        bench = await ready(tmp_path)

        bench.terminal.answer = after(200, YES)
        ended = await bench.pay()
        assert ended.state is State.CANCEL_DUE
        assert bench.clock.monotonic() == pytest.approx(180, abs=1)
        await asyncio.sleep(30)
        there = await bench.on_disk(ended.id)
        assert there.state is State.VOID_DUE
        assert there.answer is not None
        assert there.answer.authorization_number == "123456"
        await bench.register.replay()
        assert (await bench.on_disk(ended.id)).state is State.CANCELLED

    @virtual_time
    async def test_the_register_is_quiet_when_nothing_runs_and_no_line_is_open(
        self, tmp_path: Path
    ) -> None:
        bench = await ready(tmp_path)

        bench.terminal.answer = after(200, YES)
        seen = [bench.register.quiet]
        payment = bench.register.pay(order())
        await asyncio.sleep(10)
        seen.append(bench.register.quiet)
        await payment
        seen.append(bench.register.quiet)  # an approval may still come
        await asyncio.sleep(30)
        assert [*seen, bench.register.quiet] == [True, False, False, True]

    @virtual_time
    async def test_a_late_approval_reopens_what_not_found_had_closed(self, tmp_path: Path) -> None:
        bench = await ready(tmp_path)

        bench.terminal.answer = after(600, YES)
        bench.terminal.always = CancelVerdict.ORIGINAL_NOT_FOUND
        await bench.register.start()
        ended = await bench.pay()
        await asyncio.sleep(400)
        assert (await bench.on_disk(ended.id)).state is State.NOTHING_TO_CANCEL
        bench.terminal.always = CancelVerdict.CONFIRMED
        await asyncio.sleep(30)
        assert (await bench.on_disk(ended.id)).state is State.CANCELLED
        await bench.register.close(0)

    @virtual_time
    async def test_a_late_decline_is_recorded_and_the_cancellation_goes_on(
        self, tmp_path: Path
    ) -> None:
        bench = await ready(tmp_path)

        bench.terminal.answer = after(200, NO)
        ended = await bench.pay()
        await asyncio.sleep(30)
        assert (await bench.on_disk(ended.id)).state is State.CANCEL_DUE
        reader = opened(Reader(tmp_path / "journal.db"))
        payment = reader.exchanges(ended.id)[0]
        assert payment.verdict == "late declined"


@virtual_time
async def test_an_abort_that_the_account_does_not_know_is_not_asked_again(tmp_path: Path) -> None:
    bench = await ready(tmp_path)
    bench.terminal.answer = LOST
    bench.terminal.abort_verdict = AbortVerdict.UNSUPPORTED
    for _ in range(2):
        await bench.pay()
        await bench.register.replay()
    assert bench.terminal.aborts == 1


@virtual_time
async def test_the_terminals_own_words_are_told_while_waiting_and_never_stop_a_payment(
    tmp_path: Path,
) -> None:
    bench = await ready(tmp_path, optional_requests=OptionalRequests())
    told: list[Notification] = []
    bench.register.listen(told.append)

    bench.terminal.answer = after(10, YES)
    assert (await bench.pay()).state is State.APPROVED
    assert told.count(TerminalTold(TerminalState.WAITING_FOR_CARD)) == 3
    bench.terminal.terminal_state = TerminalState.UNSUPPORTED
    bench.terminal.statuses = 0
    assert (await bench.pay()).state is State.APPROVED
    assert bench.terminal.statuses == 1


@virtual_time
async def test_a_payment_goes_on_when_whoever_waited_for_it_went_away(tmp_path: Path) -> None:
    bench = await ready(tmp_path)

    bench.terminal.answer = after(10, YES)
    payment = bench.register.pay(order())

    async def screen() -> None:
        await asyncio.shield(payment)

    waiting = asyncio.create_task(screen())
    await asyncio.sleep(1)
    waiting.cancel()
    await bench.register.close(patience_s=60)
    ended = payment.result()
    assert isinstance(ended, Transaction)
    assert ended.state is State.APPROVED
