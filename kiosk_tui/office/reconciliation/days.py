"""Closed days beside TECS's turnover: to the cent, each difference named.

A day's report is what its register closed. Its turnover at TECS is what history and clearing tell of the same
transactions, and of those that no journal has as approved and that fell into its time. A push counts for
nothing here: it may be forged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from kiosk_tui.domain.identity import REFERENCE_DIGITS
from kiosk_tui.domain.money import Currency, Total
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.totals import Sum
from kiosk_tui.office.database import Connection
from kiosk_tui.office.queries.found import ListPart, Paged
from kiosk_tui.office.reconciliation.statements import PATIENCE_S, exponent_of, statement
from kiosk_tui.office.settings import OfficeSettings


class DayDifferenceKind(StrEnum):
    """What a day and TECS do not agree on. The values stand in files: never rename one."""

    NO_RECORD = "no_record"
    NOT_APPROVED_HERE = "not_approved_here"
    CANCELLED_AT_TECS = "cancelled_at_tecs"
    NOT_CANCELLED_AT_TECS = "not_cancelled_at_tecs"
    DECLINED_AT_TECS = "declined_at_tecs"
    UNKNOWN_AT_TECS = "unknown_at_tecs"
    CURRENCY_DIFFERS = "currency_differs"
    AMOUNT_DIFFERS = "amount_differs"
    NOT_IN_EVENTS = "not_in_events"
    """The report has counted what the events that head office has do not come to."""
    NOT_TOLD_YET = "not_told_yet"


_K = DayDifferenceKind

SENTENCES: Final[Mapping[DayDifferenceKind, str]] = {
    _K.NO_RECORD: "TECS has it, and no journal.",
    _K.NOT_APPROVED_HERE: "TECS has it as paid, the register does not.",
    _K.CANCELLED_AT_TECS: "Cancelled at TECS, and not at the register.",
    _K.NOT_CANCELLED_AT_TECS: "Cancelled at the register, and not at TECS.",
    _K.DECLINED_AT_TECS: "Approved at the register, and not at TECS.",
    _K.UNKNOWN_AT_TECS: "TECS tells of that time, and does not have it.",
    _K.CURRENCY_DIFFERS: "TECS has it in another currency.",
    _K.AMOUNT_DIFFERS: "TECS has another amount.",
    _K.NOT_IN_EVENTS: "In the report, and not in the events that head office has.",
    _K.NOT_TOLD_YET: "TECS has not told of that time yet: import its history.",
}


@dataclass(frozen=True, slots=True)
class DayDifference:
    """One of them: `here` is what the day has counted, `there` what TECS has. No id where it is of none."""

    kind: DayDifferenceKind
    here: Total
    there: Total
    terminal: str = ""
    transaction_id: str = ""

    @property
    def total(self) -> Total:
        """What TECS has more than the day."""
        return Total(self.there.minor - self.here.minor, self.here.currency)

    @property
    def reference(self) -> str:
        """The last nine digits of its id, as screens and slips show it."""
        return self.transaction_id.zfill(REFERENCE_DIGITS)[-REFERENCE_DIGITS:]

    @property
    def sentence(self) -> str:
        """What it is about."""
        return SENTENCES[self.kind]


@dataclass(frozen=True, slots=True)
class ComparedSheet:
    """A day in one currency. Its differences come to what its turnover at TECS has more than its report."""

    net: Sum
    running: Sum
    turnover: Total
    differences: tuple[DayDifference, ...]

    @property
    def total(self) -> Total:
        """What customers paid less what they were paid back, as the report has it."""
        return Total(self.net.minor, self.turnover.currency)

    @property
    def running_total(self) -> Total:
        """What all days until then came to."""
        return Total(self.running.minor, self.turnover.currency)

    @property
    def difference(self) -> Total:
        """What TECS has more than the report."""
        return Total(self.turnover.minor - self.net.minor, self.turnover.currency)

    @property
    def waits(self) -> bool:
        """Whether nothing differs but what TECS has not told of yet."""
        kinds = {one.kind for one in self.differences}
        return kinds == {DayDifferenceKind.NOT_TOLD_YET}


@dataclass(frozen=True, slots=True)
class ComparedDay:
    """A closed day of a register. `late` events are of transactions that an earlier day has counted."""

    kiosk_id: str
    site: str
    epoch: str
    number: int
    day: date
    opened_at: datetime | None
    closed_at: datetime
    late: int
    disagreements: int
    sheets: tuple[ComparedSheet, ...]


@dataclass(frozen=True, slots=True)
class DayFilter:
    """Which days: an empty name, or 0, is for all."""

    kiosk_id: str = ""
    site: str = ""
    number: int = 0


_CHARGES: Final = [str(one) for one in Operation if one.direction > 0]
_PAYS_BACK: Final = [str(one) for one in Operation if one.direction < 0]

_DAYS: Final = """
    FROM business_day d JOIN kiosk USING (kiosk_id)
    WHERE ($1 = '' OR d.kiosk_id = $1) AND ($2 = '' OR kiosk.site = $2) AND ($3 = 0 OR d.number = $3)
