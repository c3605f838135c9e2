"""The arguments of `ship` and `fleet`."""

from __future__ import annotations

import argparse
from pathlib import Path

from kiosk_tui.cli.arguments import CommandParser


def ship(one: argparse.ArgumentParser) -> None:
    """Add what `ship` takes."""
    one.add_argument(
        "--once", action="store_true", help="send what there is, then end; 75 = not all was taken"
    )


def fleet(one: argparse.ArgumentParser) -> None:
    """Add what `fleet` takes."""
    actions = one.add_subparsers(
        dest="action", metavar="ACTION", required=True, parser_class=CommandParser
    )
    enroll = actions.add_parser(
        "enroll",
        help="make a key here, and get its certificate for a one-time code",
        description="make a key here, and get its certificate for a one-time code",
    )
    enroll.add_argument("--url", metavar="URL", help="head office's address; default: in the code")
    enroll.add_argument(
        "--code",
        metavar="CODE|-|@FILE",
        help="asked for without; - takes a line of standard input, as a QR scanner types it",
    )
    enroll.add_argument(
        "--ca",
        type=Path,
        metavar="FILE",
        help="who vouches for head office (PEM), if not the system",
    )
    for name, summary in (
        ("status", "what head office has, and what waits"),
        ("leave", "send nothing any more; the journal stays"),
    ):
        action = actions.add_parser(name, help=summary, description=summary)
        action.add_argument("--json", action="store_true", help="one line of JSON")
    enroll.add_argument("--json", action="store_true", help="one line of JSON")
