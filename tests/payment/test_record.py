"""What stands in the journal and in the log afterwards, and what listeners are told of it."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from support.fakes import LOST, NO, PLACE, YES, Bench, FakeTerminal, cancelled, order, ready
from support.virtual import START, VirtualClock, run, virtual_time

from kiosk_tui.domain.identity import CardReference, Original, Place, TransactionId
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.lifecycle import Event, State
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.outcome import (
    AbortOutcome,
    AbortVerdict,
    Answer,
    CancelOutcome,
    CancelVerdict,
    PaymentOutcome,
    Probe,
    StatusOutcome,
    TerminalState,
)
from kiosk_tui.domain.transaction import Exchange, ExchangeKind, Order, Transaction
from kiosk_tui.journal.reader import Reader
from kiosk_tui.payment.flow import NotStarted, Refusal
from kiosk_tui.payment.notifications import Notification, ReadinessChanged, TransactionChanged
from kiosk_tui.payment.policy import Exposure, OptionalRequests, Timeouts
from kiosk_tui.payment.readiness import Obstacle
from kiosk_tui.payment.register import Register

WORDS = Answer("0", "said so")


class Talking(FakeTerminal):
    """Answers aborts and status queries with an answer of their own."""

    async def abort(self, transaction: Transaction, exchange: Exchange) -> AbortOutcome:
        await super().abort(transaction, exchange)
        return AbortOutcome(self.abort_verdict, "the abort's why", WORDS)

    async def status(self, exchange: Exchange) -> StatusOutcome:
        await super().status(exchange)
        return StatusOutcome(self.terminal_state, "the query's why", WORDS)


def _exchanges(folder: Path, transaction_id: str, kind: ExchangeKind) -> list[Exchange]:
    reader = Reader(folder / "journal.db")
    found = [one for one in reader.exchanges(TransactionId(transaction_id)) if one.kind is kind]
    reader.close()
    return found


def _refuse(*_: object, **__: object) -> None:
    raise JournalUnavailableError("The journal cannot be used: database or disk is full.")


async def _no_after(seconds: float) -> PaymentOutcome:
    await asyncio.sleep(seconds)
    return NO


# -- exchanges ---------------------------------------------------------------------------------


@virtual_time
async def test_an_abort_and_a_query_are_kept_with_their_answer_and_what_it_meant(
    tmp_path: Path,
) -> None:
    bench = Bench(
        tmp_path,
        terminal=Talking(),
        timeouts=Timeouts(status_every_s=10.0),
        optional_requests=OptionalRequests(abort=True, status_query=True),
    )

    async def answer() -> PaymentOutcome:
        await asyncio.sleep(15)
        await bench.register.give_up()
        return await _no_after(1)

    bench.terminal.answer = answer
    await bench.register.look()
    ended = await bench.pay()
    (query,) = _exchanges(tmp_path, ended.id, ExchangeKind.STATUS)
    (abort,) = _exchanges(tmp_path, ended.id, ExchangeKind.ABORT)
    assert (query.verdict, query.why) == (TerminalState.WAITING_FOR_CARD, "the query's why")
    assert (abort.verdict, abort.why) == (AbortVerdict.ACCEPTED, "the abort's why")
    assert query.answer == abort.answer == WORDS
    assert query.answered_at == START + timedelta(seconds=10)
    assert abort.answered_at == START + timedelta(seconds=15)


@virtual_time
async def test_an_abort_that_fails_inside_is_on_record_with_the_faults_kind(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    bench = Bench(tmp_path)

    def fault() -> None:
        raise LookupError

    bench.terminal.on_abort = fault

    async def answer() -> PaymentOutcome:
        await bench.register.give_up()
        return NO

    bench.terminal.answer = answer
    await bench.register.look()
    ended = await bench.pay()
    (abort,) = _exchanges(tmp_path, ended.id, ExchangeKind.ABORT)
    assert abort.verdict == AbortVerdict.UNANSWERED
    assert abort.why == "The abort failed inside the register (LookupError)."
    assert f"abort {abort.id} failed inside the register" in caplog.messages


@virtual_time
async def test_a_query_that_the_account_does_not_know_is_asked_once_and_the_abort_still_made(
    tmp_path: Path,
) -> None:
    bench = Bench(
        tmp_path,
        timeouts=Timeouts(status_every_s=10.0),
        optional_requests=OptionalRequests(abort=True, status_query=True),
    )
    bench.terminal.terminal_state = TerminalState.UNSUPPORTED

    async def answer() -> PaymentOutcome:
        await asyncio.sleep(35)
        await bench.register.give_up()
        return NO

    bench.terminal.answer = answer
    await bench.register.look()
    await bench.pay()
    await bench.pay()
    assert (bench.terminal.statuses, bench.terminal.aborts) == (1, 2)


@virtual_time
async def test_a_payments_answer_is_on_record_with_its_time_and_its_words(tmp_path: Path) -> None:
    bench = await ready(tmp_path)
    bench.terminal.answer = lambda: _no_after(7)
    ended = await bench.pay()
    (payment,) = _exchanges(tmp_path, ended.id, ExchangeKind.PAYMENT)
    assert payment.answered_at == START + timedelta(seconds=7)
    assert payment.why == ended.why == "NOT ENOUGH"
    assert payment.answer == ended.answer == NO.answer


@virtual_time
async def test_an_answer_that_came_too_late_is_on_record_as_late(tmp_path: Path) -> None:
    bench = await ready(tmp_path, timeouts=Timeouts(answer_s=10.0))
    bench.terminal.answer = lambda: _no_after(20)
    ended = await bench.pay()
    assert (await bench.on_disk(ended.id)).why == "No answer came in time."
    await asyncio.sleep(15)
    (payment,) = _exchanges(tmp_path, ended.id, ExchangeKind.PAYMENT)
    assert (payment.verdict, payment.why) == ("late declined", "NOT ENOUGH")


@pytest.mark.parametrize("answered", [True, False])
def test_each_attempt_to_cancel_is_on_record_and_says_when_the_next_one_is(
    tmp_path: Path, *, answered: bool
) -> None:
    reply = Answer("0", "try later") if answered else None

    class Silent(FakeTerminal):
        async def cancel(self, transaction: Transaction, exchange: Exchange) -> CancelOutcome:
            await asyncio.sleep(3)
            return CancelOutcome(CancelVerdict.UNANSWERED, "nobody there", reply)

    async def case() -> None:
        bench = await ready(tmp_path, terminal=Silent())
        bench.terminal.answer = LOST
        lost = await bench.pay()
        await bench.register.replay()
        there = await bench.on_disk(lost.id)
        (attempt,) = _exchanges(tmp_path, lost.id, ExchangeKind.CANCELLATION)
        assert (there.attempts, there.why) == (1, "nobody there")
        planned = bench.register.next_attempt_in_s
        assert planned is not None
        assert planned > 0
        assert there.next_attempt_at is not None
        gap = (there.next_attempt_at - bench.clock.now()).total_seconds()
        assert gap == pytest.approx(planned, abs=0.002)
        assert (attempt.verdict, attempt.why) == (CancelVerdict.UNANSWERED, "nobody there")
        assert attempt.answer == reply
        assert attempt.answered_at == (bench.clock.now() if answered else None)

    run(case())


@virtual_time
async def test_a_cancellation_that_fails_inside_is_on_record_with_the_faults_kind(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    bench = Bench(tmp_path)
    bench.terminal.answer = LOST

    def fault(_: Transaction) -> None:
        raise LookupError

    bench.terminal.on_cancel = fault
    await bench.register.look()
    lost = await bench.pay()
    await bench.register.replay()
    (attempt,) = _exchanges(tmp_path, lost.id, ExchangeKind.CANCELLATION)
    assert attempt.why == "The cancellation failed inside the register (LookupError)."
    assert f"cancellation {attempt.id} failed inside the register" in caplog.messages


@virtual_time
async def test_what_ran_ahead_of_the_disk_is_written_whole_when_there_is_room_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = await ready(tmp_path)
    bench.terminal.answer = LOST
    lost = await bench.pay()
    with monkeypatch.context() as full:
        full.setattr(bench.store, "open_exchange", _refuse)
        full.setattr(bench.store, "record", _refuse)
        await bench.register.replay()
        assert bench.register.behind
    await bench.register.look()
    assert (await bench.on_disk(lost.id)).state is State.CANCELLED
    (attempt,) = _exchanges(tmp_path, lost.id, ExchangeKind.CANCELLATION)
    assert attempt.id == bench.terminal.cancel_ids[0]
    assert attempt.answer == cancelled(CancelVerdict.CONFIRMED).answer


@virtual_time
async def test_an_answer_that_the_disk_kept_although_it_refused_it_is_on_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Bench(tmp_path)
    kept = bench.store.record

    def keep_and_refuse(*args: object) -> None:
        kept(*args)  # type: ignore[arg-type]
        _refuse()

    async def answer() -> PaymentOutcome:
        with monkeypatch.context() as lying:
            lying.setattr(bench.store, "record", keep_and_refuse)
            await bench.register.give_up()
        return NO

    bench.terminal.answer = answer
    await bench.register.look()
    ended = await bench.pay()
    await bench.register.look()
    (payment,) = _exchanges(tmp_path, ended.id, ExchangeKind.PAYMENT)
    assert (await bench.on_disk(ended.id)).state is State.DECLINED
    assert payment.answer == NO.answer


# -- telling -----------------------------------------------------------------------------------


def test_every_change_is_logged_with_its_facts_and_so_is_why_it_is_closed(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def case() -> None:
        bench = await ready(tmp_path)
        ended = await bench.pay()
        elsewhere = await bench.register.cancel_elsewhere(order(operation=Operation.CANCELLATION))
        assert isinstance(elsewhere, Transaction)
        assert [one.getMessage() for one in caplog.records] == [
            "open for payments",
            f"transaction {ended.id} is AUTHORIZING",
            f"transaction {ended.id} is APPROVED",
            f"transaction {elsewhere.id} is CANCEL_DUE",
            "closed: One cancellation is not yet answered by TECS.",
        ]
        names = ("transaction_id", "event", "state", "exchange", "kind", "verdict", "obstacle")
        told = [[one.__dict__.get(name) for name in names] for one in caplog.records]
        assert told == [
            [None] * 7,
            [ended.id, "BEGUN", "AUTHORIZING", ended.id, "payment", "", None],
            [ended.id, "APPROVED", "APPROVED", ended.id, "payment", "approved", None],
            [elsewhere.id, "BEGUN", "CANCEL_DUE", None, None, None, None],
            [None, None, None, None, None, None, "cancellation_due"],
        ]

    with caplog.at_level(logging.INFO):
        run(case())


@virtual_time
async def test_who_has_stopped_listening_is_told_nothing_more(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    first: list[Notification] = []
    second: list[Notification] = []
    stop = bench.register.listen(first.append)
    bench.register.listen(second.append)
    await bench.register.look()
    assert [type(one) for one in first] == [ReadinessChanged]
    stop()
    await bench.pay()
    assert len(first) == 1
    assert [type(one) for one in second].count(TransactionChanged) == 2


@virtual_time
async def test_a_closed_register_says_why_since_when_and_when_it_looks_again(
    tmp_path: Path,
) -> None:
    timeouts = Timeouts(look_s=30.0, look_again_s=5.0)
    bench = Bench(tmp_path, timeouts=timeouts)
    told: list[Notification] = []
    bench.register.listen(told.append)
    bench.terminal.reachable = False
    await bench.register.start()
    closed = bench.register.readiness
    assert (closed.obstacle, closed.why) == (Obstacle.UNREACHABLE, "looked")
    assert (closed.since, closed.retry_in_s) == (START, 5.0)
    assert told == [ReadinessChanged(closed)]
    await asyncio.sleep(12)
    assert bench.register.readiness.since == START  # the same trouble, two looks later
    bench.terminal.reachable = True
    await asyncio.sleep(5)
    opened = bench.register.readiness
    assert opened.open
    assert opened.since == START + timedelta(seconds=15)
    assert opened.retry_in_s is None
    assert told[-1] == ReadinessChanged(opened)
    await bench.register.close(0)


def test_an_open_register_looks_seldom_and_a_closed_one_often(tmp_path: Path) -> None:
    class Counting(FakeTerminal):
        looks = 0

        async def probe(self) -> Probe:
            self.looks += 1
            return await super().probe()

    async def case() -> None:
        terminal = Counting()
        bench = Bench(tmp_path, terminal=terminal, timeouts=Timeouts(look_s=30.0, look_again_s=5.0))
        await bench.register.start()
        await asyncio.sleep(61)
        assert terminal.looks == 3
        terminal.reachable = False
        await asyncio.sleep(30)
        terminal.looks = 0
        await asyncio.sleep(30)
        assert terminal.looks == 6
        await bench.register.close(0)

    run(case())


@virtual_time
async def test_closed_over_a_cancellation_it_tells_the_seconds_to_the_next_attempt(
    tmp_path: Path,
) -> None:
    bench = await ready(tmp_path, exposure=Exposure(count=0))
    bench.terminal.answer = LOST
    bench.terminal.always = CancelVerdict.UNANSWERED
    await bench.pay()
    assert bench.register.readiness.obstacle is Obstacle.CANCELLATION_DUE
    assert bench.register.readiness.retry_in_s == 0.0
    await bench.register.replay()
    assert bench.register.readiness.why == "One cancellation is not yet answered by TECS."
    await bench.register.look()
    assert bench.register.readiness.retry_in_s == bench.register.next_attempt_in_s
    assert bench.register.readiness.retry_in_s not in (0.0, None)


# -- refusals ----------------------------------------------------------------------------------


@virtual_time
async def test_every_refusal_says_what_stands_in_the_way(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.terminal.reachable = False
    await bench.register.look()
    closed = await bench.register.pay(order())
    assert closed == NotStarted(Refusal.CLOSED, "looked")
    bench.terminal.reachable = True
    await bench.register.look()
    bench.terminal.answer = lambda: _no_after(5)
    running = bench.register.pay(order())
    busy = await bench.register.pay(order())
    assert busy == NotStarted(Refusal.BUSY, "A payment is running already.")
    await running
    async with bench.register._flow._line:
        taken = await bench.register.pay(order())
    assert taken == NotStarted(Refusal.BUSY, "The terminal is in use. Try again in a moment.")
    assert await bench.register.pay(order(0)) == NotStarted(Refusal.INVALID, "The amount is zero.")
    elsewhere = Order(
        operation=Operation.CANCELLATION,
        amount=order(0).amount,
        place=PLACE,
        original=Original(TransactionId("12345678901234567"), Place("88091106", "1")),
    )
    assert await bench.register.cancel_elsewhere(elsewhere) == NotStarted(
        Refusal.INVALID, "The amount is zero."
    )


@virtual_time
async def test_what_cannot_be_cancelled_or_settled_is_refused_with_the_reason(
    tmp_path: Path,
) -> None:
    bench = await ready(tmp_path)
    bench.terminal.answer = NO
    declined = await bench.pay()
    bench.terminal.answer = YES
    approved = await bench.pay()
    assert await bench.register.cancel(TransactionId("20260101000000000")) == NotStarted(
        Refusal.INVALID, "Transaction 20260101000000000 is not in this journal."
    )
    assert await bench.register.cancel(declined.id) == NotStarted(
        Refusal.INVALID, "That transaction was declined: there is nothing to cancel."
    )
    assert await bench.register.settle(approved.id, "paid back") == NotStarted(
        Refusal.INVALID, "That transaction is approved and needs no settling by staff."
    )


def test_a_disk_that_refuses_staffs_work_is_told_in_its_own_words_and_closes_the_register(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = "The journal cannot be used: database or disk is full."

    async def case() -> None:
        bench = await ready(tmp_path)
        approved = await bench.pay()
        elsewhere = Order(
            operation=Operation.CANCELLATION,
            amount=order().amount,
            place=PLACE,
            original=Original(TransactionId("12345678901234567"), Place("88091106", "1")),
        )
        with monkeypatch.context() as disk:
            disk.setattr(bench.store, "record", _refuse)
            disk.setattr(bench.store, "begin_cancellation", _refuse)
            disk.setattr(bench.store, "transaction", _refuse)
            refused = NotStarted(Refusal.JOURNAL, full)
            assert await bench.register.settle(approved.id, "paid back") == refused
            assert bench.register.readiness.obstacle is Obstacle.JOURNAL
            assert bench.register.readiness.why == full
            assert await bench.register.cancel_elsewhere(elsewhere) == refused
            assert await bench.register.cancel(approved.id) == refused
        await bench.register.look()
        assert bench.register.readiness.open

    run(case())


@virtual_time
async def test_a_journal_that_cannot_be_read_any_more_says_so_when_asked_for_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = await ready(tmp_path)
    bench.terminal.answer = NO
    declined = await bench.pay()
    real = bench.store.transaction
    left = 0

    def some(transaction_id: TransactionId) -> Transaction | None:
        nonlocal left
        left -= 1
        if left < 0:
            _refuse()
        return real(transaction_id)

    monkeypatch.setattr(bench.store, "transaction", some)
    # a cancellation reads it first, too: whether it may be cancelled
    cancelled = bench.register.cancel(declined.id)
    settled = bench.register.settle(declined.id, "x")
    for asked, reads in ((cancelled, 2), (settled, 1)):
        left = reads
        refused = await asked
        assert isinstance(refused, NotStarted)
        assert refused.refusal is Refusal.INVALID
        assert "disk is full" in refused.why


# -- who is remembered, and for how long -------------------------------------------------------


@virtual_time
async def test_how_a_due_one_stands_is_told_from_memory_first_and_then_from_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Bench(tmp_path)
    bench.terminal.answer = LOST
    bench.terminal.cancellations = [CancelVerdict.UNANSWERED]
    await bench.register.look()
    lost = await bench.pay()
    with monkeypatch.context() as unread:
        unread.setattr(bench.store, "transaction", _refuse)
        due = await bench.register.due_once(lost.id)
    assert due is not None
    assert (due.id, due.state, due.attempts) == (lost.id, State.CANCEL_DUE, 1)
    await asyncio.sleep(600)
    ended = await bench.register.due_once(lost.id)
    assert ended is not None
    assert (ended.id, ended.state) == (lost.id, State.CANCELLED)


@virtual_time
async def test_one_that_is_known_already_or_changed_meanwhile_does_not_keep_the_rest_from_being_taken_up(
    tmp_path: Path,
) -> None:
    first = Bench(tmp_path)
    first.terminal.answer = LOST
    first.terminal.always = CancelVerdict.UNANSWERED
    await first.register.look()
    lost = [await first.pay(100)]
    first.store.close()
    second = Bench(tmp_path, terminal=first.terminal, clock=first.clock)
    # of the first one it learns by another way than taking up
    await second.register._ledger.change(lost[0].id, Event.RESTARTED)
    third = Bench(tmp_path, terminal=first.terminal, clock=first.clock)
    third.terminal.answer = LOST
    begun, _ = third.store.begin(order(200), 200, third.clock.now())
    third.store.close()
    await second.register._watch.take_up()
    assert {one.id for one in second.register.due} == {lost[0].id, begun.id}


@virtual_time
async def test_a_cancellation_asked_for_by_staff_leaves_without_waiting_for_its_pause(
    tmp_path: Path,
) -> None:
    bench = Bench(tmp_path)
    await bench.register.start()
    approved = await bench.pay()
    await bench.register.cancel(approved.id)
    asked_at = bench.clock.monotonic()
    await asyncio.sleep(60)
    assert bench.terminal.cancelled == [(approved.id, asked_at)]
    await bench.register.close(0)


@virtual_time
async def test_the_register_does_not_forget_that_a_payment_runs(tmp_path: Path) -> None:
    bench = await ready(tmp_path, clock=VirtualClock())
    bench.terminal.answer = lambda: _no_after(5)
    first = asyncio.create_task(bench.register._flow.pay(order()))
    second = asyncio.create_task(bench.register._flow.pay(order()))
    outcomes = await asyncio.gather(first, second)
    assert [isinstance(one, NotStarted) for one in outcomes] == [False, True]
    assert len(bench.terminal.paid) == 1


@virtual_time
async def test_the_terminal_is_given_the_order_itself_with_what_the_journal_must_not_keep(
    tmp_path: Path,
) -> None:
    bench = await ready(tmp_path)
    moto = replace(order(), card_reference=CardReference("REF1234_2712_0006_411111"))
    paid = await bench.register.pay(moto)
    sent = bench.terminal.orders[0]
    assert replace(sent, reason="", receipt_number="") == moto
    assert isinstance(paid, Transaction)
    assert paid.order.card_reference is None
    assert paid.why == YES.answer.response_text


@virtual_time
async def test_an_approval_that_the_disk_refused_is_on_record_with_its_words_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = await ready(tmp_path)
    with monkeypatch.context() as full:
        full.setattr(bench.store, "record", _refuse)
        ended = await bench.pay()
    await bench.register.look()
    there = await bench.on_disk(ended.id)
    (payment,) = _exchanges(tmp_path, ended.id, ExchangeKind.PAYMENT)
    assert (there.state, there.why) == (State.VOID_DUE, YES.answer.response_text)
    assert (payment.verdict, payment.answer) == ("approved", YES.answer)
    assert payment.answered_at is not None


@virtual_time
async def test_a_payment_lost_by_a_request_that_was_stopped_says_so(tmp_path: Path) -> None:
    bench = Bench(tmp_path)

    async def stopped() -> PaymentOutcome:
        raise asyncio.CancelledError

    bench.terminal.answer = stopped
    await bench.register.look()
    ended = await bench.pay()
    assert (ended.state, ended.why) == (
        State.CANCEL_DUE,
        "The request was stopped on our side.",
    )


def test_a_duty_that_fails_is_in_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def case() -> None:
        bench = Bench(tmp_path)
        await bench.register.start()

        async def fault() -> None:
            raise LookupError("a fault of ours")

        monkeypatch.setattr(bench.register._watch, "look", fault)
        await asyncio.sleep(120)
        await bench.register.close(0)

    run(case())
    assert "a duty of the register failed and is taken up again" in caplog.messages


@virtual_time
async def test_it_ends_although_the_disk_still_refuses_what_happened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = await ready(tmp_path)
    bench.terminal.answer = NO
    monkeypatch.setattr(bench.store, "record", _refuse)
    ended = await bench.pay()
    await bench.register.close(0)
    assert bench.register.behind
    assert ended.state is State.DECLINED


@virtual_time
async def test_nothing_is_sold_before_the_first_look(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    early = await bench.refused()
    assert early.refusal is Refusal.CLOSED
    assert bench.register.readiness.obstacle is Obstacle.STARTING
    assert bench.terminal.paid == []


@virtual_time
async def test_a_register_brings_its_own_chance_to_spread_its_attempts(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    register = Register(journal=bench.journal, terminal=bench.terminal, clock=bench.clock)
    bench.terminal.answer = LOST
    bench.terminal.always = CancelVerdict.UNANSWERED
    await register.look()
    await register.pay(order())
    await register.replay()
    assert register.next_attempt_in_s not in (0.0, None)
