"""`kiosk-tui help` and `kiosk-tui version`: the same as the options `--help` and `--version`."""

from __future__ import annotations

import argparse

from kiosk_tui.cli import output
from kiosk_tui.cli.exits import Exit
from kiosk_tui.cli.handbook import EXIT_CODES
from kiosk_tui.cli.help_pages import exit_codes
from kiosk_tui.cli.parser import parser


def run(arguments: argparse.Namespace) -> int:
    """Print what the option prints, or a topic. Raises `SystemExit`, as argparse does."""
    asked = arguments.topic if arguments.command == "help" else []
    if asked == [EXIT_CODES]:
        output.write(exit_codes())
        return Exit.OK
    parser().parse_args([*asked, f"--{arguments.command}"])
    return Exit.OK
