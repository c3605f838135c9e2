"""What a cashier may put together: pure, before any key or line."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from kiosk_tui.domain.identity import CardReference, Original, Place, TransactionId
from kiosk_tui.domain.lane import BEYOND, KINDS, Draft, Lack, can_be, follow_ups, offered
from kiosk_tui.domain.language import Language
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.limits import Limits
from kiosk_tui.domain.money import Currency, Money, zero
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.tip import TipPolicy
from kiosk_tui.domain.transaction import Order, Transaction

EUR = Currency("EUR", 2)
PLACE = Place("88091105", "1")
THERE = Original(TransactionId("20261101120000123"), Place("11460019", "2"))
LIMITS = Limits(Money(100, EUR), Money(50_000, EUR), TipPolicy(most_percent=50))
EMPTY = Draft.empty(EUR)
THEN = datetime(2026, 11, 1, tzinfo=UTC)


def _typed(draft: Draft, digits: str) -> Draft:
    for digit in digits:
        draft = draft.digit(int(digit))
    return draft


def _done(operation: Operation, state: State = State.APPROVED) -> Transaction:
    order = Order(operation, Money(1000, EUR), PLACE)
    return Transaction(TransactionId("20261101120000123"), order, state, order.amount, THEN, THEN)


def test_digits_come_in_from_the_right_and_go_the_same_way() -> None:
    draft = _typed(EMPTY, "1255")
    assert draft.amount == Money(1255, EUR)
    assert draft.erase().amount == Money(125, EUR)
    assert draft.lack(LIMITS) is None
    assert not draft.untouched
    assert EMPTY.untouched


def test_every_operation_has_a_key_of_its_own() -> None:
    assert sorted(KINDS) == sorted(Operation)


@pytest.mark.parametrize(
    ("minor", "lack"),
    [(0, Lack.AMOUNT), (99, Lack.TOO_LITTLE), (50_001, Lack.TOO_MUCH), (100, None)],
)
@pytest.mark.parametrize(
    "operation", [Operation.SALE, Operation.REFUND, Operation.PREAUTHORIZATION]
)
def test_an_amount_keeps_the_terminals_limits(
    operation: Operation, minor: int, lack: Lack | None
) -> None:
    assert Draft(operation, Money(minor, EUR)).lack(LIMITS) is lack


def test_a_tip_is_typed_after_the_amount_and_is_no_larger_than_allowed() -> None:
    draft = _typed(EMPTY.of_kind(Operation.SALE_AND_TIP), "1000")
    assert draft.lack(LIMITS) is Lack.TIP
    tipping = replace(draft, tipping=True)
    assert tipping.typed == zero(EUR)
    assert tipping.tip_base == Money(1000, EUR)
    assert tipping.lack(LIMITS) is None
    tipped = _typed(tipping, "125")
    assert (tipped.amount.minor, tipped.charged.minor) == (1000, 1125)
    assert tipped.lack(LIMITS) is None
    assert _typed(tipped, "00").lack(LIMITS) is Lack.TIP_TOO_HIGH
    assert tipped.erase().charged.minor == 1012
    order = tipped.order(PLACE, Language("de"), "anna")
    assert (order.operation, order.tip) == (Operation.SALE_AND_TIP, Money(125, EUR))


def test_a_tip_of_nothing_makes_it_a_sale() -> None:
    draft = replace(Draft(Operation.SALE_AND_TIP, Money(1000, EUR)), tipping=True)
    order = draft.order(PLACE, Language("de"), "")
    assert (order.operation, order.tip) == (Operation.SALE, None)


def test_staff_goes_beyond_limits_but_not_beyond_an_original_or_nothing() -> None:
    beyond = replace(EMPTY, beyond=True)
    assert beyond.lack(LIMITS) is Lack.AMOUNT
    for digits in ("1", "9999999"):
        assert _typed(EMPTY, digits).lack(LIMITS) in BEYOND
        assert _typed(beyond, digits).lack(LIMITS) is None
    tipped = replace(_typed(EMPTY, "1000").of_kind(Operation.SALE_AND_TIP), tipping=True)
    assert _typed(tipped, "501").lack(LIMITS) in BEYOND
    assert _typed(replace(tipped, beyond=True), "501").lack(LIMITS) is None
    refund = Draft(Operation.REFERENCED_REFUND, zero(EUR), beyond=True).about(THERE, Money(60, EUR))
    assert _typed(refund, "61").lack(LIMITS) is Lack.NOT_POSSIBLE


def test_a_follow_up_needs_its_original_and_takes_no_more_than_it_allows() -> None:
    draft = Draft(Operation.REFERENCED_REFUND, zero(EUR))
    assert draft.lack(LIMITS) is Lack.ORIGINAL
    offered = draft.about(THERE, Money(60, EUR), Money(60, EUR))
    assert offered.amount == Money(60, EUR)
    assert offered.lack(LIMITS) is None, "less than the terminal's least: it is the original's"
    assert _typed(offered, "61").lack(LIMITS) is Lack.NOT_POSSIBLE
    assert _typed(offered, "5").amount == Money(5, EUR), "the first digit replaces what is offered"
    assert offered.erase().amount == zero(EUR)
    assert offered.erase().lack(LIMITS) is Lack.AMOUNT


def test_another_terminals_original_leaves_the_amount_to_be_typed_and_judged_by_tecs() -> None:
    draft = Draft(Operation.CANCELLATION, zero(EUR)).about(THERE)
    assert not draft.whole
    assert _typed(draft, "999999").lack(LIMITS) is None
    assert _typed(draft, "12").order(PLACE, Language("en"), "").original == THERE


def test_a_cancellation_of_our_own_is_whole() -> None:
    whole = Money(1255, EUR)
    draft = Draft(Operation.CANCELLATION, zero(EUR)).about(THERE, whole, whole)
    assert draft.whole
    assert draft.digit(5) is draft
    assert draft.erase() is draft


def test_a_tip_on_an_earlier_payment_is_a_share_of_its_amount() -> None:
    draft = _typed(EMPTY, "99").of_kind(Operation.GRATUITY)
    assert draft.lack(LIMITS) is Lack.ORIGINAL
    about = draft.about(THERE, Money(1000, EUR))
    assert (about.amount.minor, about.tip_base) == (99, Money(1000, EUR))
    assert about.lack(LIMITS) is None, "less than the terminal's least amount"
    assert _typed(about.put(zero(EUR)), "501").lack(LIMITS) is Lack.TIP_TOO_HIGH
    assert replace(about, amount=Money(501, EUR), beyond=True).lack(LIMITS) is None
    assert replace(about, amount=zero(EUR)).lack(LIMITS) is Lack.AMOUNT


def test_what_carries_a_tip_gets_no_other() -> None:
    tipped = _done(Operation.SALE_AND_TIP)
    tipped = replace(tipped, order=replace(tipped.order, tip=Money(100, EUR)))
    assert not can_be(Operation.GRATUITY, tipped)
    assert can_be(Operation.CANCELLATION, tipped)


def test_a_balance_has_no_amount() -> None:
    draft = _typed(EMPTY, "1255").of_kind(Operation.BALANCE)
    assert draft.digit(5) is draft
    assert draft.amount == zero(EUR)
    assert draft.lack(LIMITS) is None


def test_a_sale_by_reference_needs_the_reference_and_never_shows_it() -> None:
    draft = Draft(Operation.MOTO, Money(1000, EUR))
    assert draft.lack(LIMITS) is Lack.CARD_REFERENCE
    ready = replace(draft, card_reference=CardReference("REF1234567890"))
    assert ready.lack(LIMITS) is None
    assert ready.order(PLACE, Language("en"), "").card_reference == "REF1234567890"
    assert "REF1234567890" not in repr(ready)


def test_another_kind_keeps_what_was_typed_but_not_what_was_offered() -> None:
    draft = replace(_typed(EMPTY, "1255"), reason="why", receipt_number="7")
    other = draft.of_kind(Operation.REFUND)
    assert (other.amount.minor, other.reason, other.receipt_number) == (1255, "why", "7")
    about = Draft(Operation.COMPLETION, zero(EUR)).about(THERE, Money(900, EUR), Money(900, EUR))
    assert about.of_sale().untouched


@pytest.mark.parametrize(
    ("operation", "originals"),
    [
        (Operation.COMPLETION, {Operation.PREAUTHORIZATION}),
        (
            Operation.REFERENCED_REFUND,
            {
                Operation.SALE,
                Operation.SALE_AND_TIP,
                Operation.MOTO,
                Operation.COMPLETION,
                Operation.GRATUITY,
            },
        ),
        (
            Operation.GRATUITY,
            {Operation.SALE, Operation.SALE_AND_TIP, Operation.MOTO, Operation.COMPLETION},
        ),
        (
            Operation.CANCELLATION,
            {
                Operation.SALE,
                Operation.SALE_AND_TIP,
                Operation.MOTO,
                Operation.PREAUTHORIZATION,
                Operation.COMPLETION,
                Operation.GRATUITY,
            },
        ),
    ],
)
def test_a_follow_up_is_about_what_was_approved_and_is_of_its_kind(
    operation: Operation, originals: set[Operation]
) -> None:
    assert operation.follows_up
    assert {kind for kind in Operation if can_be(operation, _done(kind))} == originals
    for state in State:
        assert state is State.APPROVED or not any(
            can_be(operation, _done(kind, state)) for kind in Operation
        )


MOST = Money(50_000, EUR)


def test_digits_in_one_piece_go_where_digits_go_or_nowhere() -> None:
    assert EMPTY.run("1255", MOST) == _typed(EMPTY, "1255")
    assert EMPTY.run("", MOST) == EMPTY
    assert EMPTY.run("4006381333931", MOST) is None
    assert _typed(EMPTY, "1255").run("55", MOST) is None
    tip = replace(_typed(EMPTY, "1255").of_kind(Operation.SALE_AND_TIP), tipping=True)
    assert tip.run("150", MOST) == _typed(tip, "150")
    offered = Draft(Operation.REFUND, zero(EUR)).about(THERE, MOST, MOST)
    assert offered.run("500", MOST) == _typed(offered, "500")
    assert offered.run("", MOST) == offered


def test_a_whole_amount_is_put_where_digits_go() -> None:
    assert _typed(EMPTY, "99").put(Money(1255, EUR)) == _typed(EMPTY, "1255")
    tip = replace(_typed(EMPTY, "1255").of_kind(Operation.SALE_AND_TIP), tipping=True)
    assert tip.put(Money(150, EUR)).order(PLACE, Language("en"), "").tip == Money(150, EUR)


def test_what_is_fixed_is_changed_by_nothing_that_comes_in_one_piece() -> None:
    whole = Draft(Operation.CANCELLATION, zero(EUR)).about(THERE, MOST, MOST)
    for draft in (whole, EMPTY.of_kind(Operation.BALANCE)):
        assert draft.fixed
        assert draft.run("500", MOST) is draft
        assert draft.put(Money(1, EUR)) is draft
        assert draft.run("12345678901234", MOST) is None


def test_a_step_back_takes_the_tip_first_then_the_entry_and_then_there_is_none() -> None:
    tipped = _typed(_typed(EMPTY.of_kind(Operation.SALE_AND_TIP), "1255").with_tip(), "125")
    assert tipped.tip == Money(125, EUR)
    amount = tipped.back()
    assert amount is not None
    assert (amount.amount, amount.tip, amount.tipping) == (Money(1255, EUR), None, False)
    assert amount.back() == EMPTY
    assert EMPTY.back() is None


def test_staff_answers_for_a_limit_until_asked_again() -> None:
    assert EMPTY.beyond_limits().beyond
    assert EMPTY.beyond_limits().beyond_limits() == EMPTY


def test_what_not_everybody_has_is_offered_where_it_is_configured() -> None:
    optional = [one for one in KINDS if one.rules.optional]
    assert optional
    assert set(offered(())) == set(KINDS) - set(optional)
    assert offered(optional) == KINDS


def test_what_follows_a_transaction_is_offered_and_can_be_about_it() -> None:
    assert follow_ups(_done(Operation.PREAUTHORIZATION), ()) == (
        Operation.CANCELLATION,
        Operation.COMPLETION,
    )
    assert follow_ups(_done(Operation.PREAUTHORIZATION, State.DECLINED), KINDS) == ()
    assert set(follow_ups(_done(Operation.SALE), ())) < set(
        follow_ups(_done(Operation.SALE), KINDS)
    )
