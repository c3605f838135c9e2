"""Business days: what a day came to when it was closed (Z), or comes to so far (X).

A day is what was committed after the day before it was closed, in the order of commits. No clock decides
what belongs to it, and nothing that comes later can change it: a late event belongs to the day in which
it comes, and says which day has counted its transaction before. Clocks only name a day, and say when it is
time to close one.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from kiosk_tui.domain.day_clock import DayClock
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.money import Currency, Total
from kiosk_tui.domain.spans import Commits, LoggedState, first
from kiosk_tui.domain.totals import CurrencyTotals, Records, Sum, added_up
from kiosk_tui.records import dataclass


class NothingToCloseError(Exception):
    """The day cannot be closed; the text is a sentence."""


@dataclass(frozen=True, slots=True)
class LateEvent:
    """What happened to a transaction whose approval an earlier day has counted.

    `day` is that day's number; 0 for a time before days were closed.
    """

    transaction_id: str
    at: datetime
    after: State
    day: int
    amount: Total


@dataclass(frozen=True, slots=True, kw_only=True)
class DayReport:
    """What a day came to. `number` is None while it goes on (X); a closed day has one (Z), from 1.

    It covers the events after the one in place `after`, up to and with `last`. `opened_at` is when the day
    before was closed, None for the first; `at` is when this report was made, and so the day was closed.
    `running` is what all days came to with this one, by currency. `disagreements` are sentences.
    """

    number: int | None
    day: date
    opened_at: datetime | None
    at: datetime
    after: int
    last: int
    currencies: Sequence[CurrencyTotals]
    late: Sequence[LateEvent]
    running: Mapping[Currency, Sum]
    disagreements: Sequence[str]
    checkpoint: str = ""
    """The place of a closed day in the journal's chain, and what proves all before it: for people to type."""


def report(  # noqa: PLR0917
    records: Records,
    closed: Sequence[DayReport],
    last: int,
    now: datetime,
    clock: DayClock,
    begins: int = 0,
    *,
    ended: bool = False,
) -> DayReport:
    """Add up what was committed since the last of the `closed` days, up to the event in place `last`.

    `records` hold every transaction with an event since then, and all that are unfinished, with all of
    their events. The report has no number: closing the day gives it one. `ended`: the business day that it is at
    `now` is the next one already, so the report is named by the newest event before that one.
    """
    before = closed[-1] if closed else None
    span = Commits(before.last if before else begins, last)
    currencies, disagreements = added_up(records, span)
    running = dict(before.running) if before else {}
    for one in currencies:
        running[one.currency] = running.get(one.currency, Sum()).with_(one.net)
    held = [step for step in records.steps if span.holds(step)]
    naming = [step for step in held if ended and is_due(step.at, now, clock)] or held
    newest = max(naming, key=lambda step: step.seq).at if naming else now
    return DayReport(
        number=None,
        day=clock.day(newest),
        opened_at=before.at if before else None,
        at=now,
        after=span.after,
        last=last,
        currencies=currencies,
        late=tuple(_late(records, span, closed, begins)),
        running=running,
        disagreements=disagreements,
    )


def is_due(first_event: datetime | None, now: datetime, clock: DayClock) -> bool:
    """Say whether a day has ended by the clock: its first event was on an earlier business day."""
    return first_event is not None and clock.day(first_event) < clock.day(now)


def _late(
    records: Records, span: Commits, closed: Sequence[DayReport], begins: int
) -> Iterator[LateEvent]:
    """Yield each change of state in `span` of transactions that were approved before it."""
    lives: dict[str, list[LoggedState]] = defaultdict(list)
    for step in records.steps:
        lives[step.transaction_id].append(step)
    ends = [one.last for one in closed]
    for one in records.transactions:
        steps = lives[one.id]
        approved = first(steps, State.APPROVED)
        if approved is None or approved.seq > span.after:
            continue
        day = 1 + bisect_left(ends, approved.seq) if approved.seq > begins else 0
        amount = Total(one.charged.minor, one.charged.currency)
        for step in filter(span.holds, steps):
            if step.after != step.before:  # another try of a cancellation changes nothing
                yield LateEvent(one.id, step.at, State(step.after), day, amount)
