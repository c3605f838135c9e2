"""What head office knows, as its commands print it with `--json`. Names are added to, never changed.

Amounts, times and the names of a transaction's facts are those of a kiosk's own JSON
(`kiosk_tui.cli.described`); docs/integrator.md lists all of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from kiosk_tui.domain.money import Total, plain
from kiosk_tui.office.queries.due import DueRow
from kiosk_tui.office.queries.totals import DayTotals
from kiosk_tui.office.queries.transactions import FleetTransaction
from kiosk_tui.receipt.export import rows


def described(one: Any) -> dict[str, Any]:
    """Return a value's fields: a kiosk's id is `kiosk`, an amount is text, minor units and currency."""
    found: dict[str, Any] = {}
    for name, value in ((field.name, getattr(one, field.name)) for field in fields(one)):
        found |= _cell("kiosk" if name == "kiosk_id" else name, value)
    return found


def describe_transaction(one: FleetTransaction) -> dict[str, Any]:
    """Return a transaction with a kiosk's own names for its facts."""
    tip = one.tip
    amount = Total(one.total.minor - (tip.minor if tip else 0), one.total.currency)
    return {
        "kiosk": one.kiosk_id,
        "site": one.site,
        "id": one.id,
        "reference": one.reference,
        "operation": one.operation,
        "state": one.state,
        **_cell("amount", amount),
        "tip": None if tip is None else plain(tip),
        "tip_minor": None if tip is None else tip.minor,
        **_cell("total", one.total),
        "terminal": one.terminal,
        "source_id": one.source_id,
        "original_id": one.original_id,
        "original_terminal": one.original_terminal,
        "created_at": _moment(one.begun_at),
        "updated_at": _moment(one.changed_at),
        "approved_at": _moment(one.approved_at),
        "cancelled_at": _moment(one.cancelled_at),
        "lost_at": _moment(one.lost_at),
        "response_code": one.response_code,
        "stan": one.stan,
        "authorization_number": one.authorization_number,
        "card_brand": one.brand,
    }


def describe_due(one: DueRow, now: datetime) -> dict[str, Any]:
    """Return what is not settled; `age_s` are seconds since `since`."""
    return {
        **describe_transaction(one.transaction),
        "kind": str(one.kind),
        "since": _moment(one.since),
        "age_s": round((now - one.since).total_seconds()),
        "overdue": one.overdue,
        "cancellation_attempts": one.attempts,
        "last_seen": _moment(one.kiosk_last_seen),
    }


def describe_totals(one: DayTotals, by: str) -> Iterator[dict[str, Any]]:
    """Yield a day's sums, named as `kiosk-tui totals --json` names them."""
    for currency in one.currencies:
        for what, which, found in rows(currency):
            yield {
                "day": one.day.isoformat(),
                by: one.of,
                "currency": currency.currency.code,
                "what": what,
                "which": which,
                "count": found.count,
                "amount": plain(Total(found.minor, currency.currency)),
                "amount_minor": found.minor,
                "tip": plain(Total(found.tip_minor, currency.currency)),
                "tip_minor": found.tip_minor,
            }


def _cell(name: str, value: Any) -> dict[str, Any]:
    if isinstance(value, Total):
        return {
            "currency": value.currency.code,
            name: plain(value),
            f"{name}_minor": value.minor,
        }
    if isinstance(value, datetime):
        return {name: _moment(value)}
    return {name: value.isoformat() if isinstance(value, date) else value}


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat(timespec="milliseconds")
