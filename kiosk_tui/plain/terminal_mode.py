"""The mode of the terminal (termios): whole lines, echoed, and no key that stops or ends the program.

Does nothing where there is no terminal.
"""

from __future__ import annotations

import contextlib
import copy
import termios
from collections.abc import Iterator
from typing import Final

_IFLAG, _OFLAG, _LFLAG, _CHARACTERS = 0, 1, 3, 6
_OFF: Final = b"\x00"


@contextlib.contextmanager
def line_mode(fd: int, *, no_way_out: bool) -> Iterator[None]:
    """Put the terminal into line mode, whatever a program that crashed here left behind.

    With `no_way_out` no key ends the input, suspends or quits. Ctrl-S, which would stop all that is
    said, means nothing, and Esc is echoed as two plain characters.
    """
    try:
        before = termios.tcgetattr(fd)
    except termios.error:
        yield
        return
    mode = copy.deepcopy(before)
    mode[_IFLAG] = (mode[_IFLAG] | termios.ICRNL) & ~(termios.IXON | termios.IXOFF)
    mode[_OFLAG] |= termios.OPOST | termios.ONLCR
    mode[_LFLAG] |= (
        termios.ICANON
        | termios.ECHO
        | termios.ECHOE
        | termios.ECHOK
        | termios.ECHOCTL
        | termios.ISIG
    )
    if no_way_out:
        for key in (termios.VEOF, termios.VQUIT, termios.VSUSP, termios.VEOL, termios.VEOL2):
            mode[_CHARACTERS][key] = _OFF
    _set(fd, mode)
    try:
        yield
    finally:
        _set(fd, before)


@contextlib.contextmanager
def without_echo(fd: int) -> Iterator[None]:
    """Turn the echo off, but for the line's end."""
    try:
        before = termios.tcgetattr(fd)
    except termios.error:
        yield
        return
    mode = copy.deepcopy(before)
    mode[_LFLAG] = (mode[_LFLAG] | termios.ECHONL) & ~termios.ECHO
    _set(fd, mode)
    try:
        yield
    finally:
        _set(fd, before)


def drop_typed(fd: int) -> None:
    """Drop what was typed without Enter: it was another customer's."""
    with contextlib.suppress(termios.error):
        termios.tcflush(fd, termios.TCIFLUSH)


def _set(fd: int, mode: list[object]) -> None:
    with contextlib.suppress(termios.error, OSError):  # the terminal has gone
        termios.tcsetattr(fd, termios.TCSANOW, mode)  # type: ignore[arg-type]
