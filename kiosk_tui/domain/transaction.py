"""A transaction: what was asked for, and where it stands.

Owns: an order (what is asked) and a transaction (an order with an id and a life). What an operation
is stands in `operations`; what names a transaction is in `identity`.
Invariant: frozen values; the state changes only through `Transaction.after`, which asks the table.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Final, Self

from kiosk_tui.domain import lifecycle
from kiosk_tui.domain.identity import (
    NO_REFERENCE,
    CallerReference,
    CardReference,
    Original,
    Place,
    TransactionId,
)
from kiosk_tui.domain.language import ENGLISH, Language
from kiosk_tui.domain.lifecycle import Command, Event, State
from kiosk_tui.domain.money import MAX_MINOR, Money, zero
from kiosk_tui.domain.operations import Operation, TipUse, called
from kiosk_tui.domain.outcome import Answer
from kiosk_tui.records import dataclass


class ExchangeKind(StrEnum):
    """What one request on the wire is for. Stored in the journal: never rename one."""

    PAYMENT = "payment"
    CANCELLATION = "cancellation"
    ABORT = "abort"
    STATUS = "status"


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody asks for, before it has an id.

    `amount` is without the tip; `charged` is what the customer pays in all. `card_reference` is
    only for MOTO and lives in memory: the journal keeps a masked form. `caller_reference` is what
    other software calls it: the same one never starts a second transaction. `reason` and
    `receipt_number` are empty until the register fills them in. `until_goods`: the charge stays only
    when somebody says that the goods were handed over.
    """

    operation: Operation
    amount: Money
    place: Place
    tip: Money | None = None
    original: Original | None = None
    card_reference: CardReference | None = None
    language: Language = ENGLISH
    reason: str = ""
    receipt_number: str = ""
    personal_id: str = ""
    caller_reference: CallerReference = NO_REFERENCE
    until_goods: bool = False

    @property
    def charged(self) -> Money:
        """Amount and tip."""
        return self.amount if self.tip is None else self.amount + self.tip

    @classmethod
    def sale(
        cls,
        amount: Money,
        place: Place,
        *,
        tip: Money | None = None,
        language: Language = ENGLISH,
        reason: str = "",
        until_goods: bool = False,
    ) -> Self:
        """Return a sale; with a tip above zero it is a sale and tip."""
        return cls(
            operation=called("sale", tip=bool(tip)),
            amount=amount,
            place=place,
            tip=tip or None,
            language=language,
            reason=reason,
            until_goods=until_goods,
        )


class OrderError(ValueError):
    """An order that TECS would not take; its text is a sentence that names the field."""


@dataclass(frozen=True, slots=True)
class Transaction:
    """An order that is on disk.

    `amount_sent` is the amount field as it went out (with or without the tip, as configured then):
    the cancellation repeats it, whatever the configuration says later. `attempts` counts the
    cancellations sent; `next_attempt_at` is when the next one is planned, by a clock that may jump.
    """

    id: TransactionId
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
    def tip(self) -> Money | None:
        """The tip that was charged: the one typed at the terminal, where TECS tells one.

        An answer's `ecr_data` holds it as `TIP=<minor units>;` among other fields (source: TECS's
        samples), beside the amount: whether `amount_sent` had the ordered tip in it is no matter. A
        card that was declined was charged none, and what cannot be is not believed: then it is the
        ordered one.
        """
        minor = self._typed_tip()
        if minor is None or minor + self.order.amount.minor > MAX_MINOR:
            return self.order.tip
        return Money(minor, self.order.amount.currency) if minor else None

    def _typed_tip(self) -> int | None:
        """Return what TECS tells of a tip, in minor units; None when it tells nothing, or two."""
        answer = self.answer
        untipped = self.order.operation.rules.tip is TipUse.NEVER
        if answer is None or untipped or self.state is State.DECLINED:
            return None
        fields = _TIP.finditer(answer.fields.get("ecr_data", ""))
        told = {int(found[1]) for found in fields if found.end() < _ECR_DATA}
        return told.pop() if len(told) == 1 else None

    @property
    def charged(self) -> Money:
        """What the customer pays in all, or is paid back: amount and tip."""
        tip = self.tip
        return self.order.amount if tip is None else self.order.amount + tip

    @property
    def balance(self) -> Money | str:
        """What the card holds: an amount, or what else TECS wrote; empty where nobody asked for it."""
        if self.order.operation.has_amount or self.answer is None:
            return ""
        told = self.answer.fields.get("balance_amount", "")
        if told.isascii() and told.isdigit() and int(told) <= MAX_MINOR:
            return Money(int(told), self.order.amount.currency)
        return told

    @property
    def tip_in_it(self) -> Money:
        """How much of `charged` is a tip."""
        if self.order.operation.is_tip:
            return self.order.amount
        return self.tip or zero(self.order.amount.currency)

    @property
    def reference(self) -> str:
        """A reference that people can write down and type: the id's last nine digits.

        These are the time of day to the millisecond, so they are unique within a day.
        """
        return reference_of(self.id)

    def is_meant_by(self, original: Original, own: Place) -> bool:
        """Say whether this is the transaction that somebody refers to at the terminal `own`.

        Another terminal's may have the same id; one of ours may be older than our terminal's number.
        """
        same = original.transaction_id == self.id
        return same and original.place in (self.order.place, own)

    @property
    def cancels(self) -> Original:
        """What its cancellation names: itself, or the other terminal's transaction it was made for."""
        if self.order.operation.takes_back and self.order.original:
            return self.order.original
        return Original(self.id, self.order.place)


_TIP: Final = re.compile(
    r"(?:^|[;|&])\s*TIP\s*=\s*([0-9]{1,20})\s*(?=[;|&]|$)",
    re.ASCII | re.IGNORECASE | re.MULTILINE,
)
_ECR_DATA: Final = 250
"""The field's length (API definition). What is longer is cut: a number there may be half of one."""


def reference_of(transaction_id: str) -> str:
    """Return the reference of a transaction of which only the id is known."""
    return f"{transaction_id[-9:-6]} {transaction_id[-6:-3]} {transaction_id[-3:]}".strip()


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request on the wire, with an id of its own (the payment's is the transaction's)."""

    id: TransactionId
    transaction_id: TransactionId
    kind: ExchangeKind
    place: Place
    sent_at: datetime
    answered_at: datetime | None = None
    verdict: str = ""
    why: str = ""
    answer: Answer | None = None
