"""What a cashier puts together before it is an order.

Owns: which entry is still missing what, which originals a follow-up can be about, and how large an
amount may be. The register judges all of it again before anything is sent.
Refuses to know: keys, words, the line.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import field, replace
from enum import StrEnum
from typing import Final

from kiosk_tui.domain.identity import CardReference, Original, Place
from kiosk_tui.domain.language import Language
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.limits import Limits
from kiosk_tui.domain.money import Currency, Money, Total, take_digit, type_digit, type_run, zero
from kiosk_tui.domain.operations import OPERATIONS, CardUse, Measure, Operation, TipUse, called
from kiosk_tui.domain.tip import allowed
from kiosk_tui.domain.transaction import Order, Transaction
from kiosk_tui.records import dataclass

KINDS: Final = tuple(OPERATIONS)
"""Every operation, in the order of the keys 1 to 9 and 0."""


def offered(extra: Collection[Operation]) -> tuple[Operation, ...]:
    """Return the operations that a lane has; `extra` are those of the ones not everybody has."""
    return tuple(one for one in KINDS if one in extra or not one.rules.optional)


class Lack(StrEnum):
    """Why an entry cannot be sent yet."""

    ORIGINAL = "original"
    AMOUNT = "amount"
    TOO_LITTLE = "too_little"
    TOO_MUCH = "too_much"
    NOT_POSSIBLE = "not_possible"
    TIP = "tip"
    TIP_TOO_HIGH = "tip_too_high"
    CARD_REFERENCE = "card_reference"


BEYOND: Final = frozenset({Lack.TOO_LITTLE, Lack.TOO_MUCH, Lack.TIP_TOO_HIGH})
"""What staff may answer for."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry in the making.

    `possible` is what the original still allows (or, of a tip, its amount), where it is known; an amount that was `offered` is
    replaced by the first digit that is typed. `tipping` is set while the tip is typed, `beyond` when
    staff answers for an amount or a tip beyond the limits.
    """

    operation: Operation
    amount: Money
    tip: Money | None = None
    original: Original | None = None
    possible: Money | None = None
    offered: bool = False
    tipping: bool = False
    card_reference: CardReference | None = field(default=None, repr=False)
    reason: str = ""
    receipt_number: str = ""
    beyond: bool = False

    @classmethod
    def empty(cls, currency: Currency) -> Draft:
        """Return the entry that a lane begins with: a sale over nothing."""
        return cls(called("sale"), zero(currency))

    @property
    def untouched(self) -> bool:
        """Whether nothing has been entered."""
        return self == self.empty(self._currency)

    @property
    def whole(self) -> bool:
        """Whether the amount is the original's and cannot be typed: a cancellation of our own."""
        return self.operation.takes_back and self.possible is not None

    @property
    def typed(self) -> Money:
        """What the digits go into at the moment."""
        return self.tip or zero(self.amount.currency) if self.tipping else self.amount

    @property
    def tip_base(self) -> Money | None:
        """The amount that a tip is a share of, while one is typed; `amount` or the original's."""
        if self.tipping:
            return self.amount
        return self.possible if self.operation.is_tip else None

    @property
    def charged(self) -> Total:
        """Amount and tip, also while they are still too much for one payment."""
        tip = 0 if self.tip is None else self.tip.minor
        return Total(self.amount.minor + tip, self.amount.currency)

    def of_kind(self, operation: Operation) -> Draft:
        """Return an entry of another kind: amount, reason and receipt number stay."""
        kept = not self.offered and self.original is None
        return Draft(
            operation,
            self.amount if kept and operation.has_amount else zero(self._currency),
            reason=self.reason,
            receipt_number=self.receipt_number,
        )

    def of_sale(self) -> Draft:
        """Return this entry as a sale, about nothing earlier."""
        return self.of_kind(called("sale"))

    def about(
        self, original: Original, possible: Money | None = None, offered: Money | None = None
    ) -> Draft:
        """Return this entry about an earlier transaction, with what is offered for it."""
        amount = self.amount if offered is None else offered
        return replace(
            self,
            original=original,
            possible=possible,
            amount=amount,
            offered=offered is not None,
        )

    def with_tip(self) -> Draft:
        """Return this entry once its amount stands, and its tip is typed."""
        return replace(self, tipping=True)

    def back(self) -> Draft | None:
        """Return this entry a step back: its amount again, then nothing at all; None from there."""
        if self.tipping:
            return replace(self, tipping=False, tip=None)
        return None if self.untouched else self.empty(self._currency)

    def beyond_limits(self) -> Draft:
        """Let staff answer for an amount or a tip beyond the limits; asked again, not any more."""
        return replace(self, beyond=not self.beyond)

    @property
    def fixed(self) -> bool:
        """Whether no amount can be typed."""
        return self.whole or not self.operation.has_amount

    def digit(self, digit: int) -> Draft:
        """Push a digit in from the right."""
        return self if self.fixed else self._with(type_digit(self._before, digit))

    def run(self, digits: str, most: Money) -> Draft | None:
        """Push digits that came in one piece in from the right; None where they are no amount."""
        typed = type_run(self._before, digits, most)
        if typed is None:
            return None
        return self if self.fixed or not digits else self._with(typed)

    def put(self, amount: Money) -> Draft:
        """Put a whole amount where the digits go."""
        return self if self.fixed else self._with(amount)

    def erase(self) -> Draft:
        """Take the last digit away; an amount that was offered goes as a whole."""
        return self if self.fixed else self._with(take_digit(self._before))

    @property
    def _before(self) -> Money:
        """What the next key changes: an amount that was offered goes as a whole."""
        return zero(self._currency) if self.offered else self.typed

    def _with(self, typed: Money) -> Draft:
        if self.tipping:
            return replace(self, tip=typed)
        return replace(self, amount=typed, offered=False)

    @property
    def _currency(self) -> Currency:
        return self.amount.currency

    def lack(self, limits: Limits) -> Lack | None:
        """Return what is missing or wrong, the first thing first; None when it can be sent."""
        if self.operation.follows_up and self.original is None:
            return Lack.ORIGINAL
        wrong = self._amount_lack(limits)
        if wrong is not None:
            return wrong
        if self.operation.rules.tip is TipUse.CARRIED:
            if not self.tipping:
                return Lack.TIP
            if not self.beyond and not allowed(limits.tip, self.amount, self.typed):
                return Lack.TIP_TOO_HIGH
        if self.operation.rules.card is CardUse.REFERENCE and not self.card_reference:
            return Lack.CARD_REFERENCE
        return None

    def _amount_lack(self, limits: Limits) -> Lack | None:
        measure = self.operation.rules.measure
        if measure is Measure.NOTHING:
            return None
        if not self.amount:
            return Lack.AMOUNT
        if measure is Measure.ORIGINAL:
            over = self.possible is not None and self.possible < self.amount
            return Lack.NOT_POSSIBLE if over else None
        if self.beyond:
            return None
        if measure is Measure.TIP:
            too_high = not allowed(limits.tip, self.tip_base or self.amount, self.amount)
            return Lack.TIP_TOO_HIGH if too_high else None
        if self.amount < limits.least:
            return Lack.TOO_LITTLE
        return Lack.TOO_MUCH if limits.most < self.amount else None

    def order(
        self, place: Place, language: Language, personal_id: str, *, until_goods: bool = False
    ) -> Order:
        """Return the order that this entry is. A tip of nothing makes it a sale.

        `until_goods` is for what sells: nothing else hands goods over.
        """
        tip = self.tip or None
        command, follows_up = self.operation.rules.command, self.operation.follows_up
        operation = called(command, tip=tip is not None, follows_up=follows_up)
        return Order(
            operation=operation,
            amount=self.amount,
            place=place,
            tip=tip,
            original=self.original,
            card_reference=self.card_reference,
            language=language,
            reason=self.reason,
            receipt_number=self.receipt_number,
            personal_id=personal_id,
            until_goods=until_goods and operation.sells,
        )


def can_be(operation: Operation, one: Transaction) -> bool:
    """Say whether a follow-up can be about a transaction, as far as that one tells.

    A refund is never offered for cancellation: TECS cannot take one back.
    """
    if operation.is_tip and one.tip_in_it:
        return False
    return one.state is State.APPROVED and operation.may_be_about(one.order.operation)


def follow_ups(one: Transaction, extra: Collection[Operation]) -> tuple[Operation, ...]:
    """Return what can follow a transaction, of what is `offered`."""
    return tuple(kind for kind in offered(extra) if kind.follows_up and can_be(kind, one))
