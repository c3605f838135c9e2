"""Which pairs of the lifecycle table happened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from kiosk_tui.domain import lifecycle
from kiosk_tui.domain.lifecycle import Command, Event, State

Pairs = Counter[tuple[State, Event]]

UNREACHABLE: Final[dict[tuple[State, Event], str]] = {}
"""Pairs that no schedule reaches, with the reason."""


@contextmanager
def counting(pairs: Pairs) -> Iterator[None]:
    """Count every step that the production code takes through the table."""
    real = lifecycle.step

    def step(state: State, event: Event) -> tuple[State, Command]:
        found = real(state, event)
        pairs[state, event] += 1
        return found

    lifecycle.step = step
    try:
        yield
    finally:
        lifecycle.step = real


def missed(pairs: Pairs) -> list[str]:
    """Return the pairs that were not reached, without those that have a reason."""
    wanted = set(lifecycle.TABLE) - set(UNREACHABLE) - set(pairs)
    return sorted(f"{state} and {event} never met" for state, event in wanted)
