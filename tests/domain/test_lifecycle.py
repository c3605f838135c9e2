"""The table: what it promises, whatever happens in whatever order."""

from __future__ import annotations

from collections import deque

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_tui.domain.lifecycle import (
    AWAITING_GOODS,
    DUE,
    IN_FLIGHT,
    OPEN,
    TABLE,
    Command,
    Event,
    IllegalEventError,
    State,
    allows,
    step,
)


def test_a_restart_is_an_event_of_every_open_state_and_of_no_other() -> None:
    assert {state for state in State if allows(state, Event.RESTARTED)} == set(OPEN)


@pytest.mark.parametrize("state", sorted(IN_FLIGHT))
@pytest.mark.parametrize("event", [Event.OUTCOME_UNKNOWN, Event.RESTARTED])
def test_without_a_recorded_answer_a_cancellation_is_commanded(state: State, event: Event) -> None:
    after, command = step(state, event)
    assert after in DUE
    assert command in (Command.CANCEL, Command.ABORT_THEN_CANCEL)


def test_only_an_answer_of_tecs_or_a_person_ends_a_due_cancellation() -> None:
    enders = {
        event for (state, event), (after, _) in TABLE.items() if state in DUE and after not in DUE
    }
    assert enders == {
        Event.CANCEL_CONFIRMED,
        Event.CANCEL_REFUSED,
        Event.ORIGINAL_NOT_FOUND,
        Event.ORIGINAL_DECLINED,
    }


def test_a_charge_that_tecs_approved_is_never_closed_as_nothing_to_cancel() -> None:
    assert all(
        after is not State.NOTHING_TO_CANCEL
        for (state, _), (after, _) in TABLE.items()
        if state is State.VOID_DUE
    )


def test_approved_is_reached_only_by_the_answer_to_a_payment_that_nobody_gave_up() -> None:
    assert [pair for pair, (after, _) in TABLE.items() if after is State.APPROVED] == [
        (State.AUTHORIZING, Event.APPROVED),
        (State.GOODS_DUE, Event.GOODS_HANDED_OVER),
        (State.GOODS_DUE_AGAIN, Event.GOODS_HANDED_OVER),
    ]


@pytest.mark.parametrize("state", sorted(AWAITING_GOODS))
@pytest.mark.parametrize("event", [Event.GOODS_FAILED, Event.GOODS_UNCONFIRMED])
def test_goods_that_nobody_says_were_handed_over_are_not_paid(state: State, event: Event) -> None:
    assert step(state, event) == (State.VOID_DUE, Command.CANCEL)


def test_a_restart_gives_goods_their_time_anew_once() -> None:
    again = step(State.GOODS_DUE, Event.RESTARTED)
    assert again == (State.GOODS_DUE_AGAIN, Command.AWAIT_GOODS)
    assert step(again[0], Event.RESTARTED) == (State.VOID_DUE, Command.CANCEL)


def test_after_giving_up_no_goods_are_waited_for() -> None:
    assert step(State.GIVEN_UP, Event.APPROVED_UNTIL_GOODS) == (State.VOID_DUE, Command.CANCEL)


def test_every_state_is_reachable_and_from_each_open_one_a_closed_one_stays_reachable() -> None:
    assert _reachable(State.AUTHORIZING) == set(State)
    for state in OPEN:
        assert _reachable(state) - OPEN


def _reachable(start: State) -> set[State]:
    seen, todo = {start}, deque([start])
    while todo:
        state = todo.popleft()
        for (before, _), (after, _) in TABLE.items():
            if before is state and after not in seen:
                seen.add(after)
                todo.append(after)
    return seen


@given(st.sampled_from(State), st.lists(st.sampled_from(Event), max_size=30))
def test_illegal_events_raise_and_change_nothing(state: State, events: list[Event]) -> None:
    for event in events:
        if allows(state, event):
            state, _ = step(state, event)
        else:
            with pytest.raises(IllegalEventError, match="cannot happen to a transaction that is"):
                step(state, event)


@pytest.mark.parametrize("state", [State.AUTHORIZING, State.APPROVED, *sorted(AWAITING_GOODS)])
def test_an_approval_that_the_disk_refused_is_cancelled_even_when_the_disk_kept_it(
    state: State,
) -> None:
    assert step(state, Event.APPROVAL_NOT_RECORDED) == (State.VOID_DUE, Command.CANCEL)
