"""What a day came to: by operation, tip, card brand, and what is still open.

Owns: the sums, told twice: from the transactions as they stand, and from the log of their events.
A thing belongs to the day on which it happened: an approval, a cancellation and a refund each to its
own, whenever the payment was begun.
Refuses to know: where the records come from, and how a sum is written.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import datetime
from typing import Final

from kiosk_tui.domain.lifecycle import OPEN, State
from kiosk_tui.domain.money import Currency
from kiosk_tui.domain.one_line import one_line
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.spans import LoggedState, Moments, Span, first
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.records import dataclass

UNFINISHED: Final = OPEN | {State.NEEDS_STAFF}
"""What a day ends with when somebody still has to do something."""

NOT_PAID: Final = frozenset({State.DECLINED, State.NOT_SENT, State.NOTHING_TO_CANCEL})
"""Ends in which no money moved at all."""


@dataclass(frozen=True, slots=True)
class Sum:
    """How many, and how much: `minor` with the tips in it. Negative when more went than came."""

    count: int = 0
    minor: int = 0
    tip_minor: int = 0

    @classmethod
    def of(cls, one: Transaction) -> Sum:
        """Return the sum that one transaction is."""
        return cls(1, one.charged.minor, one.tip_in_it.minor)

    def with_(self, other: Sum, sign: int = 1) -> Sum:
        """Return both sums in one; `sign` is the other's direction."""
        return Sum(
            self.count + other.count,
            self.minor + sign * other.minor,
            self.tip_minor + sign * other.tip_minor,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What a day saw of a transaction, or of many that are alike, and what they come to.

    `approved` and `cancelled` are for what happened on the day itself, `was_approved` for whenever it
    did; `not_paid`: it ended on the day without money; `open`: how it stands, where somebody still has
    to do something.
    """

    operation: Operation
    sum: Sum
    brand: str = ""
    cashier: str = ""
    approved: bool = False
    cancelled: bool = False
    was_approved: bool = False
    not_paid: bool = False
    open: State | None = None


@dataclass(frozen=True, slots=True)
class Records:
    """The transactions that a day touched or that are unfinished, with all of their events."""

    transactions: Sequence[Transaction]
    steps: Sequence[LoggedState]


@dataclass(frozen=True, slots=True)
class CurrencyTotals:
    """The sums in one currency.

    `cancelled` were approved, on this day or before; `reversed` never were; `elsewhere` are
    transactions of no records here, another terminal's, that were cancelled here. `net` is what customers paid less what they
    were paid back; `brands` and `cashiers` are `net` once more, by card and by who asked for it (an
    empty name: not told).
    """

    currency: Currency
    approved: Mapping[Operation, Sum]
    cancelled: Mapping[Operation, Sum]
    elsewhere: Sum
    reversed: Sum
    not_paid: Sum
    open: Mapping[State, Sum]
    brands: Mapping[str, Sum]
    net: Sum
    cashiers: Mapping[str, Sum] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Totals:
    """A day's end. `disagreements` are sentences; none when both ways of adding up agree."""

    start: datetime
    end: datetime
    currencies: Sequence[CurrencyTotals]
    disagreements: Sequence[str]


def totals(records: Records, start: datetime, end: datetime) -> Totals:
    """Add a day up, from `start` on and before `end`, and hold it against the other way."""
    return Totals(start, end, *added_up(records, Moments(start, end)))


def added_up(records: Records, span: Span) -> tuple[Sequence[CurrencyTotals], Sequence[str]]:
    """Return the sums of what is in `span`, and where both ways of adding up disagree."""
    stories = _stories(records.steps)
    ours = _cancelled_as_anothers(records.transactions)
    counted = []
    for one in records.transactions:
        original = ours.get(one.id)
        life = _Life.of(stories.get(one.id, ()))
        currency = (original or one).order.amount.currency
        if original is not None:
            counted.append((currency, _taken_back(original, life, span)))
        else:
            counted.append((currency, _counted(one, life, span)))
    return currency_totals(counted), tuple(_disagreements(records, stories, span))


def currency_totals(counted: Iterable[tuple[Currency, Counted]]) -> tuple[CurrencyTotals, ...]:
    """Add up what a day saw, each currency for itself: the one rule of how totals count."""
    by_currency: dict[Currency, _Adding] = defaultdict(_Adding)
    for currency, one in counted:
        by_currency[currency].take(one)
    return tuple(
        by_currency[currency].close(currency)
        for currency in sorted(by_currency, key=lambda one: one.code)
        if by_currency[currency].anything
    )


def brand(one: Transaction) -> str:
    """Return the card's brand, in one spelling of the many that hosts have for it, or nothing."""
    fields = one.answer.fields if one.answer else {}
    return brand_named(fields.get("credit_card_issuer_and_acquirer_company", ""))


def brand_named(told: str) -> str:
    """Return a brand in one spelling. TECS names it behind the acquirer: `Acquirer;BRAND`."""
    told = unicodedata.normalize("NFKC", told)
    spelled = " ".join(one_line(told.rpartition(";")[2]).upper().split())
    return _BRANDS.get(spelled.replace(" ", "").replace("-", ""), spelled)


_BRANDS: Final = {
    "AMEX": "AMERICAN EXPRESS",
    "AMERICANEXPRESS": "AMERICAN EXPRESS",
    "DINERS": "DINERS CLUB",
    "DINERSCLUB": "DINERS CLUB",
    "DINERSCLUBINTERNATIONAL": "DINERS CLUB",
    "CHINAUNIONPAY": "UNIONPAY",
    "CUP": "UNIONPAY",
    "UNIONPAY": "UNIONPAY",
    "MASTERCARD": "MASTERCARD",
    "VISA": "VISA",
    "VPAY": "V PAY",
    "VISAVPAY": "V PAY",
}
"""What hosts call well-known brands, and what we do. Any other brand is told in capitals."""


def _cancelled_as_anothers(transactions: Sequence[Transaction]) -> Mapping[str, Transaction]:
    """Return what older versions cancelled of our own as if it were another terminal's.

    The key is the cancellation, the first of several; the value is what it cancelled, which has
    stayed APPROVED in the journal: its money has gone back all the same.
    """
    found: dict[str, Transaction] = {}
    approved = {one.id: one for one in transactions if one.state is State.APPROVED}
    for one in sorted(transactions, key=lambda each: int(each.id)):
        told = one.order.original
        if not one.order.operation.takes_back or told is None:
            continue
        original = approved.get(told.transaction_id)
        if original is None or one.state is not State.CANCELLED:
            continue
        if original.is_meant_by(told, one.order.place):
            found[one.id] = approved.pop(original.id)
    return found


@dataclass(frozen=True, slots=True)
class _Life:
    """The events of a transaction's life that accounting asks for."""

    approved: LoggedState | None = None
    cancelled: LoggedState | None = None
    ended: LoggedState | None = None

    @classmethod
    def of(cls, steps: Sequence[LoggedState]) -> _Life:
        if not steps:
            return cls()
        return cls(
            approved=first(steps, State.APPROVED),
            cancelled=first(steps, State.CANCELLED),
            ended=steps[-1],
        )


@dataclass(slots=True)
class _Adding:
    """The sums of one currency while they grow."""

    approved: dict[Operation, Sum] = field(default_factory=lambda: defaultdict(Sum))
    cancelled: dict[Operation, Sum] = field(default_factory=lambda: defaultdict(Sum))
    open: dict[State, Sum] = field(default_factory=lambda: defaultdict(Sum))
    brands: dict[str, Sum] = field(default_factory=lambda: defaultdict(Sum))
    cashiers: dict[str, Sum] = field(default_factory=lambda: defaultdict(Sum))
    elsewhere: Sum = field(default_factory=Sum)
    reversed: Sum = field(default_factory=Sum)
    not_paid: Sum = field(default_factory=Sum)
    net: Sum = field(default_factory=Sum)

    def take(self, one: Counted) -> None:
        operation, found = one.operation, one.sum
        if one.approved:
            self.approved[operation] = self.approved[operation].with_(found)
            self._move(one, operation.direction)
        if one.cancelled:
            if operation.takes_back:
                self.elsewhere = self.elsewhere.with_(found)
            elif not one.was_approved:
                self.reversed = self.reversed.with_(found)
            else:
                self.cancelled[operation] = self.cancelled[operation].with_(found)
                self._move(one, -operation.direction)
        if one.not_paid:
            self.not_paid = self.not_paid.with_(found)
        if one.open:
            self.open[one.open] = self.open[one.open].with_(found)

    def _move(self, one: Counted, sign: int) -> None:
        if sign:
            self.net = self.net.with_(one.sum, sign)
            self.brands[one.brand] = self.brands[one.brand].with_(one.sum, sign)
            self.cashiers[one.cashier] = self.cashiers[one.cashier].with_(one.sum, sign)

    @property
    def anything(self) -> bool:
        counts = (self.elsewhere.count, self.reversed.count, self.not_paid.count)
        return bool(self.approved or self.cancelled or self.open or any(counts))

    def close(self, currency: Currency) -> CurrencyTotals:
        return CurrencyTotals(
            currency=currency,
            approved=_ordered(self.approved),
            cancelled=_ordered(self.cancelled),
            elsewhere=self.elsewhere,
            reversed=self.reversed,
            not_paid=self.not_paid,
            open=dict(self.open),
            brands={name: self.brands[name] for name in sorted(self.brands)},
            net=self.net,
            cashiers={name: self.cashiers[name] for name in sorted(self.cashiers)},
        )


def _counted(one: Transaction, life: _Life, span: Span) -> Counted:
    return Counted(
        operation=one.order.operation,
        sum=Sum.of(one),
        brand=brand(one),
        cashier=one_line(one.order.personal_id),
        approved=_within(life.approved, span),
        cancelled=_within(life.cancelled, span),
        was_approved=life.approved is not None,
        not_paid=_within(life.ended, span)
        and life.ended is not None
        and life.ended.after in NOT_PAID,
        open=one.state if one.state in UNFINISHED and span.knows(one) else None,
    )


def _taken_back(one: Transaction, life: _Life, span: Span) -> Counted:
    """Return what a cancellation, which had this life, has taken back."""
    return Counted(
        operation=one.order.operation,
        sum=Sum.of(one),
        brand=brand(one),
        cashier=one_line(one.order.personal_id),
        cancelled=_within(life.cancelled, span),
        was_approved=True,
    )


def _ordered(sums: Mapping[Operation, Sum]) -> Mapping[Operation, Sum]:
    return {operation: sums[operation] for operation in Operation if operation in sums}


def _within(step: LoggedState | None, span: Span) -> bool:
    return step is not None and span.holds(step)


def _stories(steps: Sequence[LoggedState]) -> Mapping[str, Sequence[LoggedState]]:
    stories: dict[str, list[LoggedState]] = defaultdict(list)
    for one in steps:
        stories[one.transaction_id].append(one)
    return stories


# -- the two ways of adding up -------------------------------------------------------------------

_COMPARED: Final = (State.APPROVED, State.CANCELLED, *sorted(UNFINISHED))
"""How a transaction may stand at the end of the day and be a sum in its totals."""

_Line = tuple[str, Operation, str]


def _disagreements(
    records: Records, stories: Mapping[str, Sequence[LoggedState]], span: Span
) -> Iterator[str]:
    known = {one.id for one in records.transactions}
    for number in stories:
        if number not in known:
            yield f"Transaction {number} is in the events, but not among the transactions."
    for one in records.transactions:
        yield from _broken(one, stories.get(one.id, ()))
    lasts = [(one, _last(stories.get(one.id, ()))) for one in records.transactions]
    by_rows = _standing(((one, _row(one, step)) for one, step in lasts), span)
    by_events = _standing(((one, step) for one, step in lasts if step is not None), span)
    for line in sorted({*by_rows, *by_events}):
        rows, events = by_rows.get(line, Sum()), by_events.get(line, Sum())
        if rows != events:
            state, operation, currency = line
            yield (
                f"{operation} in {currency}, {state}: the transactions come to {_told(rows)},"
                f" their events to {_told(events)}."
            )


def _broken(one: Transaction, steps: Sequence[LoggedState]) -> Iterator[str]:
    if not steps:
        yield f"Transaction {one.id} has no events."
        return
    if steps[-1].after != one.state:
        yield f"Transaction {one.id} is {one.state}, but its last event left it {steps[-1].after}."
    before: str | None = None
    for step in steps:
        if step.before != before:
            yield (
                f"Transaction {one.id} lacks an event: one starts from {step.before}, the one"
                f" before it ended in {before}."
            )
        before = step.after


def _last(steps: Sequence[LoggedState]) -> LoggedState | None:
    return steps[-1] if steps else None


def _row(one: Transaction, step: LoggedState | None) -> LoggedState:
    """Return how a transaction's own row says that it stands."""
    seq = 0 if step is None else step.seq
    return LoggedState(one.id, one.updated_at, None, one.state, seq)


def _standing(found: Iterator[tuple[Transaction, LoggedState]], span: Span) -> dict[_Line, Sum]:
    sums: dict[_Line, Sum] = defaultdict(Sum)
    for one, step in found:
        unfinished = step.after in UNFINISHED and span.knows(one)
        if step.after in _COMPARED and (unfinished or span.holds(step)):
            line = (str(step.after), one.order.operation, one.order.amount.currency.code)
            sums[line] = sums[line].with_(Sum.of(one))
    return sums


def _told(one: Sum) -> str:
    return f"{one.count} with {one.minor} minor units"
