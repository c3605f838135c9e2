"""Z reports in the journal: written once, as the event that closes a day, and read back.

Owns: their form on disk. A day is closed beside whoever writes the journal: what a report adds up was read
before, and is named by its last commit, so nothing that is committed meanwhile can be in it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from kiosk_tui.domain.checkpoint import ChainEnd, short
from kiosk_tui.domain.day_clock import DayClock
from kiosk_tui.domain.days import DayReport, LateEvent, NothingToCloseError, report
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.money import Currency, Total
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.totals import CurrencyTotals, Sum
from kiosk_tui.journal import chain, day, register_events, rows, schema
from kiosk_tui.journal.outbox import open_beside, version
from kiosk_tui.journal.reader import Reader, reading
from kiosk_tui.journal.register_events import LoggedRegisterEvent, RegisterEvent


def closed_days(path: Path) -> tuple[DayReport, ...]:
    """Return every closed day, oldest first. Raises `JournalUnavailableError`."""
    with closing(Reader(path)) as reader, reading(path):
        return _closed(reader.connection)


def day_so_far(path: Path, now: datetime, clock: DayClock, *, ended: bool = False) -> DayReport:
    """Return what the day comes to that goes on (X). Raises `JournalUnavailableError`."""
    with closing(Reader(path)) as reader, reading(path):
        return _so_far(reader.connection, path, now, clock, ended=ended)


def close_day(
    path: Path, now: datetime, clock: DayClock, number: int | None = None, *, ended: bool = False
) -> DayReport:
    """Close the day, beside a register that may be running; return its report (Z).

    With a `number` only if that is the one it gets: asked twice, no second day is closed. `ended`: it ended
    before the business day that it is at `now`, and is named so. Raises `NothingToCloseError` when nothing was
    committed since the last one, or another process has closed it just now; `JournalUnavailableError` when the
    disk does not do its part.
    """
    now = now.replace(microsecond=now.microsecond // 1000 * 1000)  # as it is stored
    so_far = day_so_far(path, now, clock, ended=ended)
    if so_far.last == so_far.after:
        raise NothingToCloseError("Nothing has happened since the last day was closed.")
    try:
        with closing(open_beside(path)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            before = _closed(connection)
            if (before[-1].last if before else so_far.after) != so_far.after:
                raise NothingToCloseError("The day was closed by somebody else just now.")
            if number not in (None, len(before) + 1):
                raise NothingToCloseError(f"The day that goes on is number {len(before) + 1}.")
            done = replace(so_far, number=len(before) + 1)
            chain.add_register_event(connection, RegisterEvent.DAY_CLOSED, now, written(done))
            done = replace(done, checkpoint=short(chain.head(connection)))
            connection.execute("COMMIT")
    except (sqlite3.Error, OSError) as error:
        raise JournalUnavailableError(f"The day was not closed: {error}.") from error
    return done


def first_open(path: Path) -> datetime | None:
    """Return when the first event of the day that goes on was committed; None for an empty one.

    Raises `JournalUnavailableError`.
    """
    with closing(Reader(path)) as reader, reading(path):
        connection = reader.connection
        if version(connection) < schema.VERSION:
            return None
        days = _closed(connection)
        after = days[-1].last if days else register_events.begins(connection)
        (found,) = connection.execute(
            "SELECT min(at) FROM events WHERE seq > ?", (after,)
        ).fetchone()
        return rows.read_time(found)


def _closed(connection: sqlite3.Connection) -> tuple[DayReport, ...]:
    if version(connection) < schema.VERSION:
        return ()
    return tuple(map(read, register_events.read(connection, RegisterEvent.DAY_CLOSED)))


def _so_far(
    connection: sqlite3.Connection, path: Path, now: datetime, clock: DayClock, *, ended: bool
) -> DayReport:
    if version(connection) < schema.VERSION:
        raise JournalUnavailableError(
            f"The journal {path} was written by an older version: let the register open it once."
        )
    connection.execute("BEGIN")
    try:
        closed = _closed(connection)
        begins = register_events.begins(connection)
        after = closed[-1].last if closed else begins
        last = register_events.last_of_transactions(connection, after)
        records = day.since(connection, path, rows.STORED_COLUMNS, after)
        missing = register_events.pruned_after(connection, after)
    finally:
        connection.execute("COMMIT")
    found = report(records, closed, last, now, clock, begins, ended=ended)
    if missing is None:
        return found
    told = f"Transactions that ended before {missing} were pruned before any day counted them."
    return replace(found, disagreements=(*found.disagreements, told))


# -- the form on disk ------------------------------------------------------------------------------

_BY_NAME: Final = {
    "approved": Operation,
    "cancelled": Operation,
    "open": State,
    "brands": str,
    "cashiers": str,
}
_PLAIN: Final = ("elsewhere", "reversed", "not_paid", "net")


def written(one: DayReport) -> dict[str, Any]:
    """Return a closed day as what JSON holds. Sums are count, minor units, and minor units of tips."""
    return {
        "number": one.number,
        "day": one.day.isoformat(),
        "opened_at": rows.write_time(one.opened_at),
        "after": one.after,
        "last": one.last,
        "currencies": [_sheet(each) for each in one.currencies],
        "late": [
            {
                "id": late.transaction_id,
                "at": rows.write_time(late.at),
                "state": late.after,
                "day": late.day,
                "minor": late.amount.minor,
                "currency": late.amount.currency.code,
                "exponent": late.amount.currency.exponent,
            }
            for late in one.late
        ],
        "running": [
            {"currency": currency.code, "exponent": currency.exponent, "sum": _sum(found)}
            for currency, found in one.running.items()
        ],
        "disagreements": list(one.disagreements),
    }


def read(event: LoggedRegisterEvent) -> DayReport:
    """Return a closed day as it was written. Raises `ValueError`, `KeyError`, `TypeError`."""
    told = event.content
    opened = rows.read_time(told["opened_at"])
    return DayReport(
        number=int(told["number"]),
        day=date.fromisoformat(told["day"]),
        opened_at=opened,
        at=event.at,
        after=told["after"],
        last=told["last"],
        currencies=tuple(_read_sheet(one) for one in told["currencies"]),
        late=tuple(
            LateEvent(
                one["id"],
                datetime.fromisoformat(one["at"]),
                State(one["state"]),
                one["day"],
                Total(one["minor"], _currency(one)),
            )
            for one in told["late"]
        ),
        running={_currency(one): Sum(*one["sum"]) for one in told["running"]},
        disagreements=tuple(told["disagreements"]),
        checkpoint=short(ChainEnd(event.seq, event.link)),
    )


def _sheet(one: CurrencyTotals) -> dict[str, Any]:
    return {
        "currency": one.currency.code,
        "exponent": one.currency.exponent,
        **{
            name: {str(which): _sum(found) for which, found in getattr(one, name).items()}
            for name in _BY_NAME
        },
        **{name: _sum(getattr(one, name)) for name in _PLAIN},
    }


def _read_sheet(told: Mapping[str, Any]) -> CurrencyTotals:
    found: dict[str, Any] = {
        name: {kind(which): Sum(*one) for which, one in told[name].items()}
        for name, kind in _BY_NAME.items()
    }
    found |= {name: Sum(*told[name]) for name in _PLAIN}
    return CurrencyTotals(currency=_currency(told), **found)


def _sum(one: Sum) -> Sequence[int]:
    return [one.count, one.minor, one.tip_minor]


def _currency(told: Mapping[str, Any]) -> Currency:
    return Currency(told["currency"], told["exponent"])
