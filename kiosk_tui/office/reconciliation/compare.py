"""Journals, TECS and clearing compared by SQL; the answer are values.

The statements stand in files of their own beside this one. Two million rows against two million take
seconds (`benchmarks/reconciliation.py`): each side is read once, and joined by hash.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from kiosk_tui.domain.operations import Operation
from kiosk_tui.office.database import Connection
from kiosk_tui.office.reconciliation.disagreement import (
    SUPERSEDES,
    Disagreement,
    DisagreementKind,
)
from kiosk_tui.office.reconciliation.statements import PATIENCE_S, TUNED, exponent_of, statement
from kiosk_tui.office.settings import OfficeSettings

log = logging.getLogger(__name__)

MOST: Final = 10_000
"""So many of each kind are told, the oldest first: whoever has more has one fault, and not so many."""
DOUBLE_WITHIN: Final = timedelta(minutes=10)
"""Two charges that are alike are one that was made twice when no more time lies between them."""

_SPAN: Final = "SELECT set_config('reconciliation.since', $1, true), set_config('reconciliation.settled', $2, true)"
_MOVING: Final = tuple(str(one) for one in Operation if one.direction)


async def disagreements(
    connection: Connection, settings: OfficeSettings, days: int, now: datetime | None = None
) -> tuple[Disagreement, ...]:
    """Return what journals, TECS and clearing do not agree on in the last `days`, the gravest first.

    What is younger than `watch.settle_minutes` does not count yet.
    """
    moment = now or datetime.now(UTC)
    settle = timedelta(minutes=settings.watch.settle_minutes)
    skew = timedelta(seconds=settings.watch.skew_s)
    span = (moment - timedelta(days=days), moment - settle)
    rows: list[Any] = []
    async with connection.transaction(isolation="repeatable_read"):
        await connection.execute(TUNED)
        await connection.execute(_SPAN, *(one.isoformat() for one in span))
        await connection.execute(statement("prepare"), timeout=PATIENCE_S)
        for name, arguments in (
            ("compare", (span[1], DOUBLE_WITHIN, MOST)),
            ("unknown", (*span, skew, _MOVING, MOST)),
            ("doubles", (*span, int(DOUBLE_WITHIN.total_seconds()), MOST)),
            ("recorded_twice", (*span, MOST)),
        ):
            found = await connection.fetch(statement(name), *arguments, timeout=PATIENCE_S)
            if len(found) == MOST:
                log.warning("more than %d disagreements (%s): only the oldest are told", MOST, name)
            rows += found
        told = _merged(_value(row, moment) for row in rows)
        return tuple(sorted(await _placed(connection, told, settle), key=_gravity))


def _value(row: Any, moment: datetime) -> Disagreement:
    kind, push = DisagreementKind(row["finding"]), row["told_by"] == "push"
    twin = row["other_id"] or ""
    if twin and kind is DisagreementKind.CHARGED_WITHOUT_RECORD:
        kind = DisagreementKind.CHARGED_TWICE
    sides = (row["told_by"],) if row["kiosk_id"] is None else ("journal", row["told_by"])
    return Disagreement(
        kind=kind,
        kiosk_id=row["kiosk_id"] or "",
        terminal=row["terminal"],
        transaction_id=row["transaction_id"],
        at=row["at"],
        age=moment - row["at"],
        minor=int(row["minor"] or 0),
        currency=row["currency"] or "",
        exponent=exponent_of(row["currency"] or "", row["exponent"]),
        said_by=tuple(dict.fromkeys(sides)),
        confirmed=not push,
        here=row["here"],
        there=row["there"],
        other_id=twin,
    )


def _merged(found: Iterable[Disagreement]) -> list[Disagreement]:
    """Tell each thing once, by all who say so. A question never stands in for what is confirmed."""
    by_thing: dict[tuple[str, str, str, DisagreementKind], Disagreement] = {}
    for one in sorted(found, key=lambda one: not one.confirmed):
        thing = (one.kiosk_id, one.terminal, one.transaction_id, one.kind)
        known = by_thing.get(thing)
        if known is None:
            by_thing[thing] = one
        elif one.confirmed or not known.confirmed:
            said_by = tuple(dict.fromkeys((*known.said_by, *one.said_by)))
            by_thing[thing] = replace(known, said_by=said_by)
    known_kinds: dict[tuple[str, str], set[DisagreementKind]] = {}
    for one in by_thing.values():
        if one.confirmed:
            known_kinds.setdefault((one.terminal, one.transaction_id), set()).add(one.kind)
    return [
        one
        for one in by_thing.values()
        if not any(
            one.kind in SUPERSEDES.get(kind, ())
            for kind in known_kinds.get((one.terminal, one.transaction_id), ())
        )
    ]


async def _placed(
    connection: Connection, found: Sequence[Disagreement], settle: timedelta
) -> list[Disagreement]:
    """Name the kiosk of each charge without a record, and whether it may have it and not have sent it."""
    lost = [one for one in found if not one.kiosk_id]
    rows = await connection.fetch(_WHOSE, sorted({one.terminal for one in lost}))
    whose = {row["terminal"]: row for row in rows}
    placed = []
    for one in found:
        kiosk = None if one.kiosk_id else whose.get(one.terminal)
        if kiosk is None:
            placed.append(one)
            continue
        spoke = kiosk["last_seen"] is not None and kiosk["last_seen"] >= one.at + settle
        waiting = not (kiosk["newest"] > one.at or (spoke and not kiosk["queued"]))
        placed.append(
            replace(
                one,
                kiosk_id=kiosk["kiosk_id"],
                waiting=waiting,
                confirmed=one.confirmed and not waiting,
            )
        )
    return placed


_WHOSE: Final = """
SELECT terminal, used.kiosk_id, kiosk.last_seen,
       coalesce((kiosk.health ->> 'queued')::bigint, 0) AS queued,
       (SELECT max(changed_at) FROM kiosk_transaction k WHERE k.kiosk_id = used.kiosk_id) AS newest
FROM unnest($1::text[]) AS asked (terminal)
JOIN LATERAL (
    SELECT kiosk_id FROM kiosk_transaction k WHERE k.terminal = asked.terminal
    ORDER BY transaction_id DESC LIMIT 1
) used ON true
LEFT JOIN kiosk ON kiosk.kiosk_id = used.kiosk_id
"""


def _gravity(one: Disagreement) -> tuple[object, ...]:
    kinds = list(DisagreementKind)
    return (
        not one.confirmed,
        kinds.index(one.kind),
        -one.minor,
        one.at,
        one.terminal,
        one.transaction_id,
        one.kiosk_id,
    )
