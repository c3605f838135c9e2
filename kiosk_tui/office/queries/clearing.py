"""Clearing batches against the journals: what TECS has put into each, and what is in none yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any, Final

from kiosk_tui.domain.day_clock import day_span
from kiosk_tui.domain.money import Currency, MoneyError, Total
from kiosk_tui.domain.operations import Operation
from kiosk_tui.office.database import Connection
from kiosk_tui.office.queries.found import listed
from kiosk_tui.text.currencies import currency as currency_named


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A terminal's clearing batch in one currency: refunds count negative on both sides.

    `total` is what TECS has cleared, `recorded` what the journals have for the same transactions, and
    `unrecorded` counts those that no journal has as approved.
    """

    batch: str
    terminal: str
    cleared_at: datetime
    count: int
    total: Total
    recorded: Total
    unrecorded: int

    @property
    def difference(self) -> Total:
        """What was cleared beyond what is recorded."""
        return Total(self.total.minor - self.recorded.minor, self.total.currency)


@dataclass(frozen=True, slots=True)
class UnclearedRow:
    """What was approved on the days in one currency, and is in no batch that TECS has told."""

    count: int
    total: Total


_CHARGES: Final = listed(one for one in Operation if one.charges)
_PAYS_BACK: Final = listed(one for one in Operation if one.pays_back)
_SIGN: Final = (
    f"CASE WHEN t.operation IN ({_CHARGES}) THEN 1"
    f" WHEN t.operation IN ({_PAYS_BACK}) THEN -1 ELSE 0 END"
)
_LONGEST: Final = timedelta(days=90)
"""So long may it take until a transaction is cleared: older ones are not looked at."""

# History and clearing may tell of one transaction each: the clearing's word comes first.
_BATCHES: Final = f"""
    WITH cleared AS (
        SELECT DISTINCT ON (terminal, transaction_id, clearing_batch, kind) *
        FROM tecs_transaction
        WHERE clearing_batch <> '' AND told_by <> 'push' AND kind IN ('charge', 'refund')
            AND coalesce(cleared_at, at) >= $1 AND coalesce(cleared_at, at) < $2
            AND at >= $3 AND at < $2
        ORDER BY terminal, transaction_id, clearing_batch, kind, told_by, sequence
    )
    SELECT c.clearing_batch AS batch, c.terminal, max(coalesce(c.cleared_at, c.at)) AS cleared_at,
        coalesce(nullif(c.clearing_currency, ''), nullif(c.currency, ''), t.currency, '') AS currency,
        count(*) AS count,
        sum(CASE c.kind WHEN 'refund' THEN -1 ELSE 1 END
            * coalesce(c.clearing_minor, c.minor, 0))::bigint AS minor,
        coalesce(sum({_SIGN} * t.minor), 0)::bigint AS recorded,
        count(*) FILTER (WHERE t.transaction_id IS NULL) AS unrecorded
    FROM cleared c
    LEFT JOIN kiosk_transaction t ON t.terminal = c.terminal
        AND t.transaction_id = c.transaction_id AND t.state = 'APPROVED'
    GROUP BY 1, 2, 4 ORDER BY 3 DESC, 1, 2, 4
"""
_UNCLEARED: Final = f"""
    SELECT t.currency, t.exponent, count(*) AS count, sum({_SIGN} * t.minor)::bigint AS minor
    FROM kiosk_transaction t
    WHERE t.approved_at >= $1 AND t.approved_at < $2 AND t.state = 'APPROVED'
        AND t.operation IN ({_CHARGES}, {_PAYS_BACK})
        AND NOT EXISTS (
            SELECT FROM tecs_transaction c
            WHERE c.terminal = t.terminal AND c.transaction_id = t.transaction_id
                AND c.clearing_batch <> '' AND c.told_by <> 'push')
    GROUP BY 1, 2 ORDER BY 1
"""


async def batches(
    connection: Connection, last: date, days: int, zone: tzinfo
) -> tuple[BatchRow, ...]:
    """Return the batches that were cleared on `days` days up to and with `last`, the newest first."""
    start, end = _span(last, days, zone)
    rows = await connection.fetch(_BATCHES, start, end, start - _LONGEST)
    return tuple(_batch(dict(row)) for row in rows)


async def uncleared(
    connection: Connection, last: date, days: int, zone: tzinfo
) -> tuple[UnclearedRow, ...]:
    """Return what these days' approvals have brought that is in no batch, for each currency."""
    rows = await connection.fetch(_UNCLEARED, *_span(last, days, zone))
    return tuple(
        UnclearedRow(row["count"], Total(row["minor"], Currency(row["currency"], row["exponent"])))
        for row in rows
    )


def _span(last: date, days: int, zone: tzinfo) -> tuple[datetime, datetime]:
    return day_span(last - timedelta(days=days - 1), zone)[0], day_span(last, zone)[1]


def _batch(row: dict[str, Any]) -> BatchRow:
    currency = _currency(row.pop("currency"))
    total, recorded = (Total(row.pop(name), currency) for name in ("minor", "recorded"))
    return BatchRow(total=total, recorded=recorded, **row)


def _currency(code: str) -> Currency:
    try:
        return currency_named(code)
    except MoneyError:
        return Currency("XXX", 2)  # ISO 4217's word for none
