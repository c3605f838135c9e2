"""What an order needs to begin at this register: within its limits, with a reason."""

from __future__ import annotations

from dataclasses import replace

from kiosk_tui.domain.limits import Limits, why_beyond, why_forbidden
from kiosk_tui.domain.money import Money
from kiosk_tui.domain.transaction import Order
from kiosk_tui.records import dataclass


@dataclass(frozen=True, slots=True)
class Judged:
    """Why an order may not begin, or what is special about its beginning; each may be empty."""

    why_not: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Allowed:
    """An order that may begin, and what is special about it, for the event log."""

    order: Order
    why: str


@dataclass(frozen=True, slots=True)
class Terms:
    """A merchant's terms. Without `limits` nothing but TECS's own hold (a proof's, say).

    `reason` is the payment reason of orders that give none; empty, it is the operation's name.
    """

    limits: Limits | None = None
    reason: str = ""

    def judge(
        self, order: Order, overridden_by: str, original: Money | None, *, rehearsal: bool
    ) -> Judged:
        """Hold an order against the limits. `overridden_by` is who of the staff answers for it.

        `original` is the amount of the transaction that it is about, where the limits need it.
        """
        # a rehearsal's amount is ours, and nobody pays it
        beyond = (
            "" if rehearsal or self.limits is None else why_beyond(order, self.limits, original)
        )
        why_not = why_forbidden(order) or ("" if overridden_by else beyond)
        return Judged(why_not, beyond and f"{beyond} Overridden by {overridden_by}.")

    def with_reason(self, order: Order) -> Order:
        """Return the order with the reason that it is sent with."""
        return replace(order, reason=order.reason or self.reason or order.operation.default_reason)
