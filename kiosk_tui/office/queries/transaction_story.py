"""One transaction's story: its events in order, what TECS says of it, and what contradicts it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from kiosk_tui.domain.money import Currency, MoneyError, Total
from kiosk_tui.office.database import Connection
from kiosk_tui.office.queries.transactions import FleetTransaction, referring
from kiosk_tui.text.currencies import currency as currency_named


@dataclass(frozen=True, slots=True)
class StoryEvent:
    """An event: as the kiosk told it, and when it came here. `total` and `tip` are as of then."""

    number: int
    at: datetime
    received_at: datetime
    event: str
    state: str
    total: Total
    tip: Total | None
    exchange: str
    verdict: str
    response_code: str
    stan: str
    authorization_number: str


@dataclass(frozen=True, slots=True)
class TecsRow:
    """What TECS says of it. `told_by` a push may be forged; `total` is None where none was told."""

    told_by: str
    kind: str
    response_code: str
    total: Total | None
    authorization_number: str
    stan: str
    at: datetime | None
    cancelled: bool | None
    clearing_status: str
    clearing_batch: str
    cleared_at: datetime | None
    last_told_at: datetime
    times_told: int


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """An event that came again with other content: it was not taken."""

    number: int
    received_at: datetime
    event: str
    state: str
    total: Total
    epoch: str
    stored_epoch: str


@dataclass(frozen=True, slots=True)
class SignatureRow:
    """What the kiosk's fiscal signer gave for an event."""

    number: int
    at: datetime
    text: str
    code: str


@dataclass(frozen=True, slots=True)
class TransactionStory:
    """All of it. `referring` are its refunds, completions and cancellations at the same kiosk."""

    transaction: FleetTransaction
    events: tuple[StoryEvent, ...]
    tecs: tuple[TecsRow, ...]
    conflicts: tuple[ConflictRow, ...]
    referring: tuple[FleetTransaction, ...]
    signatures: tuple[SignatureRow, ...]


_TECS: Final = """
    SELECT told_by, kind, response_code, minor, currency, authorization_number, stan, at, cancelled,
        clearing_status, clearing_batch, cleared_at, last_told_at, times_told
    FROM tecs_transaction WHERE terminal = $1 AND transaction_id = $2::text::numeric
    ORDER BY coalesce(at, first_told_at), told_by, sequence
"""


async def transaction_story(connection: Connection, one: FleetTransaction) -> TransactionStory:
    """Return the story of a transaction that was found."""
    events = await connection.fetch(
        "SELECT number, at, received_at, event, state_after, body FROM event"
        " WHERE kiosk_id = $1 AND transaction_id = $2::text::numeric ORDER BY number",
        one.kiosk_id,
        one.id,
    )
    conflicts = await connection.fetch(
        "SELECT number, received_at, body, epoch, stored_epoch FROM event_conflict"
        " WHERE kiosk_id = $1 AND transaction_id = $2::text::numeric ORDER BY number, received_at",
        one.kiosk_id,
        one.id,
    )
    signatures = await connection.fetch(
        "SELECT number, at, text, code FROM signature"
        " WHERE kiosk_id = $1 AND transaction_id = $2::text::numeric ORDER BY number",
        one.kiosk_id,
        one.id,
    )
    tecs = await connection.fetch(_TECS, one.terminal, one.id)
    return TransactionStory(
        transaction=one,
        events=tuple(_event(row) for row in events),
        tecs=tuple(_told(dict(row), one.total.currency) for row in tecs),
        conflicts=tuple(_conflict(row) for row in conflicts),
        referring=await referring(connection, one),
        signatures=tuple(SignatureRow(*row) for row in signatures),
    )


def _event(row: Any) -> StoryEvent:
    body = row["body"]
    currency = Currency(body["currency"], body["exponent"])
    tip = body.get("tip_minor")
    return StoryEvent(
        number=row["number"],
        at=row["at"],
        received_at=row["received_at"],
        event=row["event"],
        state=row["state_after"],
        total=Total(body["minor"], currency),
        tip=None if tip is None else Total(tip, currency),
        **{name: body.get(name, "") for name in _ANSWER},
    )


_ANSWER: Final = ("exchange", "verdict", "response_code", "stan", "authorization_number")


def _told(row: dict[str, Any], ours: Currency) -> TecsRow:
    return TecsRow(total=_total(row.pop("minor"), row.pop("currency") or ours.code), **row)


def _total(minor: int | None, code: str) -> Total | None:
    try:
        return None if minor is None else Total(minor, currency_named(code))
    except MoneyError:  # a push says what it likes
        return None


def _conflict(row: Any) -> ConflictRow:
    body = row["body"]
    return ConflictRow(
        number=row["number"],
        received_at=row["received_at"],
        event=body["event"],
        state=body["state"],
        total=Total(body["minor"], Currency(body["currency"], body["exponent"])),
        epoch=row["epoch"],
        stored_epoch=row["stored_epoch"],
    )
