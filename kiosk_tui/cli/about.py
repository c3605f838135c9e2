"""`kiosk-tui help` and `kiosk-tui version`: the same as the options `--help` and `--version`."""

from __future__ import annotations

import argparse

from kiosk_tui.cli.parser import parser


def run(arguments: argparse.Namespace) -> int:
    """Print what the option prints. Raises `SystemExit`, as argparse does."""
    asked = arguments.topic if arguments.command == "help" else []
    parser().parse_args([*asked, f"--{arguments.command}"])
    return 0
