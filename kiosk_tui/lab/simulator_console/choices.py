"""What somebody can choose to go wrong, in three groups, each choice under a key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from kiosk_tui.simulator.faults import MEANINGS, TRIGGERS, Behaviour, Fault
from kiosk_tui.simulator.options import Options
from kiosk_tui.simulator.terminal import Customer

KEYS: Final = "123456789abcdef"


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose: what the next payment meets, or an option that is turned over."""

    text: str
    behaviour: Behaviour | None = None
    option: str = ""

    def shown(self, options: Options) -> str:
        """Say what it is; an option with how it stands."""
        if not self.option:
            return self.text
        return f"{self.text}: {'yes' if getattr(options, self.option) else 'no'}"


@dataclass(frozen=True, slots=True)
class Group:
    """Choices of one kind."""

    title: str
    choices: tuple[Option, ...]

    def keyed(self) -> Iterator[tuple[str, Option]]:
        """Yield each choice with its key."""
        return zip(KEYS, self.choices, strict=False)

    def pick(self, key: str) -> Option | None:
        """Return the choice under a key."""
        return dict(self.keyed()).get(key)


def describe(behaviour: Behaviour) -> str:
    """Say what a payment will meet, however it was asked for."""
    if behaviour.fault is not None:
        return MEANINGS[behaviour.fault]
    known = next((text for one, text in TRIGGERS.values() if one == behaviour), "")
    if known:
        return known
    if behaviour.decline is not None:
        return f"declined with code {behaviour.decline}"
    if behaviour.customer is Customer.PRESENTS and behaviour.after_s is None:
        return "nothing goes wrong"
    return f"the customer {behaviour.customer.replace('_', ' ')} after {behaviour.after_s or 0:g} s"


_HOST: Final = (
    *(Fault.UNKNOWN_CODE, Fault.PARTIAL, Fault.LATE_CHARGE, Fault.REFUSE_CANCELLATION),
    *(Fault.LOSE_CANCELLATIONS, Fault.DUPLICATE_ID),
)
_BUSY: Final = "8014"


def _planned(behaviour: Behaviour) -> Option:
    return Option(describe(behaviour), behaviour)


def _triggered() -> Iterator[Behaviour]:
    return (one for _, (one, _) in sorted(TRIGGERS.items()))


GROUPS: Final[Mapping[str, Group]] = {
    "1": Group(
        "The line and the REST service",
        tuple(_planned(Behaviour(fault=fault)) for fault in Fault if fault not in _HOST),
    ),
    "2": Group(
        "The terminal and the customer",
        (
            *(
                _planned(one)
                for one in _triggered()
                if one.customer is not Customer.PRESENTS or one.decline == _BUSY
            ),
            Option("an abort (0017) is known here", option="abort_enabled"),
            Option("an abort stops the card flow", option="abort_works"),
            Option("a status query (9043) is known here", option="status_enabled"),
        ),
    ),
    "3": Group(
        "The host",
        (
            *(_planned(one) for one in _triggered() if one.decline not in (None, _BUSY)),
            *(_planned(Behaviour(fault=fault)) for fault in _HOST),
            Option("every charge counts as cleared: no cancellation (9023)", option="cleared"),
        ),
    ),
}
"""Under the key that opens each."""
