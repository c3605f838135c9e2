"""Answers: any bytes become one outcome, and never a false approval or decline."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kiosk_tui.domain.outcome import (
    AbortVerdict,
    Approved,
    CancelVerdict,
    Declined,
    OutcomeUnknown,
    TerminalState,
)
from kiosk_tui.tecs import answers
from kiosk_tui.tecs.answers import Reply
from kiosk_tui.tecs.codes import CodeTable

CODES = CodeTable()
ID = "20261123140102345"


def _reply(status: int = 200, **fields: Any) -> Reply:
    body = {"message_type": "0002", "transaction_id": ID, "response_code": "0"} | fields
    return Reply(status, json.dumps(body).encode())


@pytest.mark.parametrize("code", ["0", "00", "000", "0000"])
def test_every_form_of_zero_is_an_approval(code: str) -> None:
    assert isinstance(answers.payment(_reply(response_code=code), ID, CODES), Approved)


@pytest.mark.parametrize("code", ["51", "0051", "8004", "8142", "9096", "17"])
def test_a_listed_decline_is_a_decline(code: str) -> None:
    assert isinstance(answers.payment(_reply(response_code=code), ID, CODES), Declined)
    assert isinstance(answers.payment(_reply(400, response_code=code), ID, CODES), Declined)


@pytest.mark.parametrize("code", ["10", "8006", "8809", "9006", "4242", "9999", "8099", "8200"])
def test_a_code_that_is_unclear_or_not_listed_is_no_decline(code: str) -> None:
    outcome = answers.payment(_reply(response_code=code), ID, CODES)
    assert isinstance(outcome, OutcomeUnknown)
    assert outcome.answer is not None


@pytest.mark.parametrize(
    "reply",
    [
        _reply(504),
        _reply(504, response_code="51"),
        _reply(401, response_code="51"),
        _reply(302),
        _reply(500, response_code="51"),
        _reply(400),  # approved, but "some error"
        _reply(transaction_id="20261123140102346"),
        _reply(transaction_id=""),
        _reply(transaction_id=None),
        _reply(transaction_id=ID + "x"),
        _reply(message_type="0001"),
        _reply(response_code=""),
        _reply(response_code="O"),
        _reply(response_code="٠"),
        Reply(200, b""),
        Reply(200, b"[]"),
        Reply(200, b"\xff\xfe"),
        Reply(200, b"[" * 100_000),
        Reply(200, _reply().body[:-1]),
        Reply(200, _reply().body + _reply().body),
        Reply(
            200,
            f'{{"transaction_id":"{ID}","response_code":"51","response_code":"0"}}'.encode(),
        ),
        Reply(200, b"<html>OK 0</html>"),
    ],
)
def test_what_is_not_a_clear_answer_to_this_transaction_is_unknown(reply: Reply) -> None:
    assert isinstance(answers.payment(reply, ID, CODES), OutcomeUnknown)
    assert answers.cancellation(reply, ID, CODES).verdict is CancelVerdict.UNANSWERED


def test_an_id_padded_by_the_host_is_still_the_same_one() -> None:
    assert isinstance(answers.payment(_reply(transaction_id=ID.zfill(20)), ID, CODES), Approved)


@pytest.mark.parametrize(
    ("code", "status", "verdict"),
    [
        ("0", 200, CancelVerdict.CONFIRMED),
        ("9011", 200, CancelVerdict.CONFIRMED),
        ("0", 400, CancelVerdict.UNANSWERED),
        ("9033", 200, CancelVerdict.ORIGINAL_DECLINED),
        ("9027", 200, CancelVerdict.ORIGINAL_NOT_FOUND),
        ("9027", 400, CancelVerdict.ORIGINAL_NOT_FOUND),
        ("9027", 504, CancelVerdict.UNANSWERED),
        ("9023", 200, CancelVerdict.REFUSED),
        ("9031", 200, CancelVerdict.REFUSED),
        ("91", 200, CancelVerdict.UNANSWERED),
        ("8014", 200, CancelVerdict.UNANSWERED),
        ("1234", 200, CancelVerdict.UNANSWERED),
    ],
)
def test_each_answer_to_a_cancellation_has_one_verdict(
    code: str, status: int, verdict: CancelVerdict
) -> None:
    assert answers.cancellation(_reply(status, response_code=code), ID, CODES).verdict is verdict


@pytest.mark.parametrize(
    ("code", "verdict"),
    [
        ("0", AbortVerdict.ACCEPTED),
        ("8015", AbortVerdict.NOTHING_RUNNING),
        ("8002", AbortVerdict.UNSUPPORTED),
        ("77", AbortVerdict.UNANSWERED),
    ],
)
def test_each_answer_to_an_abort_has_one_verdict(code: str, verdict: AbortVerdict) -> None:
    assert answers.abort(_reply(response_code=code), ID, CODES).verdict is verdict


@pytest.mark.parametrize(
    ("code", "state"),
    [
        ("8018", TerminalState.READY),
        ("8019", TerminalState.WAITING_FOR_CARD),
        ("8020", TerminalState.CARD_READ),
        ("8014", TerminalState.BUSY),
        ("8002", TerminalState.UNSUPPORTED),
        ("1", TerminalState.UNKNOWN),
    ],
)
def test_each_answer_to_a_status_query_has_one_state(code: str, state: TerminalState) -> None:
    assert answers.status(_reply(response_code=code), ID, CODES).state is state


def test_unknown_fields_are_ignored_and_known_ones_kept_within_their_length() -> None:
    outcome = answers.payment(_reply(stan="12345678", nonsense="x", svc=[7]), ID, CODES)
    assert isinstance(outcome, Approved)
    assert outcome.answer.fields == {"transaction_id": ID, "stan": "123456"}


def test_the_reason_for_the_customer_comes_from_the_table() -> None:
    outcome = answers.payment(_reply(response_code="0055"), ID, CODES)
    assert isinstance(outcome, Declined)
    assert outcome.answer.reason == "wrong_pin"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.sampled_from([ID, "0", "51"]),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)
bodies = st.binary(max_size=300) | st.dictionaries(
    st.sampled_from(["transaction_id", "response_code", "message_type", "card_number", "x"]),
    json_values,
).map(lambda found: json.dumps(found).encode())


@given(bodies, st.integers(100, 599))
@example(_reply(response_code="51").body, 200)
def test_no_bytes_raise_and_none_are_taken_for_more_than_they_say(body: bytes, status: int) -> None:
    reply = Reply(status, body)
    outcome = answers.payment(reply, ID, CODES)
    answers.cancellation(reply, ID, CODES)
    answers.abort(reply, ID, CODES)
    answers.status(reply, ID, CODES)
    if not isinstance(outcome, OutcomeUnknown):
        fields = json.loads(body)
        assert str(fields["transaction_id"]).lstrip("0") == ID
        approved = str(fields["response_code"]).strip("0") == ""
        assert isinstance(outcome, Approved) is approved
        assert 200 <= status < 300 or (status == 400 and not approved)
