"""How commands print: one line or one value at a time, and never at the cost of an exit code."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, TextIO

from kiosk_tui.cli.exits import CommandError, Exit
from kiosk_tui.domain.one_line import one_line

DEMO: Final = "DEMO - no money moves."


def begin() -> None:
    """Begin a command: somebody reads, and it is not known to be the demo."""
    _Output.gone = _Demo.told = False
    set_aside(contextlib.nullcontext)


def set_aside(aside: Callable[[], contextlib.AbstractContextManager[None]]) -> None:
    """Enter this whenever something is printed: a line of progress is no part of it."""
    _Output.aside = staticmethod(aside)


def say(line: str) -> None:
    """Print a line for a person: one, whatever is in it, and whether or not anybody reads it."""
    draw(one_line(line))


def draw(line: str) -> None:
    """Print a line of our own with escape sequences in it."""
    write(f"{line}\n")


def write(text: str) -> None:
    """Print a piece of a line, at once: whoever reads a pipe must not wait for the buffer."""
    with _Output.aside(), unheard():
        sys.stdout.write(text)
        sys.stdout.flush()


def tell_demo(*, quietly: bool, asked: bool) -> None:
    """Say that what follows is the demo's: where a program reads, beside it, and in each object."""
    _Demo.told = True
    why = "" if asked else " Without a configuration, this is the built-in simulator."
    if not quietly:
        say(f"{DEMO}{why}")
        return
    with unheard(sys.stderr):
        print(f"kiosk-tui: {DEMO}{why}", file=sys.stderr, flush=True)


def export(lines: Iterable[str]) -> None:
    """Print what is meant for a file: in UTF-8, but for a terminal that reads something else.

    It counts for nothing when half of it is there. Raises `CommandError` for a full disk; a reader
    that has seen enough is none.
    """
    if isinstance(sys.stdout, io.TextIOWrapper) and not sys.stdout.isatty():
        sys.stdout.reconfigure(encoding="utf-8", errors="replace", newline="")
    try:
        with _Output.aside():
            for line in lines:
                sys.stdout.write(line)
            sys.stdout.flush()
    except BrokenPipeError:
        silence()
    except OSError as error:
        silence()
        told = f"Standard output cannot be written: {error.strerror}."
        raise CommandError(Exit.UNAVAILABLE, told) from error


def cells(described: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is described as the cells of a table: each is one line."""
    return {
        name: one_line(value) if isinstance(value, str) else value
        for name, value in described.items()
    }


@contextlib.contextmanager
def unheard(stream: TextIO | None = None) -> Iterator[None]:
    """Say something, if anybody can hear it: the exit code tells what happened in any case.

    A closed pipe or a full disk behind our output must not turn "approved", or "not whole", into
    another exit code. `stream` is where the block prints to: standard output.
    """
    try:
        yield
    except OSError:
        silence(stream)


def silence(stream: TextIO | None = None) -> None:
    """Say nothing more: what Python cannot flush at the end would become the exit code."""
    _Output.gone = _Output.gone or stream in (None, sys.stdout)
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, (stream or sys.stdout).fileno())
        os.close(nowhere)


def demo_told() -> bool:
    """Say whether this command has been told to be the demo's."""
    return _Demo.told


def nobody_reads() -> bool:
    """Say whether standard output is known to lead nowhere: what never ends by itself ends then."""
    return _Output.gone


class _Output:
    gone = False
    aside: Callable[[], contextlib.AbstractContextManager[None]] = contextlib.nullcontext


class _Demo:
    told = False
