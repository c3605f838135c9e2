"""Which tips are offered, and how large each is.

Rounding rule: a percentage of the amount is rounded **half up to the currency's minor unit**
(12.5 cents become 13), computed in integers. A tip that rounds to nothing is not offered.
"""

from __future__ import annotations

from kiosk_tui.domain.money import MAX_MINOR, Money
from kiosk_tui.records import dataclass

MOST_OFFERS = 5
"""Choices beside "no tip" and "other": more do not fit a screen, nor a customer's patience."""


@dataclass(frozen=True, slots=True)
class TipPolicy:
    """What the merchant offers. Fixed amounts and `fixed_below` are in minor units.

    Below `fixed_below` the fixed amounts are offered instead of the percentages: a percentage of a
    coffee is an odd sum. `most_percent` limits a typed tip against slips of the finger.
    """

    percent: tuple[int, ...] = (5, 10, 15)
    fixed_minor: tuple[int, ...] = ()
    fixed_below_minor: int = 0
    custom: bool = True
    ask: bool = True
    most_percent: int = 100


@dataclass(frozen=True, slots=True)
class TipOffer:
    """One choice: the money, what the customer would pay in all, and the percentage it came from."""

    tip: Money
    total: Money
    percent: int | None


def percent_of(amount: Money, percent: int) -> Money:
    """Return `percent` of an amount, half up to the minor unit."""
    return Money((amount.minor * percent + 50) // 100, amount.currency)


def offers(policy: TipPolicy, amount: Money) -> tuple[TipOffer, ...]:
    """Return the tips to offer for an amount: in the policy's order, none of them twice or zero."""
    if not policy.ask:
        return ()
    tips: list[tuple[Money, int | None]]
    if policy.fixed_minor and (amount.minor < policy.fixed_below_minor or not policy.percent):
        tips = [(Money(minor, amount.currency), None) for minor in policy.fixed_minor]
    else:
        tips = [(percent_of(amount, percent), percent) for percent in policy.percent]
    found: dict[int, TipOffer] = {}
    for tip, percent in tips:
        if tip and tip.minor not in found and allowed(policy, amount, tip):
            found[tip.minor] = TipOffer(tip, amount + tip, percent)
    return tuple(found.values())[:MOST_OFFERS]


def asks(policy: TipPolicy, amount: Money) -> bool:
    """Say whether a customer is asked for a tip: where there is one to choose or to type."""
    return policy.ask and (policy.custom or bool(offers(policy, amount)))


def highest(policy: TipPolicy, amount: Money) -> Money:
    """Return the highest tip that may be typed for an amount."""
    most = (amount.minor * policy.most_percent + 50) // 100
    return Money(min(most, MAX_MINOR - amount.minor), amount.currency)


def allowed(policy: TipPolicy, amount: Money, tip: Money) -> bool:
    """Say whether a tip is one that this policy lets through.

    A fixed tip that the merchant set himself is always allowed, even on a smaller amount.
    """
    if amount.minor + tip.minor > MAX_MINOR:
        return False
    return tip.minor in policy.fixed_minor or tip <= highest(policy, amount)
