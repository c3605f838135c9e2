"""The keys among the sequences: what xterm, VT220, linux, rxvt, PuTTY and Kitty send for each.

Sources: xterm's "Control Sequences" (PC-style and VT220-style function keys, modifyOtherKeys), the
VT220 Programmer Reference (keypad in application mode), console_codes(4), Kitty's "Comprehensive
keyboard handling". Whatever is not named here is no key.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from kiosk_tui.ui.keyboard.tokens import Press

_TYPES: Final = {"enter": "\r", "tab": "\t", "backspace": "\x7f", "escape": "\x1b"}


def press(key: str) -> Press:
    """Return the key of this name."""
    return Press(key, key if len(key) == 1 else _TYPES.get(key))


CONTROLS: Final[Mapping[int, str]] = {
    **{code: f"ctrl+{chr(code + 0x60)}" for code in range(1, 0x1B)},
    0x1C: "ctrl+backslash",
    0x1D: "ctrl+right_square_bracket",
    0x1E: "ctrl+circumflex_accent",
    0x1F: "ctrl+underscore",
    0x08: "backspace",
    0x09: "tab",
    0x0A: "enter",
    0x0D: "enter",
    0x7F: "backspace",
}
"""Single bytes. Backspace is 0x7f of most terminals and 0x08 of others."""

_CURSOR: Final = {
    "A": "up",
    "B": "down",
    "C": "right",
    "D": "left",
    "E": "5",  # the middle key of a numpad without NumLock: of xterm,
    "F": "end",
    "G": "5",  # and of the linux console
    "H": "home",
    "P": "f1",
    "Q": "f2",
    "R": "f3",
    "S": "f4",
}
_NUMBERED: Final = {
    1: "home",
    2: "insert",
    3: "delete",
    4: "end",
    5: "pageup",
    6: "pagedown",
    7: "home",
    8: "end",
    11: "f1",
    12: "f2",
    13: "f3",
    14: "f4",
    15: "f5",
    17: "f6",
    18: "f7",
    19: "f8",
    20: "f9",
    21: "f10",
    23: "f11",
    24: "f12",
    25: "f13",
    26: "f14",
    28: "f15",
    29: "f16",
    31: "f17",
    32: "f18",
    33: "f19",
    34: "f20",
}
SS3: Final[Mapping[str, str]] = {
    **_CURSOR,
    "I": "tab",
    "M": "enter",
    "X": "=",
    " ": " ",
    **dict(zip("jklmno", "*+,-./", strict=True)),
    **dict(zip("pqrstuvwxy", "0123456789", strict=True)),
}
"""After ESC O: function keys, and the keypad in application mode."""
LINUX: Final[Mapping[str, str]] = {letter: f"f{n}" for n, letter in enumerate("ABCDE", 1)}
"""After ESC [ [: the linux console."""

_KITTY: Final = {
    9: "tab",
    13: "enter",
    27: "escape",
    127: "backspace",
    **{57399 + digit: str(digit) for digit in range(10)},
    **dict(zip(range(57409, 57417), "./*-+\r=,", strict=True)),
    **dict(zip(range(57417, 57421), ("left", "right", "up", "down"), strict=True)),
    **dict(zip(range(57421, 57425), ("pageup", "pagedown", "home", "end"), strict=True)),
    57425: "insert",
    57426: "delete",
    57427: "5",
    57414: "enter",
}
_LOCKS: Final = 64 | 128
"""CapsLock and NumLock among Kitty's modifiers: they make no other key."""
_SHIFT: Final = 1
_MODIFIERS: Final = {8: "super", 2: "alt", 4: "ctrl", 1: "shift", 16: "hyper", 32: "meta"}
_RELEASED: Final = "3"

_ONE: Final = re.compile(r"(?:1;(\d{1,3}))?")
_TILDE: Final = re.compile(r"(\d{1,2})(?:;(\d{1,3}))?")
_OTHER_KEYS: Final = re.compile(r"27;(\d{1,3});(\d{1,7})")
_UNICODE: Final = re.compile(
    r"(\d{1,7})(?::\d{0,7}){0,2}(?:;(\d{0,3})(?::([123]))?(?:;([\d:]{1,40}))?)?"
)


def sequence(parameters: str, final: str) -> Press | None:
    """Return the key that ESC [ `parameters` `final` stands for, or None where it is none."""
    if final in _CURSOR and (found := _ONE.fullmatch(parameters)):
        # ESC [ 1 ; 5 R is a cursor's place, too: then it is no key
        return None if final == "R" and parameters else _with(_CURSOR[final], found[1])
    if final == "~" and (found := _OTHER_KEYS.fullmatch(parameters)):
        return _of_code(int(found[2]), found[1])
    if final == "~" and (found := _TILDE.fullmatch(parameters)):
        name = _NUMBERED.get(int(found[1]))
        return None if name is None else _with(name, found[2])
    if final == "u" and (found := _UNICODE.fullmatch(parameters)):
        return None if found[3] == _RELEASED else _of_code(int(found[1]), found[2], found[4])
    if (parameters, final) in _SHORT:
        return press(_SHORT[parameters, final])
    return None


_SHORT: Final = {
    ("", "Z"): "shift+tab",
    **{("", letter.lower()): f"shift+{_CURSOR[letter]}" for letter in "ABD"},  # rxvt
}


def shifted(parameters: str) -> Press | None:
    """Return rxvt's key with Shift, ESC [ `parameters` $."""
    name = _NUMBERED.get(int(parameters)) if parameters.isdecimal() else None
    return None if name is None else press(f"shift+{name}")


def _with(name: str, modifiers: str | None) -> Press:
    held = (int(modifiers or "1") - 1) & ~_LOCKS
    before = sorted(word for bit, word in _MODIFIERS.items() if held & bit)
    return press("+".join((*before, name)))


def _of_code(code: int, modifiers: str | None, text: str | None = None) -> Press | None:
    """Return a key by its code point; what it types with Shift, it says itself or not at all."""
    held = (int(modifiers or "1") - 1) & ~_LOCKS
    typed = _characters(text or "")
    if typed:
        return press(typed)
    if code in _KITTY:
        return _with(_KITTY[code], modifiers)
    if not _is_visible(code) or (held == _SHIFT and chr(code).isdigit()):
        return None  # what Shift makes of a digit is the keyboard's secret
    if held in (0, _SHIFT):
        return press(chr(code).upper() if held else chr(code))
    return _with(chr(code), modifiers)


def _characters(text: str) -> str:
    codes = [int(one) for one in text.split(":") if one]
    return chr(codes[0]) if len(codes) == 1 and _is_visible(codes[0]) else ""


def _is_visible(code: int) -> bool:
    private = 0xE000 <= code <= 0xF8FF  # noqa: PLR2004 - where Kitty has keys without a character
    return code <= 0x10FFFF and not private and chr(code).isprintable()  # noqa: PLR2004 - Unicode's last
