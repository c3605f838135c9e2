"""When somebody has to be alerted: pure functions of the register's status.

A cause is reported once when it comes, hourly while it stays, and once when it is over. What was
reported outlives the process: one that restarts again and again does not alert again and again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from kiosk_tui.observe.reporting.status import RegisterStatus
from kiosk_tui.payment.readiness import IN_ORDER, Obstacle
from kiosk_tui.records import dataclass

REPEAT: Final = timedelta(hours=1)
MOST_IDS: Final = 10


class Cause(StrEnum):
    """Why somebody is alerted."""

    NEEDS_STAFF = "needs_staff"
    CANCELLATION_DUE = "cancellation_due"
    OUT_OF_SERVICE = "out_of_service"
    JOURNAL = "journal"
    TEST = "test"


class Tone(StrEnum):
    """What happened to a cause."""

    RAISED = "raised"
    REPEATED = "repeated"
    CLEARED = "cleared"


@dataclass(frozen=True, slots=True)
class AlarmLimits:
    """How long each may last before somebody is alerted, in seconds."""

    due_s: float
    out_of_service_s: float


@dataclass(frozen=True, slots=True)
class Alert:
    """A sentence, and the oldest of the transactions that it is about."""

    cause: Cause
    tone: Tone
    why: str
    transactions: tuple[str, ...] = ()


Told = Mapping[Cause, datetime]
"""When each cause that is not over was reported last."""


def alerts(now: RegisterStatus, limits: AlarmLimits, told: Told, at: datetime) -> Iterator[Alert]:
    """Yield what has to be reported now."""
    wrong = dict(_wrong(now, limits))
    for cause, (why, ids) in wrong.items():
        last = told.get(cause)
        if last is None:
            yield Alert(cause, Tone.RAISED, why, ids[:MOST_IDS])
        elif not timedelta() <= at - last < REPEAT:  # a clock that went back counts as an hour
            yield Alert(cause, Tone.REPEATED, why, ids[:MOST_IDS])
    if now.obstacle is Obstacle.STARTING:
        return  # what is not known yet is not over
    for cause in told:
        if cause not in wrong:
            yield Alert(cause, Tone.CLEARED, _OVER[cause])


def _wrong(
    now: RegisterStatus, limits: AlarmLimits
) -> Iterator[tuple[Cause, tuple[str, tuple[str, ...]]]]:
    if now.needs_staff:
        count = len(now.needs_staff)
        why = f"{count} to be settled by staff: no machine can (kiosk-tui journal list)."
        yield Cause.NEEDS_STAFF, (why, now.needs_staff)
    if now.due and now.oldest_due_s >= limits.due_s:
        count, minutes = len(now.due), round(now.oldest_due_s / 60)
        why = f"{count} not yet cancelled, the oldest for {minutes} minutes: TECS has not answered."
        yield Cause.CANCELLATION_DUE, (why, now.due)
    if now.obstacle is Obstacle.JOURNAL:
        yield Cause.JOURNAL, (now.why, ())
    elif now.obstacle not in IN_ORDER and now.closed_s >= limits.out_of_service_s:
        yield Cause.OUT_OF_SERVICE, (now.why or f"Closed: {now.obstacle}.", ())


_OVER: Final = {
    Cause.NEEDS_STAFF: "Nothing needs staff any more.",
    Cause.CANCELLATION_DUE: "No cancellation is due for so long any more.",
    Cause.OUT_OF_SERVICE: "In service again.",
    Cause.JOURNAL: "The journal can be used again.",
    Cause.TEST: "The test is over.",
}


def remembered(text: str) -> dict[Cause, datetime]:
    """Read what `to_remember` wrote; what cannot be read was not told."""
    try:
        return {Cause(name): datetime.fromisoformat(at) for name, at in json.loads(text).items()}
    except (ValueError, TypeError, AttributeError):
        return {}


def to_remember(told: Told) -> str:
    """Write what was told, for the process after this one."""
    return json.dumps({str(cause): at.isoformat() for cause, at in told.items()}) + "\n"
