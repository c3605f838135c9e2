"""What real terminals answer, cut anywhere and late: nothing of it is a key, and typing goes on."""

from __future__ import annotations

import pytest

from proofs.terminals.answers import every
from proofs.terminals.playing import cut, ours, textuals, wrong

LATE = {
    "PuTTY's version": b"\x1b[>0;136;0c",
    "xterm's name": b"\x1bP>|XTerm(354)\x1b\\",
    "a background": b"\x1b]11;rgb:12/34/56\x1b\\",
    "a size": b"\x1b[8;24;80t",
    "a mouse": b"\x1b[<35;12;9M",
}


@pytest.mark.parametrize(("whose", "answer"), every(), ids=[name for name, _ in every()])
def test_no_answer_of_a_terminal_is_a_key_wherever_the_line_cuts_it(
    whose: str, answer: bytes
) -> None:
    assert not list(filter(None, (wrong(ours, pieces) for pieces in cut(answer))))


@pytest.mark.parametrize("answer", LATE.values(), ids=LATE)
def test_textual_s_own_reader_types_it(answer: bytes) -> None:
    assert any(wrong(textuals, pieces) for pieces in cut(answer))


@pytest.mark.parametrize("answer", LATE.values(), ids=LATE)
@pytest.mark.parametrize("after", [b"5", b"\x1b[A5"], ids=repr)
def test_what_is_typed_in_the_same_read_as_an_answer_arrives(answer: bytes, after: bytes) -> None:
    told = list(ours([(answer + after, 0.5)]))
    assert getattr(told[-1], "key", "") == "5"


def test_two_answers_at_once_are_two_things_that_cannot_be_read() -> None:
    told = list(ours([(LATE["a mouse"] + LATE["a size"], 1.0)]))
    assert len(told) == 2
    assert len(set(map(type, told))) == 1
