"""Configuration in stages: one kiosk, a tenth of them, all; each only when those before are ready again.

Pure: what is known of the kiosks goes in, whether to go on comes out.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from kiosk_tui.office.orders.request import CONFIGURATION, OrderStage

NEXT: Final[Mapping[OrderStage, OrderStage]] = {
    OrderStage.ASKED: OrderStage.ONE,
    OrderStage.ONE: OrderStage.TENTH,
    OrderStage.TENTH: OrderStage.ALL,
}

ANOTHERS: Final = frozenset(
    {"journal", "clock", "unreachable", "cancellation_due", "closed_by_office"}
)
"""Why a kiosk is not ready that no setting of head office's can have caused: it is waited for."""

GRACE: Final = timedelta(minutes=5)
"""So long a kiosk may take until it is ready after a change."""


@dataclass(frozen=True, slots=True)
class KioskAfter:
    """A kiosk that was given an order: what came of it, and how it says that it stands."""

    kiosk_id: str
    done_at: datetime | None
    ok: bool | None
    outcome: str
    health_at: datetime | None
    ready: bool
    reason: str


def next_stage(verb: str, stage: OrderStage) -> OrderStage:
    """Return the stage that follows; every order but `configuration` goes to all at once."""
    return NEXT[stage] if verb == CONFIGURATION else OrderStage.ALL


def reached(stage: OrderStage, total: int) -> int:
    """Return how many of the kiosks have the order with this stage."""
    counts = {OrderStage.ONE: 1, OrderStage.TENTH: max(2, math.ceil(total / 10))}
    return min(total, counts.get(stage, total))


def first_in(kiosks: Iterable[KioskAfter]) -> Sequence[str]:
    """Return the kiosks in the order of their turns: those that are ready before those that are not."""
    return [one.kiosk_id for one in sorted(kiosks, key=lambda one: (not one.ready, one.kiosk_id))]


def failed(kiosks: Iterable[KioskAfter], now: datetime) -> str:
    """Return why no other kiosk is given the change; empty where nothing speaks against it."""
    for one in kiosks:
        if one.done_at is None:
            continue
        if one.ok is False:
            return f"{one.kiosk_id}: {one.outcome}"
        late = now - one.done_at > GRACE
        if late and _heard(one) and not one.ready and one.reason not in ANOTHERS:
            return (
                f"{one.kiosk_id} did not come back ready ({one.reason or 'it does not say why'})."
            )
    return ""


def settled(kiosks: Iterable[KioskAfter]) -> bool:
    """Say whether all of them have done it and said since that they are ready."""
    return all(one.ok is True and _heard(one) and one.ready for one in kiosks)


def _heard(one: KioskAfter) -> bool:
    return one.done_at is not None and one.health_at is not None and one.health_at > one.done_at
