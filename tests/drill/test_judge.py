"""The judge: what was shown must be what the journal holds."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from support.fakes import order

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.outcome import Answer
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.drill.judge import Booked, Evidence, judge

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
ID = "20261123140000000"


def held(state: State, code: str | None) -> Transaction:
    answer = None if code is None else Answer(code, "TEXT")
    return Transaction(ID, order(1255), state, order(1255).amount, NOW, NOW, answer=answer)


@pytest.mark.parametrize("code", ["0", "00", "0000"])
def test_an_approval_that_is_on_disk_may_be_shown(code: str) -> None:
    evidence = Evidence([held(State.APPROVED, code)], {ID: Booked(1255, stands=True)}, shown=[ID])
    assert judge(evidence) == []


@pytest.mark.parametrize(
    ("state", "code"),
    [
        (State.DECLINED, "51"),
        (State.CANCELLED, None),
        (State.CANCELLED, "4711"),
        (State.DECLINED, ""),
    ],
)
def test_showing_an_approval_that_tecs_never_gave_is_caught(state: State, code: str | None) -> None:
    [wrong] = judge(Evidence([held(state, code)], {}, shown=[ID]))
    assert "no approval" in wrong
