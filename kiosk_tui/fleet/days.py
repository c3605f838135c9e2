"""A journal under a new identity, compared with head office by days: a year is not sent again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from typing import Final

from kiosk_tui.fleet.cursor import Cursor
from kiosk_tui.fleet.events import journal_event
from kiosk_tui.fleet.line import LineFailure, OfficeLine
from kiosk_tui.fleet.wire import day_of, digest
from kiosk_tui.fleet.wire_days import DayContents, DayDigest, Days, DaysWanted, Lost
from kiosk_tui.journal.outbox_reader import OutboxReader, OutboxStanding

log = logging.getLogger(__name__)

MOST_DAYS: Final = 4000
MOST_TRANSACTIONS: Final = 15_000
"""Of one day: what fits into a message. A day with more is not listed."""
AT_ONCE: Final = 200
"""So many events are read before anything else of this process has its turn."""


async def compare(
    line: OfficeLine, reader: OutboxReader, standing: OutboxStanding, stored: int
) -> Cursor | LineFailure:
    """Tell head office what each day holds; return where to go on, and what need not be sent.

    `stored` is how much of this journal it has already.
    """
    upto = standing.newest
    days = [one async for one in digests(reader, upto)]
    untold, days = days[:-MOST_DAYS], days[-MOST_DAYS:]
    told = Days(
        epoch=standing.identity,
        follows=standing.follows,
        upto=upto,
        pruned_before=standing.pruned_before,
        days=tuple(days),
    )
    wanted = await line.post("/v1/days", told, DaysWanted)
    if isinstance(wanted, LineFailure):
        return wanted
    for day in wanted.list:
        failure = await _listed(line, reader, standing.identity, day)
        if failure is not None:
            return failure
    send = (*(one.day for one in untold), *wanted.send)
    return Cursor(standing.identity, min(stored, upto), compared=upto, send=send)


async def digests(reader: OutboxReader, upto: int) -> AsyncIterator[DayDigest]:
    """Yield each day's digest, over all events up to a place."""
    day, fingerprints = "", list[str]()
    for count, told in enumerate(reader.everything(upto), start=1):
        event = journal_event(count, told)
        if day_of(event.transaction_id) != day and fingerprints:
            yield _digest(day, fingerprints)
            fingerprints = []
        day = day_of(event.transaction_id)
        fingerprints.append(event.fingerprint())
        if count % AT_ONCE == 0:
            await asyncio.sleep(0)
    if fingerprints:
        yield _digest(day, fingerprints)


def _digest(day: str, fingerprints: Sequence[str]) -> DayDigest:
    return DayDigest(day=day, events=len(fingerprints), sha256=digest(fingerprints))


async def _listed(
    line: OfficeLine, reader: OutboxReader, epoch: str, day: str
) -> LineFailure | None:
    found = dict(reader.of_day(day))
    if len(found) > MOST_TRANSACTIONS:
        log.warning("the transactions of %s are too many to be listed for head office", day)
        return None
    lost = await line.post("/v1/day", DayContents(epoch=epoch, day=day, transactions=found), Lost)
    if isinstance(lost, LineFailure):
        return lost
    if lost.transactions:
        log.warning(
            "head office knows %d transactions of %s that this journal has lost",
            lost.transactions,
            day,
        )
    return None
