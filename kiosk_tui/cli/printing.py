"""Printing from a command: it is waited for, and what goes wrong is told once, as a sentence."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from kiosk_tui.cli.exits import CommandError, Exit
from kiosk_tui.cli.progress import ProgressLine
from kiosk_tui.domain.slip import NotPrinted, PrintOutcome
from kiosk_tui.observe import logs
from kiosk_tui.receipt.lines import Paper
from kiosk_tui.receipt.receipts import Receipts
from kiosk_tui.session.launch import Launch
from kiosk_tui.session.receipts import receipts


def on_printer(
    launch: Launch, job: Callable[[Receipts], Coroutine[Any, Any, PrintOutcome]]
) -> None:
    """Let the configured printer do a job. Raises `CommandError` where nothing was printed."""
    printer = receipts(launch)
    if printer is None:
        raise CommandError(Exit.UNAVAILABLE, "No printer is configured: set receipt.printer.")
    logs.quiet()
    with ProgressLine("Printing"):
        outcome = asyncio.run(job(printer))
    if isinstance(outcome, NotPrinted):
        raise CommandError(Exit.UNAVAILABLE, outcome.why)


def print_lines(launch: Launch, name: str, laid_out: Callable[[Paper], Sequence[str]]) -> None:
    """Print a day's end. Raises `CommandError`."""
    on_printer(launch, lambda printer: printer.print_lines(name, laid_out))
