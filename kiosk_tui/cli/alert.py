"""`kiosk-tui alert`: the alert command, run once as a test, and what came of it."""

from __future__ import annotations

import argparse
import asyncio

from kiosk_tui.cli import output
from kiosk_tui.cli.choose import choose, need
from kiosk_tui.cli.exits import CommandError, Exit
from kiosk_tui.cli.progress import ProgressLine
from kiosk_tui.observe.reporting.alarm import Alert, Cause, Tone
from kiosk_tui.session.launch import Launch
from kiosk_tui.session.register import reporter


def run(arguments: argparse.Namespace) -> int:
    """Call it; return 0 when it was heard, 69 when not."""
    launch = need(choose(arguments))
    if not launch.config.alert.command:
        raise CommandError(Exit.USAGE, "No alert command is configured ([alert] command).")
    with ProgressLine("Calling the alert command"):
        wrong = asyncio.run(_call(launch))
    if wrong:
        raise CommandError(Exit.UNAVAILABLE, f"The alert was not heard: {wrong}")
    output.say("The alert was heard.")
    return Exit.OK


async def _call(launch: Launch) -> str:
    why = "This is a test: nothing is wrong."
    return await reporter(launch).call(Alert(Cause.TEST, Tone.RAISED, why))
