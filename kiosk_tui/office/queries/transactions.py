"""Transactions as the journals have told them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Self

from kiosk_tui.domain.money import Currency, Total
from kiosk_tui.domain.transaction import reference_of
from kiosk_tui.office.database import Connection

COLUMNS: Final = """
    t.kiosk_id, coalesce(k.site, '') AS site, t.transaction_id::text AS id, t.state, t.operation,
    t.currency, t.exponent, t.minor, t.tip_minor, t.terminal, t.source_id,
    t.original_id::text AS original_id, t.original_terminal, t.begun_at, t.changed_at,
    t.approved_at, t.cancelled_at, t.response_code, t.stan, t.authorization_number, t.brand,
    t.lost_at
"""
FROM: Final = "FROM kiosk_transaction t LEFT JOIN kiosk k USING (kiosk_id)"


@dataclass(frozen=True, slots=True)
class FleetTransaction:
    """A transaction's last state. `total` is amount and tip; times are by the kiosk's clock.

    `lost_at`: the kiosk's journal was restored and does not have it any more, so the kiosk does
    nothing about it.
    """

    kiosk_id: str
    site: str
    id: str
    state: str
    operation: str
    total: Total
    tip: Total | None
    terminal: str
    source_id: str
    original_id: str | None
    original_terminal: str | None
    begun_at: datetime
    changed_at: datetime
    approved_at: datetime | None
    cancelled_at: datetime | None
    response_code: str
    stan: str
    authorization_number: str
    brand: str
    lost_at: datetime | None

    @classmethod
    def of(cls, row: dict[str, Any]) -> Self:
        """Read a row of `COLUMNS`."""
        currency = Currency(row.pop("currency"), row.pop("exponent"))
        minor, tip = row.pop("minor"), row.pop("tip_minor")
        return cls(
            total=Total(minor, currency), tip=None if tip is None else Total(tip, currency), **row
        )

    @property
    def reference(self) -> str:
        """The reference on the slip: the id's last nine digits."""
        return reference_of(self.id)


async def of_kiosk(
    connection: Connection, kiosk_id: str, most: int, before: str | None = None
) -> tuple[FleetTransaction, ...]:
    """Return a kiosk's newest transactions, those `before` an id."""
    text = (
        f"SELECT {COLUMNS} {FROM} WHERE t.kiosk_id = $1"
        " AND ($2::text IS NULL OR t.transaction_id < $2::numeric)"
        " ORDER BY t.transaction_id DESC LIMIT $3"
    )
    return _read(await connection.fetch(text, kiosk_id, before, most))


async def find(
    connection: Connection, digits: str, kiosk_id: str | None = None
) -> tuple[FleetTransaction, ...]:
    """Return the transactions with an id, or with the nine digits of a reference, the newest first.

    A reference is a time of day: several transactions may have it. What is no number finds nothing.
    """
    digits = "".join(digits.split()).removeprefix("TXID").lstrip("0")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > _LONGEST:
        return ()
    text = (
        f"SELECT {COLUMNS} {FROM}"
        " WHERE mod(t.transaction_id, 1000000000) = mod($1::text::numeric, 1000000000)"
        " AND ($2 OR t.transaction_id = $1::text::numeric) AND ($3::text IS NULL OR t.kiosk_id = $3)"
        " ORDER BY t.transaction_id DESC LIMIT 100"
    )
    return _read(await connection.fetch(text, digits, len(digits) <= _REFERENCE, kiosk_id))


async def referring(connection: Connection, one: FleetTransaction) -> tuple[FleetTransaction, ...]:
    """Return what refers to a transaction at its kiosk: refunds, completions, cancellations."""
    text = (
        f"SELECT {COLUMNS} {FROM} WHERE t.kiosk_id = $1 AND t.original_id = $2::text::numeric"
        " ORDER BY t.transaction_id"
    )
    return _read(await connection.fetch(text, one.kiosk_id, one.id))


def _read(rows: list[Any]) -> tuple[FleetTransaction, ...]:
    return tuple(FleetTransaction.of(dict(row)) for row in rows)


_REFERENCE: Final = 9
_LONGEST: Final = 20
