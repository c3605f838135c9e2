"""Keys, as every kind of terminal sends them."""

from __future__ import annotations

import pytest
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual.keys import Keys

from kiosk_tui.ui.keyboard.tokens import Press, Token, Unreadable
from kiosk_tui.ui.screens import frame
from kiosk_tui.ui.screens.base import WITHOUT_NUMLOCK
from proofs.terminals.playing import ours

KNOWN = (
    {*frame._KEYS, *WITHOUT_NUMLOCK, *(f"f{number}" for number in range(1, 13)), "tab"}
    - {"ctrl+m", "ctrl+j", "ctrl+h", "full_stop", "comma", "slash", "plus", "minus", "asterisk"}
) | {"enter", "backspace"}
"""What our screens answer to, beside characters."""


def read(data: bytes) -> list[Token]:
    return list(ours([(data, 20.0)]))


def keys(data: bytes) -> list[str]:
    return [one.key if isinstance(one, Press) else type(one).__name__ for one in read(data)]


@pytest.mark.parametrize("key", sorted(KNOWN))
def test_every_way_that_textual_knows_to_send_a_key_of_our_screens_is_known_here(key: str) -> None:
    ways = [
        sequence
        for sequence, named in ANSI_SEQUENCES_KEYS.items()
        if isinstance(named, tuple) and named == (Keys(key),)
    ]
    assert ways
    assert {one: keys(one.encode()) for one in ways} == {one: [key] for one in ways}


@pytest.mark.parametrize(
    ("sent", "typed"),
    [
        *(
            (f"\x1bO{letter}", character)
            for letter, character in zip("jklmno", "*+,-./", strict=True)
        ),
        *(
            (f"\x1bO{letter}", digit)
            for letter, digit in zip("pqrstuvwxy", "0123456789", strict=True)
        ),
        ("\x1bOX", "="),
        ("\x1bOE", "5"),
        ("\x1b[E", "5"),
        ("\x1b[G", "5"),
        ("\x1b[49u", "1"),
        ("\x1b[97;2u", "A"),
        ("\x1b[57404u", "5"),
        ("\x1b[57404;129u", "5"),
        ("\x1b[57416u", ","),
        ("\x1b[27;2;42~", "*"),
        ("\x1b[53;;53u", "5"),
        ("\x1b[38;2:1;49u", "1"),
        ("\u20ac", "\u20ac"),
        ("\U0001f4b6", "\U0001f4b6"),
    ],
)
def test_a_keypad_types_what_stands_on_it(sent: str, typed: str) -> None:
    assert read(sent.encode()) == [Press(typed, typed)]


@pytest.mark.parametrize(
    ("sent", "key"),
    [
        (b"\x1bOM", "enter"),
        (b"\x1b[13u", "enter"),
        (b"\x1b[57414u", "enter"),
        (b"\x1b[27u", "escape"),
        (b"\x1b[127u", "backspace"),
        (b"\x08", "backspace"),
        (b"\x7f", "backspace"),
        (b"\n", "enter"),
        (b"\r", "enter"),
        (b"\x1b[1;129A", "up"),
        (b"\x1b[1;65H", "home"),
        (b"\x1b[57417u", "left"),
        (b"\x1b[24;2~", "shift+f12"),
        (b"\x1b[7$", "shift+home"),
        (b"\x1b[97;5u", "ctrl+a"),
        (b"\x04", "ctrl+d"),
        (b"\x1c", "ctrl+backslash"),
        (b"\x9bA", "up"),
        (b"\xc2\x9bA", "up"),
        (b"\x8fP", "f1"),
    ],
)
def test_a_key_has_one_name_whoever_sends_it(sent: bytes, key: str) -> None:
    assert keys(sent) == [key]


@pytest.mark.parametrize("sent", [b"\r\n", b"\r\0", b"\r\x11\n"])
def test_an_enter_that_is_two_bytes_is_one(sent: bytes) -> None:
    assert keys(sent) == ["enter"]


@pytest.mark.parametrize("sent", [b"\x11", b"\x13", b"\x11\x13" * 100])
def test_xon_and_xoff_mean_nothing(sent: bytes) -> None:
    assert read(sent) == []


def test_xon_within_a_sequence_and_a_scan_changes_neither() -> None:
    assert keys(b"\x1b[\x11A") == ["up"]
    assert keys(b"12\x1334") == ["Rush"]


@pytest.mark.parametrize("byte", [*range(0x80, 0x100)])
def test_a_byte_that_is_no_utf_8_is_dropped_and_typing_goes_on(byte: int) -> None:
    assert list(ours([(bytes((byte,)), 1.0), (b"5", 1.0)])) == [Unreadable(), Press("5", "5")]


@pytest.mark.parametrize("text", ["\ufeff", "\u200b", "\u202e", "\xa0", "\x85", "\ue000"])
def test_a_character_that_nobody_sees_is_no_key(text: str) -> None:
    assert read(text.encode()) == [Unreadable()]


@pytest.mark.parametrize("text", ["\u20ac", "\xdb", "\U0001f4b6"])
def test_a_character_that_the_line_cuts_is_joined(text: str) -> None:
    data = text.encode()
    for place in range(1, len(data)):
        assert list(ours([(data[:place], 2.0), (data[place:], 1.0)])) == [Press(text, text)]


@pytest.mark.parametrize(
    "sent",
    [
        *(b"\x1b5", b"\x1b1\r", b"\x1b\r", b"\x1b\n", b"\x1b\x7f", b"\x1ba", b"\x1b500\r"),
        *("\x1b\xe9".encode(), b"\x1b\x1b[A", b"\x1b\x1bOP", b"\x1bc", b"\x1b\\", b"\x1b(0"),
        *(b"\x1bNA", b"\x1b[99~", b"\x1b[5;5;5~", b"\x1b[1;5R", b"\x1b[49;2u", b"\x1b[57441u"),
        *(b"\x1b[1114112u", b"\x1b[[F", b"\x1bOZ", b"\0", b"\x1b[" + b"1;" * 999 + b"u"),
    ],
    ids=repr,
)
def test_what_is_no_key_is_swallowed_whole_and_told_once(sent: bytes) -> None:
    assert read(sent) == [Unreadable()]


@pytest.mark.parametrize(
    "sent", [b"\x1b[I", b"\x1b[O", b"\x1b[?2026;2$y", b"\x1b[48;24;80;480;640t"]
)
def test_what_a_program_asked_for_tells_nothing(sent: bytes) -> None:
    assert read(sent) == []
