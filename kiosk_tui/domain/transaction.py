"""A transaction: what was asked for, and where it stands.

Owns: the operations, an order (what is asked) and a transaction (an order with an id and a life).
Invariant: frozen values; the state changes only through `Transaction.after`, which asks the table.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from kiosk_tui.domain import lifecycle
from kiosk_tui.domain.lifecycle import Command, Event, State
from kiosk_tui.domain.money import Money
from kiosk_tui.domain.outcome import Answer


class Operation(StrEnum):
    """What the register can ask for. The values are stored in the journal: never rename one."""

    SALE = "sale"
    SALE_AND_TIP = "sale_and_tip"
    MOTO = "moto"
    PREAUTHORIZATION = "preauthorization"
    COMPLETION = "completion"
    REFUND = "refund"
    REFERENCED_REFUND = "referenced_refund"
    CANCELLATION = "cancellation"
    BALANCE = "balance"


CHARGES: Final = frozenset(
    {Operation.SALE, Operation.SALE_AND_TIP, Operation.MOTO, Operation.COMPLETION}
)
"""The operations whose approval means that the customer has paid."""


class ExchangeKind(StrEnum):
    """What one request on the wire is for. Stored in the journal: never rename one."""

    PAYMENT = "payment"
    CANCELLATION = "cancellation"
    ABORT = "abort"
    STATUS = "status"


@dataclass(frozen=True, slots=True)
class Place:
    """The terminal that a transaction belongs to: 8 characters, and its source id (1 or 2)."""

    terminal: str
    source_id: str


@dataclass(frozen=True, slots=True)
class Original:
    """The earlier transaction that this one refers to, by TECS's transaction id (digits)."""

    transaction_id: str
    place: Place


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody asks for, before it has an id.

    `amount` is without the tip; `charged` is what the customer pays in all. `card_reference` is
    only for MOTO and lives in memory: the journal keeps a masked form. `caller_reference` is what
    other software calls it (at most 64 characters): the same one never starts a second transaction.
    """

    operation: Operation
    amount: Money
    place: Place
    tip: Money | None = None
    original: Original | None = None
    card_reference: str = ""
    language: str = "en"
    reason: str = ""
    receipt_number: str = ""
    personal_id: str = ""
    caller_reference: str = ""

    @property
    def charged(self) -> Money:
        """Amount and tip."""
        return self.amount if self.tip is None else self.amount + self.tip


@dataclass(frozen=True, slots=True)
class Transaction:
    """An order that is on disk.

    `amount_sent` is the amount field as it went out (with or without the tip, as configured then):
    the cancellation repeats it, whatever the configuration says later. `attempts` counts the
    cancellations sent; `next_attempt_at` is when the next one is planned, by a clock that may jump.
    """

    id: str
    order: Order
    state: State
    amount_sent: Money
    created_at: datetime
    updated_at: datetime
    attempts: int = 0
    next_attempt_at: datetime | None = None
    answer: Answer | None = None
    why: str = ""
    note: str = ""

    def after(self, event: Event, now: datetime) -> tuple[Transaction, Command]:
        """Return this transaction after `event`, and what to do next. Raises `IllegalEventError`."""
        state, command = lifecycle.step(self.state, event)
        return replace(self, state=state, updated_at=now), command

    @property
    def reference(self) -> str:
        """A reference that people can write down and type: the id's last nine digits.

        These are the time of day to the millisecond, so they are unique within a day.
        """
        return reference_of(self.id)

    @property
    def cancels(self) -> Original:
        """What its cancellation names: itself, or the other terminal's transaction it was made for."""
        if self.order.operation is Operation.CANCELLATION and self.order.original:
            return self.order.original
        return Original(self.id, self.order.place)


def reference_of(transaction_id: str) -> str:
    """Return the reference of a transaction of which only the id is known."""
    return f"{transaction_id[-9:-6]} {transaction_id[-6:-3]} {transaction_id[-3:]}".strip()


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request on the wire, with an id of its own (the payment's is the transaction's)."""

    id: str
    transaction_id: str
    kind: ExchangeKind
    place: Place
    sent_at: datetime
    answered_at: datetime | None = None
    verdict: str = ""
    why: str = ""
    answer: Answer | None = None
