"""What is kept of TECS's word about one transaction: an allow-list. Whatever else came is dropped unread.

Lenient about spelling: numbers or texts, padded or not, snake_case or camelCase, major units with decimals or
minor units. Strict about identity and money: what names no transaction or no amount is refused with a sentence.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from kiosk_tui.domain.money import MAX_MINOR
from kiosk_tui.office.tecs import kinds, values
from kiosk_tui.office.tecs.names import kept
from kiosk_tui.office.tecs.values import AmountUnit, EntryError

__all__ = ["EntryError", "Reading", "TecsEntry", "read_entry"]

Digits = Annotated[str, Field(pattern=r"^[1-9][0-9]{0,19}$")]
Minor = Annotated[int, Field(ge=0, le=2 * MAX_MINOR)]
ShortWord = Annotated[str, Field(max_length=20)]
T = TypeVar("T")
ToldBy = Literal["push", "history", "clearing", "status"]


class TecsEntry(BaseModel):
    """One transaction as TECS tells it. Amounts are in minor units; `cancelled` is None where it is not told.

    `as_of` is the latest moment that it names: which of two words about one transaction is the newer.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    told_by: ToldBy
    terminal: Annotated[str, Field(pattern=r"^[0-9A-Za-z]{1,8}$")]
    transaction_id: Digits
    source_id: Annotated[str, Field(pattern=r"^[0-9]{0,2}$")]
    sequence: Annotated[int, Field(ge=0, lt=10**12)]
    kind: Literal["", "charge", "reserve", "refund", "cancellation", "other"]
    original_id: Digits | None
    original_terminal: Annotated[str, Field(pattern=r"^[0-9A-Za-z]{1,8}$")] | None
    response_code: Annotated[str, Field(max_length=6)]
    verdict: Literal["approved", "declined", "unknown"]
    minor: Minor | None
    tip_minor: Minor | None
    currency: Annotated[str, Field(pattern=r"^(?:[A-Z]{3})?$")]
    authorization_number: Annotated[str, Field(max_length=9)]
    stan: Annotated[str, Field(max_length=12)]
    brand: ShortWord
    at: datetime
    cancelled: bool | None
    cleared: bool
    clearing_status: ShortWord
    clearing_batch: ShortWord
    clearing_minor: Minor | None
    clearing_currency: Annotated[str, Field(pattern=r"^(?:[A-Z]{3})?$")]
    cleared_at: datetime | None
    as_of: datetime

    @property
    def story(self) -> str:
        """Of a push, what it says of money, as a short digest: another push cannot take it back."""
        if self.told_by != "push":
            return ""
        money = (
            self.kind, self.verdict, self.minor, self.tip_minor, self.currency, self.cancelled,
            self.cleared, self.clearing_minor, self.clearing_currency, self.original_id,
        )  # fmt: skip
        return hashlib.sha256(repr(money).encode()).hexdigest()[:16]

    @property
    def digest(self) -> bytes:
        """All that it says, as 8 bytes: which of two words of the same moment stays, in whatever order."""
        return hashlib.sha256(repr([*self.__dict__.values()]).encode()).digest()[:8]


@dataclass(frozen=True, slots=True)
class Reading:
    """How to read: who tells it, whose zone times without one are in, what whole numbers count.

    `unit` returns the unit of a field (`amount`, `tip`, `clearing_amount`).
    """

    told_by: ToldBy
    zone: tzinfo
    unit: Callable[[str], AmountUnit] = lambda _field: AmountUnit.MINOR
    now: Callable[[], datetime] = lambda: datetime.now(UTC)


