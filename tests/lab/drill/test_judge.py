"""The judge of every proof: each of its clauses can fail, and it agrees with a second reading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.fakes import EUR, NO, YES, order
from support.tecs import NOW

from kiosk_tui.domain.identity import TransactionId
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.money import Money
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.outcome import Answer
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.lab.drill.judge import Arrived, Booked, Evidence, judge

NOTHING = Booked(0, stands=False)
CHARGED = Booked(1255, stands=True)
HELD = Booked(0, stands=True)


def kept(
    state: State,
    number: str = "1",
    operation: Operation = Operation.SALE,
    *,
    tip: int | None = None,
    answer: Answer | None = None,
) -> Transaction:
    asked = order(1255, operation, tip)
    return Transaction(
        TransactionId(number), asked, state, Money(1255, EUR), NOW, NOW, answer=answer
    )


APPROVED = kept(State.APPROVED, answer=YES.answer)
GOOD = Evidence([APPROVED], {"1": CHARGED}, [Arrived("1", payment=True)], shown=["1"])


def test_a_payment_that_went_well_is_found_in_order() -> None:
    assert judge(GOOD) == []


@pytest.mark.parametrize(
    ("evidence", "words"),
    [
        (replace(GOOD, transactions=[]), "which the journal does not know"),
        (Evidence([], {"1": HELD}), "which the journal does not know"),
        (replace(GOOD, ledger={}), "nothing stands at TECS"),
        (replace(GOOD, ledger={"1": NOTHING}), "nothing stands at TECS"),
        (replace(GOOD, ledger={"1": Booked(627, stands=True)}), "over 1255, but TECS holds 627"),
        (Evidence([kept(State.APPROVED, tip=100)], {"1": CHARGED}), "over 1355"),
        (
            Evidence([kept(State.APPROVED, operation=Operation.REFUND)], {"1": CHARGED}),
            "over -1255",
        ),
        (Evidence([kept(State.DECLINED)], {"1": CHARGED}), "is DECLINED, but TECS holds 1255"),
        (Evidence([kept(State.NOT_SENT)], {"1": HELD}), "is NOT_SENT, but TECS holds 0"),
        (Evidence([kept(State.CANCELLED)], {"1": CHARGED}), "is CANCELLED"),
        (Evidence([kept(State.NOTHING_TO_CANCEL)], {"1": CHARGED}), "is NOTHING_TO_CANCEL"),
        (Evidence([kept(State.AUTHORIZING)], {}), "is still AUTHORIZING"),
        (Evidence([kept(State.CANCEL_DUE)], {"1": CHARGED}), "is still CANCEL_DUE"),
        (replace(GOOD, arrived=[Arrived("1", payment=True)] * 2), "arrived 2 times"),
        (replace(GOOD, arrived=[Arrived("2", payment=True)]), "is not in the journal"),
        (replace(GOOD, shown=["2"]), "2 was shown as approved"),
        (replace(GOOD, transactions=[kept(State.APPROVED)]), "holds no approval"),
        (
            Evidence([kept(State.DECLINED, answer=NO.answer)], {}, shown=["1"]),
            "holds no approval",
        ),
    ],
)
def test_each_clause_can_fail(evidence: Evidence, words: str) -> None:
    assert [one for one in judge(evidence) if words in one]


@pytest.mark.parametrize(
    "evidence",
    [
        Evidence([kept(State.NEEDS_STAFF)], {"1": CHARGED}),
        Evidence([kept(State.SETTLED)], {"1": CHARGED}),
        Evidence([kept(State.AUTHORIZING)], {"1": CHARGED}, ended=False),
        Evidence([kept(State.CANCELLED, answer=YES.answer)], {"1": NOTHING}, shown=["1"]),
        Evidence([kept(State.APPROVED, operation=Operation.PREAUTHORIZATION)], {"1": HELD}),
        Evidence([kept(State.APPROVED, operation=Operation.BALANCE)], {}),
        Evidence([], {"1": NOTHING}, [Arrived("7", payment=False)]),
    ],
)
def test_what_a_person_answers_for_or_what_never_moved_is_in_order(evidence: Evidence) -> None:
    assert judge(evidence) == []


NUMBERS = st.sampled_from(["1", "2", "3"])
ANSWERS = st.sampled_from([None, YES.answer, NO.answer, Answer("0000"), Answer("")])
BOOKED = st.builds(Booked, st.sampled_from([0, 0, 1255, -1255, 627]), stands=st.booleans())
OPERATIONS = st.sampled_from(list(Operation))
TRANSACTIONS = st.lists(
    st.builds(kept, st.sampled_from(State), NUMBERS, OPERATIONS, answer=ANSWERS),
    unique_by=lambda one: one.id,
)
EVIDENCE = st.builds(
    Evidence,
    TRANSACTIONS,
    st.dictionaries(NUMBERS, BOOKED),
    st.lists(st.builds(Arrived, NUMBERS, payment=st.booleans()), max_size=4),
    st.lists(NUMBERS, max_size=2),
    st.booleans(),
)

PAYS = {"sale": 1255, "sale_and_tip": 1255, "moto": 1255, "completion": 1255, "gratuity": 1255}
PAYS |= {"refund": -1255, "referenced_refund": -1255}


def in_order(evidence: Evidence) -> bool:
    """Say the same as the judge, read from the issue's words and in another way."""
    book: dict[str, Transaction] = {one.id: one for one in evidence.transactions}
    ids = [one.id for one in evidence.arrived]
    return (
        len(ids) == len(set(ids))
        and all(one.id in book for one in evidence.arrived if one.payment)
        and all(
            number in book and book[number].answer in (YES.answer, Answer("0000"))
            for number in evidence.shown
        )
        and all(
            fits(book.get(number), evidence.ledger.get(number, NOTHING), ended=evidence.ended)
            for number in {*book, *evidence.ledger}
        )
    )


def fits(one: Transaction | None, booked: Booked, *, ended: bool) -> bool:
    if one is None:
        return booked == NOTHING
    match one.state:
        case (
            "AUTHORIZING" | "GIVEN_UP" | "CANCEL_DUE" | "VOID_DUE" | "GOODS_DUE" | "GOODS_DUE_AGAIN"
        ):
            return not ended
        case "NEEDS_STAFF" | "SETTLED":
            return True
        case "APPROVED":
            stands = booked.stands or one.order.operation == "balance"
            return stands and booked.net_minor == PAYS.get(one.order.operation, 0)
    return booked == NOTHING


@given(EVIDENCE)
def test_the_judge_agrees_with_a_second_reading(evidence: Evidence) -> None:
    assert (judge(evidence) == []) is in_order(evidence)


@given(EVIDENCE, st.permutations(["1", "2", "3"]))
def test_the_order_of_the_evidence_does_not_matter(
    evidence: Evidence, turned: Sequence[str]
) -> None:
    ledger = {number: evidence.ledger[number] for number in turned if number in evidence.ledger}
    backwards = replace(evidence, transactions=list(evidence.transactions)[::-1], ledger=ledger)
    assert sorted(judge(backwards)) == sorted(judge(evidence))
