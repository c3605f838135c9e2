"""The kiosks: how each stands now, and how many stand so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from kiosk_tui.office.database import Connection
from kiosk_tui.office.queries.found import WHOLE, ListPart, Paged, many, paged


class KioskState(StrEnum):
    """How a kiosk stands, as head office judges it. The words are in JSON and in addresses."""

    READY = "ready"
    CLOSED = "closed"
    """It speaks, and says that nobody can pay."""
    SILENT = "silent"
    """It has not spoken for `watch.silent_s`, or never since it was enrolled so long ago."""
    NEW = "new"
    """It was enrolled just now and has not told how it stands."""
    LEFT = "left"


STATE: Final = (
    "CASE WHEN k.left_at IS NOT NULL THEN 'left'"
    " WHEN coalesce(k.last_seen, k.added_at) < $1::timestamptz - $2::interval THEN 'silent'"
    " WHEN k.health IS NULL THEN 'new'"
    " WHEN (k.health->>'ready')::boolean THEN 'ready'"
    " ELSE 'closed' END"
)
"""A kiosk's state in SQL, of table `k`; $1 is now and $2 how long a silence may be."""

_COLUMNS: Final = f"""
    SELECT k.kiosk_id, k.site, {STATE} AS state, k.added_at, k.left_at, k.last_seen, k.version,
        k.epoch, k.skew_ms, coalesce(k.health->>'reason', '') AS reason,
        (k.health->>'since')::timestamptz AS since,
        (k.health->>'last_payment_at')::timestamptz AS last_payment_at,
        coalesce(k.health->>'terminal', '') AS terminal,
        coalesce(k.health->>'terminal_state', '') AS terminal_state,
        coalesce((k.health->>'due')::bigint, 0) AS due,
        coalesce((k.health->>'queued')::bigint, 0) AS queued,
        (k.health->>'disk_free_bytes')::bigint AS disk_free_bytes,
        (k.health->>'clock_skew_s')::double precision AS clock_skew_s,
        coalesce((k.health->>'closed_by_office')::boolean, false) AS closed_by_office,
        k.health_at
    FROM kiosk k
"""


@dataclass(frozen=True, slots=True)
class KioskRow:
    """A kiosk with what it said last. `since` and `last_payment_at` are by the kiosk's clock.

    `skew_ms` is how far that clock is ahead of head office's; `clock_skew_s` of TECS's.
    """

    kiosk_id: str
    site: str
    state: str
    added_at: datetime
    left_at: datetime | None
    last_seen: datetime | None
    version: str
    epoch: str | None
    skew_ms: int | None
    reason: str
    since: datetime | None
    last_payment_at: datetime | None
    terminal: str
    terminal_state: str
    due: int
    queued: int
    disk_free_bytes: int | None
    clock_skew_s: float | None
    closed_by_office: bool
    health_at: datetime | None

    @property
    def quiet_since(self) -> datetime:
        """Since when it has not spoken: never at all counts from its enrolment."""
        return self.last_seen or self.added_at


@dataclass(frozen=True, slots=True)
class KioskFilter:
    """Which kiosks: an empty field is for all. `text` is a part of the name, site, terminal or version."""

    text: str = ""
    site: str = ""
    state: str = ""


async def kiosks(
    connection: Connection,
    now: datetime,
    silent: timedelta,
    wanted: KioskFilter = KioskFilter(),
    part: ListPart = WHOLE,
) -> Paged[KioskRow]:
    """Return the kiosks by name; those that have left only where they are asked for."""
    text = f"""
        SELECT * FROM ({_COLUMNS}) AS one
        WHERE ($3 = '' OR concat_ws(' ', kiosk_id, site, terminal, version) ILIKE $3)
            AND ($4 = '' OR site = $4)
            AND CASE WHEN $5 = '' THEN state <> 'left' ELSE state = $5 END
        ORDER BY kiosk_id
    """
    like = f"%{_escaped(wanted.text)}%" if wanted.text else ""
    return await paged(
        connection, KioskRow, text, part, now, silent, like, wanted.site, wanted.state
    )


async def kiosk(
    connection: Connection, now: datetime, silent: timedelta, kiosk_id: str
) -> KioskRow | None:
    """Return one kiosk."""
    text = f"{_COLUMNS} WHERE k.kiosk_id = $3"
    return next(iter(await many(connection, KioskRow, text, now, silent, kiosk_id)), None)


async def silent_kiosks(
    connection: Connection, now: datetime, silent: timedelta, part: ListPart = WHOLE
) -> Paged[KioskRow]:
    """Return the kiosks that have not spoken for so long, the longest silence first."""
    text = (
        f"SELECT * FROM ({_COLUMNS}) AS one WHERE state = 'silent'"
        " ORDER BY coalesce(last_seen, added_at), kiosk_id"
    )
    return await paged(connection, KioskRow, text, part, now, silent)


async def closed_kiosks(
    connection: Connection, now: datetime, silent: timedelta, part: ListPart = WHOLE
) -> Paged[KioskRow]:
    """Return the kiosks that say they are out of service, the longest first."""
    text = f"SELECT * FROM ({_COLUMNS}) AS one WHERE state = 'closed' ORDER BY since, kiosk_id"
    return await paged(connection, KioskRow, text, part, now, silent)


async def states(
    connection: Connection, now: datetime, silent: timedelta
) -> Mapping[KioskState, int]:
    """Return how many kiosks stand how; a state that none is in is 0."""
    text = f"SELECT {STATE} AS state, count(*) AS kiosks FROM kiosk k GROUP BY 1"
    found: Mapping[str, Any] = {
        row["state"]: row["kiosks"] for row in await connection.fetch(text, now, silent)
    }
    return {one: found.get(one, 0) for one in KioskState}


async def sites(connection: Connection) -> tuple[str, ...]:
    """Return the names of the sites."""
    text = "SELECT DISTINCT site FROM kiosk WHERE left_at IS NULL AND site <> '' ORDER BY site"
    return tuple(row["site"] for row in await connection.fetch(text))


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
