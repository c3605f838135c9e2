"""The simulation itself: that a seed decides everything, that a kill is a kill, that stories shrink."""

from __future__ import annotations

import asyncio
import random
from dataclasses import replace

import pytest

from kiosk_tui.domain.lifecycle import DUE, TABLE, Event, State
from kiosk_tui.domain.money import MAX_MINOR
from kiosk_tui.domain.operations import Operation
from proofs.simulation import coverage, plan, sweep
from proofs.simulation.loop import Loop, StuckError
from proofs.simulation.past import Earlier
from proofs.simulation.plan import Act, Action, DiskFault, DiskTrouble, Fate, Kill, LineFault, Plan
from proofs.simulation.plan import draw as drawn
from proofs.simulation.sabotage import CONTROLS
from proofs.simulation.schedule import Schedule
from proofs.simulation.shrink import shrink
from proofs.simulation.spelling import spelled

PAY = Action(1.0, Act.PAY)
# What a killed process leaves behind is never awaited and never closed: that is the idea.
pytestmark = [
    pytest.mark.journey,
    pytest.mark.filterwarnings(
        "ignore::RuntimeWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
    ),
]


@pytest.fixture
def loop() -> Loop:
    return Loop()  # type: ignore[abstract]


@pytest.mark.parametrize("far", [False, True], ids=["near", "far"])
def test_one_seed_decides_everything(*, far: bool) -> None:
    for seed in range(100, 112):
        stories = []
        for _ in range(2):
            schedule = Schedule(drawn(seed), far=far)
            schedule.run(tell=True)
            stories.append(schedule.story)
        assert stories[0] == stories[1], seed
        assert stories[0], seed


@pytest.mark.parametrize("far", [False, True], ids=["near", "far"])
def test_a_plain_payment_is_approved_and_booked(*, far: bool) -> None:
    verdict = Schedule(Plan(1, (PAY,), heal_s=30.0), far=far).run()
    assert verdict.violations == ()
    assert [one.state for one in verdict.transactions] == [State.APPROVED]


@pytest.mark.parametrize("line", [one for one in LineFault if "answer" in one.value])
@pytest.mark.parametrize("far", [False, True], ids=["near", "far"])
def test_a_lost_answer_is_cancelled_at_both_depths(line: LineFault, *, far: bool) -> None:
    verdict = Schedule(Plan(1, (PAY,), (Fate(line),), heal_s=30.0), far=far).run()
    assert verdict.violations == ()
    assert [one.state for one in verdict.transactions] == [State.CANCELLED]


def test_a_process_can_be_killed_at_each_of_its_steps() -> None:
    ends: set[State | None] = set()
    for step in range(1, 100):
        plan = Plan(1, (PAY,), kills=(Kill(step, 3.0),), heal_s=30.0)
        verdict = Schedule(plan).run()
        assert verdict.violations == (), step
        if not verdict.kills:
            break
        ends |= {one.state for one in verdict.transactions} or {None}
    assert step > 15
    assert ends == {None, State.NOTHING_TO_CANCEL, State.CANCELLED, State.APPROVED}


def test_a_killed_process_runs_nothing_more_not_even_its_finally(loop: Loop) -> None:
    seen: list[str] = []

    async def process() -> None:
        try:
            await asyncio.sleep(1)
            seen.append("woke")
        finally:
            seen.append("unwound")

    keep = loop.spawn(1, process())
    loop.living = 1
    loop.call_later(0.5, lambda: setattr(loop, "living", -1))
    loop.call_later(5.0, loop.finish)
    loop.run(10.0)
    assert seen == []
    assert not keep.done()


def test_a_schedule_that_never_ends_is_found(loop: Loop) -> None:
    with pytest.raises(StuckError, match="Nothing is left"):
        loop.run(10.0)
    loop.call_later(11.0, loop.finish)
    with pytest.raises(StuckError, match="not over after 10 s"):
        loop.run(10.0)


def test_a_process_that_turns_in_a_circle_is_found(loop: Loop) -> None:
    async def circle() -> None:
        while True:
            await asyncio.sleep(0)

    keep = loop.spawn(1, circle())
    loop.living = 1
    with pytest.raises(StuckError, match="no time passes"):
        loop.run(10.0)
    assert not keep.done()


def test_the_disk_refuses_where_it_is_told_to() -> None:
    trouble = DiskTrouble(DiskFault.FULL, from_s=0.5, for_s=60.0)
    schedule = Schedule(Plan(1, (PAY,), disk=(trouble,), heal_s=120.0))
    verdict = schedule.run(tell=True)
    assert verdict.violations == ()
    assert any("disk: full" in line for line in schedule.story)


def test_a_failing_plan_shrinks_to_what_matters() -> None:
    name = "takes a missing answer for a decline"
    seed = sweep.many(range(1, 200), far=False, control=name).failures[0][0]

    def fails(plan: Plan) -> bool:
        return bool(Schedule(plan, CONTROLS[name]).run().violations)

    smallest = shrink(drawn(seed), fails)
    assert fails(smallest)
    assert [one.act for one in smallest.actions] == [Act.PAY]
    assert not any((smallest.kills, smallest.disk, smallest.jumps, smallest.outages))


