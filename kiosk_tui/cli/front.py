"""`kiosk-tui run`: the full screen, or lines where it was asked for or nothing else works."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from kiosk_tui.cli import output
from kiosk_tui.cli.afterwards import put_right
from kiosk_tui.start.abilities import DUMB
from kiosk_tui.ui import deferred

if TYPE_CHECKING:
    import argparse


def run(arguments: argparse.Namespace) -> int:
    """Run until somebody leaves; return the exit code."""
    if arguments.plain:
        return _plain(arguments)
    term = os.environ.get("TERM", "")
    if term in DUMB and sys.stdin.isatty() and sys.stdout.isatty():
        output.say(f"Plain mode, because TERM is '{term}'; a full screen needs TERM=linux or so.")
        return _plain(arguments)
    with put_right(), _first_stage():
        from kiosk_tui.cli import run as full  # noqa: PLC0415 - Textual, and only here

        return full.run(arguments)


@contextlib.contextmanager
def _first_stage() -> Iterator[None]:
    """Begin a start that hurries; `ui.first` ends it at the first picture, and this in any case."""
    deferred.begin()
    gc.disable()  # what modules leave behind is little, and looking for it is a twentieth of a start
    try:
        yield
    finally:
        gc.enable()
        deferred.end()


def _plain(arguments: argparse.Namespace) -> int:
    from kiosk_tui.cli import plain  # noqa: PLC0415 - only what is needed

    return plain.run(arguments)
