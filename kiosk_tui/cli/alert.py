"""`kiosk-tui alert`: the alert command, run once as a test, and what came of it."""

from __future__ import annotations

import argparse
import asyncio

from kiosk_tui.cli import output
from kiosk_tui.cli.choose import choose, need
from kiosk_tui.cli.exits import CommandError, Exit
from kiosk_tui.reporting.alarm import Alert, Cause, Tone
from kiosk_tui.wiring.choice import Choice
from kiosk_tui.wiring.register import reporter


def run(arguments: argparse.Namespace) -> int:
    """Call it; return 0 when it was heard, 69 when not."""
    choice = need(choose(arguments))
    if not choice.config.alert.command:
        raise CommandError(Exit.USAGE, "No alert command is configured ([alert] command).")
    wrong = asyncio.run(_call(choice))
    if wrong:
        raise CommandError(Exit.UNAVAILABLE, f"The alert was not heard: {wrong}")
    output.say("The alert was heard.")
    return Exit.OK


async def _call(choice: Choice) -> str:
    why = "This is a test: nothing is wrong."
    return await reporter(choice).call(Alert(Cause.TEST, Tone.RAISED, why))
