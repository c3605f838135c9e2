"""Who must agree to what, and whose id an entry carries."""

from __future__ import annotations

import pytest

from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.rights import (
    LONGEST_ID,
    Act,
    Approval,
    Rights,
    id_trouble,
    may_agree,
    rights_of,
    signature,
)


def test_nothing_is_asked_where_nothing_is_configured() -> None:
    assert all(Rights().asked(act) == () for act in Act)


def test_the_pin_is_asked_before_the_second_person() -> None:
    rights = rights_of(["refund", "moto"], ["refund", "cancel"])
    assert rights.asked(Act.REFUND) == (Approval.SERVICE_PIN, Approval.SECOND_PERSON)
    assert rights.asked(Act.MOTO) == (Approval.SERVICE_PIN,)
    assert rights.asked(Act.CANCEL) == (Approval.SECOND_PERSON,)
    assert rights.asked(Act.SALE) == ()


def test_every_operation_can_be_guarded_and_both_refunds_by_one_word() -> None:
    others = {Act.SETTLE, Act.TOTALS, Act.CLOSE_DAY, Act.OVERRIDE}
    assert {one.rules.act for one in Operation} == set(Act) - others
    for refund in (Operation.REFUND, Operation.REFERENCED_REFUND):
        assert refund.rules.act is Act.REFUND


def test_an_entry_carries_both_ids_and_they_fit_into_the_field() -> None:
    assert signature("anna") == "anna"
    assert signature("anna", "bernd") == "anna+bernd"
    assert signature("") == ""
    assert len(signature("a" * LONGEST_ID, "b" * LONGEST_ID)) <= 50


def test_nobody_is_his_own_second_person() -> None:
    assert may_agree("anna", "bernd")
    assert not may_agree("anna", "anna")
    assert not may_agree("anna", "")


@pytest.mark.parametrize("person", ["", "a" * 25, "a+b", "a b", "a\tb"])
def test_an_id_that_cannot_be_one_is_told(person: str) -> None:
    assert id_trouble(person)


@pytest.mark.parametrize("person", ["7", "anna", "Bernd-2", "a" * 24])
def test_an_id_may_be_a_number_or_a_name(person: str) -> None:
    assert id_trouble(person) == ""
