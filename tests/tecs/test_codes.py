"""Response codes are data; the configuration may override them."""

from __future__ import annotations

import pytest

from kiosk_tui.domain.outcome import CancelVerdict
from kiosk_tui.tecs.codes import CodesError, CodeTable, PaymentVerdict


def test_a_code_that_is_listed_nowhere_is_unknown_and_never_a_decline() -> None:
    codes = CodeTable()
    listed = {"approved": 0, "declined": 0, "unknown": 0}
    for code in range(10_000):
        listed[codes.payment(str(code))] += 1
    assert listed["approved"] == 1
    assert listed["declined"] == 166  # adding one must be a decision, not a slip
    assert codes.payment("4321") is PaymentVerdict.UNKNOWN


def test_leading_zeros_do_not_matter() -> None:
    assert CodeTable().payment("0051") is CodeTable().payment("51") is PaymentVerdict.DECLINED


def test_an_override_moves_a_code_and_leaves_the_others() -> None:
    codes = CodeTable(
        {
            "payment": {"declined": ["5001-5003"], "unknown": ["51"]},
            "cancellation": {"refused": ["7"]},
        }
    )
    assert codes.payment("5002") is PaymentVerdict.DECLINED
    assert codes.payment("51") is PaymentVerdict.UNKNOWN
    assert codes.payment("54") is PaymentVerdict.DECLINED
    assert codes.cancellation("7") is CancelVerdict.REFUSED
    assert codes.cancellation("9011") is CancelVerdict.CONFIRMED


@pytest.mark.parametrize(
    ("overrides", "words"),
    [
        ({"payments": {}}, "not a table of codes"),
        ({"payment": {"refused": ["1"]}}, "not a verdict"),
        ({"payment": {"declined": ["1-"]}}, "not a response code"),
        ({"payment": {"declined": ["9-1"]}}, "not a response code"),
        ({"payment": {"declined": ["1"], "unknown": ["1"]}}, "both declined and unknown"),
    ],
)
def test_a_table_that_cannot_be_is_told(
    overrides: dict[str, dict[str, list[str]]], words: str
) -> None:
    with pytest.raises(CodesError, match=words):
        CodeTable(overrides)
