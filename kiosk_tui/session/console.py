"""The terminal that a session was started on: what it can draw, let go on, and left when it is gone."""

from __future__ import annotations

import contextlib
import os
import sys


def draw_with_what_there_is(console: int) -> None:
    """Do without the characters that its encoding, or a Linux console's font, lacks."""
    from kiosk_tui.diagnosis.console.gathering import characters  # noqa: PLC0415 - after the paint
    from kiosk_tui.text.glyphs import draw_with, writable  # noqa: PLC0415

    # not `sys.stderr`: Textual puts something else in its place
    stream = sys.__stdout__ if console == 1 else sys.__stderr__
    encoding = "utf-8" if stream is None else stream.encoding
    draw_with(writable(encoding, characters(console)))


def let_go(terminal: int = 2) -> None:
    """Let the terminal (stderr's) go on that Ctrl-S, Scroll Lock or a program stopped: writers wait.

    What Scroll Lock stopped goes on when flow control is turned on and off.
    """
    import termios  # noqa: PLC0415 - only for a terminal

    with contextlib.suppress(termios.error, OSError):
        termios.tcflow(terminal, termios.TCOON)
        mode = termios.tcgetattr(terminal)
        for wanted in (mode[0] | termios.IXON, mode[0] & ~termios.IXON):
            termios.tcsetattr(terminal, termios.TCSANOW, [wanted, *mode[1:]])


def hang_up() -> None:
    """Let nothing that is still drawn or said fail on a terminal that is gone."""
    with contextlib.suppress(OSError):
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nowhere, stream)
