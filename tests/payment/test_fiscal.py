"""A signer is asked before and after; it never delays, hides or cancels money."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from support.fakes import LOST, NO, YES, Bench, FakeTerminal, order, ready
from support.virtual import virtual_time

from kiosk_tui.domain.fiscal import (
    OwedSignature,
    Signature,
    SignerBegun,
    SignerUnavailable,
    SigningRefused,
    SlipSignature,
)
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.outcome import PaymentOutcome
from kiosk_tui.domain.transaction import Order, Transaction
from kiosk_tui.journal.signatures import SignatureLog
from kiosk_tui.journal.store import Store
from kiosk_tui.payment.fiscal import SigningTerms
from kiosk_tui.payment.flow import Refusal
from kiosk_tui.payment.notifications import Notification, TransactionChanged

REFUSES = SigningTerms(refuses=True)


class FakeSigner:
    """Signs everything, unless told otherwise; remembers what it was asked."""

    def __init__(self) -> None:
        self.before: SignerBegun | SigningRefused | SignerUnavailable = SignerBegun("T1")
        self.works = True
        self.takes_s = 0.0
        self.begun: list[Order] = []
        self.asked: list[OwedSignature] = []
        self.on_finish: Callable[[], None] = lambda: None

    async def begin(
        self, order: Order, _at: datetime
    ) -> SignerBegun | SigningRefused | SignerUnavailable:
        self.begun.append(order)
        await asyncio.sleep(self.takes_s)
        return self.before

    async def finish(self, owed: OwedSignature) -> Signature | SignerUnavailable:
        self.asked.append(owed)
        self.on_finish()
        await asyncio.sleep(self.takes_s)
        if not self.works:
            return SignerUnavailable("It is out of order.")
        return Signature(f"signed {owed.key}", f"QR:{owed.key}")


async def _owed(bench: Bench) -> int:
    found = await bench.register.signing.backlog()
    return 0 if found is None else found.count


async def _signed(bench: Bench, one: Transaction) -> list[tuple[State, bool]]:
    found = await SignatureLog(bench.journal).signatures(one.id)
    return [(each.state, each.signature is not None) for each in found]


@virtual_time
async def test_it_is_asked_before_anything_is_sent_and_its_token_is_given_back(
    tmp_path: Path,
) -> None:
    signer, terminal = FakeSigner(), FakeTerminal()
    terminal.on_pay = lambda _: asked.append(len(signer.begun))
    asked: list[int] = []
    bench = await ready(tmp_path, signer=signer, terminal=terminal)
    one = await bench.pay()
    await bench.register.signing.catch_up()
    assert asked == [1]
    (owed,) = signer.asked
    assert (owed.token, owed.event, owed.transaction.state) == ("T1", "APPROVED", State.APPROVED)
    slip = await bench.register.signing.on_slip(one)
    assert slip is not None
    assert slip.signature == Signature(f"signed {owed.key}", f"QR:{owed.key}")


@virtual_time
async def test_whatever_a_signer_says_after_an_approval_it_stays_one(tmp_path: Path) -> None:
    signer, terminal = FakeSigner(), FakeTerminal()

    def refuse_from_now_on(_exchange: object) -> None:
        signer.before, signer.works = SigningRefused("The law has changed."), False

    terminal.on_pay = refuse_from_now_on
    bench = await ready(tmp_path, signer=signer, terminal=terminal, signing=REFUSES)
    one = await bench.pay()
    for _ in range(3):
        await bench.register.signing.catch_up()
        await bench.register.replay()
    assert (await bench.on_disk(one.id)).state is State.APPROVED
    assert not terminal.cancelled
    assert len(signer.begun) == 1


@virtual_time
async def test_a_refused_payment_is_neither_on_disk_nor_sent(tmp_path: Path) -> None:
    signer = FakeSigner()
    signer.before = SigningRefused("No day was opened.")
    bench = await ready(tmp_path, signer=signer)
    found = await bench.refused()
    assert found.refusal is Refusal.FISCAL
    assert "No day was opened." in found.why
    assert not bench.terminal.wire
    assert not await bench.journal.newest(1)


@pytest.mark.parametrize("late", [True, False])
@virtual_time
async def test_without_the_signer_it_is_sold_and_marked_or_refused_as_configured(
    tmp_path: Path, late: bool
) -> None:
    signer = FakeSigner()
    signer.before = SignerUnavailable("It is out of order.")
    signer.takes_s = 100.0 if late else 0.0
    bench = await ready(tmp_path, signer=signer, signing=SigningTerms(mark="SE ausgefallen"))
    signer.works = False
    one = await bench.pay()
    assert one.state is State.APPROVED
    assert bench.clock.monotonic() <= 5.0
    slip = await bench.register.signing.on_slip(one)
    assert slip is not None
    assert slip.out_of_order
    assert (slip.signature, slip.mark) == (None, "SE ausgefallen")

    bench.register.signing._terms = REFUSES  # type: ignore[attr-defined]
    found = await bench.refused()
    assert found.refusal is Refusal.FISCAL
    assert len(bench.terminal.paid) == 1


@virtual_time
async def test_a_payment_that_is_given_up_while_the_signer_thinks_is_not_sent(
    tmp_path: Path,
) -> None:
    signer = FakeSigner()
    signer.takes_s = 4.0
    bench = await ready(tmp_path, signer=signer)
    payment = bench.register.pay(order())
    await asyncio.sleep(1.0)
    await bench.register.give_up()
    assert not bench.terminal.wire
    assert bench.clock.monotonic() < 2.0
    ended = await payment
    assert not isinstance(ended, Transaction)
    assert ended.refusal is Refusal.GIVEN_UP
    signer.takes_s = 0.0
    assert (await bench.pay()).state is State.APPROVED


@pytest.mark.parametrize(
    ("answer", "states"),
    [
        (YES, [State.APPROVED]),
        (NO, [State.DECLINED]),
        (LOST, [State.CANCELLED]),
    ],
)
@virtual_time
async def test_whatever_ends_a_transaction_is_signed_once(
    tmp_path: Path, answer: PaymentOutcome, states: list[State]
) -> None:
    signer = FakeSigner()
    bench = await ready(tmp_path, signer=signer)
    bench.terminal.answer = answer
    one = await bench.pay()
    await bench.register.replay()
    for _ in range(2):
        await bench.register.signing.catch_up()
    assert await _signed(bench, one) == [(state, True) for state in states]
    assert len({owed.key for owed in signer.asked}) == len(signer.asked)


@virtual_time
async def test_an_approval_is_told_before_its_signature_is_asked_for(tmp_path: Path) -> None:
    signer = FakeSigner()
    bench = await ready(tmp_path, signer=signer)
    story: list[str] = []

    def hear(notification: Notification) -> None:
        if isinstance(notification, TransactionChanged):
            story.append(notification.transaction.state)

    bench.register.listen(hear)
    signer.on_finish = lambda: story.append("signer")
    await bench.register.start()
    signer.takes_s, began = 20.0, bench.clock.monotonic()
    await bench.pay()
    assert bench.clock.monotonic() - began <= 5.0  # the question before it, and nothing after it
    await asyncio.sleep(1.0)
    assert story.index("signer") > story.index(State.APPROVED)
    await bench.register.close(0.0)


@virtual_time
async def test_after_an_outage_signatures_are_caught_up_in_order(tmp_path: Path) -> None:
    signer = FakeSigner()
    bench = await ready(tmp_path, signer=signer)
    signer.works = False
    await bench.register.start()
    first, second = await bench.pay(), await bench.pay()
    await bench.register.cancel(first.id)
    await asyncio.sleep(600.0)
    assert await _owed(bench) == 3
    assert bench.register.signing.out_of_order
    assert {owed.key for owed in signer.asked} == {f"{first.id}-2"}  # nobody passes the first
    signer.works, signer.asked = True, []
    await asyncio.sleep(120.0)
    states = [(owed.transaction.id, owed.transaction.state) for owed in signer.asked]
    assert states == [
        (first.id, State.APPROVED),
        (second.id, State.APPROVED),
        (first.id, State.CANCELLED),
    ]
    assert await _owed(bench) == 0
    await bench.register.close(0.0)


@virtual_time
async def test_what_was_owed_when_the_process_died_is_asked_for_under_the_same_key(
    tmp_path: Path,
) -> None:
    signer = FakeSigner()
    bench = await ready(tmp_path, signer=signer)
    one = await bench.pay()
    (owed,) = [await SignatureLog(bench.journal).owed_signature()]
    bench.store.close()

    again = FakeSigner()
    after = await ready(tmp_path, signer=again)
    await after.register.signing.catch_up()
    assert owed is not None
    assert [(each.key, each.token) for each in again.asked] == [(owed.key, "T1")]
    await SignatureLog(after.journal).sign(owed, Signature("another"), after.clock.now())
    (kept,) = await SignatureLog(after.journal).signatures(one.id)
    assert kept.signature == Signature(f"signed {owed.key}", f"QR:{owed.key}")


@virtual_time
async def test_without_a_signer_nothing_of_it_is_written(tmp_path: Path) -> None:
    bench = await ready(tmp_path)
    one = await bench.pay()
    assert await SignatureLog(bench.journal).signatures(one.id) == ()
    assert await bench.register.signing.on_slip(one) is None
    await bench.register.signing.catch_up()
    assert await _owed(bench) == 0
    assert isinstance(bench.store, Store)


class BrokenSigner:
    """Raises, which no signer may."""

    async def begin(self, order: Order, _at: datetime) -> SignerBegun:
        raise ZeroDivisionError

    async def finish(self, owed: OwedSignature) -> Signature:
        raise ZeroDivisionError


@virtual_time
async def test_a_fault_of_ours_in_a_signer_keeps_nobody_from_paying(tmp_path: Path) -> None:
    bench = await ready(tmp_path, signer=BrokenSigner())
    assert (await bench.pay()).state is State.APPROVED
    await bench.register.signing.catch_up()
    assert await _owed(bench) == 1


@virtual_time
async def test_a_question_about_a_card_is_told_to_no_signer(tmp_path: Path) -> None:
    signer = FakeSigner()
    bench = await ready(tmp_path, signer=signer)
    one = await bench.pay(operation=Operation.BALANCE)
    assert await bench.register.signing.on_slip(one) is None
    assert not signer.begun


@virtual_time
async def test_a_signature_that_comes_while_the_slip_waits_stands_on_it(tmp_path: Path) -> None:
    signer = FakeSigner()
    bench = await ready(tmp_path, signer=signer)
    await bench.register.start()
    signer.before, signer.takes_s = SignerBegun(), 2.0
    one = await bench.pay()
    slip = await bench.register.signing.on_slip(one)
    assert slip is not None
    assert slip.signature is not None
    signer.takes_s = 100.0  # longer than `finish_s`
    signer.works = True
    other = await bench.pay()
    slip = await bench.register.signing.on_slip(other)
    assert slip is not None
    assert slip.signature is None
    await asyncio.sleep(40.0)
    assert bench.register.signing.out_of_order
    signer.takes_s = 0.0
    await asyncio.sleep(60.0)
    slip = await bench.register.signing.on_slip(other)  # a copy that is printed later
    assert slip is not None
    assert slip.signature is not None
    await bench.register.close(0.0)


@virtual_time
async def test_a_disk_that_refuses_leaves_a_mark_and_the_signature_owed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    signer = FakeSigner()
    bench = await ready(tmp_path, signer=signer)
    one = await bench.pay()

    def refuse(_query: object) -> None:
        raise JournalUnavailableError("The disk refuses.")

    with monkeypatch.context() as worn:
        worn.setattr(bench.store, "read", refuse)
        await bench.register.signing.catch_up()
        slip = await bench.register.signing.on_slip(one)
        assert slip == SlipSignature()
    assert await _owed(bench) == 1
    await bench.register.signing.catch_up()
    assert await _owed(bench) == 0
