"""A batch into the tables: all of it in one transaction, in whose COMMIT the answer lies.

The kiosk's row is locked first, so that one batch of a kiosk is taken after the other, on however many
processes. Where the kiosk stands is its journal's `epoch.stored`; no clock decides an order.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import asyncpg

from kiosk_tui.fleet.wire import Batch, CommandOutcome, Health
from kiosk_tui.office.alarms import raise_alarm
from kiosk_tui.office.database import Connection
from kiosk_tui.office.ingest import checkpoints, days, events

_KEEP_HEALTH: Final = timedelta(minutes=5)
_MATTERS: Final = {
    *("ready", "reason", "version", "mode", "terminal", "terminal_state", "closed_by_office"),
    "configuration",
}

# An operator may have set `synchronous_commit` off for a role: not here, where COMMIT is a promise.
_LOCK: Final = """
    SELECT boot, version, epoch, health, health_kept_at, CASE current_setting('synchronous_commit')
        WHEN 'off' THEN set_config('synchronous_commit', 'on', true) END
    FROM kiosk WHERE kiosk_id = $1 FOR NO KEY UPDATE
"""
# A kiosk's first journal has nothing to be compared with.
_BEGIN: Final = """
    INSERT INTO epoch (kiosk_id, epoch, predecessor, compared_at)
    SELECT $1, $2, $3, CASE WHEN NOT EXISTS (SELECT FROM epoch WHERE kiosk_id = $1) THEN now() END
"""
_PLACE: Final = """
    SELECT stored, compared, compared_at, unlisted, first_seen
    FROM epoch WHERE kiosk_id = $1 AND epoch = $2
"""
_SEEN: Final = """
    UPDATE kiosk SET last_seen = $2, skew_ms = $3, epoch = $4, boot = $5, version = $6,
        health = coalesce($7, health), health_at = CASE WHEN $7 IS NULL THEN health_at ELSE $2 END,
        health_kept_at = CASE WHEN $8 THEN $2 ELSE health_kept_at END
    WHERE kiosk_id = $1
"""
_OUTCOMES: Final = """
    UPDATE command SET done_at = now(), ok = told.ok, outcome = told.sentence
    FROM jsonb_to_recordset($2) AS told(n bigint, ok boolean, sentence text)
    WHERE kiosk_id = $1 AND command.n = told.n AND done_at IS NULL
"""


_SIGNATURE: Final = """
    INSERT INTO signature (kiosk_id, transaction_id, number, at, text, code)
    VALUES ($1, $2::text::numeric, $3, $4, $5, $6) ON CONFLICT DO NOTHING
"""


class BatchRefusedError(Exception):
    """What a kiosk sent cannot be taken; the text is a sentence."""


@dataclass(frozen=True, slots=True)
class Taken:
    """How far this journal is stored, once the transaction is committed."""

    stored: int
    compare: bool
    checkpoint: int


async def take(connection: Connection, kiosk_id: str, batch: Batch, received: datetime) -> Taken:
    """Store what a kiosk sent, inside of the caller's transaction. Raises `BatchRefusedError`."""
    kiosk, place = await lock(connection, kiosk_id, batch.epoch, batch.follows)
    stored: int = place["stored"]
    reached = max(stored, place["compared"])
    gaps = _gaps(batch, reached)
    if not gaps or batch.gone:
        for gap in gaps:
            await _note_gap(connection, kiosk_id, batch.epoch, *gap)
        if batch.events:
            journal = events.ShippedJournal(kiosk_id, batch.epoch, place["first_seen"])
            await events.store(connection, journal, batch.events)
            if place["compared"]:
                await events.found_again(connection, journal, batch.events)
        await days.store(connection, kiosk_id, batch.epoch, batch.days)
        await connection.executemany(
            _SIGNATURE,
            [
                (kiosk_id, one.transaction_id, one.number, one.at, one.text, one.code)
                for one in batch.signatures
            ],
        )
        if batch.upto > stored:
            stored = batch.upto
            await connection.execute(
                "UPDATE epoch SET stored = $3 WHERE kiosk_id = $1 AND epoch = $2",
                *(kiosk_id, batch.epoch, stored),
            )
    elif batch.after <= reached:
        first, last = gaps[0]
        raise BatchRefusedError(
            f"The events at places {first} to {last} of journal {batch.epoch} are missing in between."
        )
    if batch.outcomes:
        await _note_outcomes(connection, kiosk_id, batch.outcomes)
    await _note_boot(connection, kiosk_id, batch.boot, kiosk["boot"])
    await _note_kiosk(connection, kiosk_id, kiosk, batch, received)
    reached = await checkpoints.store(connection, kiosk_id, batch.epoch, batch.checkpoints)
    return Taken(stored, compare=place["compared_at"] is None, checkpoint=reached)


