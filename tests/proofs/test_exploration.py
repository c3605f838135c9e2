"""The exploration itself: complete on our table, and awake."""

from __future__ import annotations

import pytest

from kiosk_tui.domain.lifecycle import TABLE, Command, Event, State
from proofs.exploration.explore import explore
from proofs.exploration.model import Model, Step, World
from proofs.exploration.planted import Planted, every_error, harmless, tried

pytestmark = pytest.mark.journey


class _Watched(Model):
    """Notes which pairs of the table are used."""

    def __init__(self) -> None:
        self.pairs: set[tuple[State, Event]] = set()
        super().__init__(TABLE)

    def _after(self, w: World, event: Event) -> World:
        if w.mind is not None:
            self.pairs.add((w.mind, event))
        return super()._after(w, event)


def test_every_pair_of_the_table_takes_part() -> None:
    model = _Watched()
    assert explore(model).broken == ""
    # the disk's own catching up is this one, without an event
    assert set(TABLE) - model.pairs == {(State.APPROVED, Event.APPROVAL_NOT_RECORDED)}


def test_a_table_that_gives_up_cancelling_breaks_with_the_shortest_story() -> None:
    pair = (State.CANCEL_DUE, Event.CANCEL_UNANSWERED)
    found = tried(Planted(pair, (State.CANCEL_DUE, Command.NOTHING)))
    assert found.broken.splitlines()[0] == "From here no luck leads to an end."
    assert len(found.broken.splitlines()) < 10


def test_a_table_that_forgets_a_restart_breaks() -> None:
    found = tried(Planted((State.AUTHORIZING, Event.RESTARTED), None))
    assert "RESTARTED comes in AUTHORIZING" in found.broken


def test_a_table_that_ends_in_the_wrong_word_breaks() -> None:
    pair = (State.CANCEL_DUE, Event.CANCEL_CONFIRMED)
    found = tried(Planted(pair, (State.DECLINED, Command.NOTHING)))
    assert "says DECLINED, but TECS has it as reversed" in found.broken


def test_an_error_that_commands_no_cancellation_is_harmless_in_two_places_only() -> None:
    """Where one is planned already."""
    cancels = {Command.CANCEL, Command.CANCEL_LATER, Command.ABORT_THEN_CANCEL}
    forgotten = {
        one.pair
        for one in every_error()
        if one.instead is not None
        and TABLE[one.pair][1] in cancels
        and one.instead[1] not in cancels
        and harmless(one)
    }
    assert forgotten == {
        (State.CANCEL_DUE, Event.LATE_APPROVAL),
        (State.APPROVED, Event.APPROVAL_NOT_RECORDED),
    }


def test_luck_needs_no_fault() -> None:
    """A path of lucky steps leads from the start to an approved payment."""
    model, world = Model(TABLE), World()
    wanted = [
        "the payment is on disk",
        "the request leaves",
        "the payment arrives",
        "the card is read",
        "TECS charges",
        "APPROVED is on disk and told",
    ]
    for what in wanted:
        (step,) = [one for one in model.steps(world) if one.what == what]
        assert isinstance(step, Step)
        assert step.lucky
        world = step.after
    assert model.over(world)
    assert world.book is State.APPROVED
