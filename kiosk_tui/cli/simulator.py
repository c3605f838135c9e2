"""`kiosk-tui simulator`: a TECS on loopback."""

from __future__ import annotations

import argparse
import dataclasses
import sys
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from kiosk_tui.cli import output
from kiosk_tui.cli.exits import CommandError, Exit

if TYPE_CHECKING:
    from kiosk_tui.simulator.tecs import Simulator


def run(arguments: argparse.Namespace) -> int:
    """Serve until interrupted; return the exit code."""
    try:
        from kiosk_tui.simulator.options import Options  # noqa: PLC0415 - an extra
        from kiosk_tui.simulator.push import TransactionPush  # noqa: PLC0415
        from kiosk_tui.simulator.scenario import ScriptError, load_scenario  # noqa: PLC0415
        from kiosk_tui.simulator.server import run as serve  # noqa: PLC0415
        from kiosk_tui.simulator.tecs import Simulator  # noqa: PLC0415
    except ImportError as error:
        raise CommandError(
            Exit.UNAVAILABLE,
            f"The simulator is not installed ({error.name}): install kiosk-tui[simulator].",
        ) from error
    options = Options()
    if arguments.card_s is not None:
        options = dataclasses.replace(options, card_s=arguments.card_s)
    try:
        scenario = None if arguments.scenario is None else load_scenario(arguments.scenario)
        simulator = Simulator(options, scenario=scenario)
        if arguments.push is not None:
            simulator.push_to(TransactionPush(arguments.push))
        if arguments.console:
            return _console(simulator, arguments)
        serve(simulator, arguments.host, arguments.port, _tell)
    except (ScriptError, ValueError) as error:
        raise CommandError(Exit.USAGE, str(error)) from error
    except OSError as error:
        raise CommandError(
            Exit.UNAVAILABLE,
            f"{arguments.host}:{arguments.port} cannot be served: {error.strerror}.",
        ) from error
    return Exit.OK


def _console(simulator: Simulator, arguments: argparse.Namespace) -> int:
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise CommandError(
            Exit.UNAVAILABLE,
            "The console needs a terminal on stdin and stderr: leave out --console.",
        )
    from kiosk_tui.lab.simulator_console.app import run as show  # noqa: PLC0415 - Textual, and only here

    return show(simulator, arguments.host, arguments.port)


def _tell(base_url: str) -> None:
    docs = urljoin(base_url, "/docs")
    output.say(
        f"TECS simulator at {base_url} - no money moves. What it speaks: {docs}. Ctrl-C ends it."
    )
