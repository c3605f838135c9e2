"""The arguments of what tests: the simulator, the drill and scenarios."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kiosk_tui.cli.arguments import CommandParser

Command = Callable[..., argparse.ArgumentParser]
"""Adds a command with the options that all have."""


def simulator(commands: Any, command: Command) -> None:
    one = command(commands, "simulator", "a TECS on loopback, with faults to choose")
    one.add_argument("--host", default="127.0.0.1", help="default: 127.0.0.1")
    one.add_argument("--port", type=_port, default=8700, help="default: 8700")
    one.add_argument("--scenario", type=Path, metavar="FILE", help="what goes wrong, step by step")
    one.add_argument(
        "--console", action="store_true", help="full screen: the ledger live, a fault at each key"
    )
    one.add_argument("--card-s", type=float, metavar="S", help="until the customer presents a card")
    one.add_argument(
        "--push", metavar="URL", help="tell head office of each transaction, as TECS does"
    )


def drill(commands: Any, command: Command) -> None:
    one = command(
        commands,
        "drill",
        "kill and cut a register, and show that no money is lost",
        "kill and cut a register on this machine, and show that no money is lost",
    )
    one.add_argument("--report", type=Path, metavar="FILE", help="default: beside the journal")
    one.add_argument("--json", action="store_true", help="one line of JSON for each row")


def scenario(commands: Any, command: Command) -> None:
    top = command(commands, "scenario", "play operations and compare how each of them ends")
    actions = top.add_subparsers(
        dest="action", metavar="ACTION", required=True, parser_class=CommandParser
    )
    one = command(actions, "run", "play a scenario; 0 = all ended as expected, 1 = not")
    one.add_argument(
        "scenario", nargs="?", metavar="FILE|NAME", help="a TOML file, or a shipped one's name"
    )
    one.add_argument(
        "--against",
        choices=("simulator", "terminal"),
        help="default: the configured terminal; without a configuration, the simulator",
    )
    one.add_argument("--junit", type=Path, metavar="FILE", help="write a JUnit XML report")
    one.add_argument("--json", action="store_true", help="one line of JSON for each row")
    one.add_argument("--list", action="store_true", help="what there is to play, or its steps")


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > 65535:  # noqa: PLR2004
        raise argparse.ArgumentTypeError(f"'{text}' is not a port: give 0 to 65535")
    return int(text)
