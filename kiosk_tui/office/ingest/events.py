"""A journal's events into their table, and what they say of each transaction; set-based, in one JSON.

An event that is stored is never changed. The same one again, from whatever journal, says nothing new;
one of the same name with other content is a conflict, which is kept beside it and raises an alarm.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import asyncpg

from kiosk_tui.fleet.wire import JournalEvent
from kiosk_tui.office.alarms import raise_alarm
from kiosk_tui.office.database import Connection

_MOST_NAMED: Final = 20

_INSERT: Final = """
    INSERT INTO event (kiosk_id, epoch, seq, transaction_id, number, at, event, state_after, body, sha256)
    SELECT $1, $2, sent.seq, sent.transaction_id, sent.number, sent.at, sent.event, sent.state,
        one - '{seq,transaction_id,number,at,event,state,sha256}'::text[], decode(sent.sha256, 'hex')
    FROM jsonb_array_elements($3::text::jsonb) AS one, jsonb_to_record(one) AS sent(seq bigint,
        transaction_id numeric, number integer, at timestamptz, event text, state text, sha256 text)
    ON CONFLICT DO NOTHING
    RETURNING seq
"""
# The stored event has the same transaction and number, or, where there is none, the same place.
_CONFLICTS: Final = """
    SELECT sent.seq, sent.transaction_id, sent.number, decode(sent.sha256, 'hex') AS sha256,
        coalesce(named.epoch, placed.epoch) AS stored_epoch,
        coalesce(named.seq, placed.seq) AS stored_seq,
        coalesce(named.sha256, placed.sha256) AS stored_sha256,
        coalesce(named.transaction_id, placed.transaction_id) AS stored_id,
        coalesce(named.number, placed.number) AS stored_number,
        known.first_seen < $4 AS older, named.epoch IS NOT NULL AS same_name
    FROM jsonb_to_recordset($3::text::jsonb) AS sent(seq bigint, transaction_id numeric, number integer,
        sha256 text)
    LEFT JOIN event AS named ON named.kiosk_id = $1 AND named.transaction_id = sent.transaction_id
        AND named.number = sent.number
    LEFT JOIN event AS placed ON placed.kiosk_id = $1 AND placed.epoch = $2 AND placed.seq = sent.seq
    LEFT JOIN epoch AS known ON known.kiosk_id = $1 AND known.epoch = coalesce(named.epoch, placed.epoch)
    WHERE sent.seq = ANY ($5) AND named.sha256 IS DISTINCT FROM decode(sent.sha256, 'hex')
    ORDER BY sent.seq
"""
_KEEP_CONFLICTS: Final = """
    INSERT INTO event_conflict (kiosk_id, epoch, seq, transaction_id, number, body, sha256,
        stored_epoch, stored_seq, stored_sha256)
    SELECT $1, $2, met.seq, met.transaction_id::numeric, met.number, met.body, decode(met.sha256, 'hex'),
        met.stored_epoch, met.stored_seq, decode(met.stored_sha256, 'hex')
    FROM jsonb_to_recordset($3) AS met(seq bigint, transaction_id text, number integer, body jsonb,
        sha256 text, stored_epoch text, stored_seq bigint, stored_sha256 text)
    ON CONFLICT DO NOTHING
    RETURNING seq
"""
# The last event tells the state; the money and TECS's numbers are those of the last answer to the
# payment itself, where there was one. What a newer journal says holds, but for a copy that only knows
# less: from another journal an event counts when it is further, or when the stories went apart ($5); an
# older journal then says nothing more.
_TRANSACTIONS: Final = """
    WITH sent AS MATERIALIZED (
        SELECT * FROM jsonb_to_recordset($3::text::jsonb) AS one(transaction_id numeric, number integer,
            at timestamptz, state text, operation text, currency text, exponent smallint, minor bigint,
            tip_minor bigint, sent_minor bigint, terminal text, source_id text, original_id numeric,
            original_terminal text, exchange text, response_code text, stan text,
            authorization_number text, brand text)
    ), last AS (
        SELECT DISTINCT ON (transaction_id) * FROM sent ORDER BY transaction_id, number DESC
    ), paid AS (
        SELECT DISTINCT ON (transaction_id) * FROM sent WHERE exchange = 'payment'
        ORDER BY transaction_id, number DESC
    ), times AS (
        SELECT transaction_id, min(at) FILTER (WHERE state = 'APPROVED') AS approved_at,
            min(at) FILTER (WHERE state = 'CANCELLED') AS cancelled_at,
            (array_agg(at ORDER BY number))[1] AS begun_at
        FROM sent GROUP BY transaction_id
    )
    INSERT INTO kiosk_transaction (kiosk_id, transaction_id, epoch, number, state, operation, currency,
        exponent, minor, tip_minor, sent_minor, terminal, source_id, original_id, original_terminal,
        begun_at, changed_at, approved_at, cancelled_at, response_code, stan, authorization_number, brand)
    SELECT $1, last.transaction_id, $2, last.number, last.state, last.operation, last.currency,
        last.exponent, coalesce(paid.minor, was.minor, last.minor),
        CASE WHEN paid.number IS NOT NULL THEN paid.tip_minor WHEN was.number IS NOT NULL
            THEN was.tip_minor ELSE last.tip_minor END,
        last.sent_minor, last.terminal, coalesce(last.source_id, ''), last.original_id,
        last.original_terminal, coalesce(was.begun_at, times.begun_at), last.at,
        least(was.approved_at, times.approved_at), least(was.cancelled_at, times.cancelled_at),
        coalesce(paid.response_code, was.response_code, ''), coalesce(paid.stan, was.stan, ''),
        coalesce(paid.authorization_number, was.authorization_number, ''),
        coalesce(paid.brand, was.brand, '')
    FROM last JOIN times USING (transaction_id) LEFT JOIN paid USING (transaction_id)
    LEFT JOIN kiosk_transaction AS was
        ON was.kiosk_id = $1 AND was.transaction_id = last.transaction_id
    LEFT JOIN epoch ON epoch.kiosk_id = $1 AND epoch.epoch = was.epoch
    WHERE was.epoch IS NULL OR CASE
        WHEN was.epoch = $2 THEN last.number >= was.number
        WHEN epoch.first_seen < $4
            THEN last.number >= was.number OR last.transaction_id = ANY ($5::text[]::numeric[])
        ELSE last.number > was.number AND NOT EXISTS (SELECT FROM event_conflict AS apart
            WHERE apart.kiosk_id = $1 AND apart.epoch = was.epoch
                AND apart.transaction_id = last.transaction_id) END
    ON CONFLICT (kiosk_id, transaction_id) DO UPDATE SET epoch = excluded.epoch,
        number = excluded.number, state = excluded.state, operation = excluded.operation,
        currency = excluded.currency, exponent = excluded.exponent, minor = excluded.minor,
        tip_minor = excluded.tip_minor, sent_minor = excluded.sent_minor, terminal = excluded.terminal,
        source_id = excluded.source_id, original_id = excluded.original_id,
        original_terminal = excluded.original_terminal, changed_at = excluded.changed_at,
        approved_at = excluded.approved_at, cancelled_at = excluded.cancelled_at,
        response_code = excluded.response_code, stan = excluded.stan,
        authorization_number = excluded.authorization_number, brand = excluded.brand, lost_at = NULL
