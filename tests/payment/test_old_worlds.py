"""A journal of many days: large numbers end nothing, and nothing in it is forgotten at the start."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from support.fakes import Bench, order
from support.virtual import virtual_time

from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.lifecycle import Event, State
from kiosk_tui.domain.outcome import CancelVerdict
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.payment.flow import Refusal
from kiosk_tui.payment.policy import Timeouts, pause
from kiosk_tui.payment.readiness import Obstacle

TRIES = [0, 49, 50, 51, 100, 1_022, 1_023, 1_024, 5_000, 1_000_000]


def _left_due(bench: Bench, attempts: int = 0) -> Transaction:
    """Leave a cancellation due, after so many attempts of earlier processes."""
    begun, _ = bench.store.begin(order(), 1255, bench.clock.now())
    due = replace(begun, state=State.CANCEL_DUE, attempts=attempts)
    bench.store.record(State.AUTHORIZING, due, Event.RESTARTED)
    return due


@pytest.mark.parametrize("tries", TRIES)
@virtual_time
async def test_a_cancellation_is_tried_again_however_often_it_was_tried(
    tmp_path: Path, tries: int
) -> None:
    bench = Bench(tmp_path, timeouts=Timeouts(look_s=100_000, look_again_s=100_000))
    due = _left_due(bench, tries)
    bench.terminal.cancellations = [CancelVerdict.UNANSWERED] * 3
    await bench.register.start()
    await asyncio.sleep(4 * 400)
    ended = await bench.on_disk(due.id)
    assert (ended.state, ended.attempts) == (State.CANCELLED, tries + 4)
    assert bench.register.readiness.open
    await bench.register.close(0)


def test_the_pause_is_bounded_and_never_shorter_for_any_number_of_tries() -> None:
    timeouts = Timeouts()
    pauses = [pause(tries, timeouts, 0.5) for tries in (*range(3_000), 10**6, 10**12)]
    assert all(map(math.isfinite, pauses))
    assert pauses == sorted(pauses)
    assert pauses[-1] == timeouts.cancel_most_s


@virtual_time
async def test_all_that_is_open_is_taken_up_however_many_there_are(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    due = [_left_due(bench) for _ in range(205)]
    await bench.register.look()
    assert len(bench.register.due) == len(bench.register.readiness.due) == 205
    await bench.register.replay()
    assert {one for one, _ in bench.terminal.cancelled} == {one.id for one in due}
    assert await bench.journal.in_states([State.CANCEL_DUE]) == ()
    assert bench.register.readiness.open


@virtual_time
async def test_a_journal_that_cannot_be_read_at_the_start_is_told_and_taken_up_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing may be sold while nobody knows what is due, and what is due is not forgotten."""
    bench = Bench(tmp_path)
    due = _left_due(bench)
    whole = bench.store.in_states

    def torn(_states: Sequence[State]) -> tuple[Transaction, ...]:
        raise JournalUnavailableError("The disk does not read.")

    monkeypatch.setattr(bench.store, "in_states", torn)
    await bench.register.start()
    assert bench.register.readiness.obstacle is Obstacle.JOURNAL
    assert bench.register.readiness.why == "The disk does not read."
    refused = await bench.refused()
    assert refused.refusal is Refusal.CLOSED
    with pytest.raises(JournalUnavailableError):
        await bench.register._watch.take_up()
    monkeypatch.setattr(bench.store, "in_states", whole)
    await asyncio.sleep(60)
    assert (await bench.on_disk(due.id)).state is State.CANCELLED
    assert bench.register.readiness.open
    await bench.register.close(0)


@virtual_time
async def test_one_that_cannot_be_taken_up_is_told_and_taken_up_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same where the journal can be read, and the restart cannot be written."""
    bench = Bench(tmp_path)
    due = [_left_due(bench) for _ in range(3)]
    record, written = bench.store.record, 0

    def torn(before: State, after: Transaction, event: Event, *more: object) -> None:
        nonlocal written
        written += 1
        if written == 2:
            raise JournalUnavailableError("The disk is full.")
        record(before, after, event, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(bench.store, "record", torn)
    await bench.register.start()
    assert bench.register.readiness.obstacle is Obstacle.JOURNAL
    await asyncio.sleep(60)
    for one in due:
        assert (await bench.on_disk(one.id)).state is State.CANCELLED
    await bench.register.close(0)
