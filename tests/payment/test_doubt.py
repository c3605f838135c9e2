"""A write that was answered with an error may be on the disk all the same.

Found by the simulation (seeds 826, 3887 and 10318 of the near depth, when it was new): each of these
left a transaction open for ever, or a payment ended with a traceback.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from support.fakes import LOST, NO, YES, Bench, ready
from support.virtual import virtual_time

from kiosk_tui.domain.journal_errors import JournalConflictError, JournalUnavailableError
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.outcome import Approved, CancelVerdict, PaymentOutcome
from kiosk_tui.journal.reader import Reader
from kiosk_tui.payment.flow import NotStarted, Refusal


def _kept_but_refused(bench: Bench, method: str, times: int = 1) -> None:
    """Let the next calls commit and be answered with an error all the same."""
    real: Callable[..., object] = getattr(bench.store, method)
    left = [times]

    def write(*values: object) -> object:
        done = real(*values)
        if left[0]:
            left[0] -= 1
            raise JournalUnavailableError("The journal cannot be used: disk I/O error.")
        return done

    setattr(bench.store, method, write)


def _whole(tmp_path: Path) -> list[str]:
    reader = Reader(tmp_path / "journal.db")
    try:
        return reader.verify()
    finally:
        reader.close()


@virtual_time
async def test_a_payment_that_was_begun_on_disk_only_is_taken_up_without_a_restart(
    tmp_path: Path,
) -> None:
    bench = await ready(tmp_path)
    _kept_but_refused(bench, "begin")
    refused = await bench.refused()
    assert refused.refusal is Refusal.JOURNAL
    assert not bench.register.readiness.open
    await bench.register.look()
    (due,) = bench.register.due
    assert due.state is State.CANCEL_DUE
    bench.terminal.always = CancelVerdict.ORIGINAL_DECLINED
    await bench.register.due_once(due.id)
    assert (await bench.on_disk(due.id)).state is State.NOTHING_TO_CANCEL
    assert bench.terminal.paid == []
    assert bench.register.readiness.open


@pytest.mark.parametrize("gave_up", [False, True])
@virtual_time
async def test_an_approval_that_only_the_disk_knows_is_not_told_and_cancelled(
    tmp_path: Path, *, gave_up: bool
) -> None:
    bench = await ready(tmp_path)

    async def answer() -> PaymentOutcome:
        if gave_up:
            await bench.register.give_up()
        _kept_but_refused(bench, "record")
        return YES

    bench.terminal.answer = answer
    ended = await bench.pay()
    assert ended.state is State.VOID_DUE
    await bench.register.look()
    await bench.register.due_once(ended.id)
    assert (await bench.on_disk(ended.id)).state is State.CANCELLED
    assert _whole(tmp_path) == []
    reader = Reader(tmp_path / "journal.db")
    payment = reader.exchanges(ended.id)[0]
    assert (payment.verdict, payment.answer) == ("approved", YES.answer)
    reader.close()


@pytest.mark.parametrize(
    ("outcome", "state"), [(NO, State.DECLINED), (LOST, State.CANCEL_DUE)], ids=["no", "lost"]
)
@virtual_time
async def test_what_leads_away_from_money_counts_at_once_and_is_written_once(
    tmp_path: Path, outcome: PaymentOutcome, state: State
) -> None:
    bench = await ready(tmp_path)
    bench.terminal.answer = outcome
    _kept_but_refused(bench, "record", times=2)
    ended = await bench.pay()
    assert ended.state is state
    await bench.register.look()
    assert not bench.register.readiness.open
    await bench.register.look()
    assert (await bench.on_disk(ended.id)).state is state
    assert not bench.register.behind
    assert _whole(tmp_path) == []


@virtual_time
async def test_a_cancellation_that_staff_were_refused_but_the_disk_kept_is_made(
    tmp_path: Path,
) -> None:
    bench = await ready(tmp_path)
    sold = await bench.pay()
    _kept_but_refused(bench, "record")
    refused = await bench.register.cancel(sold.id)
    assert isinstance(refused, NotStarted)
    await bench.register.look()
    assert [one.id for one in bench.register.due] == [sold.id]
    await bench.register.due_once(sold.id)
    assert (await bench.on_disk(sold.id)).state is State.CANCELLED


@virtual_time
async def test_a_fault_inside_the_journal_is_a_disk_that_refuses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So a payment is never left in the middle: what TECS approved is cancelled."""
    bench = await ready(tmp_path)

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    async def answer() -> PaymentOutcome:
        monkeypatch.setattr(bench.store, "record", broken)
        return YES

    bench.terminal.answer = answer
    ended = await bench.pay()
    assert ended.state is State.VOID_DUE
    await bench.register.look()
    assert "ZeroDivisionError" in bench.register.readiness.why
    monkeypatch.undo()
    await bench.register.look()
    await bench.register.due_once(ended.id)
    assert (await bench.on_disk(ended.id)).state is State.CANCELLED


@virtual_time
async def test_a_journal_that_says_otherwise_without_any_failed_write_closes_the_register(
    tmp_path: Path,
) -> None:
    """Somebody else has written: nothing is guessed, nothing is overwritten."""
    bench = await ready(tmp_path)

    async def answer() -> PaymentOutcome:
        meddle(bench, State.DECLINED)
        return Approved(YES.answer)

    def meddle(bench: Bench, state: State) -> None:
        bench.store._connection.get().execute(
            "UPDATE transactions SET state = ?, checksum = NULL", (state,)
        )

    bench.terminal.answer = answer
    ended = await bench.pay()
    assert ended.state is State.VOID_DUE
    with pytest.raises(JournalConflictError, match="is not AUTHORIZING"):
        await bench.register._ledger.catch_up()
    await bench.register.look()
    assert not bench.register.readiness.open
    assert (await bench.on_disk(ended.id)).state is State.DECLINED
