"""A gratuity: a tip that is charged on its own, on an earlier payment of this register."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from support.fakes import EUR, LOST, NO, PLACE, Bench, order, ready
from support.virtual import virtual_time

from kiosk_tui.domain.identity import Original, Place, TransactionId
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.limits import Limits
from kiosk_tui.domain.money import Money
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.tip import TipPolicy
from kiosk_tui.domain.transaction import Order, Transaction
from kiosk_tui.payment.flow import NotStarted, Refusal

LIMITS = Limits(Money(100, EUR), Money(100_000, EUR), TipPolicy(most_percent=50))


def gratuity(of: Transaction, minor: int, place: Place = PLACE) -> Order:
    return replace(order(minor, Operation.GRATUITY), original=Original(of.id, place))


def refund(of: Transaction, minor: int) -> Order:
    return replace(order(minor, Operation.REFERENCED_REFUND), original=Original(of.id, PLACE))


async def _opened(path: Path) -> Bench:
    return await ready(path, limits=LIMITS)


def _refused(ended: Transaction | NotStarted) -> str:
    assert isinstance(ended, NotStarted)
    assert ended.refusal is Refusal.INVALID
    return ended.why


@virtual_time
async def test_it_charges_less_than_the_least_amount_and_up_to_the_highest_tip(
    tmp_path: Path,
) -> None:
    bench = await _opened(tmp_path)
    for minor in (1, 500):
        sold = await bench.pay(1000)
        tipped = await bench.pay(gratuity(sold, minor))
        assert tipped.state is State.APPROVED
        assert (tipped.charged.minor, tipped.tip_in_it.minor) == (minor, minor)
    sold = await bench.pay(1000)
    told = _refused(await bench.register.pay(gratuity(sold, 501)))
    assert told == "A tip of 5.01 EUR is more than 5.00, the highest for 10.00 EUR."
    assert len(bench.terminal.paid) == 5


@virtual_time
async def test_staff_may_answer_for_a_higher_one_and_the_event_log_says_who(tmp_path: Path) -> None:
    bench = await _opened(tmp_path)
    sold = await bench.pay(1000)
    await bench.pay(gratuity(sold, 2000), overridden_by="anna")
    row = (
        bench.store._connection.get()
        .execute("SELECT why FROM events WHERE event = 'BEGUN'")
        .fetchall()
    )
    assert row[-1][0].endswith("the highest for 10.00 EUR. Overridden by anna.")


@virtual_time
async def test_a_payment_carries_one_tip(tmp_path: Path) -> None:
    bench = await _opened(tmp_path)
    with_tip = await bench.register.pay(order(1000, Operation.SALE_AND_TIP, 100))
    sold = await bench.pay(1000)
    tipped = await bench.register.pay(gratuity(sold, 100))
    for one in (with_tip, sold, tipped):
        assert isinstance(one, Transaction)
        left = await bench.register.still_possible(Operation.GRATUITY, one)
        assert left == Money(0, EUR)
        told = _refused(await bench.register.pay(gratuity(one, 100), overridden_by="anna"))
        assert told == f"Transaction {one.id} carries a tip already."


@virtual_time
async def test_it_is_about_an_approved_charge_of_this_journal(tmp_path: Path) -> None:
    bench = await _opened(tmp_path)
    held = await bench.pay(1000, Operation.PREAUTHORIZATION)
    told = _refused(await bench.register.pay(gratuity(held, 100)))
    assert told.endswith("is a preauthorization: only a charge takes a gratuity.")
    bench.terminal.answer = NO
    declined = await bench.pay(1000)
    assert "not approved" in _refused(await bench.register.pay(gratuity(declined, 100)))
    unknown = replace(declined, id=TransactionId("20250101120000123"))
    told = _refused(await bench.register.pay(gratuity(unknown, 100)))
    assert told.endswith("is not in this register's journal: a gratuity needs one that is.")
    elsewhere = gratuity(declined, 100, Place("11460019", "2"))
    assert "not in this register's" in _refused(await bench.register.pay(elsewhere))


@pytest.mark.parametrize("lost", [False, True])
@virtual_time
async def test_what_carries_one_is_cancelled_only_after_it(tmp_path: Path, *, lost: bool) -> None:
    bench = await _opened(tmp_path)
    sold = await bench.pay(1000)
    if lost:
        bench.terminal.answer = LOST
    tipped = await bench.pay(gratuity(sold, 100))
    told = _refused(await bench.register.cancel(sold.id))
    assert told == (
        f"Transaction {sold.id} has been tipped by {tipped.id}: that one must be cancelled, or"
        " the rest refunded."
    )
    if not lost:
        assert isinstance(await bench.register.cancel(tipped.id), Transaction)
        assert "has been tipped" in _refused(await bench.register.cancel(sold.id)), "still due"
    await bench.register.replay()
    assert (await bench.on_disk(tipped.id)).state is State.CANCELLED
    assert isinstance(await bench.register.cancel(sold.id), Transaction)


@virtual_time
async def test_a_declined_one_leaves_its_payment_as_it_was(tmp_path: Path) -> None:
    bench = await _opened(tmp_path)
    sold = await bench.pay(1000)
    bench.terminal.answer = NO
    await bench.register.pay(gratuity(sold, 100))
    left = await bench.register.still_possible(Operation.GRATUITY, sold)
    assert left == Money(1000, EUR)
    assert isinstance(await bench.register.cancel(sold.id), Transaction)


@virtual_time
async def test_it_raises_nothing_that_can_be_refunded_of_its_payment(tmp_path: Path) -> None:
    bench = await _opened(tmp_path)
    sold = await bench.pay(1000)
    await bench.register.pay(gratuity(sold, 100))
    left = await bench.register.still_possible(Operation.REFERENCED_REFUND, sold)
    assert left == Money(1000, EUR)
    assert "more than" in _refused(await bench.register.pay(refund(sold, 1001)))
    assert isinstance(await bench.register.pay(refund(sold, 1000)), Transaction)
