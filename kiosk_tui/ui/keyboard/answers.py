"""What a terminal says that is no key: answers that were asked for, and where its mouse was pressed."""

from __future__ import annotations

import re
from typing import Final

from kiosk_tui.ui.keyboard.tokens import Pointed, Unreadable

_MODE: Final = re.compile(r"\??\d{1,5};\d\$")
"""A mode report (DECRPM), ESC [ ? 2026 ; 2 $ y."""
_SIZE: Final = re.compile(r"48(;\d{1,5}(:\d*)*){2,4}")
"""A change of size told in band, ESC [ 48 ; rows ; columns ; height ; width t."""
_MOUSE: Final = re.compile(r"<(\d{1,3});(\d{1,5});(\d{1,5})")
"""A mouse report in SGR's form, ESC [ < button ; column ; row M, or m when the button goes up."""
_BUTTONS: Final = 3
_MOVED_OR_TURNED: Final = 0xFF & ~(4 | 8 | 16 | 3)
"""The bits of a report that is of no button: motion, the wheel, other buttons."""


def is_asked_for(parameters: str, final: str) -> bool:
    """Whether a sequence answers what a program asks a terminal for at its start: it tells nothing.

    A focus that comes or goes, a mode report, a size.
    """
    return (
        (not parameters and final in "IO")
        or (final == "y" and _MODE.fullmatch(parameters) is not None)
        or (final == "t" and _SIZE.fullmatch(parameters) is not None)
    )


def pointed(parameters: str, final: str) -> Pointed | Unreadable | None:
    """Return where the mouse was pressed or let go; what else it does cannot be read. None: no mouse."""
    found = _MOUSE.fullmatch(parameters)
    if found is None or final not in "mM":
        return None
    code, column, row = map(int, found.groups())
    button = (code & 3) + 1
    if code & _MOVED_OR_TURNED or button > _BUTTONS or not column or not row:
        return Unreadable()
    return Pointed(column - 1, row - 1, button, down=final == "M")
