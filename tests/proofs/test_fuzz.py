"""The fuzzer's targets: every input of the corpus keeps the rule, and a naive parser does not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import find, given
from hypothesis import strategies as st

from kiosk_tui.domain.outcome import Approved, Declined, OutcomeUnknown
from kiosk_tui.tecs.answers import Reply, payment
from kiosk_tui.tecs.codes import CodeTable
from proofs.fuzz import CORPUS
from proofs.fuzz.bodies import OtherOrderError
from proofs.fuzz.targets import SENT, TARGETS, RuleBrokenError

pytestmark = pytest.mark.journey

INPUTS = sorted(path for path in CORPUS.rglob("*") if path.is_file())


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_every_input_of_the_corpus_keeps_the_rule(path: Path) -> None:
    TARGETS[path.parent.name].run(path.read_bytes())


def test_a_parser_that_looks_for_words_breaks_it() -> None:
    with pytest.raises(RuleBrokenError):
        TARGETS["naive"].run((CORPUS / "answers" / "no_id").read_bytes())


@pytest.mark.parametrize("name", ["bom", "latin", "numbers", "blanks", "utf16_named"])
def test_a_parser_that_wants_one_spelling_breaks_it(name: str) -> None:
    with pytest.raises(RuleBrokenError, match="approval was not understood"):
        TARGETS["stern"].run((CORPUS / "answers" / f"approved_{name}").read_bytes())


def test_a_loader_that_believes_its_file_breaks() -> None:
    with pytest.raises(ValueError, match="line 1"):
        TARGETS["believing"].run((CORPUS / "config" / "not_toml").read_bytes())


def test_a_server_that_takes_the_last_of_two_amounts_breaks_it() -> None:
    with pytest.raises(OtherOrderError):
        TARGETS["hurried"].run((CORPUS / "orders" / "twice").read_bytes())


CODES = [
    "0",
    "00",
    "0000",
    "51",
    "0051",
    "9011",
    "9027",
    "9033",
    "8014",
    "4242",
    "00000",
    "0 ",
    "\u00a00\0",
    "\uff10",
    "-0",
    "0.0",
]
IDS = [
    SENT,
    SENT.zfill(20),
    SENT[:-1] + "1",
    SENT[1:],
    SENT + "0",
    f" {SENT}",
    SENT.zfill(40),
    f"-{SENT}",
    "",
]
TYPES = ["0002", "0001", "2", "", " 0002 ", "00001"]
CHARSETS = ["utf-8", "utf-8", "utf-8-sig", "latin-1", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
NO_TEXT = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.just(int(SENT))
    | st.just(0.0)
    | st.lists(st.text(max_size=3), max_size=2)
)
FIELDS = st.sampled_from(
    [("transaction_id", IDS), ("response_code", CODES), ("message_type", TYPES)]
).flatmap(
    lambda field: st.tuples(
        st.just(field[0]), st.sampled_from(field[1]) | st.text(max_size=6) | NO_TEXT
    )
)
EDITS = st.lists(
    st.tuples(
        st.integers(0, 400),
        st.sampled_from(["cut", "drop", "double", "change"]),
        st.binary(min_size=1, max_size=1),
    ),
    max_size=1,
)


@st.composite
def nearly(draw: st.DrawFn) -> bytes:
    """Draw an answer that is one, or nearly: other codes and ids, fields twice, bytes changed."""
    code = draw(st.sampled_from(CODES))
    pairs: list[tuple[str, Any]] = [
        ("message_type", "0002"),
        ("transaction_id", SENT),
        ("response_code", code),
    ]
    for changed in draw(st.lists(FIELDS, max_size=1)):
        if draw(st.booleans()):
            pairs = [changed if one[0] == changed[0] else one for one in pairs]
        else:
            pairs.insert(draw(st.integers(0, len(pairs))), changed)
    fields = ", ".join(f"{json.dumps(name)}: {json.dumps(value)}" for name, value in pairs)
    behind = draw(st.sampled_from(["", "", " \0\n", "{}", "x"]))
    body = f"{{{fields}}}{behind}".encode(draw(st.sampled_from(CHARSETS)), "replace")
    for place, how, byte in draw(EDITS):
        at = place % (len(body) + 1)
        after = {
            "cut": b"",
            "drop": body[at + 1 :],
            "double": body[at : at + 1] + body[at:],
            "change": byte + body[at + 1 :],
        }
        body = body[:at] + after[how]
    return bytes([draw(st.integers(0, 255))]) + body


@given(nearly())
def test_what_is_nearly_an_answer_is_never_taken_for_more_than_it_says(data: bytes) -> None:
    TARGETS["answers"].run(data)


@pytest.mark.parametrize("kind", [Approved, Declined, OutcomeUnknown])
def test_what_is_nearly_an_answer_is_often_one(kind: type) -> None:
    find(nearly(), lambda data: isinstance(payment(Reply(200, data[1:]), SENT, CodeTable()), kind))
