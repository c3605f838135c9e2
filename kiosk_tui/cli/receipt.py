"""`kiosk-tui receipt ID`: the slip as text, into a file, or on the printer.

Whoever asks for it by its id has it as a duplicate, unless he says that it is the first.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from kiosk_tui.cli import output
from kiosk_tui.cli.choose import choose
from kiosk_tui.cli.exits import CommandError, Exit
from kiosk_tui.cli.journal import find
from kiosk_tui.cli.progress import ProgressLine
from kiosk_tui.domain.slip import NotPrinted
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.observe import logs
from kiosk_tui.receipt.lines import Paper
from kiosk_tui.receipt.receipts import Receipts
from kiosk_tui.receipt.slip import Copy, slip
from kiosk_tui.session.receipts import receipts
from kiosk_tui.text.glyphs import draw_with, writable


def run(arguments: argparse.Namespace) -> int:
    """Print the slip; return the exit code."""
    launch = choose(arguments, demo_without_config=True)
    one = find(launch, arguments.id)
    if arguments.print:
        return _print(receipts(launch), one, first=arguments.first)
    if arguments.output is None:
        draw_with(writable(sys.stdout.encoding))  # before it is laid out: a code for a sign
    copy = Copy(arguments.copy)
    columns = arguments.columns or launch.config.receipt.columns
    locale = launch.config.kiosk.languages[0] if copy is Copy.MERCHANT else ""
    lines = slip(
        one,
        Paper(columns),
        copy=copy,
        locale=locale,
        duplicate=not arguments.first,
        demo=launch.demo,
    )
    if arguments.output is not None:
        _write(arguments.output, lines)
    else:
        for line in lines:
            output.say(line)
    return Exit.OK


def _print(printer: Receipts | None, one: Transaction, *, first: bool) -> int:
    """Print it; nobody knows whether it was printed before, so it says that it is a duplicate."""
    if printer is None:
        raise CommandError(Exit.UNAVAILABLE, "No printer is configured: set receipt.printer.")
    logs.quiet()  # it is told once, and as a sentence
    with ProgressLine("Printing"):
        outcome = asyncio.run(printer.print(one, again=not first))
    if isinstance(outcome, NotPrinted):
        raise CommandError(Exit.UNAVAILABLE, outcome.why)
    return Exit.OK


def _write(path: Path, lines: Sequence[str]) -> None:
    try:
        path.write_text("\n".join(lines) + "\n", "utf-8", "replace")
    except OSError as error:
        raise CommandError(
            Exit.UNAVAILABLE, f"{path} cannot be written: {error.strerror}."
        ) from error
