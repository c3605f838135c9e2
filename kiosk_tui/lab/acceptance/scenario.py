"""A scenario: steps in their order, and how each must end. Values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from kiosk_tui.domain.identity import CardReference
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.money import Money, plain
from kiosk_tui.domain.operations import Operation
from kiosk_tui.simulator.faults import NORMAL, Behaviour
from kiosk_tui.simulator.options import Options
from kiosk_tui.simulator.terminal import Customer


class Side(StrEnum):
    """Who is on the other side of the line."""

    SIMULATOR = "simulator"
    TERMINAL = "terminal"


class Ending(StrEnum):
    """How a step can end. `REFUSED`: the register itself refused, and nothing was sent."""

    APPROVED = "approved"
    DECLINED = "declined"
    NOT_SENT = "not_sent"
    CANCELLED = "cancelled"
    NOTHING_TO_CANCEL = "nothing_to_cancel"
    NEEDS_STAFF = "needs_staff"
    REFUSED = "refused"


ENDINGS: Final[Mapping[State, Ending]] = {
    State.APPROVED: Ending.APPROVED,
    State.DECLINED: Ending.DECLINED,
    State.NOT_SENT: Ending.NOT_SENT,
    State.CANCELLED: Ending.CANCELLED,
    State.NOTHING_TO_CANCEL: Ending.NOTHING_TO_CANCEL,
    State.NEEDS_STAFF: Ending.NEEDS_STAFF,
}
"""Every other state is no end: something is still due."""


@dataclass(frozen=True, slots=True)
class Played:
    """What the simulator does in this step: to a request, and how its account behaves meanwhile."""

    behaviour: Behaviour = NORMAL
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to ask of the terminal.

    `of` is the earlier step that it refers to; `ask` what the person at a real terminal shall do;
    `simulated` what the simulator does instead; `give_up_after_s` when the register gives up. `keep`
    leaves standing what was approved.
    """

    number: int
    name: str
    operation: Operation
    expect: Ending
    amount: Money
    tip: Money | None = None
    of: Step | None = None
    card_reference: CardReference | None = None
    code: str = ""
    ask: str = ""
    simulated: Played | None = None
    give_up_after_s: float | None = None
    keep: bool = False
    only: Side | None = None

    @property
    def side(self) -> Side | None:
        """The side that alone can play it: nobody can make a real terminal lose an answer."""
        if self.only is None and self.simulated is not None and not self.ask:
            return Side.SIMULATOR
        return self.only

    def is_for(self, side: Side) -> bool:
        """Say whether it is played there; what refers to a step that is not, is not either."""
        return self.side in (None, side) and (self.of is None or self.of.is_for(side))

    @property
    def simulated_s(self) -> float:
        """How long the simulator's card and host, or whoever gives up, take over it at least."""
        if self.give_up_after_s is not None:
            return self.give_up_after_s
        if self.simulated is None:
            return 0.0
        behaviour, options = self.simulated.behaviour, self.simulated.options
        if behaviour.customer is Customer.WALKS_OFF:
            return float(options.get("card_timeout_s", Options().card_timeout_s))
        after_s = options.get("card_s", 0.0) if behaviour.after_s is None else behaviour.after_s
        return float(after_s + options.get("host_s", 0.0))

    @property
    def charged(self) -> Money:
        """Amount and tip."""
        return self.amount if self.tip is None else self.amount + self.tip

    @property
    def asked(self) -> str:
        """What is asked, in a few words for a column."""
        what = self.operation.rules.command
        if self.operation.takes_back and self.of is not None:
            return f"{what} {self.of.name}"
        tip = "" if self.tip is None else f"+{plain(self.tip)}"
        return f"{what} {plain(self.amount)}{tip}" if self.amount else what

    @property
    def expected(self) -> str:
        """How it must end, in words for a column."""
        return in_words(self.expect, self.code)


@dataclass(frozen=True, slots=True)
class Scenario:
    """Steps under a title. `source` is the file's path, or the shipped scenario's name."""

    source: str
    title: str
    steps: tuple[Step, ...]

    def played_on(self, side: Side) -> tuple[Step, ...]:
        """Return the steps that are for that side."""
        return tuple(step for step in self.steps if step.is_for(side))


def in_words(ending: Ending | State, code: str = "") -> str:
    """Write an ending for people in a column; a decline with its response code."""
    words = {Ending.NOTHING_TO_CANCEL: "no charge", State.CANCEL_DUE: "still due"}
    words |= {State.VOID_DUE: "still due"}
    word = words.get(ending, ending.lower().replace("_", " "))
    return f"{word} {code}" if code and ending is Ending.DECLINED else word
