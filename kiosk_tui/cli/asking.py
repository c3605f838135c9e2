"""A line that somebody types at a terminal, asked for so that Ctrl-C is never missed.

`input()` looks for signals only when one interrupts its read. One that comes between the question and
that read, as on a busy machine, is held until the next line: the question seems not to hear Ctrl-C.
"""

from __future__ import annotations

import getpass
import os
import select
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from kiosk_tui.cli import output

LONGEST: Final = 4096
"""Characters of a line; nobody types more, and a file of one line must not fill the memory."""


def ask(question: str) -> str:
    """Ask, and return the line. Raises `EOFError` at the end, `KeyboardInterrupt` at Ctrl-C."""
    output.write(question)
    if sys.stdin.isatty():  # a pipe's next line may have been read with the one before
        with _woken_by_signals() as woken:
            while sys.stdin not in select.select([sys.stdin, woken], [], [])[0]:
                os.read(woken, 512)
    return read()


def ask_unseen(question: str) -> str:
    """Ask for what nobody should read on the screen. What is no text is no PIN and no key: nothing."""
    try:
        return getpass.getpass(question)
    except UnicodeDecodeError:  # it reads the terminal by itself
        return ""


def read() -> str:
    """Return the next line that was typed, without its end. Raises `EOFError` at the end."""
    line = sys.stdin.readline(LONGEST)
    if not line:
        raise EOFError
    return line.rstrip("\n")


@contextmanager
def _woken_by_signals() -> Iterator[int]:
    """Yield a file that can be read as soon as a signal has come, however early that was."""
    woken, wakes = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    before = signal.set_wakeup_fd(wakes, warn_on_full_buffer=False)
    try:
        yield woken
    finally:
        signal.set_wakeup_fd(before)
        os.close(woken)
        os.close(wakes)