def test_the_coverage_names_a_pair_that_never_happened() -> None:
    pairs = coverage.Pairs(TABLE.keys())
    assert coverage.missed(pairs) == []
    del pairs[State.SETTLED, Event.LATE_APPROVAL]
    assert coverage.missed(pairs) == ["SETTLED and LATE_APPROVAL never met"]


def test_an_approval_that_the_disk_refuses_and_keeps_is_met_on_purpose() -> None:
    """Chance alone meets it once in twenty thousand: a slow machine would call it unreached."""
    pairs = coverage.Pairs()
    with coverage.counting(pairs):
        verdict = Schedule(plan._kept_all_the_same(1, random.Random(1))).run()
    assert pairs[State.APPROVED, Event.APPROVAL_NOT_RECORDED]
    assert verdict.violations == ()
    assert [one.state for one in verdict.transactions] == [State.CANCELLED]


@pytest.mark.parametrize("name", [one for one in CONTROLS if "status polls" in one])
def test_ids_of_status_polls_that_are_not_their_own_are_found_soon(name: str) -> None:
    (found,) = sweep.many(range(1, 400), far=False, control=name).failures
    assert "left 2 times" in found[1]


def test_the_old_worlds_are_old_and_large() -> None:
    pasts = [one.past for one in map(drawn, range(1, 2_001)) if one.past]
    everything = [one for past in pasts for one in past]
    assert 40 < len(pasts) < 200
    assert any(sum(one.state in DUE for one in past) > 100 for past in pasts)
    assert any(one.attempts > 1_024 for one in everything)
    assert any(one.id.endswith("000000000") for one in everything)
    assert any(sum(one.minor for one in past) > MAX_MINOR for past in pasts)
    for past in pasts:
        ids = [one.id for one in past if not one.elsewhere]
        assert len(set(ids)) == len(ids)
    ends = [[one.id[8:] for one in past if not one.elsewhere] for past in pasts]
    assert any(len(set(one)) < len(one) for one in ends)
    ours = [{one.id for one in past if not one.elsewhere} for past in pasts]
    assert any(
        one.elsewhere and one.id in mine
        for past, mine in zip(pasts, ours, strict=True)
        for one in past
    )
    lost = {State.NEEDS_STAFF, State.CANCEL_DUE}
    assert {one.operation for one in everything if one.original and one.state in lost} == {
        Operation.REFERENCED_REFUND,
        Operation.COMPLETION,
    }


SOLD = Earlier("20261122101112131", minor=1000, source_id="01")


@pytest.mark.parametrize("far", [False, True], ids=["near", "far"])
def test_every_spelling_draws_on_the_same_transaction(*, far: bool) -> None:
    """Twice 60 %, the second by a spelling of its own: the first is paid, the second refused."""
    spellings = {spelled(SOLD.transaction, number) for number in range(240)}
    assert len({one.text for one in spellings}) == 11
    for number in range(120):
        draws = tuple(
            Action(at, Act.DRAW, spelling=one, percent=60)
            for at, one in ((1.0, number), (300.0, number + 7))
        )
        schedule = Schedule(Plan(1, draws, past=(SOLD,), heal_s=600.0), far=far)
        verdict = schedule.run(tell=True)
        assert verdict.violations == ()
        back = [one for one in verdict.transactions if one.order.original]
        assert [(one.state, one.charged.minor) for one in back] == [(State.APPROVED, 600)], number
        assert sum("referenced_refund of 600" in line for line in schedule.story) == 2


def test_another_terminals_transaction_under_our_id_is_not_ours() -> None:
    elsewhere = replace(SOLD, elsewhere=True, minor=777)
    cancel = Action(1.0, Act.CANCEL_NAMED, percent=1)
    schedule = Schedule(Plan(1, (cancel,), past=(SOLD, elsewhere), heal_s=600.0))
    verdict = schedule.run()
    assert verdict.violations == ()
    ends = {(one.order.operation, one.state) for one in verdict.transactions}
    assert ends == {
        (Operation.SALE, State.APPROVED),
        (Operation.CANCELLATION, State.CANCELLED),
    }


def test_no_past_begins_with_more_drawn_than_there_is() -> None:
    for seed in (427272873, *range(1, 3_001)):
        past = {one.id: one for one in drawn(seed).past if not one.elsewhere}
        for one in past.values():
            took = [each.minor for each in past.values() if each.original == one.id]
            assert sum(took) <= one.minor, f"{seed}: {one.id}"
        assert all(one.original in past for one in past.values() if one.original)


def test_schedules_with_a_signer_that_fails_lose_no_money_and_no_signature() -> None:
    tally = sweep.many(range(1, 101), far=False, signed=True)
    assert tally.failures == []
    assert tally.kills
