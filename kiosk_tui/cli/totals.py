"""`kiosk-tui totals`: what a day came to, as text, JSON or CSV, or on the receipt printer."""

from __future__ import annotations

import argparse
import asyncio

from kiosk_tui.cli import output
from kiosk_tui.cli.choose import choose
from kiosk_tui.cli.exits import CommandError, Exit
from kiosk_tui.cli.json_output import say_json
from kiosk_tui.cli.progress import ProgressLine
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.slip import NotPrinted, PrintOutcome
from kiosk_tui.domain.totals import Totals
from kiosk_tui.observe import logs
from kiosk_tui.receipt import export
from kiosk_tui.receipt.receipts import Receipts
from kiosk_tui.receipt.table import TableFormat
from kiosk_tui.session.day import day_heading, day_lines, day_totals, today
from kiosk_tui.session.launch import Launch
from kiosk_tui.session.receipts import receipts


def run(arguments: argparse.Namespace) -> int:
    """Add the day up and show it; 65 when the journal disagrees with itself."""
    launch = choose(arguments, demo_without_config=True)
    try:
        with ProgressLine("Adding the day up"):
            day = day_totals(launch, arguments.date or today(launch))
    except JournalUnavailableError as error:
        raise CommandError(Exit.UNAVAILABLE, str(error)) from error
    if arguments.json:
        say_json(export.describe(day))
    elif arguments.csv:
        output.export([export.csv_text(day, TableFormat(arguments.decimal_comma))])
    elif arguments.print:
        _print(launch, day)
    else:
        from kiosk_tui.cli.day_table import day_table  # noqa: PLC0415 - rich, for people

        locale = launch.config.kiosk.languages[0]
        output.draw("\n".join(day_table(day, locale, day_heading(launch))))
    return Exit.BAD_DATA if day.disagreements else Exit.OK


async def _printed(printer: Receipts, launch: Launch, day: Totals) -> PrintOutcome:
    lines = day_lines(launch, day, await printer.paper())
    return await printer.print_lines(export.name(day), lines)


def _print(launch: Launch, day: Totals) -> None:
    printer = receipts(launch)
    if printer is None:
        raise CommandError(Exit.UNAVAILABLE, "No printer is configured: set receipt.printer.")
    logs.quiet()  # it is told once, and as a sentence
    with ProgressLine("Printing"):
        outcome = asyncio.run(_printed(printer, launch, day))
    if isinstance(outcome, NotPrinted):
        raise CommandError(Exit.UNAVAILABLE, outcome.why)
