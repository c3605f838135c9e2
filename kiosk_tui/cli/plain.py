"""`kiosk-tui --plain`: the dialogue in lines, on the standard streams."""

from __future__ import annotations

import argparse
import asyncio
import sys

from kiosk_tui.cli.choose import choose
from kiosk_tui.cli.exits import CommandError, Exit, session_exits
from kiosk_tui.plain.front import LineFront
from kiosk_tui.session.characters import draw_with_what_there_is
from kiosk_tui.session.launch import Launch
from kiosk_tui.session.signals import begin_anew


def run(arguments: argparse.Namespace) -> int:
    """Run until somebody leaves; return the exit code."""
    if arguments.closed & {"stdin", "stdout"}:
        raise CommandError(Exit.UNAVAILABLE, "Plain mode needs an open stdin and stdout.")
    draw_with_what_there_is(sys.stdout.fileno())
    launch = choose(arguments, demo_without_config=True, says_so=True)
    with session_exits():
        anew = asyncio.run(_run(launch))
    if anew:
        begin_anew()
    return Exit.OK


async def _run(launch: Launch) -> bool:
    return await LineFront(launch).run()
