"""The first picture, in raw bytes: exactly what Textual draws as the screen `Starting` afterwards.

Pure: a size and an environment in, characters out. A test compares it with the real screen, cell by
cell, at many sizes and on every kind of terminal.
"""

from kiosk_tui.start.abilities import (
    CUBE,
    PALETTE_RESET,
    PALETTE_SET,
    SIXTEEN,
    TRUE,
    colours,
    erases,
    is_console,
    is_utf8,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

TEXT = "One moment, please"

ENTER = "\x1b[?1049h\x1b[?25l\x1b[?2004h\x1b[?7l"
"""The other screen, no cursor, pasted text marked as such, no wrapping."""
LEAVE = "\x1b[0m\x1b[?2004l\x1b[?7h\x1b[?1049l\x1b[?25h"

RIGHT = (
    *("\x1b[?1000l", "\x1b[?1002l", "\x1b[?1003l", "\x1b[?1006l", "\x1b[?1004l", "\x1b[?2004l"),
    *("\x1b[0m", "\x1b[?7h", "\x1b[?1049l", "\x1b[?25h", "\r\n"),
)
"""Puts a terminal right whatever was done to it: no mouse, no reports, no colours, lines that wrap, the
screen that was there before, a cursor."""
PUT_RIGHT = (
    "printf '"
    + "".join(RIGHT).replace("\x1b", r"\033").replace("\r", r"\r").replace("\n", r"\n")
    + "'; case $(stty -a) in *-isig*) stty sane ;; esac"
)
"""The same in the language of a shell. One that has taken its terminal back hears signals again: then no
mode is set any more."""

Stretch = tuple[int, int, str, str]
"""Row and column (from 1), the codes of its style (SGR, ECMA-48), and the text that stands there."""

_TITLE = {SIXTEEN: "1;97", CUBE: "1;38;5;231", TRUE: "1;38;2;245;248;252"}
_GROUND = {SIXTEEN: "40", CUBE: "48;5;16"}
_TOP, _BELOW = (11, 18, 32), (16, 28, 51)
"""With 24 bits the ground changes from row to row."""


def stretches(columns: int, rows: int, environment: "Mapping[str, str]") -> list[Stretch]:
    """Return what stands on the whole screen."""
    depth = colours(environment) if is_utf8(environment) else SIXTEEN
    mono = bool(environment.get("NO_COLOR"))
    found = [
        (row, 1, "" if mono else _ground(depth, row, rows), " " * columns)
        for row in range(1, rows + 1)
    ]
    middle = (rows + 1) // 2
    ground = found[middle - 1][2]
    title = "1" if mono else f"{_TITLE[depth]};{ground}"
    column = max(0, columns - len(TEXT)) // 2 + 1
    return [*found, (middle, column, title, TEXT[:columns])]


def written(columns: int, rows: int, environment: "Mapping[str, str]") -> str:
    """Return what takes the terminal's other screen, and draws the picture on it."""
    *grounds, title = stretches(columns, rows, environment)
    is_erased = erases(environment)
    out, before = [entered(environment)], None
    for row, column, codes, text in grounds:
        if codes != before:
            out.append(f"\x1b[{codes}m")
        if not is_erased:
            out.append(f"\x1b[{row};{column}H{text}")
        elif codes != before:
            out.append(f"\x1b[{row}H\x1b[J")  # down to the last row: the next colour begins below
        before = codes
    row, column, codes, text = title
    return "".join((*out, f"\x1b[{row};{column}H\x1b[{codes}m{text}"))


def entered(environment: "Mapping[str, str]") -> str:
    """Return what takes the terminal: a Linux console with its colours tuned."""
    return PALETTE_SET * is_console(environment) + ENTER


def left(environment: "Mapping[str, str]") -> str:
    """Return what gives the terminal back as it was."""
    return PALETTE_RESET * is_console(environment) + LEAVE


def _ground(depth: int, row: int, rows: int) -> str:
    if depth != TRUE:
        return _GROUND[depth]
    part = min(1.0, (row - 1) / max(1.0, rows - 1))
    mixed = (str(round(a + (b - a) * part)) for a, b in zip(_TOP, _BELOW, strict=True))
    return f"48;2;{';'.join(mixed)}"
