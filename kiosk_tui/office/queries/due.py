"""Money that is not settled: cancellations that are due, tasks for staff, payments that hang."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from kiosk_tui.domain.lifecycle import DUE, OPEN, RUNNING, State
from kiosk_tui.domain.money import Currency, Total
from kiosk_tui.domain.totals import UNFINISHED
from kiosk_tui.office.database import Connection
from kiosk_tui.office.queries.found import WHOLE, ListPart, Paged, listed
from kiosk_tui.office.queries.transactions import COLUMNS, FROM, FleetTransaction
from kiosk_tui.office.settings import WatchSection


class DueKind(StrEnum):
    """Why it is on the list, the gravest first. The words are in JSON."""

    LOST = "lost"
    """The restored journal does not have it any more: nobody cancels it."""
    STAFF = "staff"
    """TECS refused, or contradicts what is known: a person has to look."""
    HANGING = "hanging"
    """A payment was under way when the kiosk was last heard of."""
    DUE = "due"
    """The kiosk goes on trying."""


@dataclass(frozen=True, slots=True)
class DueRow:
    """One of them. `since`: as long as it has not been settled; `overdue`: longer than `watch.due_s`."""

    transaction: FleetTransaction
    kind: DueKind
    since: datetime
    attempts: int
    overdue: bool
    kiosk_last_seen: datetime | None


@dataclass(frozen=True, slots=True)
class DueSum:
    """How many of one currency are of one span of age, and what they come to.

    `span` is a place in `SPANS`; the last one is for all that is older.
    """

    span: int
    count: int
    total: Total


SPANS: Final = (
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(days=1),
    timedelta(days=2),
)
"""Where the spans of age end."""

_WHICH: Final = (
    f"t.state IN ({listed(UNFINISHED)}) AND (t.state NOT IN ({listed(RUNNING)})"
    " OR t.changed_at < $1::timestamptz - $2::interval OR t.lost_at IS NOT NULL)"
)
# A transaction may come back from an end: only its last run of unsettled states counts. A payment that
# runs is none of these until its kiosk has been quiet for as long as makes a kiosk silent.
_OPEN: Final = f"""
    WITH unsettled AS (
        SELECT t.*, run.since, run.attempts, k.last_seen AS kiosk_last_seen
        FROM kiosk_transaction t
        LEFT JOIN kiosk k USING (kiosk_id)
        CROSS JOIN LATERAL (
            SELECT coalesce(min(e.at), t.begun_at) AS since,
                count(*) FILTER (WHERE e.event IN (
                    'CANCEL_UNANSWERED', 'CANCEL_REFUSED', 'ORIGINAL_NOT_FOUND_YET')) AS attempts
            FROM event e
            WHERE e.kiosk_id = t.kiosk_id AND e.transaction_id = t.transaction_id
                AND e.number > coalesce((
                    SELECT max(number) FROM event s
                    WHERE s.kiosk_id = t.kiosk_id AND s.transaction_id = t.transaction_id
                        AND s.state_after NOT IN ({listed(UNFINISHED)})), 0)
        ) AS run
        WHERE {_WHICH}
    )
"""


async def due(
    connection: Connection, now: datetime, watch: WatchSection, part: ListPart = WHOLE
) -> Paged[DueRow]:
    """Return what is not settled, the oldest first."""
    silent, late = timedelta(seconds=watch.silent_s), now - timedelta(seconds=watch.due_s)
    total: int = await connection.fetchval(
        f"SELECT count(*) FROM kiosk_transaction t WHERE {_WHICH}", now, silent
    )
    rows = await connection.fetch(
        f"{_OPEN} SELECT {COLUMNS}, t.since, t.attempts, t.kiosk_last_seen"
        f" {FROM.replace('kiosk_transaction', 'unsettled')}"
        f" ORDER BY t.since, t.kiosk_id, t.transaction_id"
        f" OFFSET {int(part.first)} LIMIT {int(part.most)}",
        now,
        silent,
    )
    return Paged(tuple(_row(dict(row), late) for row in rows), total, part.first, part.most)


async def due_sums(connection: Connection, now: datetime, watch: WatchSection) -> Sequence[DueSum]:
    """Return how much is not settled, by currency and age; spans with nothing are left out."""
    rows = await connection.fetch(
        f"{_OPEN} SELECT currency, exponent, count(*) AS count, sum(minor)::bigint AS minor,"
        " (SELECT count(*) FROM unnest($3::interval[]) AS span"
        "  WHERE $1::timestamptz - since >= span)::integer AS span"
        " FROM unsettled GROUP BY currency, exponent, span ORDER BY currency, span",
        now,
        timedelta(seconds=watch.silent_s),
        SPANS,
    )
    return tuple(
        DueSum(
            row["span"],
            row["count"],
            Total(row["minor"], Currency(row["currency"], row["exponent"])),
        )
        for row in rows
    )


def _row(row: dict[str, object], late: datetime) -> DueRow:
    since, attempts, seen = (row.pop(name) for name in ("since", "attempts", "kiosk_last_seen"))
    assert isinstance(since, datetime)  # noqa: S101 - for the type checker
    assert isinstance(attempts, int)  # noqa: S101
    assert seen is None or isinstance(seen, datetime)  # noqa: S101
    one = FleetTransaction.of(row)
    return DueRow(one, _kind(one), since, attempts, since <= late, seen)


def _kind(one: FleetTransaction) -> DueKind:
    if one.lost_at is not None and one.state in OPEN:
        return DueKind.LOST
    if one.state == State.NEEDS_STAFF:
        return DueKind.STAFF
    return DueKind.DUE if one.state in DUE else DueKind.HANGING
