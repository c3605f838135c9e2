"""`kiosk-tui receipt ID`: the slip as text."""

from __future__ import annotations

import argparse

from kiosk_tui.cli import output
from kiosk_tui.cli.choose import choose
from kiosk_tui.cli.exits import Exit
from kiosk_tui.cli.journal import find
from kiosk_tui.receipt.slip import slip


def run(arguments: argparse.Namespace) -> int:
    """Print the slip; return the exit code."""
    choice = choose(arguments, demo_without_config=True)
    for line in slip(find(choice, arguments.id)):
        output.say(line)
    return Exit.OK
