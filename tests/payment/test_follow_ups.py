"""Orders that refer to an earlier transaction, and orders that other software sends again."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from support.fakes import EUR, NO, PLACE, YES, order, ready
from support.virtual import virtual_time

from kiosk_tui.domain.identity import CallerReference, Original, Place, TransactionId
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.money import Money
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.outcome import PaymentOutcome
from kiosk_tui.domain.transaction import ExchangeKind, Order, Transaction
from kiosk_tui.payment.flow import NotStarted, Refusal


def refund(of: Transaction, minor: int, place: Place = PLACE) -> Order:
    return replace(order(minor, Operation.REFERENCED_REFUND), original=Original(of.id, place))


def sale(reference: str, minor: int = 1255) -> Order:
    return replace(order(minor), caller_reference=CallerReference(reference))


@virtual_time
async def test_refunds_never_exceed_their_original_and_nothing_is_sent_for_one_that_would(
    tmp_path: Path,
) -> None:
    bench = await ready(tmp_path)
    sold = await bench.pay(1000)
    back = await bench.pay(refund(sold, 600))
    left = await bench.register.still_possible(Operation.REFERENCED_REFUND, sold)
    assert left == Money(400, EUR)
    refused = await bench.refused(refund(sold, 401))
    assert refused.refusal is Refusal.INVALID
    assert "4.01 is more than the 4.00" in refused.why
    assert bench.terminal.paid == [sold.id, back.id]
    assert isinstance(await bench.register.pay(refund(sold, 400)), Transaction)


@virtual_time
async def test_an_original_at_another_terminal_is_tecss_to_judge_whatever_its_id(
    tmp_path: Path,
) -> None:
    bench = await ready(tmp_path)
    sold = await bench.pay(1000)
    elsewhere = refund(sold, 5000, Place("11460019", "2"))
    assert isinstance(await bench.register.pay(elsewhere), Transaction)
    assert bench.terminal.orders[-1].original == elsewhere.original


@virtual_time
async def test_what_was_refunded_in_part_is_not_cancelled(tmp_path: Path) -> None:
    bench = await ready(tmp_path)
    sold = await bench.pay(1000)
    await bench.register.pay(refund(sold, 1))
    refused = await bench.register.cancel(sold.id)
    assert isinstance(refused, NotStarted)
    assert "has been refunded" in refused.why
    assert (await bench.on_disk(sold.id)).state is State.APPROVED


@virtual_time
async def test_what_is_being_refunded_cannot_be_cancelled_meanwhile(tmp_path: Path) -> None:
    bench = await ready(tmp_path)
    sold = await bench.pay(1000)
    seen: list[object] = []

    async def answer() -> PaymentOutcome:
        seen.append(await bench.register.cancel(sold.id))
        return YES

    bench.terminal.answer = answer
    # asked for in the same moment, before the refund is on disk
    both = await asyncio.gather(
        bench.register.pay(refund(sold, 1000)), bench.register.cancel(sold.id)
    )
    paid, refused = both
    assert isinstance(paid, Transaction)
    assert paid.state is State.APPROVED
    for one in (refused, *seen):
        assert isinstance(one, NotStarted)
        assert "being completed or refunded" in one.why
    assert bench.terminal.cancelled == []


@virtual_time
async def test_what_is_being_cancelled_cannot_be_refunded(tmp_path: Path) -> None:
    bench = await ready(tmp_path)
    sold = await bench.pay(1000)
    cancelling = asyncio.create_task(bench.register.cancel(sold.id))
    await asyncio.sleep(0)
    refused = await bench.register.pay(refund(sold, 1000))
    await cancelling
    assert isinstance(refused, NotStarted)
    assert bench.terminal.paid == [sold.id]


@virtual_time
async def test_the_same_order_under_the_same_reference_is_paid_once(tmp_path: Path) -> None:
    bench = await ready(tmp_path)
    first = await bench.register.pay(sale("4711"))
    again = await bench.register.pay(sale("4711"))
    assert isinstance(first, Transaction)
    assert again == first
    assert len(bench.terminal.paid) == 1
    assert await bench.register.pay(sale("4712")) != first


@virtual_time
async def test_a_decline_is_told_again_and_not_tried_again(tmp_path: Path) -> None:
    bench = await ready(tmp_path)
    bench.terminal.answer = NO
    first = await bench.register.pay(sale("4711"))
    bench.terminal.answer = YES
    assert await bench.register.pay(sale("4711")) == first
    assert isinstance(first, Transaction)
    assert first.state is State.DECLINED


@pytest.mark.parametrize(
    "other",
    [
        sale("4711", 1256),
        replace(order(1255, Operation.REFUND), caller_reference=CallerReference("4711")),
        replace(order(1255, Operation.SALE, tip=1), caller_reference=CallerReference("4711")),
        replace(sale("4711"), original=Original(TransactionId("20261101120000123"), PLACE)),
    ],
)
@virtual_time
async def test_a_reference_that_was_used_for_another_order_is_refused(
    tmp_path: Path, other: Order
) -> None:
    bench = await ready(tmp_path)
    first = await bench.register.pay(sale("4711"))
    refused = await bench.register.pay(other)
    assert isinstance(first, Transaction)
    assert isinstance(refused, NotStarted)
    assert refused.refusal is Refusal.INVALID
    assert first.id in refused.why
    assert len(bench.terminal.paid) == 1


@virtual_time
async def test_a_reference_that_stands_for_a_cancellation_begins_no_order(tmp_path: Path) -> None:
    bench = await ready(tmp_path)
    await bench.register.keep_use(CallerReference("4711"), "cancel 1", bench.clock.now())
    refused = await bench.refused(sale(" 4711"))
    assert refused.refusal is Refusal.INVALID
    assert "used for something else (cancel 1)" in refused.why
    assert bench.terminal.paid == []
    assert (await bench.pay(sale("4712"))).state is State.APPROVED


@virtual_time
async def test_what_came_of_a_known_order_is_told_while_no_payment_may_start(
    tmp_path: Path,
) -> None:
    bench = await ready(tmp_path)
    first = await bench.register.pay(sale("4711"))
    bench.terminal.reachable = False
    await bench.register.look()
    assert await bench.register.pay(sale("4711")) == first
    refused = await bench.refused(sale("4712"))
    assert refused.refusal is Refusal.CLOSED


@virtual_time
async def test_without_a_journal_to_look_into_nothing_is_paid_under_a_reference(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = await ready(tmp_path)

    def broken(*_: object) -> None:
        raise JournalUnavailableError("The journal cannot be used: disk I/O error.")

    monkeypatch.setattr(bench.store, "by_caller", broken)
    refused = await bench.refused(sale("4711"))
    assert refused.refusal is Refusal.JOURNAL
    assert bench.terminal.paid == []


@virtual_time
async def test_what_was_begun_under_a_reference_is_found_by_it(tmp_path: Path) -> None:
    bench = await ready(tmp_path)
    first = await bench.register.pay(sale("4711"))
    assert await bench.register.by_caller(CallerReference("4711")) == first
    assert await bench.register.by_caller(CallerReference("4712")) is None


@virtual_time
async def test_what_was_begun_today_is_told(tmp_path: Path) -> None:
    bench = await ready(tmp_path)
    start = bench.clock.now()
    sold = await bench.pay(1000)
    await asyncio.sleep(1)
    assert await bench.register.between(start, bench.clock.now()) == (sold,)
    assert await bench.register.between(bench.clock.now(), bench.clock.now()) == ()


@virtual_time
async def test_who_asked_for_a_cancellation_is_in_the_event_log(tmp_path: Path) -> None:
    bench = await ready(tmp_path)
    sold = await bench.pay(1000)
    asked = await bench.register.cancel(sold.id, "anna+bernd")
    assert isinstance(asked, Transaction)
    assert asked.why == "Cancellation asked for by anna+bernd."


@virtual_time
async def test_what_went_over_the_wire_is_told_in_the_order_of_sending(tmp_path: Path) -> None:
    bench = await ready(tmp_path)
    sold = await bench.pay(1000)
    await bench.register.cancel(sold.id)
    await bench.register.due_once(sold.id)
    found = await bench.register.exchanges(sold.id)
    assert [(one.kind, one.verdict) for one in found] == [
        (ExchangeKind.PAYMENT, "approved"),
        (ExchangeKind.CANCELLATION, "confirmed"),
    ]