"""


async def compared_days(
    connection: Connection,
    settings: OfficeSettings,
    wanted: DayFilter,
    part: ListPart,
) -> Paged[ComparedDay]:
    """Return closed days, the newest first, each compared."""
    asked = (wanted.kiosk_id, wanted.site, wanted.number)
    total: int = await connection.fetchval(f"SELECT count(*) {_DAYS}", *asked)
    days = await connection.fetch(
        f"SELECT d.*, kiosk.site {_DAYS} ORDER BY d.closed_at DESC, d.kiosk_id, d.number DESC"
        f" OFFSET {int(part.first)} LIMIT {int(part.most)}",
        *asked,
    )
    rows = await connection.fetch(
        statement("days"),
        [one["kiosk_id"] for one in days],
        [one["sha256"] for one in days],
        *(_CHARGES, _PAYS_BACK, timedelta(seconds=settings.watch.skew_s)),
        timeout=PATIENCE_S,
    )
    found: dict[bytes, list[Mapping[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["sha256"], []).append(dict(row))
    return Paged(
        tuple(_day(dict(one), found.get(one["sha256"], ())) for one in days),
        total,
        part.first,
        part.most,
    )


def _day(row: Mapping[str, Any], found: Sequence[Mapping[str, Any]]) -> ComparedDay:
    told = {one["currency"]: one for one in row["sheets"]}
    there = {one["currency"]: one for one in found}
    sheets = tuple(
        _sheet(code, told.get(code), there.get(code)) for code in sorted({*told, *there})
    )
    names = ("kiosk_id", "site", "epoch", "number", "day", "opened_at", "closed_at", "late")
    facts = {name: row[name] for name in (*names, "disagreements")}
    return ComparedDay(**facts, sheets=sheets)


def _sheet(
    code: str, told: Mapping[str, Any] | None, found: Mapping[str, Any] | None
) -> ComparedSheet:
    known = told or found or {}
    currency = Currency(code, exponent_of(code, known.get("exponent")))
    net, running = (Sum(**told[name]) if told else Sum() for name in ("net", "running"))
    differences = [
        DayDifference(
            DayDifferenceKind(one["kind"]),
            Total(one["here"], currency),
            Total(one["there"], currency),
            one["terminal"],
            one["transaction_id"],
        )
        for one in (found["found"] if found else ())
    ]
    here, there = (found["here_minor"], found["there_minor"]) if found else (0, 0)
    if here != net.minor:
        left = Total(net.minor - here, currency)
        differences.append(DayDifference(DayDifferenceKind.NOT_IN_EVENTS, left, Total(0, currency)))
    return ComparedSheet(net, running, Total(there, currency), tuple(differences))
