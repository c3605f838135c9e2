"""Giving up takes two acts; whatever else comes, or nothing in time, means to go on waiting."""

from __future__ import annotations

import pytest

from kiosk_tui.domain.giving_up import WITHIN_S, GivingUp

ACTS = {"?": "ask", "!": "answer"}


def _after(story: str) -> GivingUp:
    """Play acts, one a second: `?` asks, `!` answers, `x` is anything else, a blank is nothing."""
    now = GivingUp()
    for second, act in enumerate(story):
        if act in ACTS:
            now = getattr(now, ACTS[act])(float(second))
        elif act == "x":
            now = now.void()
    return now


@pytest.mark.parametrize(
    "story", ["?!", "? !", "?      !", "???!", "?x?!", "?!x", "?!?", "?!!", "!?!"]
)
def test_a_question_that_is_answered_in_time_gives_up_for_good(story: str) -> None:
    assert _after(story).done
    assert not _after(story).asks(float(len(story)))


@pytest.mark.parametrize(
    "story",
    [
        *("", "!", "!!", "x!", "?", "? "),
        *("??", "??!", "????", "????!"),  # asked again: to go on waiting
        *("?x!", "?xx!", "? x !", "x?x!"),  # something came in between
        *("?        !", "?" + " " * 100 + "!"),  # too late
    ],
)
def test_one_act_alone_a_second_question_or_anything_in_between_does_not(story: str) -> None:
    assert not _after(story).done


def test_the_question_goes_away_by_itself() -> None:
    asked = GivingUp().ask(100.0)
    assert asked.asks(100.0)
    assert asked.asks(100.0 + WITHIN_S - 0.01)
    assert not asked.asks(100.0 + WITHIN_S)
    assert not asked.answer(100.0 + WITHIN_S).done
    assert asked.ask(100.0 + WITHIN_S).asks(100.0 + WITHIN_S)  # a new one


def test_a_command_needs_no_question() -> None:
    assert GivingUp().at_once().done
    assert GivingUp().ask(1.0).at_once() == GivingUp().at_once()


def test_where_it_is_read_aloud_it_may_stand_longer() -> None:
    asked = GivingUp(within_s=20.0).ask(0.0)
    assert asked.answer(19.0).done
    assert not asked.void().asks(1.0)
    assert asked.void().ask(30.0).asks(49.0)
