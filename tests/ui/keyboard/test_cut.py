"""Sequences that the line cuts, and what a person types around them."""

from __future__ import annotations

import random

import pytest

from kiosk_tui.domain.burst import BURST_S
from kiosk_tui.ui.keyboard.reader import KeyboardReader
from kiosk_tui.ui.keyboard.times import CUT_S, ESCAPE_S
from kiosk_tui.ui.keyboard.tokens import Pointed, Press, Rush, Token, Unreadable
from proofs.terminals.playing import ours

ESCAPE = Press("escape", "\x1b")
NOISE = Unreadable()


def read(*pieces: bytes, pause_s: float = 0.3) -> list[Token]:
    return list(ours([(one, pause_s) for one in pieces]))


def typed(text: str) -> list[Token]:
    return [Press(one, one) for one in text]


def test_esc_alone_is_the_escape_key_once_nothing_follows() -> None:
    reader = KeyboardReader()
    assert reader.feed(b"\x1b", 7.0) == []
    assert reader.deadline == 7.0 + ESCAPE_S
    assert reader.tick(7.0 + ESCAPE_S) == [ESCAPE]
    assert reader.deadline is None


def test_two_esc_at_once_are_one_press_as_windows_sends_it_and_two_presses_are_two() -> None:
    assert read(b"\x1b\x1b") == [ESCAPE]
    assert read(b"\x1b", b"\x1b") == [ESCAPE, ESCAPE]


@pytest.mark.parametrize(
    "rest",
    [
        *(
            b"[<35;12;9M",
            b"[>0;136;0c",
            b"[8;24;80t",
            b"[200x",
            b"[[A",
            b"[M !!",
            b"[A",
            b"Ol",
            b"OP",
        ),
        *(
            b"]11;rgb:12/34/56\x1b\\",
            b"]11;rgb:12/34/56\x07",
            b"P>|XTerm(354)\x1b\\",
            b"P1$r0m\x9c",
        ),
        *(b"_Gi=31;OK\x1b\\", b"^x\x1b\\", b"X1\x1b\\", b"NA", b"<35;12;9M"),
    ],
    ids=repr,
)
@pytest.mark.parametrize("pause_s", [ESCAPE_S, 1.0, 6.0])
def test_the_rest_that_comes_after_its_escape_is_swallowed_and_told_once(
    rest: bytes, pause_s: float
) -> None:
    assert read(b"\x1b", rest, b"5", pause_s=pause_s) == [ESCAPE, NOISE, *typed("5")]
    one_by_one = [bytes((byte,)) for byte in rest]
    assert read(b"\x1b", *one_by_one, b"5", pause_s=pause_s) == [ESCAPE, NOISE, *typed("5")]


@pytest.mark.parametrize("text", ["1255", "0", "Paul", "Xaver", "abc", "+*-/.,", "\xe9"])
def test_what_a_person_types_after_escape_arrives(text: str) -> None:
    assert read(b"\x1b", *(one.encode() for one in text)) == [ESCAPE, *typed(text)]


@pytest.mark.parametrize("sent", [b"\r", b"\x7f", b"\x1b[A", b"\x1bOP"])
def test_a_key_after_escape_arrives(sent: bytes) -> None:
    assert read(b"\x1b", sent) == [ESCAPE, *read(sent)]


def test_a_bracket_that_is_typed_later_or_after_another_key_is_a_key() -> None:
    assert read(b"\x1b", b"", b"[", pause_s=CUT_S)[1:] == typed("[")
    assert read(b"\x1b", b"7", b"[") == [ESCAPE, *typed("7[")]


@pytest.mark.parametrize("cut", [b"\x1b[", b"\x1b[<35;1", b"\x1b]11;rgb", b"\x1bP", b"\x1bO"])
def test_what_is_typed_into_a_cut_sequence_never_becomes_half_an_amount(cut: bytes) -> None:
    told = read(cut, b"1", b"2", b"\r", b"5")
    assert told[0] == NOISE
    assert Press("enter", "\r") not in told
    assert told[-1] == Press("5", "5")


