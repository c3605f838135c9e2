"""A journal under a new identity against what head office has of its kiosk: restored, or begun anew.

Equal days need not be sent again. Of the days that differ, each transaction is asked for, so that what a
restored journal has lost has a name. A transaction that the same journal has told is not lost.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from kiosk_tui.fleet.wire_days import DayContents, Days, DaysWanted, Lost
from kiosk_tui.office.alarms import raise_alarm
from kiosk_tui.office.database import Connection
from kiosk_tui.office.ingest.store import lock

MOST_NAMED: Final = 200
"""Transactions that an alarm names; it counts all."""
_IN_SENTENCE: Final = 10
_DAY: Final = 10**9

# `wire.day_of` and `wire.digest` over what is stored.
DIGESTS: Final = """
    SELECT day, count(*) AS events, encode(sha256(
        string_agg(encode(sha256, 'hex'), '' ORDER BY transaction_id, number)::bytea), 'hex') AS sha256
    FROM (SELECT div(transaction_id, 1000000000)::bigint AS day, * FROM event WHERE kiosk_id = $1) AS told
    GROUP BY day
"""
_COMPARED: Final = """
    UPDATE epoch SET compared = greatest(compared, $3), unlisted = $4,
        compared_at = CASE WHEN cardinality($4::text[]) = 0 THEN now() END
    WHERE kiosk_id = $1 AND epoch = $2
"""
_LISTED: Final = """
    UPDATE epoch SET unlisted = array_remove(unlisted, $3),
        compared_at = CASE WHEN unlisted <@ ARRAY[$3] THEN now() END
    WHERE kiosk_id = $1 AND epoch = $2
"""
_OF_DAY: Final = """
    SELECT transaction_id, number, epoch FROM kiosk_transaction
    WHERE kiosk_id = $1 AND transaction_id >= $2::text::numeric AND transaction_id < $3::text::numeric
    ORDER BY transaction_id
"""
_LOST: Final = """
    UPDATE kiosk_transaction SET
        lost_at = CASE WHEN transaction_id = ANY ($2::text[]::numeric[]) THEN coalesce(lost_at, now()) END
    WHERE kiosk_id = $1 AND transaction_id >= $3::text::numeric AND transaction_id < $4::text::numeric
        AND (lost_at IS NOT NULL OR transaction_id = ANY ($2::text[]::numeric[]))
"""


async def compare(connection: Connection, kiosk_id: str, told: Days) -> DaysWanted:
    """Say which days are to be sent and which to be listed, inside of the caller's transaction."""
    await lock(connection, kiosk_id, told.epoch, told.follows)
    here = {
        row["day"]: (row["events"], row["sha256"])
        for row in await connection.fetch(DIGESTS, kiosk_id)
    }
    there = {int(one.day): (one.events, one.sha256) for one in told.days}
    first = _first_whole(told.pruned_before)
    wanted = DaysWanted(
        send=tuple(one.day for one in told.days if here.get(int(one.day)) != there[int(one.day)]),
        list=tuple(
            str(day).zfill(8)
            for day, stored in sorted(here.items())
            if day >= first and there.get(day) != stored
        ),
    )
    await connection.execute(_COMPARED, kiosk_id, told.epoch, told.upto, list(wanted.list))
    return wanted


async def name_lost(connection: Connection, kiosk_id: str, told: DayContents) -> Lost:
    """Name what head office knows of a day and the journal does not. Raises `BatchRefusedError`.

    Also what it knows less of: an event that is missing may be the cancellation.
    """
    _, place = await lock(connection, kiosk_id, told.epoch, "")
    bounds = (str(int(told.day) * _DAY), str((int(told.day) + 1) * _DAY))
    lost: list[str] = []
    shorter: list[str] = []
    for row in await connection.fetch(_OF_DAY, kiosk_id, *bounds):
        name = str(int(row["transaction_id"]))
        has = told.transactions.get(name, 0)
        if row["epoch"] != told.epoch and has < row["number"]:
            (shorter if has else lost).append(name)
    if told.day not in place["unlisted"]:
        # asked again because the answer did not arrive, or a day that proves nothing
        return Lost(transactions=len(lost))
    await connection.execute(_LOST, kiosk_id, lost, *bounds)
    await connection.execute(_LISTED, kiosk_id, told.epoch, told.day)
    if lost or shorter:
        await _tell(connection, kiosk_id, told, lost, shorter)
    return Lost(transactions=len(lost))


async def _tell(
    connection: Connection, kiosk_id: str, told: DayContents, lost: list[str], shorter: list[str]
) -> None:
    found: list[str] = []
    details: dict[str, Any] = {"epoch": told.epoch, "day": told.day}
    for words, key, names in (
        ("has lost", "transactions", lost),
        ("lacks the last events of", "shorter", shorter),
    ):
        if names:
            more = f" and {len(names) - _IN_SENTENCE} more" if len(names) > _IN_SENTENCE else ""
            found.append(f"{words} {', '.join(names[:_IN_SENTENCE])}{more}")
        details |= {key: names[:MOST_NAMED], f"{key}_count": len(names)}
    await raise_alarm(
        connection,
        "lost",
        f"Journal {told.epoch} of {kiosk_id} {' and '.join(found)} of {told.day}: head office has them.",
        kiosk_id,
        told.day,
        details=details,
    )


def _first_whole(pruned_before: datetime | None) -> int:
    """Return the first day that nothing was pruned of."""
    if pruned_before is None:
        return 0
    last = pruned_before - timedelta(microseconds=1)
    return int(f"{last:%Y%m%d}") + 1
