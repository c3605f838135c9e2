"""Limits are judged once, where an order begins, whoever asks; and never again after that."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from support.fakes import EUR, LOST, PLACE, Bench, order, ready
from support.virtual import virtual_time

from kiosk_tui.domain.identity import CallerReference, Original, Place, TransactionId
from kiosk_tui.domain.language import Language
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.limits import Limits
from kiosk_tui.domain.money import Money
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.outcome import CancelVerdict
from kiosk_tui.domain.tip import TipPolicy
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.payment.flow import NotStarted, Refusal

LIMITS = Limits(Money(100, EUR), Money(100_000, EUR), TipPolicy(most_percent=50))
CARD = "4111 1111 1111 1111"


@virtual_time
async def test_what_is_beyond_the_limits_is_refused_before_anything_is_written_or_sent(
    tmp_path: Path,
) -> None:
    bench = await ready(tmp_path, limits=LIMITS)
    for asked in (order(99), order(100_001), order(1000, Operation.SALE_AND_TIP, 501)):
        refused = await bench.refused(asked)
        assert refused.refusal is Refusal.INVALID
    assert bench.terminal.paid == []
    assert await bench.register.newest(1) == ()


@virtual_time
async def test_it_is_told_also_while_the_register_is_closed(tmp_path: Path) -> None:
    bench = Bench(tmp_path, limits=LIMITS)
    refused = await bench.refused(order(99))
    assert refused.refusal is Refusal.INVALID


@virtual_time
async def test_staff_may_answer_for_it_and_the_event_log_says_who(tmp_path: Path) -> None:
    bench = await ready(tmp_path, limits=LIMITS)
    bench.terminal.answer = LOST
    await bench.pay(order(100_001), overridden_by="anna+bert")
    row = (
        bench.store._connection.get()
        .execute("SELECT why FROM events WHERE event = 'BEGUN'")
        .fetchone()
    )
    assert row[0] == (
        "1000.01 EUR is more than the largest amount, 1000.00. Overridden by anna+bert."
    )


@virtual_time
async def test_nothing_is_noted_where_nothing_was_beyond(tmp_path: Path) -> None:
    bench = await ready(tmp_path, limits=LIMITS)
    await bench.register.pay(order(1000), overridden_by="anna")
    row = (
        bench.store._connection.get()
        .execute("SELECT why FROM events WHERE event = 'BEGUN'")
        .fetchone()
    )
    assert row[0] == ""


@virtual_time
async def test_nobody_answers_for_a_card_number_in_a_text_or_for_more_than_the_original_allows(
    tmp_path: Path,
) -> None:
    bench = await ready(tmp_path, limits=LIMITS)
    typed = await bench.refused(replace(order(), reason=CARD), overridden_by="anna")
    assert "holds a card number" in typed.why
    sold = await bench.pay(1000)
    back = replace(order(1001, Operation.REFERENCED_REFUND), original=Original(sold.id, PLACE))
    assert isinstance(await bench.register.pay(back, overridden_by="anna"), NotStarted)


@virtual_time
async def test_a_cancellation_of_anothers_and_a_note_hold_no_card_number_either(
    tmp_path: Path,
) -> None:
    bench = await ready(tmp_path)
    theirs = Original(TransactionId("17"), Place("11460019", "2"))
    asked = replace(order(500, Operation.CANCELLATION), original=theirs, reason=CARD)
    refused = await bench.register.cancel_elsewhere(asked)
    assert isinstance(refused, NotStarted)
    assert refused.refusal is Refusal.INVALID
    settled = await bench.register.settle(TransactionId("17"), f"paid back to {CARD}")
    assert isinstance(settled, NotStarted)
    assert "The note holds a card number" in settled.why


@virtual_time
async def test_a_rehearsal_is_ours_whatever_its_amount(tmp_path: Path) -> None:
    bench = await ready(tmp_path, limits=LIMITS)
    assert isinstance(await bench.register.pay(order(1), rehearsal=True), Transaction)


@virtual_time
async def test_an_order_without_a_reason_carries_the_configured_one_or_the_operations_name(
    tmp_path: Path,
) -> None:
    bench = await ready(tmp_path)
    named = await bench.pay(1000, Operation.PREAUTHORIZATION)
    given = await bench.pay(replace(order(), reason="Room 7"))
    assert (named.order.reason, given.order.reason) == ("Preauthorization", "Room 7")
    other = Bench(tmp_path / "other", reason="Parking")
    await other.register.look()
    assert (await other.pay()).order.reason == "Parking"
    assert other.terminal.orders[0].reason == "Parking"


@pytest.mark.parametrize(
    "old",
    [
        replace(order(500_000)),
        replace(order(1)),
        replace(order(1000, Operation.SALE_AND_TIP, 5000)),
        replace(order(), language=Language.stored("xx")),
        replace(order(), reason=CARD, receipt_number="x" * 30),
        replace(order(), caller_reference=CallerReference.stored(" till 1 ")),
        replace(order(), place=Place("8809110x", "1")),
    ],
)
@virtual_time
async def test_what_todays_limits_would_refuse_is_still_read_and_its_cancellation_still_replayed(
    tmp_path: Path, old: object
) -> None:
    before = Bench(tmp_path)
    begun, _ = await before.journal.begin(old, 1255, before.clock.now())  # type: ignore[arg-type]
    before.journal.close()

    bench = await ready(tmp_path, limits=LIMITS)
    bench.terminal.always = CancelVerdict.CONFIRMED
    (due,) = bench.register.due
    assert (due.id, due.order) == (begun.id, begun.order)
    await bench.register.replay()
    assert (await bench.on_disk(begun.id)).state is State.CANCELLED
    assert bench.terminal.cancelled[0][0] == begun.id