def read_entry(fields: Iterable[tuple[str, object]], reading: Reading) -> TecsEntry:
    """Read one transaction. Raises `EntryError`, whose sentence quotes nothing of what came."""
    found = kept(fields)
    number = _only("transaction id", found.get("transaction_id", []), values.transaction_id)
    terminal = _only("terminal", found.get("terminal", []), values.terminal)
    if number is None or terminal is None:
        raise EntryError(f"It names no {'terminal' if number else 'transaction'}.")
    currency = _only("currency", found.get("currency", []), values.money_of) or ""
    clearing_currency = _only(
        "clearing currency", found.get("clearing_currency", []), values.money_of
    )
    money = _Money(found, reading, currency, clearing_currency or currency)
    status = values.text(_first(found, "status"))
    code = values.code(_first(found, "engine_code" if "engine_code" in found else "response_code"))
    kind = kinds.kind_of(
        values.text(_first(found, "kind"))[:40],
        values.code(_first(found, "message_type")),
        values.code(_first(found, "identifier")),
    )
    if money.paid_back and kind in ("", kinds.CHARGE):
        kind = kinds.REFUND
    original = _only("original's id", found.get("original_id", []), _original)
    at, as_of = _moments(found, reading, number)
    cleared_at = _moment(found, "cleared_at", reading)
    clearing_status = values.word(_first(found, "clearing_status"))
    clearing = reading.told_by == "clearing"
    batch = values.word(_first(found, "clearing_batch"))
    cancelled = values.flag(_first(found, "cancelled"))
    return TecsEntry(
        told_by=reading.told_by,
        terminal=terminal,
        transaction_id=number,
        source_id=values.source(_first(found, "source_id")),
        sequence=values.sequence(_first(found, "sequence")),
        kind=kind,  # type: ignore[arg-type]
        original_id=original or None,
        original_terminal=_other_terminal(found),
        response_code=code,
        verdict=kinds.verdict_of(code, status, kind),  # type: ignore[arg-type]
        minor=money.minor,
        tip_minor=money.tip,
        currency=currency,
        authorization_number=values.word(_first(found, "authorization_number"), 9),
        stan=values.word(_first(found, "stan"), 12).lstrip("0"),
        brand=values.brand(_first(found, "brand")) or values.brand(_first(found, "company")),
        at=at,
        cancelled=kinds.taken_back(status) if cancelled is None else cancelled,
        cleared=clearing or cleared_at is not None or kinds.is_cleared(clearing_status),
        clearing_status=clearing_status,
        clearing_batch=batch,
        clearing_minor=money.cleared if money.cleared or not clearing else money.minor,
        clearing_currency=clearing_currency or "",
        cleared_at=cleared_at,
        as_of=max(as_of, cleared_at or as_of),
    )


class _Money:
    """The amounts of one entry; `paid_back` where TECS writes what it pays back with a sign."""

    def __init__(
        self,
        found: Mapping[str, list[object]],
        reading: Reading,
        currency: str,
        clearing_currency: str,
    ) -> None:
        def read(field: str, code: str) -> int | None:
            unit = reading.unit(field)
            what = field.replace("_", " ")
            return _only(
                what, found.get(field, []), lambda one: values.amount(one, code, unit, what)
            )

        amount = read("amount", currency)
        cleared = read("clearing_amount", clearing_currency)
        self.minor = None if amount is None else abs(amount)
        self.tip = read("tip", currency)
        if self.tip is not None and self.tip < 0:
            self.tip = abs(self.tip)
        # services that have cleared nothing yet tell 0
        self.cleared = abs(cleared) if cleared else None
        self.paid_back = (amount or cleared or 0) < 0


def _first(found: Mapping[str, list[object]], field: str) -> object:
    """Return the first value that says anything."""
    return next((one for one in found.get(field, []) if one not in (None, "")), None)


def _only(what: str, found: list[object], read: Callable[[object], T]) -> T | None:
    """Return the one thing that all spellings of a field say. Raises `EntryError` when they differ."""
    said = {
        read(one)
        for one in found
        if not (one is None or (isinstance(one, str) and not values.text(one)))
    }
    if len(said) > 1:
        raise EntryError(f"It names two different values as {what}.")
    return said.pop() if said else None


def _original(value: object) -> str:
    """Return the original's id; empty for the zero that services tell where there is none."""
    zero = isinstance(value, str) and not values.text(value).strip("0")
    return "" if zero else values.transaction_id(value, "original's id")


def _other_terminal(found: Mapping[str, list[object]]) -> str | None:
    value = values.text(_first(found, "original_terminal"))
    return values.terminal(value) if value.strip("0") else None


def _moment(found: Mapping[str, list[object]], field: str, reading: Reading) -> datetime | None:
    moments = [values.moment(one, reading.zone) for one in found.get(field, [])]
    return max((one for one in moments if one is not None), default=None)


def _moments(
    found: Mapping[str, list[object]], reading: Reading, number: str
) -> tuple[datetime, datetime]:
    """Return when it happened, and the latest moment that is told of it; never later than now."""
    days = [values.text(one) for one in found.get("at", [])]
    clock = values.text(_first(found, "time"))
    told = [
        values.moment(f"{day} {clock}" if clock and not _has_time(day) else day, reading.zone)
        for day in days
    ]
    server, authorized = (_moment(found, one, reading) for one in ("server_at", "authorized_at"))
    known = [one for one in (*told, server, authorized) if one is not None]
    now = reading.now()
    at = known[0] if known else values.moment_of_id(number, reading.zone) or now
    return min(at, now), max([at, *known])


def _has_time(day: str) -> bool:
    return ":" in day or len(day) == 14  # noqa: PLR2004 - yyyyMMddHHmmss
