"""`kiosk-tui run`: the full screen, or lines where it was asked for or nothing else works."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from kiosk_tui.cli import output
from kiosk_tui.cli.afterwards import put_right
from kiosk_tui.start.abilities import DUMB

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
    with put_right():
        from kiosk_tui.cli import run as full  # noqa: PLC0415 - Textual, and only here

        return full.run(arguments)


def _plain(arguments: argparse.Namespace) -> int:
    from kiosk_tui.cli import plain  # noqa: PLC0415 - only what is needed

    return plain.run(arguments)
