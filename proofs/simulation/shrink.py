"""Makes a failing plan as short as it can be and still fail."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from typing import Any

from proofs.simulation.plan import CancelFate, Fate, GoodsFate, Plan

MOST_RUNS = 2_000
"""Enough for every plan that `draw` makes; a limit all the same."""


def shrink(plan: Plan, fails: Callable[[Plan], bool]) -> Plan:
    """Return a smaller plan that still fails: parts left out one by one, fates made lucky."""
    runs = 0
    while True:
        for smaller in _smaller(plan):
            runs += 1
            if runs > MOST_RUNS:
                return plan
            if fails(smaller):
                plan = smaller
                break
        else:
            return plan


def _smaller(plan: Plan) -> Iterator[Plan]:
    for one in fields(plan):
        parts = getattr(plan, one.name)
        if not isinstance(parts, tuple):
            continue
        for index in range(len(parts)):
            rest = parts[:index] + parts[index + 1 :]
            changed: dict[str, Any] = {one.name: rest}
            yield replace(plan, **changed)
    if plan.asks_status:
        yield replace(plan, asks_status=False)
    yield from _luckier(plan, "fates", Fate())
    yield from _luckier(plan, "cancels", CancelFate())
    yield from _luckier(plan, "goods", GoodsFate())


def _luckier(plan: Plan, name: str, lucky: Fate | CancelFate | GoodsFate) -> Iterator[Plan]:
    fates = getattr(plan, name)
    for index, fate in enumerate(fates):
        for one in fields(lucky):
            better = replace(fate, **{one.name: getattr(lucky, one.name)})
            if better != fate:
                changed: dict[str, Any] = {name: (*fates[:index], better, *fates[index + 1 :])}
                yield replace(plan, **changed)