@pytest.mark.parametrize(
    "cut", [b"\x1b[", b"\x1b[<35;1", b"\x1b]11;rgb", b"\x1bP", b"\x1bO", b"\xe2\x82"]
)
def test_a_sequence_whose_rest_is_lost_is_given_up_after_a_while(cut: bytes) -> None:
    reader = KeyboardReader()
    assert reader.feed(cut, 0.0) == []
    assert reader.deadline == CUT_S
    assert reader.tick(CUT_S) == [NOISE]
    assert reader.feed(b"5", CUT_S) == []
    assert reader.tick(CUT_S + BURST_S) == typed("5")


@pytest.mark.parametrize("start", [b"\x9b", b"\x90", b"\x9d", b"\x8f", b"\xc2\x9b"])
def test_an_8_bit_control_that_stands_alone_keeps_no_key_for_itself(start: bytes) -> None:
    assert read(start, b"5", b"\r") == [NOISE, *typed("5"), Press("enter", "\r")]


@pytest.mark.parametrize("seed", range(20))
def test_line_noise_swallows_nothing_that_is_typed_after_it(seed: int) -> None:
    chance = random.Random(seed)
    noise = bytes(chance.choices(range(0x80, 0x100), k=chance.randrange(1, 40)))
    told = read(noise, b"5")
    assert told[-1] == Press("5", "5")
    assert not [one for one in told[:-1] if isinstance(one, Press) and one.key.isascii()]


def test_the_rest_of_a_forgotten_8_bit_control_is_known_by_its_mark() -> None:
    assert read(b"\x9b", b">0;136", b";0c", b"5") == [NOISE, NOISE, *typed("5")]


@pytest.mark.parametrize("end", [b"\x18", b"\x1a", b"\r", b"\n", b"\r\n"])
@pytest.mark.parametrize("start", [b"\x1b[12", b"\x1b]1", b"\x1bP1", b"\x1bO", b"\x1b", b"\x1b("])
def test_a_control_ends_a_sequence_and_is_swallowed_with_it(start: bytes, end: bytes) -> None:
    assert read(start + end, b"5") == [NOISE, *typed("5")]


def test_a_new_sequence_ends_one_that_never_ended() -> None:
    assert read(b"\x1b[12\x1b[A") == [NOISE, Press("up")]
    assert read(b"\x1b]12\x1b[A") == [NOISE, Press("up")]
    assert read(b"\x1b[12\x9bA") == [NOISE, Press("up")]


def test_a_byte_that_the_line_garbled_spoils_its_sequence() -> None:
    assert read(b"\x1b[2\xff4~", b"5") == [NOISE, *typed("5")]


def test_a_mouse_is_heard_only_where_it_was_asked_for_and_never_its_motion() -> None:
    press, release, motion = b"\x1b[<0;5;6M", b"\x1b[<0;5;6m", b"\x1b[<35;5;6M"
    assert read(press + release) == [NOISE, NOISE]
    reader = KeyboardReader()
    reader.pointing = True
    assert reader.feed(b"\x1b[<0;5;16M" + release + b"\x1b[<0;5;6m", 0.0) == [
        Pointed(4, 15, 1, down=True),
        *[NOISE] * 2,
    ], "a button that is let go elsewhere, as where a digit of either was lost, is none"
    assert reader.feed(press + release + motion + b"\x1b[<64;5;6M\x1b[<0;0;1M", 0.0) == [
        Pointed(4, 5, 1, down=True),
        Pointed(4, 5, 1, down=False),
        *[NOISE] * 3,
    ]


def test_a_word_that_begins_like_an_answer_and_comes_at_once_is_a_rush() -> None:
    assert read(b"\x1b", b"Paul") == [ESCAPE, Rush("Paul")]