"""


@dataclass(frozen=True, slots=True)
class ShippedJournal:
    """Whose events they are; `first_seen` tells which of a kiosk's journals is newer."""

    kiosk_id: str
    epoch: str
    first_seen: datetime


async def store(
    connection: Connection, journal: ShippedJournal, sent: Sequence[JournalEvent]
) -> None:
    """Store events and the last state of their transactions, under the kiosk's lock."""
    rows = {one.seq: _row(one) for one in sent}
    text = _json(list(rows.values()))
    inserted = await connection.fetch(_INSERT, journal.kiosk_id, journal.epoch, text)
    known = rows.keys() - {row["seq"] for row in inserted}
    apart: list[str] = []
    if known:
        met = await connection.fetch(
            _CONFLICTS,
            *(journal.kiosk_id, journal.epoch, text, journal.first_seen, list(known)),
        )
        if met:
            await _keep(connection, journal, rows, met)
            apart = [str(int(one["transaction_id"])) for one in met if one["older"]]
            for one in met:
                if one["same_name"] and not one["older"]:
                    del rows[one["seq"]]
            text = _json(list(rows.values()))
    await connection.execute(
        _TRANSACTIONS, *(journal.kiosk_id, journal.epoch, text, journal.first_seen, apart)
    )


async def found_again(
    connection: Connection, journal: ShippedJournal, sent: Sequence[JournalEvent]
) -> None:
    """Take back that transactions were lost: their journal tells of them."""
    await connection.execute(
        "UPDATE kiosk_transaction SET lost_at = NULL WHERE kiosk_id = $1"
        " AND transaction_id = ANY ($2::text[]::numeric[]) AND lost_at IS NOT NULL",
        *(journal.kiosk_id, [one.transaction_id for one in sent]),
    )


def _row(event: JournalEvent) -> dict[str, Any]:
    return event.model_dump(mode="json", exclude_defaults=True) | {"sha256": event.fingerprint()}


def _json(rows: list[dict[str, Any]]) -> str:
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


async def _keep(
    connection: Connection,
    journal: ShippedJournal,
    rows: dict[int, dict[str, Any]],
    met: Sequence[asyncpg.Record],
) -> None:
    """Keep conflicts; those that were not known yet raise the alarm."""
    given = [
        {
            "seq": one["seq"],
            "transaction_id": str(int(one["transaction_id"])),
            "number": one["number"],
            "body": rows[one["seq"]],
            "sha256": one["sha256"].hex(),
            "stored_epoch": one["stored_epoch"],
            "stored_seq": one["stored_seq"],
            "stored_sha256": one["stored_sha256"].hex(),
        }
        for one in met
    ]
    kept = await connection.fetch(_KEEP_CONFLICTS, journal.kiosk_id, journal.epoch, given)
    new = {row["seq"] for row in kept}
    told = [one for one in met if one["seq"] in new]
    if not told:
        return
    first = told[0]
    same = any(one["stored_epoch"] == journal.epoch for one in told)
    why = (
        "two machines have this certificate, or the journal was changed"
        if same
        else "the journal was restored and went on differently"
    )
    await raise_alarm(
        connection,
        "conflict",
        f"Event {first['number']} of transaction {int(first['transaction_id'])} from {journal.kiosk_id}"
        f" (journal {journal.epoch}, place {first['seq']}) contradicts event {first['stored_number']} of"
        f" transaction {int(first['stored_id'])} (journal {first['stored_epoch']}, place"
        f" {first['stored_seq']}), which is kept: {why}.",
        journal.kiosk_id,
        journal.epoch,
        details={
            "count": len(told),
            "events": [
                {
                    "transaction_id": str(int(one["transaction_id"])),
                    "number": one["number"],
                    "seq": one["seq"],
                    "stored_epoch": one["stored_epoch"],
                    "stored_seq": one["stored_seq"],
                }
                for one in told[:_MOST_NAMED]
            ],
        },
    )
