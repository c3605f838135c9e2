"""`kiosk-tui receipt ID`: the slip as text, into a file, or on the printer.

Whoever asks for it by its id has it as a duplicate, unless he says that it is the first.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from kiosk_tui.cli import output, printing
from kiosk_tui.cli.choose import choose
from kiosk_tui.cli.exits import CommandError, Exit
from kiosk_tui.cli.journal import find
from kiosk_tui.receipt.lines import Paper
from kiosk_tui.receipt.slip import Copy, slip
from kiosk_tui.text.glyphs import draw_with, writable


def run(arguments: argparse.Namespace) -> int:
    """Print the slip; return the exit code."""
    launch = choose(arguments, demo_without_config=True)
    one = find(launch, arguments.id)
    if arguments.print:
        # nobody knows whether it was printed before, so it says that it is a duplicate
        printing.on_printer(launch, lambda found: found.print(one, again=not arguments.first))
        return Exit.OK
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


def _write(path: Path, lines: Sequence[str]) -> None:
    try:
        path.write_text("\n".join(lines) + "\n", "utf-8", "replace")
    except OSError as error:
        raise CommandError(
            Exit.UNAVAILABLE, f"{path} cannot be written: {error.strerror}."
        ) from error
