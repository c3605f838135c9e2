"""One kiosk's story: how it stood, its journals, certificates and commands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from kiosk_tui.office.database import Connection
from kiosk_tui.office.queries.found import many

_MOST: Final = 50


@dataclass(frozen=True, slots=True)
class HealthSpan:
    """For how long a kiosk said the same of itself: from `start` until `end`, the last time it did."""

    start: datetime
    end: datetime
    ready: bool
    reason: str
    version: str


@dataclass(frozen=True, slots=True)
class EpochRow:
    """A journal of the kiosk: a new one after `journal new` and after a restore."""

    epoch: str
    predecessor: str
    first_seen: datetime
    stored: int
    compared_at: datetime | None


@dataclass(frozen=True, slots=True)
class CertificateRow:
    """A certificate of the kiosk."""

    serial: str
    issued_at: datetime
    not_after: datetime
    revoked_at: datetime | None
    revoked_by: str


@dataclass(frozen=True, slots=True)
class CommandRow:
    """A command to the kiosk, and what came of it."""

    n: int
    verb: str
    asked_by: str
    signed_at: datetime
    expires_at: datetime
    delivered_at: datetime | None
    done_at: datetime | None
    ok: bool | None
    outcome: str


@dataclass(frozen=True, slots=True)
class CheckpointRow:
    """A signed end of the kiosk's journal: `line` is what an auditor takes, `wrong` ends a sentence."""

    epoch: str
    seq: int
    at: str
    received_at: datetime
    wrong: str
    line: str


@dataclass(frozen=True, slots=True)
class KioskStory:
    """The newest of each come first."""

    health: tuple[HealthSpan, ...]
    epochs: tuple[EpochRow, ...]
    certificates: tuple[CertificateRow, ...]
    commands: tuple[CommandRow, ...]
    boots: int
    checkpoints: tuple[CheckpointRow, ...]
    register_key: str
    """The public part of the key that signs them, empty where none is known."""


# Neighbours that say the same are one span: each one's place among all less its place among its like.
_HEALTH: Final = """
    WITH said AS (
        SELECT at, coalesce((snapshot->>'ready')::boolean, false) AS ready,
            coalesce(snapshot->>'reason', '') AS reason,
            coalesce(snapshot->>'version', '') AS version
        FROM health WHERE kiosk_id = $1
    ), placed AS (
        SELECT *, row_number() OVER (ORDER BY at)
            - row_number() OVER (PARTITION BY ready, reason, version ORDER BY at) AS run
        FROM said
    )
    SELECT min(at) AS start, max(at) AS "end", ready, reason, version FROM placed
    GROUP BY ready, reason, version, run ORDER BY 1 DESC LIMIT $2
"""


async def kiosk_story(connection: Connection, kiosk_id: str) -> KioskStory:
    """Return a kiosk's story; each list ends after the newest fifty."""
    boots: int = await connection.fetchval(
        "SELECT count(*) FROM boot WHERE kiosk_id = $1", kiosk_id
    )
    return KioskStory(
        health=await many(connection, HealthSpan, _HEALTH, kiosk_id, _MOST),
        epochs=await many(
            connection,
            EpochRow,
            "SELECT epoch, predecessor, first_seen, stored, compared_at FROM epoch"
            " WHERE kiosk_id = $1 ORDER BY first_seen DESC LIMIT $2",
            kiosk_id,
            _MOST,
        ),
        certificates=await many(
            connection,
            CertificateRow,
            "SELECT serial, issued_at, not_after, revoked_at, revoked_by FROM certificate"
            " WHERE kiosk_id = $1 ORDER BY issued_at DESC LIMIT $2",
            kiosk_id,
            _MOST,
        ),
        commands=await many(
            connection,
            CommandRow,
            "SELECT c.n, c.verb, r.asked_by, c.signed_at, c.expires_at, c.delivered_at, c.done_at,"
            " c.ok, c.outcome FROM command c JOIN command_request r USING (request_id)"
            " WHERE c.kiosk_id = $1 ORDER BY c.n DESC LIMIT $2",
            kiosk_id,
            _MOST,
        ),
        boots=boots,
        checkpoints=await checkpoints(connection, kiosk_id),
        register_key=await connection.fetchval(
            "SELECT register_key FROM kiosk WHERE kiosk_id = $1", kiosk_id
        )
        or "",
    )


async def checkpoints(connection: Connection, kiosk_id: str) -> tuple[CheckpointRow, ...]:
    """Return the newest fifty checkpoints, the good ones before the others, the newest first."""
    return await many(
        connection,
        CheckpointRow,
        "SELECT epoch, seq, at, received_at, wrong, line FROM checkpoint WHERE kiosk_id = $1"
        " ORDER BY wrong <> '', checkpoint_id DESC LIMIT $2",
        kiosk_id,
        _MOST,
    )
