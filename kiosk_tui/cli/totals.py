"""`kiosk-tui totals`: what a day came to, as text, JSON or CSV, or on the receipt printer."""

from __future__ import annotations

import argparse
import asyncio

from kiosk_tui import logs
from kiosk_tui.cli import output
from kiosk_tui.cli.choose import choose
from kiosk_tui.cli.exits import CommandError, Exit
from kiosk_tui.domain.totals import Totals
from kiosk_tui.payment.ports import JournalUnavailableError
from kiosk_tui.receipt import export
from kiosk_tui.receipt.printer import NotPrinted
from kiosk_tui.receipt.table import Form
from kiosk_tui.wiring.choice import Choice
from kiosk_tui.wiring.day import day_lines, day_totals, receipts, today

_COLUMNS = 48


def run(arguments: argparse.Namespace) -> int:
    """Add the day up and show it; 65 when the journal disagrees with itself."""
    choice = choose(arguments, demo_without_config=True)
    try:
        day = day_totals(choice, arguments.date or today(choice))
    except JournalUnavailableError as error:
        raise CommandError(Exit.UNAVAILABLE, str(error)) from error
    if arguments.json:
        output.say_json(export.describe(day))
    elif arguments.csv:
        output.export([export.csv_text(day, Form(arguments.decimal_comma))])
    elif arguments.print:
        _print(choice, day)
    else:
        for line in day_lines(choice, day, _COLUMNS):
            output.say(line)
    return Exit.BAD_DATA if day.disagreements else Exit.OK


def _print(choice: Choice, day: Totals) -> None:
    printer = receipts(choice)
    if printer is None:
        raise CommandError(Exit.UNAVAILABLE, "No printer is configured: set receipt.printer.")
    lines = day_lines(choice, day, printer.columns)
    logs.quiet()  # it is told once, and as a sentence
    outcome = asyncio.run(printer.print_lines(export.name(day), lines))
    if isinstance(outcome, NotPrinted):
        raise CommandError(Exit.UNAVAILABLE, outcome.why)