async def lock(
    connection: Connection, kiosk_id: str, epoch: str, follows: str
) -> tuple[asyncpg.Record, asyncpg.Record]:
    """Lock the kiosk until the transaction ends; return its row, and where this journal of it stands.

    Two statements: what stands beside a row that had to be waited for would be read as it was before.
    """
    kiosk = await connection.fetchrow(_LOCK, kiosk_id)
    if kiosk is None:
        raise BatchRefusedError(f"Head office has no kiosk {kiosk_id}.")
    place = await connection.fetchrow(_PLACE, kiosk_id, epoch)
    if place is None:
        await connection.execute(_BEGIN, kiosk_id, epoch, follows)
        place = await connection.fetchrow(_PLACE, kiosk_id, epoch)
    elif kiosk["epoch"] not in {None, epoch}:
        await raise_alarm(
            connection,
            "clone",
            f"Journal {epoch} of {kiosk_id} speaks again after journal {kiosk['epoch']} had taken its"
            " place: two machines have this certificate, or an old disk was put back.",
            kiosk_id,
            f"journal {epoch}",
        )
    assert place is not None  # noqa: S101 - for the types: it was inserted under the lock
    return kiosk, place


def _gaps(batch: Batch, reached: int) -> list[tuple[int, int]]:
    """Return which places, first and last, neither the batch nor what came before it accounts for."""
    found = []
    for seq in (*batch.places(), batch.upto + 1):
        if seq > reached + 1:
            found.append((reached + 1, seq - 1))
        reached = max(reached, seq)
    return found


async def _note_gap(
    connection: Connection, kiosk_id: str, epoch: str, first: int, last: int
) -> None:
    await raise_alarm(
        connection,
        "gap",
        f"{kiosk_id} does not have the events at places {first} to {last} of journal {epoch} any more:"
        " what happened there is not known here.",
        kiosk_id,
        f"{epoch} {first}",
        details={"epoch": epoch, "first": first, "last": last},
    )


async def _note_outcomes(
    connection: Connection, kiosk_id: str, outcomes: tuple[CommandOutcome, ...]
) -> None:
    told = [one.model_dump(include={"n", "ok", "sentence"}) for one in outcomes]
    await connection.execute(_OUTCOMES, kiosk_id, told)


async def _note_boot(connection: Connection, kiosk_id: str, boot: str, last: str) -> None:
    """Raise the alarm when a boot comes back after another one: then there are two machines."""
    if boot in {"", last}:
        return
    new = await connection.fetchval(
        "INSERT INTO boot (kiosk_id, boot) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING boot",
        *(kiosk_id, boot),
    )
    if new is None:
        await raise_alarm(
            connection,
            "clone",
            f"Two machines speak as {kiosk_id}: boot {boot} came back after boot {last}.",
            kiosk_id,
            "boot",
            details={"boots": [last, boot]},
        )


async def _note_kiosk(
    connection: Connection, kiosk_id: str, kiosk: asyncpg.Record, batch: Batch, received: datetime
) -> None:
    health = None if batch.health is None else batch.health.model_dump(mode="json")
    keep = health is not None and (
        kiosk["health_kept_at"] is None
        or received - kiosk["health_kept_at"] >= _KEEP_HEALTH
        or _differs(kiosk["health"], health)
    )
    skew = batch.now - received
    await connection.execute(
        _SEEN,
        *(kiosk_id, received, skew // timedelta(milliseconds=1), batch.epoch),
        *(batch.boot or kiosk["boot"], _version(batch.health) or kiosk["version"], health, keep),
    )
    if keep:
        await connection.execute(
            "INSERT INTO health (kiosk_id, at, snapshot) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            *(kiosk_id, received, health),
        )


def _differs(before: dict[str, Any] | None, now: dict[str, Any]) -> bool:
    return before is None or any(before.get(name) != now[name] for name in _MATTERS)


def _version(health: Health | None) -> str:
    return "" if health is None else health.version
