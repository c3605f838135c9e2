"""Scanners, lines that stall, pastes: what is no person's typing, told apart by its rhythm."""

from __future__ import annotations

import pytest

from kiosk_tui.domain.burst import BURST_S
from kiosk_tui.ui.keyboard import paste, rhythm
from kiosk_tui.ui.keyboard.reader import KeyboardReader
from kiosk_tui.ui.keyboard.times import PASTE_S
from kiosk_tui.ui.keyboard.tokens import Pasted, Press, Rush, Token, Unreadable
from proofs.terminals.playing import ours

ENTER = Press("enter", "\r")


def read(*pieces: bytes, pause_s: float) -> list[Token]:
    return list(ours([*((one, pause_s) for one in pieces), (b"", 1.0)]))


def each(text: str) -> list[bytes]:
    return [bytes((byte,)) for byte in text.encode()]


def test_a_key_is_told_once_nothing_has_followed_for_a_moment() -> None:
    reader = KeyboardReader()
    assert reader.feed(b"5", 1.0) == []
    assert reader.deadline == 1.0 + BURST_S
    assert reader.tick(1.0 + BURST_S) == [Press("5", "5")]


@pytest.mark.parametrize("pause_s", [0.0, 0.001, 0.02, 0.034])
def test_what_comes_faster_than_a_person_types_is_one_rush(pause_s: float) -> None:
    assert read(*each("4006381333931\r"), pause_s=pause_s) == [Rush("4006381333931", entered=True)]


@pytest.mark.parametrize("pause_s", [0.04, 0.05, 0.2])
def test_what_a_person_types_is_keys(pause_s: float) -> None:
    typed = [*map(Press, "1255", "1255"), ENTER]
    assert read(*each("1255\r"), pause_s=pause_s) == typed


def test_an_enter_in_one_read_with_digits_is_no_person_s() -> None:
    assert read(b"1255\r", pause_s=0.0) == [Rush("1255", entered=True)]
    assert read(b"5\x7f\r", pause_s=0.0)[-1] == Rush("", entered=True)


def test_what_stands_behind_an_enter_in_one_piece_is_for_no_other_field_or_screen() -> None:
    assert read(b"anna\r1111\r", pause_s=0.0) == [Rush("anna", entered=True)]
    assert read(*each("1255\r0"), pause_s=0.01) == [Rush("1255", entered=True)]
    assert read(b"\r5\r", pause_s=0.0) == [Rush("", entered=True)]


def test_noise_within_a_scan_makes_no_key_of_its_parts() -> None:
    told = read(b"4006", b"\x1b[<35;12;9M", b"381333931", b"\xff", b"\r", pause_s=0.01)
    assert told == [Unreadable(), Unreadable(), Rush("4006381333931", entered=True)]


def test_a_key_that_is_held_down_stays_one() -> None:
    assert read(*[b"\x7f"] * 5, pause_s=0.01) == [Press("backspace", "\x7f")] * 5


def test_a_rush_without_end_costs_no_memory() -> None:
    reader = KeyboardReader()
    for number in range(500):
        assert reader.feed(b"1" * 4096, number * 0.01) == []
    (rush,) = reader.tick(60.0)
    assert rush == Rush("1" * rhythm.LONGEST)


# -- pastes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pasted", "text"),
    [
        (b"12,55", "12,55"),
        (b"12,55\r\n", "12,55  "),
        (b"12\n55", "12 55"),
        ("1\xa0234,50\u200b\ufeff".encode(), "1 234,50"),
        (b"\xff12\xe4", "12"),
        (b"\x00\x071\x1b2", "12"),
        (b"", ""),
    ],
)
def test_a_paste_is_its_visible_text_and_never_an_enter(pasted: bytes, text: str) -> None:
    sent = b"\x1b[200~" + pasted + b"\x1b[201~"
    assert read(sent, b"5", pause_s=0.1) == [Pasted(text), Press("5", "5")]
    for place in range(1, len(sent)):
        told = read(sent[:place], sent[place:], b"5", pause_s=0.05)
        assert told == [Pasted(text), Press("5", "5")]


def test_a_paste_whose_end_never_comes_is_one_after_a_moment() -> None:
    reader = KeyboardReader()
    assert reader.feed(b"\x1b[200~12,55", 0.0) == []
    assert reader.tick(PASTE_S) == [Pasted("12,55")]
    assert reader.feed(b"5", 3.0) == []
    assert reader.tick(4.0) == [Press("5", "5")]


@pytest.mark.parametrize("place", range(1, len(paste.END)))
def test_an_end_that_comes_too_late_is_swallowed(place: int) -> None:
    begun, late = b"\x1b[200~12,55" + paste.END[:place], paste.END[place:]
    assert read(begun, late, b"5", pause_s=2.0) == [Pasted("12,55"), Unreadable(), Press("5", "5")]


def test_a_paste_whose_beginning_was_cut_is_one() -> None:
    told = read(b"\x1b", b"[200~12,55\x1b[201~", pause_s=0.5)
    assert told == [Press("escape", "\x1b"), Unreadable(), Pasted("12,55")]


def test_a_paste_of_megabytes_costs_no_memory() -> None:
    reader = KeyboardReader()
    reader.feed(b"\x1b[200~", 0.0)
    for number in range(500):
        assert reader.feed(b"1" * 4096, number * 0.01) == []
    assert reader.feed(paste.END, 5.0) == [Pasted("1" * paste.LONGEST)]


def test_what_lay_waiting_is_keys_one_by_one_and_what_comes_then_has_its_rhythm() -> None:
    reader = KeyboardReader()
    waited = reader.feed_waiting(b"12\x1b[?2026;0$y5\r\x1b[", 1.0)
    assert waited == [*map(Press, "125", "125"), ENTER]
    assert reader.feed(b"A47\r", 1.001) == [Press("up")]
    assert reader.tick(2.0) == [Rush("47", entered=True)]
