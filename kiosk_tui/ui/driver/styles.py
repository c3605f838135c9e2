"""What a style changes of the one before it: as few codes of SGR (ECMA-48) as it takes."""

from __future__ import annotations

import re
from functools import cache
from typing import Final, NamedTuple

RESET: Final = "\x1b[0m"
_SEQUENCE: Final = re.compile(r"\x1b\[([0-9;]*)m")
_COLOUR: Final = re.compile(r"(?:[34]8;(?:5;\d+|2;\d+;\d+;\d+)|\d+)")
_REVERSE: Final = "7"
_BOLD: Final = "1"
_BLACK: Final = "30"
_BRIGHT: Final = {str(90 + one): str(30 + one) for one in range(8)}
_UNSEEN: Final = frozenset({"1", "2", "3"})
"""Bold, dim and italic are not seen on a blank."""
_ENDS: Final = {"1": "22", "2": "22", "3": "23", "4": "24", _REVERSE: "27", "9": "29"}
"""What ends a flag; 22 ends both bold and dim."""


class CellStyle(NamedTuple):
    """Flags (bold, reverse …) as their codes, and the codes of front and back; "" is the terminal's own."""

    flags: frozenset[str] = frozenset()
    front: str = ""
    back: str = ""


PLAIN: Final = CellStyle()


@cache
def parsed(sequences: str) -> CellStyle:
    """Read what SGR sequences set, one after the other, from nothing."""
    flags: set[str] = set()
    front = back = ""
    for codes in _SEQUENCE.findall(sequences):
        for code in _COLOUR.findall(codes) or ["0"]:
            number = int(code.partition(";")[0])
            if number == 0:
                flags, front, back = set(), "", ""
            elif number == 38 or 30 <= number <= 39 or 90 <= number <= 97:  # noqa: PLR2004 - SGR's
                front = "" if number == 39 else code  # noqa: PLR2004
            elif number == 48 or 40 <= number <= 49 or 100 <= number <= 107:  # noqa: PLR2004
                back = "" if number == 49 else code  # noqa: PLR2004
            else:
                flags.add(code)
    return CellStyle(frozenset(flags), front, back)


@cache
def of_blank(style: CellStyle) -> CellStyle:
    """Return a style as far as it is seen on a blank: its ground, and what underlines it."""
    if _REVERSE in style.flags:
        return style
    return CellStyle(style.flags - _UNSEEN, "", style.back)


@cache
def on_console(style: CellStyle) -> CellStyle:
    """Return a style as a Linux console has it, where bright and bold are one: 97 stays bold until 22.

    Bold black is black there: it would be grey, which nobody can read on a coloured ground.
    """
    if style.front == _BLACK:
        return style._replace(flags=style.flags - {_BOLD})
    if style.front in _BRIGHT:
        return style._replace(flags=style.flags | {_BOLD}, front=_BRIGHT[style.front])
    return style


@cache
def turned(style: CellStyle) -> CellStyle:
    """Return a style in reverse video."""
    return style._replace(flags=style.flags | {_REVERSE})


@cache
def on_ground(style: CellStyle, blank: CellStyle) -> CellStyle:
    """Return a style that shows blanks as another does, and keeps what is not seen on them."""
    return CellStyle(style.flags & _UNSEEN | blank.flags, style.front, blank.back)


def is_turned(style: CellStyle) -> bool:
    """Whether it is in reverse video."""
    return _REVERSE in style.flags


@cache
def filled(style: CellStyle) -> CellStyle | None:
    """Return the style whose ground is what this one, in reverse video, fills a cell with; None: there is none."""
    if style.flags != {_REVERSE} or not style.front:
        return None
    kind, _, rest = style.front.partition(";")
    return CellStyle(back=f"48;{rest}" if kind == "38" else str(int(kind) + 10))


@cache
def can_erase(style: CellStyle) -> bool:
    """Whether what is erased in a style shows its ground, on every terminal that erases in colour."""
    return style.flags <= _UNSEEN


@cache
def change(before: CellStyle | None, after: CellStyle) -> str:
    """Return the shortest sequence that makes one style the other; None is not known."""
    whole = _codes("0", *sorted(after.flags), after.front, after.back)
    if before is None or not before.flags <= after.flags | _ENDS.keys():
        return whole
    ends = {_ENDS[flag] for flag in before.flags - after.flags}
    ended = {flag for flag in before.flags if _ENDS.get(flag) in ends}
    codes = [*sorted(ends), *sorted(after.flags - (before.flags - ended))]
    codes += [after.front or "39"] if after.front != before.front else []
    codes += [after.back or "49"] if after.back != before.back else []
    return min(_codes(*codes) if codes else "", whole, key=len)


def _codes(*codes: str) -> str:
    return f"\x1b[{';'.join(filter(None, codes))}m".replace("[0m", "[m")
