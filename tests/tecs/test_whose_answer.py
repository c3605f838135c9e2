"""An answer counts for one transaction: the one whose whole id it names."""

from __future__ import annotations

import json

import pytest

from kiosk_tui.domain.outcome import Approved, CancelVerdict, Declined, OutcomeUnknown
from kiosk_tui.tecs import answers
from kiosk_tui.tecs.answers import Reply
from kiosk_tui.tecs.codes import CodeTable

ID = "20261123140102345"


def _reply(number: str, code: str) -> Reply:
    told = {"message_type": "0002", "transaction_id": number, "response_code": code}
    return Reply(200, json.dumps(told).encode())


@pytest.mark.parametrize(
    "number",
    [
        "20251123140102345",  # the same time of another year
        "20261122140102345",  # of the day before
        "140102345",  # as its slip shows it
        "120261123140102345",
        "00120261123140102345",
        "2026112314010234",
        "261123140102345",
    ],
)
@pytest.mark.parametrize("code", ["0", "51"])
def test_another_id_with_the_same_end_or_beginning_is_no_answer(number: str, code: str) -> None:
    assert isinstance(answers.payment(_reply(number, code), ID, CodeTable()), OutcomeUnknown)
    outcome = answers.cancellation(_reply(number, code), ID, CodeTable())
    assert outcome.verdict is CancelVerdict.UNANSWERED


def test_the_same_id_padded_is_one() -> None:
    assert isinstance(answers.payment(_reply(ID.zfill(20), "0"), ID, CodeTable()), Approved)
    assert isinstance(answers.payment(_reply(ID.zfill(20), "51"), ID, CodeTable()), Declined)
