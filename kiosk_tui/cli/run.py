"""`kiosk-tui run`: the full screen on this terminal."""

from __future__ import annotations

import asyncio
import signal
import sys
from functools import partial
from typing import TYPE_CHECKING

from kiosk_tui.cli.afterwards import over
from kiosk_tui.cli.exits import CommandError, Exit, session_exits
from kiosk_tui.observe.uncaught import log_uncaught
from kiosk_tui.session.console import let_go
from kiosk_tui.session.signals import begin_anew
from kiosk_tui.ui import first
from kiosk_tui.ui.exit_codes import RESTART

if TYPE_CHECKING:
    import argparse

    from kiosk_tui.session.launch import Launch


def run(arguments: argparse.Namespace) -> int:
    """Run until somebody leaves; return the exit code."""
    # Textual reads the keyboard from stdin and draws on stderr
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise CommandError(
            Exit.UNAVAILABLE,
            "The full-screen app needs a terminal on stdin and stderr; `--plain` needs none, and"
            " scripts use commands such as `kiosk-tui sale`.",
        )
    log_uncaught()
    let_go()
    signal.signal(signal.SIGTSTP, lambda *_: None)  # stopped, it would leave the terminal as it is
    with session_exits():
        code = asyncio.run(first.run(partial(_launch, arguments)))
    if code == RESTART:
        over()
        begin_anew()
    return code


def _launch(arguments: argparse.Namespace) -> Launch:
    from kiosk_tui.cli.choose import choose  # noqa: PLC0415 - after the first paint

    return choose(arguments, demo_without_config=True, says_so=True)
