"""Every table with one planted error: each must be found, or there is a reason why it is harmless."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from kiosk_tui.domain.lifecycle import DUE, TABLE, Command, Event, State
from proofs.exploration.explore import Found, explore
from proofs.exploration.model import Model, Table


@dataclass(frozen=True, slots=True)
class Planted:
    """One error: the pair leads somewhere else, commands something else, or is missing."""

    pair: tuple[State, Event]
    instead: tuple[State, Command] | None

    @property
    def table(self) -> Table:
        """The production table with this error."""
        changed = dict(TABLE)
        if self.instead is None:
            del changed[self.pair]
        else:
            changed[self.pair] = self.instead
        return changed

    def __str__(self) -> str:
        where = f"{self.pair[0]} and {self.pair[1]}"
        if self.instead is None:
            return f"{where} is missing"
        return f"{where} leads to {self.instead[0]} and {self.instead[1]}"


def every_error() -> Iterator[Planted]:
    """Yield each table that differs from ours in one place."""
    for pair, (state, command) in TABLE.items():
        yield Planted(pair, None)
        yield from (Planted(pair, (other, command)) for other in State if other is not state)
        yield from (Planted(pair, (state, other)) for other in Command if other is not command)


def tried(planted: Planted) -> Found:
    """Explore the world around a table with an error."""
    return explore(Model(planted.table))


def harmless(planted: Planted) -> str:
    """Say why an error loses no money and tells no untruth; empty when it may."""
    (before, event), instead = planted.pair, planted.instead
    if instead is None:
        return _MAY_BE_MISSING.get(planted.pair, "")
    state, command = instead
    right_state, right_command = TABLE[planted.pair]
    if state is not right_state:
        return _AS_GOOD.get((before, event, state), "")
    if state not in DUE:
        return "only what is due is cancelled, and an abort is a courtesy: the answer decides"
    if command in _CANCELS and right_command in _CANCELS:
        return "it is cancelled sooner or later, with or without asking the terminal to stop"
    return _PLANNED_ALREADY.get(planted.pair, "")


_CANCELS: Final = frozenset({Command.CANCEL, Command.CANCEL_LATER, Command.ABORT_THEN_CANCEL})

_MAY_BE_MISSING: Final = {
    (State.CANCELLED, Event.LATE_APPROVAL): "the charge is reversed already",
    (State.NEEDS_STAFF, Event.LATE_APPROVAL): "a person looks into it anyway",
    (State.SETTLED, Event.LATE_APPROVAL): "a person has looked into it: asking again is a courtesy",
}

_PLANNED_ALREADY: Final = {
    (State.CANCEL_DUE, Event.LATE_APPROVAL): "what was due before has its next attempt planned",
    (State.APPROVED, Event.APPROVAL_NOT_RECORDED): "the process that holds it cancels already",
}

_NO_MONEY: Final = "no money moved, and nothing to cancel is as true a word"
_AS_GOOD: Final = {
    (State.AUTHORIZING, Event.DECLINED, State.NOTHING_TO_CANCEL): _NO_MONEY,
    (State.AUTHORIZING, Event.NOT_SENT, State.NOTHING_TO_CANCEL): _NO_MONEY,
    (State.GIVEN_UP, Event.DECLINED, State.NOTHING_TO_CANCEL): _NO_MONEY,
    (State.GIVEN_UP, Event.NOT_SENT, State.NOTHING_TO_CANCEL): _NO_MONEY,
    (
        State.CANCEL_DUE,
        Event.ORIGINAL_DECLINED,
        State.DECLINED,
    ): "TECS has said that it was declined",
    (State.VOID_DUE, Event.ORIGINAL_NOT_FOUND_YET, State.NEEDS_STAFF): "a person looks sooner",
    (State.GOODS_DUE, Event.RESTARTED, State.VOID_DUE): "the money goes back sooner",
    (
        State.AUTHORIZING,
        Event.APPROVED_UNTIL_GOODS,
        State.GOODS_DUE_AGAIN,
    ): "after a restart the money goes back sooner",
    (State.SETTLED, Event.LATE_APPROVAL, State.SETTLED): "asking a person again is a courtesy",
    (State.NEEDS_STAFF, Event.SETTLED_BY_STAFF, State.NEEDS_STAFF): "the task stays on the list",
}
"""Other states that would be true as well."""
