"""Paying the same again after a payment that clearly did not take place.

Owns: how often, and how long the outcome must have been seen. Whether an outcome allows it says
`text.wording.outcomes`, in the same table as its words. Each attempt is a new transaction with an id of
its own: a payment request is sent once in its life.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from kiosk_tui.domain.transaction import Order
from kiosk_tui.records import dataclass

MOST_IN_A_ROW: Final = 3
"""Payments that one customer begins without typing the amount anew: issuers block cards that are tried
again and again."""

STOOD_S: Final = 1.0
"""An outcome must have stood for so long, in seconds, before a key begins the next attempt."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One of several payments in a row with the same order."""

    order: Order
    number: int = 1

    @property
    def is_last(self) -> bool:
        """Whether no further one follows."""
        return self.number >= MOST_IN_A_ROW

    def next(self) -> Attempt:
        """Return the one after it: the same amount and tip."""
        return replace(self, number=self.number + 1)
