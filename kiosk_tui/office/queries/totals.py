"""What days came to, by the very rules by which a kiosk adds its own day up (`domain.totals`).

The database only puts together what is alike; which sum it belongs to, and with which sign, is the
domain's to say. A thing belongs to the day, in head office's zone, on which it happened.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from enum import StrEnum
from typing import Any, Final

from kiosk_tui.domain.day_clock import day_span
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.money import Currency
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.totals import (
    NOT_PAID,
    UNFINISHED,
    Counted,
    CurrencyTotals,
    Sum,
    brand_named,
    currency_totals,
)
from kiosk_tui.office.database import Connection
from kiosk_tui.office.errors import OfficeError
from kiosk_tui.office.queries.found import listed


class TotalsBy(StrEnum):
    """What each sum is of."""

    KIOSK = "kiosk"
    SITE = "site"
    FLEET = "fleet"


@dataclass(frozen=True, slots=True)
class DayTotals:
    """A day of one kiosk or site (its name in `of`; empty for all together), a value for each currency."""

    day: date
    of: str
    currencies: Sequence[CurrencyTotals]


_OF: Final[Mapping[TotalsBy, str]] = {
    TotalsBy.KIOSK: "t.kiosk_id",
    TotalsBy.SITE: "coalesce(k.site, '')",
    TotalsBy.FLEET: "''",
}
_TIPS: Final = listed(one for one in Operation if one.is_tip)
_TAKING_BACK: Final = listed(one for one in Operation if one.takes_back)

_SUMS: Final = f"""
    count(*) AS count, sum(t.minor)::bigint AS minor,
    sum(CASE WHEN t.operation IN ({_TIPS}) THEN t.minor ELSE coalesce(t.tip_minor, 0) END)::bigint
        AS tip_minor
"""
_TOUCHED: Final = f"""
    (t.approved_at >= $1 AND t.approved_at < $2)
    OR (t.cancelled_at >= $1 AND t.cancelled_at < $2)
    OR (t.state IN ({listed(NOT_PAID)}) AND t.changed_at >= $1 AND t.changed_at < $2)
    OR (t.state IN ({listed(UNFINISHED)}) AND t.begun_at < $2)
"""
# Older versions cancelled a payment of their own as if it were another terminal's: it has stayed
# approved. The first such cancellation takes its money back, as a kiosk counts it.
_TAKEN_BACK: Final = f"""
    SELECT c.transaction_id AS cancellation_id, o.*
    FROM kiosk_transaction c
    JOIN kiosk_transaction o ON o.kiosk_id = c.kiosk_id AND o.transaction_id = c.original_id
        AND o.state = 'APPROVED' AND c.original_terminal IN (o.terminal, c.terminal)
    WHERE c.operation IN ({_TAKING_BACK}) AND c.state = 'CANCELLED'
        AND c.cancelled_at >= $1 AND c.cancelled_at < $2
        AND NOT EXISTS (
            SELECT FROM kiosk_transaction b
            WHERE b.kiosk_id = c.kiosk_id AND b.original_id = c.original_id
                AND b.operation IN ({_TAKING_BACK}) AND b.state = 'CANCELLED'
                AND b.original_terminal IN (o.terminal, b.terminal)
                AND b.transaction_id < c.transaction_id)
"""


async def totals(
    connection: Connection, last: date, days: int, zone: tzinfo, by: TotalsBy
) -> tuple[DayTotals, ...]:
    """Return `days` days up to and with `last`, the newest first, each by name.

    Raises `OfficeError` where a kiosk's version does things that this version cannot count.
    """
    found: list[DayTotals] = []
    for day in (last - timedelta(days=back) for back in range(days)):
        counted: dict[str, list[tuple[Currency, Counted]]] = defaultdict(list)
        for row in await connection.fetch(_text(by), *day_span(day, zone)):
            counted[row["of"]].append(_counted(dict(row)))
        found += [DayTotals(day, of, currency_totals(counted[of])) for of in sorted(counted)]
    return tuple(one for one in found if one.currencies)


def _text(by: TotalsBy) -> str:
    return f"""
        WITH taken AS MATERIALIZED ({_TAKEN_BACK})
        SELECT {_OF[by]} AS of, t.currency, t.exponent, t.operation, t.brand,
            coalesce(t.approved_at >= $1 AND t.approved_at < $2, false) AS approved,
            coalesce(t.cancelled_at >= $1 AND t.cancelled_at < $2, false) AS cancelled,
            t.approved_at IS NOT NULL AS was_approved,
            t.state IN ({listed(NOT_PAID)}) AND t.changed_at >= $1 AND t.changed_at < $2
                AS not_paid,
            CASE WHEN t.state IN ({listed(UNFINISHED)}) AND t.begun_at < $2 THEN t.state END AS open,
            {_SUMS}
        FROM kiosk_transaction t LEFT JOIN kiosk k USING (kiosk_id)
        WHERE ({_TOUCHED}) AND NOT EXISTS (
            SELECT FROM taken
            WHERE taken.kiosk_id = t.kiosk_id AND taken.cancellation_id = t.transaction_id)
        GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
        UNION ALL
        SELECT {_OF[by]}, t.currency, t.exponent, t.operation, t.brand,
            false, true, true, false, NULL, {_SUMS}
        FROM taken t LEFT JOIN kiosk k USING (kiosk_id)
        GROUP BY 1, 2, 3, 4, 5
    """


def _counted(row: Mapping[str, Any]) -> tuple[Currency, Counted]:
    try:
        operation = Operation(row["operation"])
    except ValueError:
        raise OfficeError(
            f"Kiosks tell of an operation '{row['operation']}', which this version cannot count:"
            " upgrade head office before its kiosks."
        ) from None
    return Currency(row["currency"], row["exponent"]), Counted(
        operation=operation,
        sum=Sum(row["count"], row["minor"], row["tip_minor"]),
        brand=brand_named(row["brand"]),
        approved=row["approved"],
        cancelled=row["cancelled"],
        was_approved=row["was_approved"],
        not_paid=row["not_paid"],
        open=State(row["open"]) if row["open"] else None,
    )
