"""The terminal that a session was started on: let go on at the start, left when it is gone."""

from __future__ import annotations

import contextlib
import os
import termios


def let_go(terminal: int = 2) -> None:
    """Let the terminal (stderr's) go on that Ctrl-S, Scroll Lock or a program stopped: writers wait.

    What Scroll Lock stopped goes on when flow control is turned on and off.
    """
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
