"""For every operation on an original, every spelling gives the same result as the plainest.

And whatever the spellings and the order: refunds never exceed the sale, completions never what was
reserved, and what was cancelled is never paid back.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.fakes import EUR, LOST, NO, PLACE, YES, Bench, order, ready
from support.virtual import run, virtual_time

from kiosk_tui.domain.identity import IdentityError, Original, Place, TransactionId
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.money import Money
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.outcome import CancelVerdict, PaymentOutcome
from kiosk_tui.domain.references import wanted
from kiosk_tui.domain.transaction import Order, Transaction
from kiosk_tui.payment.flow import NotStarted

Spelling = tuple[Callable[[str], str], str, str]
"""How the id is written, and which terminal and source id are given beside it."""

PLAIN: Spelling = (str, "", "")
SPELLINGS: tuple[Spelling, ...] = (
    PLAIN,
    (lambda one: one.zfill(20), "", ""),
    (lambda one: f"TXID{one.zfill(20)}", "88091105", ""),
    (lambda one: f"txid{one}", "", "01"),
    (lambda one: f"TXID{one.zfill(20)}_01_88091105", "", ""),
    (lambda one: f"{one}_1_88091105", "88091105", "1"),
    (lambda one: f" {one[:8]} {one[8:]}\t", "88091105", "01"),
    (lambda one: f"{one[-9:-6]} {one[-6:-3]} {one[-3:]}", "", ""),
    (lambda one: f"{one[-9:-6]}-{one[-6:-3]}-{one[-3:]}", "", "1"),
    (lambda one: one[-9:], "88091105", "01"),
)

HOLD, SALE = 0, 1
REFUND, COMPLETE, CANCEL, CANCEL_AS_ANOTHERS = range(4)
Step = tuple[int, int, int, int, PaymentOutcome]
"""What is done, to which of the two, how it is spelled, how much, and how TECS answers."""

STEPS = st.lists(
    st.tuples(
        st.integers(REFUND, CANCEL_AS_ANOTHERS),
        st.sampled_from((HOLD, SALE)),
        st.integers(0, len(SPELLINGS) - 1),
        st.sampled_from((1, 400, 600, 1000, 1001, 50_000)),
        st.sampled_from((YES, NO, LOST)),
    ),
    max_size=6,
)
_EXAMPLES = int(os.environ.get("SPELLED_EXAMPLES", "40"))
"""Ten thousand were tried once; a slice is tried each time."""


@settings(max_examples=_EXAMPLES, deadline=None)
@given(STEPS)
def test_every_spelling_gives_the_same_result_and_no_sum_is_exceeded(steps: list[Step]) -> None:
    spelled = _played(steps, SPELLINGS)
    assert spelled == _played(steps, (PLAIN,) * len(SPELLINGS))


def _played(steps: list[Step], spellings: tuple[Spelling, ...]) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        return run(_play(Path(folder), steps, spellings))


async def _play(folder: Path, steps: list[Step], spellings: tuple[Spelling, ...]) -> list[str]:
    bench = await ready(folder)
    bench.terminal.always = CancelVerdict.UNANSWERED
    about = (
        await bench.pay(1000, Operation.PREAUTHORIZATION),
        await bench.pay(1000),
    )
    told = []
    for do, which, spelling, minor, answer in steps:
        bench.terminal.answer = answer
        ended = await _step(bench, do, about[which].id, spellings[spelling], minor)
        told.append(ended)
        # what is due is answered, or the register would stay closed
        bench.terminal.always = CancelVerdict.CONFIRMED
        await bench.register.replay()
        await bench.register.look()
    for one in about:
        await _check_sums(bench, one)
    bench.journal.close()
    return told


async def _step(bench: Bench, do: int, number: str, spelling: Spelling, minor: int) -> str:
    write, terminal, source_id = spelling
    register = bench.register
    try:
        original = await register.original(wanted(write(number), PLACE, terminal, source_id))
    except IdentityError as error:  # no spelling of what is known is ever refused
        raise AssertionError(str(error)) from error
    ended: Transaction | NotStarted
    if do == CANCEL:
        found = await register.named(wanted(write(number), PLACE, terminal, source_id))
        assert found is not None
        ended = await register.cancel(found.id)
    elif do == CANCEL_AS_ANOTHERS:
        ended = await register.cancel_elsewhere(_about(Operation.CANCELLATION, minor, original))
        assert isinstance(ended, NotStarted)
    else:
        operation = Operation.REFERENCED_REFUND if do == REFUND else Operation.COMPLETION
        ended = await register.pay(_about(operation, minor, original))
    return str(ended.state) if isinstance(ended, Transaction) else ended.why


def _about(operation: Operation, minor: int, original: Original) -> Order:
    return Order(operation, Money(minor, EUR), PLACE, original=original)


async def _check_sums(bench: Bench, original: Transaction) -> None:
    one = await bench.on_disk(original.id)
    earlier = await bench.journal.referring_to(Original(one.id, one.order.place))
    gone = {State.DECLINED, State.NOT_SENT, State.CANCELLED, State.NOTHING_TO_CANCEL}
    taken = [each for each in earlier if each.state not in gone]
    for operation in (Operation.REFERENCED_REFUND, Operation.COMPLETION):
        minor = sum(each.charged.minor for each in taken if each.order.operation is operation)
        assert minor <= one.charged.minor
    if one.state is not State.APPROVED:
        assert not taken
    assert not [each for each in earlier if each.order.operation is Operation.CANCELLATION]


@pytest.mark.parametrize("spelling", SPELLINGS)
@virtual_time
async def test_what_goes_out_about_an_original_is_spelled_as_its_own_request_was(
    tmp_path: Path, spelling: Spelling
) -> None:
    bench = await ready(tmp_path)
    padded = Place("88091105", "01")
    sold = await bench.pay(Order(Operation.SALE, Money(1000, EUR), padded))
    write, terminal, source_id = spelling
    original = await bench.register.original(wanted(write(sold.id), PLACE, terminal, source_id))
    await bench.register.pay(_about(Operation.REFERENCED_REFUND, 100, original))
    sent = bench.terminal.orders[-1].original
    assert sent is not None
    assert (sent.transaction_id, sent.place.source_id) == (sold.id, "01")


@virtual_time
async def test_another_terminals_transaction_with_our_id_takes_nothing_from_ours(
    tmp_path: Path,
) -> None:
    bench = await ready(tmp_path)
    sold = await bench.pay(1000)
    theirs = Original(sold.id, Place("11460019", "2"))
    for minor in (1000, 1000):  # how much that one allows is TECS's to judge
        await bench.pay(_about(Operation.REFERENCED_REFUND, minor, theirs))
    ours = await bench.register.pay(
        _about(Operation.REFERENCED_REFUND, 1000, Original(sold.id, PLACE))
    )
    assert isinstance(ours, Transaction)


@virtual_time
async def test_another_terminals_transaction_is_cancelled_or_refunded_never_both(
    tmp_path: Path,
) -> None:
    bench = await ready(tmp_path)
    for first, second in ((CANCEL, REFUND), (REFUND, CANCEL), (CANCEL, CANCEL)):
        number = TransactionId(f"2026110112000012{first}{second}")
        spelled = [
            _about(_OF[do], 500, Original(number, Place("11460019", source)))
            for do, source in ((first, "2"), (second, "02"))
        ]
        told = []
        for do, asked in zip((first, second), spelled, strict=True):
            ask = bench.register.cancel_elsewhere if do == CANCEL else bench.register.pay
            told.append(await ask(asked))
            await bench.register.replay()
            await bench.register.look()
        assert isinstance(told[0], Transaction), told
        assert isinstance(told[1], NotStarted), told


_OF = {CANCEL: Operation.CANCELLATION, REFUND: Operation.REFERENCED_REFUND}


@virtual_time
async def test_a_cancellation_that_found_nothing_forbids_no_refund(tmp_path: Path) -> None:
    bench = await ready(tmp_path)
    theirs = Original(TransactionId("17"), Place("11460019", "2"))
    bench.terminal.always = CancelVerdict.ORIGINAL_NOT_FOUND
    await bench.register.cancel_elsewhere(_about(Operation.CANCELLATION, 500, theirs))
    await bench.register.replay()
    await bench.register.look()
    await bench.pay(_about(Operation.REFERENCED_REFUND, 500, theirs))


@virtual_time
async def test_a_refund_that_runs_keeps_every_spelling_of_its_original_from_being_cancelled(
    tmp_path: Path,
) -> None:
    bench = await ready(tmp_path)
    sold = await bench.pay(1000)
    refused: list[Transaction | NotStarted] = []

    async def meanwhile() -> PaymentOutcome:
        refused.append(await bench.register.cancel(sold.id))
        asked = _about(Operation.CANCELLATION, 500, Original(sold.id, Place("88091105", "01")))
        refused.append(await bench.register.cancel_elsewhere(asked))
        return YES

    bench.terminal.answer = meanwhile
    paid = await bench.register.pay(
        _about(Operation.REFERENCED_REFUND, 100, Original(sold.id, Place("88091105", "01")))
    )
    assert isinstance(paid, Transaction)
    assert [isinstance(one, NotStarted) for one in refused] == [True, True]
    theirs = Original(TransactionId("17"), Place("11460019", "2"))

    async def theirs_meanwhile() -> PaymentOutcome:
        refused.append(
            await bench.register.cancel_elsewhere(
                _about(
                    Operation.CANCELLATION,
                    5,
                    Original(theirs.transaction_id, Place("11460019", "02")),
                )
            )
        )
        refused.append(await bench.register.cancel(sold.id))
        return YES

    bench.terminal.answer = theirs_meanwhile
    await bench.register.pay(_about(Operation.REFERENCED_REFUND, 5, theirs))
    assert isinstance(refused[2], NotStarted)
    assert "wait for the result" in refused[2].why
    assert isinstance(refused[3], NotStarted)
    assert "has been refunded" in refused[3].why


@virtual_time
async def test_a_reference_of_two_days_moves_nothing(tmp_path: Path) -> None:
    bench = await ready(tmp_path)
    sold = await bench.pay(1000)
    next_day = sold.created_at + timedelta(days=1)
    twin, _ = await bench.journal.begin(order(), 1255, next_day)
    assert twin.reference == sold.reference
    with pytest.raises(IdentityError, match="is the reference of 2 transactions"):
        await bench.register.original(wanted(sold.reference, PLACE))
    whole = await bench.register.original(wanted(sold.id, PLACE))
    assert whole.transaction_id == sold.id
