"""Tips: what is offered, and the rounding rule (half up to the minor unit)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from hypothesis import given
from hypothesis import strategies as st

from kiosk_tui.domain.money import MAX_MINOR, Currency, Money
from kiosk_tui.domain.tip import TipPolicy, allowed, asks, highest, offers, percent_of

EUR, JPY = Currency("EUR", 2), Currency("JPY", 0)


def _minors(policy: TipPolicy, minor: int) -> list[int]:
    return [one.tip.minor for one in offers(policy, Money(minor, EUR))]


def test_percentages_are_rounded_half_up_to_the_minor_unit() -> None:
    assert percent_of(Money(1250, EUR), 1).minor == 13
    assert percent_of(Money(1249, EUR), 1).minor == 12
    assert percent_of(Money(150, JPY), 5).minor == 8


@given(st.integers(0, MAX_MINOR), st.integers(1, 100))
def test_rounding_agrees_with_decimal_arithmetic(minor: int, percent: int) -> None:
    exact = (Decimal(minor) * percent / 100).quantize(Decimal(1), ROUND_HALF_UP)
    assert percent_of(Money(minor, EUR), percent).minor == exact


def test_each_offer_shows_tip_total_and_percentage() -> None:
    (first, *_) = offers(TipPolicy(), Money(2000, EUR))
    assert (first.tip.minor, first.total.minor, first.percent) == (100, 2100, 5)


def test_below_the_threshold_fixed_amounts_are_offered_and_above_it_percentages() -> None:
    policy = TipPolicy(percent=(10,), fixed_minor=(50, 100), fixed_below_minor=1000)
    assert _minors(policy, 999) == [50, 100]
    assert _minors(policy, 1000) == [100]


def test_fixed_amounts_alone_are_always_offered() -> None:
    assert _minors(TipPolicy(percent=(), fixed_minor=(50, 100)), 5000) == [50, 100]


def test_no_tip_is_offered_twice_or_as_zero() -> None:
    assert _minors(TipPolicy(percent=(1, 2, 3)), 30) == [1]


def test_nothing_is_offered_when_the_merchant_does_not_ask() -> None:
    assert offers(TipPolicy(ask=False), Money(1000, EUR)) == ()


@given(st.integers(1, MAX_MINOR), st.integers(0, MAX_MINOR))
def test_an_allowed_tip_never_makes_the_total_too_large(amount: int, tip: int) -> None:
    policy, money = TipPolicy(), Money(amount, EUR)
    assert allowed(policy, money, highest(policy, money))
    if allowed(policy, money, Money(tip, EUR)):
        assert amount + tip <= MAX_MINOR


def test_the_highest_tip_is_rounded_half_up_and_keeps_the_total_within_limits() -> None:
    policy = TipPolicy(most_percent=1)
    for minor, most in ((49, 0), (50, 1), (149, 1), (150, 2), (10_000, 100)):
        assert highest(policy, Money(minor, EUR)) == Money(most, EUR)
        assert type(highest(policy, Money(minor, EUR)).minor) is int
    assert highest(policy, Money(MAX_MINOR - 3, EUR)) == Money(3, EUR)


def test_a_tip_above_the_highest_is_allowed_only_where_the_merchant_set_it_himself() -> None:
    policy = TipPolicy(most_percent=10, fixed_minor=(500,))
    amount = Money(1000, EUR)
    assert [allowed(policy, amount, Money(tip, EUR)) for tip in (100, 101, 499, 500, 501)] == [
        True,
        False,
        False,
        True,
        False,
    ]
    assert not allowed(policy, Money(MAX_MINOR - 499, EUR), Money(500, EUR))
    assert allowed(policy, Money(MAX_MINOR - 500, EUR), Money(500, EUR))


def test_a_customer_is_asked_only_where_there_is_something_to_answer() -> None:
    amount = Money(30, EUR)
    assert asks(TipPolicy(percent=(1,), custom=True), amount)
    assert asks(TipPolicy(percent=(10,), custom=False), amount)
    assert not asks(TipPolicy(percent=(1,), custom=False), amount)
    assert not asks(TipPolicy(ask=False, custom=True), amount)
