"""Every table with one planted error: each must be found, or there is a reason why it is harmless."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from kiosk_tui.domain.lifecycle import DUE, IN_FLIGHT, TABLE, Command, Event, State
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
    right = TABLE[planted.pair]
    if instead is None:
        return _MAY_BE_MISSING.get(planted.pair, "")
    state, command = instead
    if state is right[0]:
        if state not in DUE and state not in IN_FLIGHT:
            return "a cancellation is only asked for what is due, an abort of nothing does nothing"
        if command in _CANCELS and right[1] in _CANCELS:
            return "it is cancelled, sooner or later, with or without asking the terminal to stop"
        if before in IN_FLIGHT and state in IN_FLIGHT:
            return "an abort is a courtesy: the answer decides"
    return _LABELS.get((before, event, state), "")


_CANCELS: Final = frozenset({Command.CANCEL, Command.CANCEL_LATER, Command.ABORT_THEN_CANCEL})
_MAY_BE_MISSING: Final[dict[tuple[State, Event], str]] = {}
_LABELS: Final[dict[tuple[State, Event, State], str]] = {}
