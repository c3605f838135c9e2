"""The three standard streams, made fit before anything is said: the one encoding rule of every command.

What a terminal or a file cannot write is written plainer (`locales.encodings`), what it types is read
whatever its bytes are, and a stream that is closed is one that nobody reads: no file that is opened
later gets its number.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
from typing import Final

from kiosk_tui.cli import output
from kiosk_tui.text.encodings import PLAINER, own, reads

_NAMES: Final = ("stdin", "stdout", "stderr")


def begin() -> frozenset[str]:
    """Make them fit; return the names of those that were closed."""
    closed = frozenset(name for name in _NAMES if getattr(sys, name) is None)
    _fill()
    for number, name in enumerate(_NAMES):
        if name in closed:
            mode = "r" if number == 0 else "w"
            setattr(sys, name, os.fdopen(number, mode, encoding="utf-8", closefd=False))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=own(stream.encoding), errors=PLAINER)
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(encoding=reads(sys.stdin.encoding), errors=PLAINER)
    return closed


def end() -> None:
    """Let everything out: what Python could not flush at the end would become the exit code."""
    for stream in (sys.stdout, sys.stderr):
        with output.unheard(stream), contextlib.suppress(ValueError):  # closed meanwhile
            stream.flush()


def _fill() -> None:
    for number in range(len(_NAMES)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # gets the lowest number that is free: this one
